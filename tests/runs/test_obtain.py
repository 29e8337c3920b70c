"""`kca run SOURCE --month` without a file.

First arrival, nothing new, re-issue, not yet, late, gone; each on record.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kca_etl.landing.archive import files as archive
from kca_etl.landing.archive import provenance
from kca_etl.model.findings import KcaError, Verdict
from kca_etl.model.month import Month, month_number
from kca_etl.runs import states as status
from kca_etl.settings import Settings
from kca_etl.sources import calendar
from kca_etl.warehouse import arrivals
from kca_etl.warehouse.views import queries
from tests.landing.fetch.servers import API, HOST, Asked, Reply, serving, zipped
from tests.runs.world import (
    CSV,
    ECKWERTE,
    FEBRUARY,
    MONTH,
    NOW,
    SHEETS,
    Publisher,
    ask,
    book,
    genesis,
    kca,
    later,
    portal,
)
from tests.warehouse.synthetic import values

__all__ = ["genesis", "portal"]
QUIET = {("Integrationen", "Monat"): 320}


def state(engine: Engine, now: datetime, source: str = SHEETS, month: str = "2020-11") -> str:
    rows = status.states(engine, int(month[:4]), now)
    return next(
        str(r["state"]) for r in rows if (r["source"], r["berichtsmonat"]) == (source, month)
    )


@pytest.mark.usefixtures("portal")
def test_first_arrival_nothing_new_reissue(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    publisher = Publisher(book(tmp_path))
    with serving(publisher) as served:
        first = ask(settings, engine, served.base)
        assert first.outcome is not None
        assert (first.state, first.outcome.result and first.outcome.result.inserted) == (
            "loaded",
            18,
        )
        assert "if-none-match" not in served.asked[0].headers

        second = ask(settings, engine, served.base)
        assert (second.state, second.outcome, second.verdict) == (
            "not_modified",
            None,
            Verdict.ACCEPT,
        )
        assert served.asked[1].headers["if-none-match"] == '"v1"'
        assert len(served.asked) == 2

        publisher.issues.append(book(tmp_path, **later("15.12.2020", cells=QUIET)))
        third = ask(settings, engine, served.base)
        assert third.outcome is not None
        assert third.outcome.result is not None
        assert (third.state, third.outcome.result.revised, third.outcome.result.unchanged) == (
            "loaded",
            1,
            17,
        )
        assert served.asked[2].headers["if-none-match"] == '"v1"'
        assert ask(settings, engine, served.base).state == "not_modified"
    assert values(engine, kennzahl="integrationen", month=Month.of(2020, 11), history=True) == [
        (318, "2020-11-30", "2020-12-15"),
        (320, "2020-12-15", None),
    ]
    assert [d["origin"].startswith(served.base) for d in queries.documents(engine)] == [True, True]
    assert state(engine, NOW) == "revised"
    assert list((settings.home / "dl").iterdir()) == []
    came = arrivals.last(engine, SHEETS, MONTH)
    assert came is not None
    assert (came[0].outcome, came[0].etag, came[1], len(came[0].content_sha256)) == (
        "not_modified",
        '"v2"',
        "loaded",
        64,
    )


@pytest.mark.usefixtures("portal")
def test_reissue_with_the_same_figures_is_recognised(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    publisher = Publisher(book(tmp_path))
    with serving(publisher) as served:
        assert not ask(settings, engine, served.base).same_figures
        publisher.issues.append(book(tmp_path, **later("15.12.2020", rows_above=3)))
        again = ask(settings, engine, served.base)
        assert (again.state, again.same_figures) == ("loaded", True)
        publisher.issues.append(book(tmp_path, **later("16.12.2020", cells=QUIET)))
        assert not ask(settings, engine, served.base).same_figures
    assert values(engine, kennzahl="neuantraege", month=Month.of(2020, 11), history=True) == [
        (553, "2020-11-30", None)
    ]


@pytest.mark.usefixtures("portal")
def test_what_was_put_aside_is_asked_for_without_condition_and_replaced(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    """A proxy may send something broken under the ETag of the sound document."""
    bad, good = book(tmp_path, cells={("Integrationen", "Monat"): "?"}), book(tmp_path)
    bodies = iter([bad, good])

    def proxy(asked: object) -> Reply:
        return (
            Reply(200, next(bodies), {"ETag": '"same"'})
            if "if-none-match" not in getattr(asked, "headers", {})
            else Reply(304)
        )

    with serving(proxy) as served:
        first = ask(settings, engine, served.base)
        assert (first.state, first.verdict) == ("quarantined", Verdict.QUARANTINE)
        assert state(engine, NOW) == "quarantined"
        assert queries.figures(engine).empty
        assert ask(settings, engine, served.base).state == "loaded"
    assert state(engine, NOW) == "loaded"
    assert sorted(d["state"] for d in queries.documents(engine)) == ["loaded", "replaced"]


@pytest.mark.usefixtures("portal")
def test_reissue_of_the_same_day_that_disagrees_is_a_conflict(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    publisher = Publisher(book(tmp_path))
    with serving(publisher) as served:
        ask(settings, engine, served.base)
        publisher.issues.append(book(tmp_path, cells=QUIET))
        again = ask(settings, engine, served.base)
    assert (again.state, again.verdict) == ("quarantined", Verdict.QUARANTINE)
    assert values(engine, kennzahl="integrationen", month=Month.of(2020, 11)) == [
        (318, "2020-11-30", None)
    ]


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize(
    ("days", "code", "shown"),
    [
        (-1, "NOT_YET_PUBLISHED", "not due"),
        (1, "NOT_YET_PUBLISHED", "waiting"),
        (30, "OVERDUE", "overdue"),
    ],
)
def test_not_there_yet(
    settings: Settings, engine: Engine, days: int, code: str, shown: str
) -> None:
    now = calendar.due(SHEETS, MONTH) + timedelta(days)
    with serving(Publisher()) as served:
        got = ask(settings, engine, served.base, wall=lambda: now.astimezone(UTC))
    assert ([f.code for f in got.findings], got.verdict, got.outcome) == (
        [code],
        Verdict.WAIT,
        None,
    )
    assert state(engine, now) == shown
    assert queries.documents(engine) == []


@pytest.mark.usefixtures("portal")
def test_a_higher_issue_is_asked_for_by_its_number(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    """Its address has never been asked: no condition, and a 404 says nothing of what was loaded."""
    issues = {"1": book(tmp_path), "2": book(tmp_path, **later("15.12.2020", cells=QUIET))}

    def portal(asked: Asked) -> Reply:
        number = asked.path.rpartition("v=")[2]
        return (
            Reply(200, issues[number], {"ETag": f'"{number}"'}) if number in issues else Reply(404)
        )

    with serving(portal) as served:
        assert ask(settings, engine, served.base).state == "loaded"
        again = ask(settings, engine, served.base, issue=2)
        assert again.outcome is not None
        assert again.outcome.result is not None
        assert (again.state, again.outcome.result.revised) == ("loaded", 1)
        assert "if-none-match" not in served.asked[1].headers
        absent = ask(settings, engine, served.base, issue=3)
        assert ([f.code for f in absent.findings], absent.verdict) == (
            ["NOT_YET_PUBLISHED"],
            Verdict.WAIT,
        )
    assert state(engine, NOW) == "revised"
    assert values(engine, kennzahl="integrationen", month=Month.of(2020, 11))[0][0] == 320
    with pytest.raises(KcaError, match="NO_ISSUE"):
        ask(settings, engine, "http://127.0.0.1:9", ECKWERTE, FEBRUARY, issue=2)


@pytest.mark.usefixtures("portal")
def test_gone_only_warns(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    publisher = Publisher(book(tmp_path))
    with serving(publisher) as served:
        ask(settings, engine, served.base)
        publisher.issues.clear()
        got = ask(settings, engine, served.base)
    assert ([f.code for f in got.findings], got.verdict) == (["GONE"], Verdict.WARN)
    assert len(queries.figures(engine)) == 18
    assert state(engine, NOW) == "loaded"


@pytest.mark.usefixtures("portal")
def test_an_address_without_month_shows_the_latest(settings: Settings, engine: Engine) -> None:
    """It shows February: March is to come, January is gone, February is ours.

    Nothing is loaded that was not asked for.
    """
    due = calendar.due(ECKWERTE, FEBRUARY + 1)

    def asked_for(month: int, now: datetime) -> list[str]:
        return [
            f.code
            for f in ask(
                settings, engine, served.base, ECKWERTE, month, wall=lambda: now.astimezone(UTC)
            ).findings
        ]

    with serving(lambda _: Reply(200, CSV, {"ETag": '"feb"'})) as served:
        assert asked_for(FEBRUARY + 1, due + timedelta(1)) == ["NOT_YET_PUBLISHED"]
        assert state(engine, due + timedelta(2), ECKWERTE, "2026-03") == "waiting"
        assert asked_for(FEBRUARY + 1, due + timedelta(30)) == ["OVERDUE"]
        assert asked_for(FEBRUARY - 1, due) == ["GONE"]
        assert queries.documents(engine) == []
        assert ask(settings, engine, served.base, ECKWERTE, FEBRUARY).state == "loaded"
        # February's document and its ETag must not pass for March's.
        assert asked_for(FEBRUARY + 1, due + timedelta(1)) == ["NOT_YET_PUBLISHED"]
        assert "if-none-match" not in served.asked[-1].headers
    (document,) = queries.documents(engine)
    assert provenance.read(document["sha256"], settings.landing)["state"] == "loaded"
    assert archive.verify(settings.landing) == []


@pytest.mark.usefixtures("genesis")
def test_zip_around_a_csv_is_kept_too(settings: Settings, engine: Engine) -> None:
    packed = zipped(("eckwerte.csv", CSV))
    with serving(lambda _: Reply(200, packed)) as served:
        assert ask(settings, engine, served.base, ECKWERTE, FEBRUARY).state == "loaded"
        again = ask(settings, engine, served.base, ECKWERTE, FEBRUARY)
    assert (again.state, again.verdict) == (
        "unchanged",
        Verdict.ACCEPT,
    )  # a POST has no conditions: asked in full, known by its hash
    (document,) = queries.documents(engine)
    came = arrivals.last(engine, ECKWERTE, FEBRUARY)
    assert came is not None
    assert archive.find(came[0].received_sha256, settings.landing).read_bytes() == packed
    assert archive.find(document["sha256"], settings.landing).read_bytes() == CSV
    note = provenance.read(came[0].received_sha256, settings.landing)
    assert (note["state"], note["holds"]) == ("package", document["sha256"])


@pytest.mark.usefixtures("portal")
def test_a_month_with_nothing_new_costs_one_request_and_no_work(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    with serving(Publisher(book(tmp_path))) as served:
        ask(settings, engine, served.base)
        before = queries.figures(engine, history=True)
        began = time.process_time()
        assert ask(settings, engine, served.base).state == "not_modified"
        assert time.process_time() - began < 1.0
    assert [a.method for a in served.asked] == ["GET", "GET"]
    assert served.asked[1].headers["if-none-match"]
    assert queries.figures(engine, history=True).equals(before)
    assert len(queries.documents(engine)) == 1


def test_a_source_without_an_address(settings: Settings, engine: Engine) -> None:
    with pytest.raises(KcaError, match="NO_FETCH"):
        ask(settings, engine, "http://127.0.0.1:9")


def test_exit_codes_of_the_command(tmp_path: Path) -> None:
    """The declared API source in processes of its own.

    Loaded, nothing new, waiting, overdue, broken, probed.
    """
    publisher = Publisher(CSV)
    home, soon = tmp_path / "home", datetime.now(UTC) + timedelta(62)
    with serving(publisher) as served:
        mirror: dict[str, Any] = {
            "KCA_BASE_URLS": json.dumps({API: served.base, HOST: served.base})
        }
        assert "18 new" in kca(home, "run", ECKWERTE, "--month", "2026-02", **mirror)
        began = time.perf_counter()
        assert "nothing new" in kca(home, "run", ECKWERTE, "--month", "2026-02", **mirror)
        print(f"a month with nothing new, process included: {time.perf_counter() - began:.2f} s")
        (row,) = json.loads(kca(home, "run", ECKWERTE, "--month", "2026-02", "--json", **mirror))
        assert (row["state"], row["asked"], row["findings"]) == ("not_modified", "2026-02", [])
        assert "[NOT_YET_PUBLISHED]" in kca(
            home, "run", ECKWERTE, "--month", f"{soon:%Y-%m}", code=5, **mirror
        )
        assert "begins_as      text" in kca(
            home, "sources", "probe", ECKWERTE, "--month", "2026-02", **mirror
        )
        publisher.issues.clear()
        assert "[OVERDUE]" in kca(
            home, "run", "ba_sanktionen", "--month", "2020-02", code=5, **mirror
        )
        assert "[NOT_YET_PUBLISHED]" in kca(
            home, "run", "ba_sanktionen", "--month", f"{soon:%Y-%m}", code=5, **mirror
        )
        assert "[GONE]" in kca(home, "run", ECKWERTE, "--month", "2026-02", **mirror)
        publisher.issues.append(b"<!DOCTYPE html><p>Wartung")
        assert "[WEB_PAGE]" in kca(
            home, "run", "ba_sanktionen", "--month", "2020-02", code=1, **mirror
        )
        assert "page" in kca(
            home, "sources", "probe", "ba_sanktionen", "--month", "2020-02", **mirror
        )
    assert "[NO_FILE]" in kca(home, "run", ECKWERTE, code=2)
    assert "[NO_ISSUE]" in kca(home, "run", ECKWERTE, "--month", "2026-02", "--issue", 2, code=2)
    assert "[NO_FETCH]" in kca(home, "run", SHEETS, "--month", "2020-11", code=2)
    states = [
        r["state"]
        for r in json.loads(kca(home, "status", "--year", "2026", "--json"))
        if r["source"] == ECKWERTE
    ]
    assert states[1] == "loaded"
    assert month_number(2026, 2) == FEBRUARY
