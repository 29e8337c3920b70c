"""A canary in the place of the token.

It may stand in a request's header or body, and nowhere else.
"""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from kca_etl.landing.fetch.fetch import fetch, probe
from kca_etl.landing.fetch.session import Options, Session
from kca_etl.model.findings import KcaError
from kca_etl.sources.endpoint import Fetch
from tests.landing.fetch.servers import (
    GENESIS,
    GENESIS_SPEC,
    MONTH,
    TOKEN,
    Asked,
    Reply,
    dribble,
    head,
    raw,
    serving,
    session,
    table,
    zipped,
)

BOTH = GENESIS_SPEC.model_copy(
    update={"secret_fields": {"token": "genesis_token"}, "hosts": (GENESIS, "b.example.de")}
)
ECHO = f'{{"Code": 15, "username": "{TOKEN}"}}'.encode()


def said(error: BaseException) -> Iterator[str]:
    """All that a log, a trace or a person could see of an exception and those chained to it."""
    yield from traceback.format_exception(error)
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None:
            yield from (str(one), repr(one), repr(one.args), repr(getattr(one, "findings", "")))
            waiting += [one.__cause__, one.__context__]


@pytest.mark.parametrize(
    "play",
    [
        head("401 No"),
        head("403 No", Retry_After="9999"),
        head("500 No") + ECHO,
        head("404 No"),
        head(Content_Length=str(len(ECHO))) + ECHO,
        head(Content_Length=str(len(ECHO) + 5)) + ECHO,
        head(Content_Length=f"5, {TOKEN}") + ECHO,
        head(Content_Encoding=TOKEN) + ECHO,
        head("302 Found", Location=f"https://{TOKEN}.evil.example/{TOKEN}"),
        head("302 Found", Location=f"https://evil.example/{TOKEN}?{TOKEN}"),
        head("302 Found", Location=f"ftp://{TOKEN}"),
        head("302 Found", Location=f"https://user:{TOKEN}@{GENESIS}/"),
        head("302 Found", Location=f"/{TOKEN}/\x00?{TOKEN}"),
        head("307 Again", Location="/genesisWS/rest/2020/data/tablefile"),
        b"HTTP/1.1 200 " + TOKEN.encode() + b"\r\n" + TOKEN.encode() + b"\r\n\r\n",
        TOKEN.encode(),
        b"",
        head(Content_Length="10", ETag=TOKEN),
    ],
)
def test_no_trouble_tells_the_secret(
    tmp_path: Path, play: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with raw(play) as base:
        s = session(tmp_path, base)
        with pytest.raises(KcaError) as error:
            fetch(BOTH, MONTH, s)
        seen = probe(BOTH, MONTH, s)
    out, err = capfd.readouterr()
    for text in (
        *said(error.value),
        caplog.text,
        out,
        err,
        repr(seen),
        repr(s),
        repr(vars(s)),
        repr(BOTH),
    ):
        assert TOKEN not in text


def test_success_tells_nothing_either(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {
        "ETag": f'"{TOKEN}"',
        "Content-Disposition": f"attachment; filename={TOKEN}.zip",
        "X-Echo": TOKEN,
    }
    with serving(lambda _: Reply(200, zipped(("a.csv", table())), echo)) as served:
        s = session(tmp_path, served.base)
        got = fetch(BOTH, MONTH, s)
    assert served.asked[0].headers["username"] == TOKEN
    assert f"token={TOKEN}" in served.asked[0].body.decode()
    assert TOKEN not in served.asked[0].path
    for text in (repr(got), str(got.path), caplog.text, repr(s), repr(s.options)):
        assert TOKEN not in text


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_another_host_goes_without_secrets(tmp_path: Path, status: int) -> None:
    with serving(lambda _: Reply(200, zipped(("a.csv", table())))) as other:
        away = Reply(status, headers={"Location": "https://b.example.de/elsewhere"})
        with serving(lambda _: away) as first:
            fetch(BOTH, MONTH, session(tmp_path, {GENESIS: first.base, "b.example.de": other.base}))
    assert TOKEN in first.asked[0].headers.values()
    asked = other.asked[0]
    assert asked.method == ("POST" if status in (307, 308) else "GET")
    assert TOKEN not in f"{asked.path}{asked.headers}{asked.body!r}"
    assert (b"format=ffcsv" in asked.body) == (asked.method == "POST")


def test_redirect_on_the_same_host_keeps_them(tmp_path: Path) -> None:
    def genesis(asked: Asked) -> Reply:
        return (
            Reply(200, zipped(("a.csv", table())))
            if asked.path == "/neu"
            else Reply(308, headers={"Location": "/neu"})
        )

    with serving(genesis) as served:
        fetch(BOTH, MONTH, session(tmp_path, served.base))
    assert served.asked[1].headers["username"] == TOKEN
    assert f"token={TOKEN}".encode() in served.asked[1].body


def test_deadline_while_the_secret_is_in_flight(tmp_path: Path) -> None:
    with raw(dribble(b"", b"H")) as base, pytest.raises(KcaError) as error:
        fetch(BOTH, MONTH, session(tmp_path, base, deadline=0.4))
    assert all(TOKEN not in text for text in said(error.value))


def test_missing_secret_is_named_before_anything_is_sent(tmp_path: Path) -> None:
    with (
        serving(lambda _: Reply(200)) as served,
        pytest.raises(KcaError, match=r"NO_CREDENTIAL.*genesis_token"),
    ):
        fetch(BOTH, MONTH, Session(Options(base_urls={GENESIS: served.base}, folder=tmp_path)))
    assert served.asked == []


@pytest.mark.parametrize("secret", [f"{TOKEN}\nX: y", f"{TOKEN}\r\n", f" {TOKEN}", f"{TOKEN}ü€"])
def test_a_secret_that_fits_no_header_is_not_quoted(tmp_path: Path, secret: str) -> None:
    with serving(lambda _: Reply(200)) as served, pytest.raises(KcaError) as error:
        fetch(
            BOTH,
            MONTH,
            Session(
                Options(base_urls={GENESIS: served.base}, folder=tmp_path),
                {"genesis_token": SecretStr(secret)},
            ),
        )
    assert error.value.findings[0].code == "BAD_REQUEST"
    assert all(TOKEN not in text for text in said(error.value))
    assert served.asked == []


@pytest.mark.parametrize(
    "change",
    [
        {"url": f"https://user:pw@{GENESIS}/x"},
        {"url": f"http://{GENESIS}/x"},
        {"url": f"https://{GENESIS}:8443/x"},
        {"url": "https://elsewhere.example/x"},
        {"url": f"https://{GENESIS}/{{genesis_token}}"},
        {"url": f"https://{GENESIS}/{{yyyymm.__class__}}", "values": {"x": ""}},
        {"hosts": ()},
        {"hosts": (GENESIS, "*")},
        {"hosts": (GENESIS, "https://b.example.de")},
        {"method": "GET"},
        {"kind": "pdf"},
        {"secret_params": {"a": "b"}},
    ],
)
def test_declarations_that_would_be_unsafe(change: dict[str, object]) -> None:
    good = GENESIS_SPEC.model_dump()
    assert Fetch.model_validate(good) == GENESIS_SPEC
    with pytest.raises(ValidationError):
        Fetch.model_validate(good | change)


def test_reset_with_the_secret_in_flight(tmp_path: Path) -> None:
    def reset(sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")

    with raw(reset) as base, pytest.raises(KcaError) as error:
        fetch(BOTH, MONTH, session(tmp_path, base))
    assert all(TOKEN not in text for text in said(error.value))
