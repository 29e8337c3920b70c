"""Codes of fetching and of guarding what came: one answer or file each."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kca_etl.landing.fetch.allow_list import AllowList
from kca_etl.landing.fetch.fetch import Dates, Previous, fetch
from kca_etl.landing.fetch.session import Options, Session
from kca_etl.landing.guard.inspect import inspect
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources.endpoint import Fetch
from tests.landing.fetch.servers import (
    API_SPEC,
    GENESIS_SPEC,
    HOST,
    MONTH,
    PORTAL_SPEC,
    dribble,
    head,
    raw,
    session,
    table,
    workbook,
)
from tests.landing.hostile import REFUSED
from tests.refusals.entries import Entry, Situation

NOW = datetime(2020, 12, 10, 12, tzinfo=UTC)
LATE = Dates(NOW - timedelta(5), NOW - timedelta(1))
CSV, BOOK = table(), workbook()
PAGE = b"<!DOCTYPE html><html><body>Wartungsarbeiten</body></html>\n"
WHERE, CONTENT = "kca_etl.landing.fetch.", "kca_etl.landing.fetch.content."
BODY, FETCH, SESSION = WHERE + "body.", WHERE + "fetch.", WHERE + "session.Session."
ALLOW = WHERE + "allow_list.AllowList."


def answered(
    spec: Fetch, play: bytes | Callable[..., None], *, asked: Any = None, **options: Any
) -> Situation:
    """The situation that a server answers so."""

    def situation(folder: Path) -> list[Finding]:
        with raw(play) as base:
            asking = session(folder, base, wall=lambda: NOW, **options)
            return fetch(spec, MONTH, asking, **(asked or {})).findings

    return situation


def stated(body: bytes, status: str = "200 OK") -> bytes:
    """An answer that states its length."""
    return head(status, Content_Length=str(len(body))) + body


def located(url: str) -> Situation:
    """The situation that an address is to be asked."""

    def situation(_: Path) -> list[Finding]:
        AllowList((HOST,)).locate(url)
        return []

    return situation


def _inside(_: Path) -> list[Finding]:
    AllowList((HOST,), resolve=lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.1", 0))]).addresses(HOST)
    return []


def _no_secret(folder: Path) -> list[Finding]:
    with raw(b"") as base:
        bases = dict.fromkeys(GENESIS_SPEC.hosts, base)
        given = Options(interval=0.0, deadline=5.0, max_bytes=1000, folder=folder, base_urls=bases)
        return fetch(GENESIS_SPEC, MONTH, Session(given, {})).findings


def guarded(name: str) -> Situation:
    """The situation that such a hostile file is guarded."""

    def situation(folder: Path) -> list[Finding]:
        path = folder / "probe.xlsx"
        path.write_bytes(REFUSED[name][1]())
        inspect(path)
        return []

    return situation


BUSY = head("429 Slow", Retry_After="9999")
LOOP = head("302 Found", Location=f"https://{HOST}/x", Content_Length="0")
UNNAMED = head("302 Found", Content_Length="0")
BAD_HEADER = PORTAL_SPEC.model_copy(update={"headers": {"X": "a\nb"}})

ENTRIES = [
    Entry(Code.NOT_YET_PUBLISHED, FETCH + "_missing", answered(PORTAL_SPEC, head("404 No"))),
    Entry(
        Code.OVERDUE,
        FETCH + "_missing",
        answered(PORTAL_SPEC, head("404 No"), asked={"dates": LATE}),
        what="2020-11 is overdue",
    ),
    Entry(
        Code.GONE,
        FETCH + "_missing",
        answered(PORTAL_SPEC, head("404 No"), asked={"previous": Previous("x", "")}),
    ),
    Entry(Code.CREDENTIAL_REFUSED, FETCH + "_check_status", answered(PORTAL_SPEC, head("401 No"))),
    Entry(Code.HTTP_STATUS, FETCH + "_check_status", answered(PORTAL_SPEC, head("500 No"))),
    Entry(Code.NETWORK, WHERE + "session.guarded", answered(PORTAL_SPEC, b"")),
    Entry(Code.BAD_ANSWER, WHERE + "session._location", answered(PORTAL_SPEC, UNNAMED)),
    Entry(Code.REDIRECT_LOOP, SESSION + "_follow", answered(PORTAL_SPEC, LOOP)),
    Entry(Code.TOO_FAST, SESSION + "_patiently", answered(PORTAL_SPEC, BUSY)),
    Entry(
        Code.DEADLINE,
        WHERE + "wire.Budget.left",
        answered(PORTAL_SPEC, dribble(head(), b"x"), deadline=0.2),
    ),
    Entry(
        Code.INCOMPLETE,
        CONTENT + "check",
        answered(PORTAL_SPEC, stated(BOOK[:-9])),
    ),
    Entry(
        Code.DECODING,
        BODY + "_inflated",
        answered(API_SPEC, head(Content_Encoding="gzip") + gzip.compress(CSV)[:-8] + bytes(8)),
    ),
    Entry(Code.WEB_PAGE, CONTENT + "check_kind", answered(PORTAL_SPEC, stated(PAGE))),
    Entry(Code.API_ERROR, CONTENT + "check_kind", answered(API_SPEC, stated(b'{"Code": 15}'))),
    Entry(Code.ZIP_NOT_CSV, CONTENT + "check_kind", answered(API_SPEC, stated(BOOK))),
    Entry(Code.WRONG_CONTENT, CONTENT + "check_kind", answered(PORTAL_SPEC, stated(CSV))),
    Entry(Code.TOO_LARGE, BODY + "write", answered(API_SPEC, stated(CSV), max_bytes=100)),
    Entry(
        Code.UNPROVED_END,
        CONTENT + "_check_text_end",
        answered(API_SPEC, head(Connection="close") + CSV),
    ),
    Entry(Code.BAD_REQUEST, WHERE + "session._request", answered(BAD_HEADER, b"")),
    Entry(Code.NO_CREDENTIAL, SESSION + "_secret", _no_secret),
    Entry(Code.FORBIDDEN_SCHEME, ALLOW + "locate", located(f"http://{HOST}/x")),
    Entry(Code.FORBIDDEN_HOST, ALLOW + "locate", located("https://example.de/x")),
    Entry(Code.FORBIDDEN_ADDRESS, ALLOW + "addresses", _inside),
    Entry(
        Code.NOT_A_WORKBOOK, "kca_etl.landing.guard.inspect._check_text", guarded("text with NUL")
    ),
    Entry(Code.ENCRYPTED, "kca_etl.landing.guard.ooxml._directory", guarded("encrypted part")),
    Entry(Code.MACROS, "kca_etl.landing.guard.ooxml._directory", guarded("macros")),
    Entry(Code.HOSTILE, "kca_etl.landing.guard.ooxml._directory", guarded("an absolute path")),
    Entry(Code.TRUNCATED, "kca_etl.landing.guard.ooxml._inflate", guarded("wrong checksum")),
]
