"""Every hostile or broken answer, through the whole way.

A named finding on record, nothing loaded, and a later run succeeds.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl.landing.archive import provenance
from kca_etl.model.catalogue import catalogue
from kca_etl.model.findings import Verdict
from kca_etl.settings import Settings
from kca_etl.sources.endpoint import Fetch
from kca_etl.warehouse.arrivals import NOT_PUBLISHED
from kca_etl.warehouse.views import queries
from tests.landing.fetch.servers import (
    API_SPEC,
    GENESIS_SPEC,
    PORTAL_SPEC,
    Reply,
    bomb,
    dribble,
    flood,
    head,
    raw,
    serving,
    zipped,
)
from tests.landing.fetch.test_hostile import BROKEN, bounded
from tests.runs.world import CSV, ECKWERTE, FEBRUARY, MONTH, SHEETS, ask, book, fetched
from tests.warehouse.synthetic import rows

Play = bytes | Callable[[socket.socket], None]
BOMB, LOOP = bomb(300), head("302 Found", Location="/again", Content_Length="0")
PLAYS: list[tuple[Fetch, Play, str]] = [
    *BROKEN,
    (API_SPEC, head(Content_Encoding="gzip", Content_Length=str(len(BOMB))) + BOMB, "TOO_LARGE"),
    (API_SPEC, head(Content_Encoding="gzip") + BOMB, "TOO_LARGE"),
    (GENESIS_SPEC, head(Connection="close") + zipped(("a.csv", bytes(100 << 20))), "TOO_LARGE"),
    (PORTAL_SPEC, flood(head(Connection="close"), b"PK\x03\x04" * 16_000), "TOO_LARGE"),
    (PORTAL_SPEC, dribble(head(Content_Length="100000"), b"P"), "DEADLINE"),
    (PORTAL_SPEC, dribble(b"", b"H"), "DEADLINE"),
    (PORTAL_SPEC, lambda _: time.sleep(2), "DEADLINE"),
    (PORTAL_SPEC, LOOP, "REDIRECT_LOOP"),
    (PORTAL_SPEC, head("429 Slow", Retry_After="3600"), "TOO_FAST"),
    (PORTAL_SPEC, head("500 Oops"), "HTTP_STATUS"),
    (GENESIS_SPEC, head("401 No"), "CREDENTIAL_REFUSED"),
    (PORTAL_SPEC, head("302 Found", Location="http://169.254.169.254/"), "FORBIDDEN_SCHEME"),
]


@pytest.mark.parametrize(
    ("spec", "play", "code"),
    PLAYS,
    ids=[f"{number}-{code}" for number, (_, _, code) in enumerate(PLAYS)],
)
def test_hostile(
    settings: Settings,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spec: Fetch,
    play: Play,
    code: str,
) -> None:
    source, month = (SHEETS, MONTH) if spec.kind == "xlsx" else (ECKWERTE, FEBRUARY)
    good = {
        "xlsx": lambda: book(tmp_path),
        "csv": lambda: CSV,
        "zip-csv": lambda: zipped(("a.csv", CSV)),
    }[spec.kind]()
    with fetched(monkeypatch, **{source: spec}):
        with raw(play) as base, bounded(10, 40):
            got = ask(
                settings, engine, base, source, month, deadline=1.0 if code == "DEADLINE" else 10.0
            )
        assert ([f.code for f in got.findings], got.outcome) == ([code], None)
        assert got.verdict in (Verdict.RETRY, Verdict.REJECT)
        assert rows(engine, "SELECT outcome, sha256 FROM arrival") == [(code, "")]
        assert queries.documents(engine) == []
        assert queries.figures(engine).empty
        assert provenance.documents(settings.landing) == []
        with serving(lambda _: Reply(200, good)) as served:
            assert ask(settings, engine, served.base, source, month).state == "loaded"
    assert len(queries.figures(engine)) == 18
    assert list((settings.home / "dl").iterdir()) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "TRUNCATED"),
        (zipped(("a.txt", b"a")), "NOT_A_WORKBOOK"),
        (
            zipped(("xl/workbook.xml", b"<!DOCTYPE x><x/>"), ("[Content_Types].xml", b"<x/>")),
            "HOSTILE",
        ),
    ],
)
def test_what_only_the_guard_sees_is_rejected_and_kept(
    settings: Settings,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: bytes,
    code: str,
) -> None:
    bodies = iter([body, book(tmp_path)])
    with (
        fetched(monkeypatch, **{SHEETS: PORTAL_SPEC}),
        serving(lambda _: Reply(200, next(bodies), {"ETag": '"x"'})) as served,
    ):
        got = ask(settings, engine, served.base)
        assert got.outcome is not None
        assert ([f.code for f in got.outcome.reading.findings], got.verdict, got.state) == (
            [code],
            Verdict.REJECT,
            "rejected",
        )
        assert queries.figures(engine).empty
        # What cannot be read has no source and month; only the manifest knows what was asked.
        assert [d["state"] for d in queries.documents(engine)] == ["rejected"]
        assert rows(engine, "SELECT outcome FROM arrival") == [("rejected",)]
        assert ask(settings, engine, served.base).state == "loaded"
    assert [d["state"] for d in queries.coverage(engine)] == ["loaded"]


def test_what_counts_as_asked_in_vain_is_catalogued() -> None:
    assert {catalogue()[code].verdict for code in NOT_PUBLISHED} == {Verdict.WAIT}
