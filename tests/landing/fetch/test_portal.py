"""The servers as they should be: first arrival, nothing new, re-issue, not yet, late, gone.

Manners; redirects.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest

from kca_etl.landing.fetch.fetch import Dates, Previous, fetch, probe
from kca_etl.model.findings import KcaError
from kca_etl.sources.endpoint import Fetch
from tests.landing.fetch.servers import (
    API_SPEC,
    GENESIS_SPEC,
    HOST,
    MONTH,
    PORTAL_SPEC,
    TOKEN,
    Asked,
    Reply,
    serving,
    session,
    table,
    workbook,
    zipped,
)

NOW = datetime(2020, 12, 1, 12, tzinfo=UTC)
DATES = Dates(NOW - timedelta(1), NOW + timedelta(5))


def code_of(error: pytest.ExceptionInfo[KcaError]) -> str:
    return error.value.findings[0].code


def left_behind(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "dl").iterdir())


def test_portal_first_arrival_then_nothing_new_then_a_reissue(tmp_path: Path) -> None:
    issues = {'"v1"': workbook(1.0)}

    def portal(asked: Asked) -> Reply:
        etag, body = list(issues.items())[-1]
        return (
            Reply(304, headers={"ETag": etag})
            if asked.headers.get("if-none-match") == etag
            else Reply(200, body, {"ETag": etag, "Last-Modified": "x"})
        )

    with serving(portal) as served:
        s = session(tmp_path, served.base)
        first = fetch(PORTAL_SPEC, MONTH, s)
        assert first.path is not None
        assert first.path.name == "amr-d-0-202011-xlsx.xlsx"
        assert first.path.read_bytes() == issues['"v1"']
        assert first.sha256 == hashlib.sha256(issues['"v1"']).hexdigest()
        assert (first.size, first.proof, first.findings, first.received) == (
            len(issues['"v1"']),
            "length",
            [],
            None,
        )
        assert (
            first.url
            == served.base
            + "/Statistikdaten/Detail/202011/ama/amr-amr/amr-d-0-202011-xlsx.xlsx"
            + "?__blob=publicationFile&v=1"
        )
        assert first.previous == Previous('"v1"', "x")
        first.discard()

        second = fetch(PORTAL_SPEC, MONTH, s, first.previous)
        assert second.not_modified
        assert second.path is None
        assert second.previous == first.previous
        assert served.asked[1].headers["if-none-match"] == '"v1"'
        assert served.asked[1].headers["if-modified-since"] == "x"

        issues['"v2"'] = workbook(2.0)
        third = fetch(PORTAL_SPEC, MONTH, s, second.previous, values={"v": "2"})
        assert third.path is not None
        assert third.path.read_bytes() == issues['"v2"']
        assert served.asked[2].path.endswith("&v=2")
        third.discard()
    assert left_behind(tmp_path) == []


def test_what_a_killed_run_left_goes_after_a_day(tmp_path: Path) -> None:
    for name in ("kca-fetch-old", "kca-fetch-young", "somebody-elses"):
        (tmp_path / "dl" / name).mkdir(parents=True)
        (tmp_path / "dl" / name / "half.xlsx").write_bytes(b"PK")
    for name in ("kca-fetch-old", "somebody-elses"):
        os.utime(tmp_path / "dl" / name, (0, 0))
    with serving(lambda _: Reply(200, workbook())) as served:
        fetch(PORTAL_SPEC, MONTH, session(tmp_path, served.base)).discard()
    assert sorted(p.name for p in left_behind(tmp_path)) == ["kca-fetch-young", "somebody-elses"]


def test_api_csv(tmp_path: Path) -> None:
    with serving(lambda _: Reply(200, table(), {"Content-Type": "text/csv"})) as served:
        got = fetch(API_SPEC, MONTH, session(tmp_path, served.base))
    assert (
        served.asked[0].path
        == "/bifrontend/bids-api/ct/v1/tableFetch/csv/EckwerteTabelleALOKr?Kreis=Main-Kinzig-Kreis"
    )
    assert got.path is not None
    assert (got.path.name, got.path.read_bytes()) == ("EckwerteTabelleALOKr-202011.csv", table())


def test_genesis_post_with_token_answers_a_zip(tmp_path: Path) -> None:
    packed = zipped(("13211-0001_de_flat.csv", table()))
    with serving(lambda _: Reply(200, packed)) as served:
        got = fetch(GENESIS_SPEC, MONTH, session(tmp_path, served.base))
    asked = served.asked[0]
    assert (asked.method, asked.headers["username"], asked.headers["password"]) == (
        "POST",
        TOKEN,
        "",
    )
    assert asked.body == b"name=13211-0001&format=ffcsv&startyear=2020&area=all"
    assert TOKEN not in asked.path
    assert got.path is not None
    assert got.received is not None
    assert (got.path.suffix, got.path.read_bytes()) == (".csv", table())
    assert got.received.read_bytes() == packed
    assert got.sha256 == hashlib.sha256(table()).hexdigest()
    got.discard()
    assert left_behind(tmp_path) == []


def test_genesis_is_never_asked_conditionally(tmp_path: Path) -> None:
    with serving(lambda _: Reply(200, zipped(("a.csv", table())))) as served:
        fetch(GENESIS_SPEC, MONTH, session(tmp_path, served.base), Previous('"x"', "y"))
    assert "if-none-match" not in served.asked[0].headers


@pytest.mark.parametrize(
    ("status", "previous", "dates", "now", "code"),
    [
        (404, None, DATES, DATES.due - timedelta(1), "NOT_YET_PUBLISHED"),
        (404, None, DATES, DATES.due + timedelta(1), "NOT_YET_PUBLISHED"),
        (404, None, None, NOW, "NOT_YET_PUBLISHED"),
        (404, None, DATES, DATES.overdue, "OVERDUE"),
        (404, Previous('"v1"'), DATES, DATES.overdue, "GONE"),
        (404, Previous(), None, NOW, "GONE"),
        (410, Previous('"v1"'), DATES, NOW, "GONE"),
        (410, None, None, NOW, "GONE"),
        (401, None, None, NOW, "CREDENTIAL_REFUSED"),
        (304, None, None, NOW, "HTTP_STATUS"),
        (204, None, None, NOW, "HTTP_STATUS"),
        (206, None, None, NOW, "HTTP_STATUS"),
        (500, None, None, NOW, "HTTP_STATUS"),
        (300, None, None, NOW, "HTTP_STATUS"),
    ],
)
def test_status(
    tmp_path: Path,
    status: int,
    previous: Previous | None,
    dates: Dates | None,
    now: datetime,
    code: str,
) -> None:
    with serving(lambda _: Reply(status)) as served, pytest.raises(KcaError) as error:
        fetch(
            PORTAL_SPEC,
            MONTH,
            session(tmp_path, served.base, wall=lambda: now),
            previous,
            dates=dates,
        )
    assert code_of(error) == code
    assert "2020-11" in str(error.value) or code in ("HTTP_STATUS", "CREDENTIAL_REFUSED")
    assert left_behind(tmp_path) == []


class Clock:
    """Time that passes only in sleep."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_one_request_a_second_per_host_and_a_name(tmp_path: Path) -> None:
    clock = Clock()
    with serving(lambda _: Reply(200, workbook())) as served:
        s = session(
            tmp_path,
            served.base,
            clock=clock,
            sleep=clock.sleep,
            interval=1.0,
            contact="statistik@mkk.example",
        )
        for _ in range(3):
            fetch(PORTAL_SPEC, MONTH, s)
    assert clock.slept == [1.0, 1.0]
    assert {a.headers["user-agent"] for a in served.asked} == {
        f"kca-etl/{version('kca-etl')} (statistik@mkk.example)"
    }
    assert not any("cookie" in a.headers or "authorization" in a.headers for a in served.asked)


def test_threads_share_the_second(tmp_path: Path) -> None:
    at: list[float] = []

    def portal(_: Asked) -> Reply:
        at.append(time.monotonic())
        return Reply(200, workbook())

    with serving(portal) as served, ThreadPoolExecutor(4) as pool:
        s = session(tmp_path, served.base, interval=0.2)
        list(pool.map(lambda _: fetch(PORTAL_SPEC, MONTH, s).discard(), range(4)))
    assert all(
        b - a > 0.1 for a, b in pairwise(sorted(at))
    )  # the way to the server takes its own time
    assert max(at) - min(at) > 0.5


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize(
    ("retry_after", "slept"),
    [
        ({"Retry-After": "7"}, [7.0]),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=9), usegmt=True)}, [9.0]),
        ({}, [2.0]),
        ({"Retry-After": "soon"}, [2.0]),
    ],
)
def test_told_to_slow_down(
    tmp_path: Path, status: int, retry_after: dict[str, str], slept: list[float]
) -> None:
    clock = Clock()
    replies = iter([Reply(status, headers=retry_after), Reply(200, workbook())])
    with serving(lambda _: next(replies)) as served:
        fetch(
            PORTAL_SPEC,
            MONTH,
            session(
                tmp_path,
                served.base,
                clock=clock,
                sleep=clock.sleep,
                dice=lambda: 0.5,
                wall=lambda: NOW,
                deadline=60.0,
            ),
        )
    assert clock.slept == slept


def test_backoff_grows_with_jitter_and_ends(tmp_path: Path) -> None:
    clock, dice = Clock(), iter([0.0, 1.0, 0.5, 0.5, 0.5])
    with serving(lambda _: Reply(429)) as served, pytest.raises(KcaError) as error:
        fetch(
            PORTAL_SPEC,
            MONTH,
            session(
                tmp_path,
                served.base,
                clock=clock,
                sleep=clock.sleep,
                dice=lambda: next(dice),
                deadline=600.0,
            ),
        )
    assert code_of(error) == "TOO_FAST"
    assert clock.slept == [1.0, 6.0, 8.0, 16.0]
    assert len(served.asked) == 5


@pytest.mark.parametrize("asked_pause", ["3600", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_pause_beyond_the_deadline_ends_at_once(tmp_path: Path, asked_pause: str) -> None:
    clock = Clock()
    with (
        serving(lambda _: Reply(503, headers={"Retry-After": asked_pause})) as served,
        pytest.raises(KcaError) as error,
    ):
        fetch(
            PORTAL_SPEC,
            MONTH,
            session(tmp_path, served.base, clock=clock, sleep=clock.sleep, wall=lambda: NOW),
        )
    assert (code_of(error), clock.slept, len(served.asked)) == ("TOO_FAST", [], 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_on_the_same_host_is_followed(tmp_path: Path, status: int) -> None:
    def portal(asked: Asked) -> Reply:
        return (
            Reply(200, workbook())
            if asked.path == "/neu.xlsx"
            else Reply(status, headers={"Location": "/neu.xlsx"})
        )

    with serving(portal) as served:
        got = fetch(PORTAL_SPEC, MONTH, session(tmp_path, served.base))
    assert got.path is not None
    assert [a.path for a in served.asked][1:] == ["/neu.xlsx"]


def test_redirect_to_an_allowed_host_goes_to_its_mirror(tmp_path: Path) -> None:
    away = Reply(302, headers={"Location": "https://b.example.de/x.xlsx?key=1#part"})
    with serving(lambda _: Reply(200, workbook())) as other, serving(lambda _: away) as first:
        spec = PORTAL_SPEC.model_copy(update={"hosts": (HOST, "b.example.de")})
        fetch(
            spec,
            MONTH,
            session(tmp_path, {HOST: first.base, "b.example.de": other.base + "/mirror/"}),
        )
    assert other.asked[0].path == "/mirror/x.xlsx?key=1"


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("https://evil.example/x", "FORBIDDEN_HOST"),
        ("//evil.example/x", "FORBIDDEN_SCHEME"),  # the mirror it comes from is http
        (f"https://{HOST}@evil.example/x", "FORBIDDEN_HOST"),
        (f"https://user:pw@{HOST}/x", "FORBIDDEN_HOST"),
        (f"https://{HOST}:8443/x", "FORBIDDEN_HOST"),
        (f"https://{HOST}.evil.example/x", "FORBIDDEN_HOST"),
        (f"https://evil.example\\@{HOST}/x", "FORBIDDEN_HOST"),
        ("https://[::1]/x", "FORBIDDEN_HOST"),
        ("https://[::1/x", "FORBIDDEN_HOST"),
        ("https://127.0.0.1/x", "FORBIDDEN_HOST"),
        ("https://169.254.169.254/latest/meta-data", "FORBIDDEN_HOST"),
        (f"http://{HOST}/x", "FORBIDDEN_SCHEME"),
        ("http://127.0.0.1:1/x", "FORBIDDEN_SCHEME"),
        ("file:///etc/passwd", "FORBIDDEN_SCHEME"),
        ("ftp://evil.example/x", "FORBIDDEN_SCHEME"),
        ("data:text/csv,a;b", "FORBIDDEN_SCHEME"),
        ("javascript:alert(1)", "FORBIDDEN_SCHEME"),
        ("", "BAD_ANSWER"),
    ],
)
def test_redirect_away_is_refused_before_anything_is_sent(
    tmp_path: Path, where: str, code: str
) -> None:
    resolved: list[str] = []
    with (
        serving(lambda _: Reply(302, headers={"Location": where})) as served,
        pytest.raises(KcaError) as error,
    ):
        fetch(PORTAL_SPEC, MONTH, session(tmp_path, served.base, resolve=_loopback(resolved)))
    assert code_of(error) == code
    assert set(resolved) <= {"127.0.0.1"}
    assert len(served.asked) == 1


def _loopback(resolved: list[str]):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a stand-in for getaddrinfo
    def resolve(host: str, *_args: object, **_kwargs: object) -> list[object]:
        resolved.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", 0))]

    return resolve


@pytest.mark.parametrize(("step", "asked"), [(0, 1), (1, 6)])
def test_redirect_loop(tmp_path: Path, step: int, asked: int) -> None:
    def portal(request: Asked) -> Reply:
        number = int(request.path.rpartition("/")[2]) if request.path.startswith("/hop/") else 0
        return Reply(302, headers={"Location": f"/hop/{number + 1}" if step else request.path})

    with serving(portal) as served, pytest.raises(KcaError) as error:
        fetch(PORTAL_SPEC, MONTH, session(tmp_path, served.base))
    assert (code_of(error), len(served.asked)) == ("REDIRECT_LOOP", asked)


def test_probe_tells_what_came_back(tmp_path: Path) -> None:
    with serving(
        lambda _: Reply(200, b"<!DOCTYPE html><p>Wartung", {"Content-Type": "text/html"})
    ) as served:
        seen = probe(PORTAL_SPEC, MONTH, session(tmp_path, served.base))
    assert (seen.hops[0][0], seen.kind, seen.finding) == (200, "page", None)
    assert seen.headers["Content-Type"] == "text/html"
    assert "Wartung" in seen.beginning
    missing = probe(PORTAL_SPEC, MONTH, session(tmp_path, "http://127.0.0.1:9"))
    assert missing.finding is not None
    assert missing.finding.code == "NETWORK"


def test_log_names_each_hop_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kca_etl")
    with serving(lambda _: Reply(200, workbook())) as served:
        fetch(PORTAL_SPEC, MONTH, session(tmp_path, served.base))
    assert [r.getMessage() for r in caplog.records] == [
        f"GET {served.asked[0].path and served.base + served.asked[0].path}: 200"
    ]


def test_spec_from_yaml_as_documented() -> None:
    import yaml

    text = f"""
    url: "https://{HOST}/Statistikdaten/Detail/{{yyyymm}}/x-{{code}}-0-{{yyyymm}}-xlsx.xlsx?__blob=publicationFile&v={{v}}"
    hosts: [{HOST}]
    kind: xlsx
    values: {{code: t43102, v: "1"}}
    """
    assert Fetch.model_validate(yaml.safe_load(text)).values["code"] == "t43102"
