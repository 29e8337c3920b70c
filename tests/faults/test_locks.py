"""Promise: one writer per source; the second waits or says busy; a dead run blocks nobody."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from psycopg.errors import LockNotAvailable, UndefinedTable
from sqlalchemy import Engine

from kca_etl.cli import main as cli
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import Busy, _is_busy, open_engine
from tests.faults.victim import context, hold
from tests.warehouse.synthetic import (
    SOURCE,
    Fact,
    export,
    load,
    load_observations,
    observations,
    rows,
    values,
)

FACTS = [Fact(5.0), Fact("*", "quote")]


@contextmanager
def held(url: str, seconds: float, source: str = SOURCE) -> Iterator[int]:
    """Let another process hold a source's lock; yield its id."""
    ready = context.Event()
    process = context.Process(target=hold, args=(url, source, ready, seconds))
    process.start()
    try:
        assert ready.wait(60)
        yield process.pid or 0
    finally:
        process.kill()
        process.join(60)


def test_the_second_writer_says_busy(settings: Settings, engine: Engine) -> None:
    with held(settings.url, 600):
        begun = time.monotonic()
        with pytest.raises(Busy, match="another run writes to probe"):
            load_observations(engine, "a", observations(FACTS, "2020-02-29"), timeout=0.3)
        assert 0.2 < time.monotonic() - begun < 10
        assert rows(engine, "SELECT count(*) FROM document") == [(0,)]


def test_the_second_writer_waits_and_then_loads(settings: Settings, engine: Engine) -> None:
    with held(settings.url, 0.5):
        assert (
            load_observations(engine, "a", observations(FACTS, "2020-02-29"), timeout=60).inserted
            == 2
        )


def test_a_killed_writer_blocks_nobody(settings: Settings, engine: Engine) -> None:
    with held(settings.url, 600) as pid:
        os.kill(pid, signal.SIGKILL)
        assert (
            load_observations(engine, "a", observations(FACTS, "2020-02-29"), timeout=30).inserted
            == 2
        )


def test_readers_are_never_blocked(settings: Settings, engine: Engine) -> None:
    load(engine, "a", "2020-02-29", FACTS)
    before = export(engine)
    with held(settings.url, 600):
        assert export(engine) == before


@pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)
def test_other_sources_do_not_wait(settings: Settings, engine: Engine) -> None:
    with held(settings.url, 600, "andere"):
        assert (
            load_observations(engine, "a", observations(FACTS, "2020-02-29"), timeout=5).inserted
            == 2
        )


def test_exit_code_of_a_busy_warehouse(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (sample, *_) = write_samples(settings.home / "samples")
    monkeypatch.setattr(sys, "argv", ["kca", "run", "kca_monatszahlen", str(sample)])
    for name, value in (
        ("HOME", str(settings.home)),
        ("DATABASE_URL", settings.url),
        ("LOCK_TIMEOUT", "0.2"),
    ):
        monkeypatch.setenv(f"KCA_{name}", value)
    with held(settings.url, 600, "kca_monatszahlen"), pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 75
    assert "[BUSY]" in capsys.readouterr().err
    assert values(open_engine(settings.url)) == []


def test_two_runs_with_the_same_document(engine: Engine) -> None:
    """Exactly one of them loads it."""
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: load(engine, "a", "2020-02-29", FACTS), range(4)))
    assert sorted(r.already for r in results) == [False, True, True, True]
    assert rows(engine, "SELECT count(*) FROM fact") == [(2,)]


def test_runs_of_one_source_take_turns(engine: Engine) -> None:
    names = [f"doc{n}" for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        list(
            pool.map(
                lambda n: load(
                    engine, n, f"2020-0{names.index(n) + 2}-28", [Fact(float(names.index(n)))]
                ),
                names,
            )
        )
    assert [v for v, _, _ in values(engine, history=True)] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_sources_that_share_regions_and_months_load_side_by_side(engine: Engine) -> None:
    """Each adds regions, kennzahlen, months and blocks that the others want to add as well."""
    facts = [
        Fact(1.0, code=str(n).zfill(5), kennzahl=k, month=24000 + n)
        for n in range(30)
        for k in ("kopf", "geld")
    ]
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda n: load(engine, f"doc{n}", "2020-02-29", facts, f"quelle{n}"), range(8))
        )
    assert [r.inserted for r in results] == [60] * 8
    assert rows(engine, "SELECT count(*) FROM region") == [(30,)]
    assert rows(engine, "SELECT count(*), count(DISTINCT document_sha256) FROM figures") == [
        (480, 8)
    ]


def test_two_sources_rename_a_region_at_once_and_the_latest_name_wins(engine: Engine) -> None:
    load(engine, "first", "2020-01-31", [Fact(1.0, name="Anfang")])
    named = [("2020-03-31", "Ende"), ("2020-02-29", "Mitte")] * 3
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda n: load(
                    engine, f"doc{n}", named[n][0], [Fact(1.0, name=named[n][1])], f"quelle{n}"
                ),
                range(6),
            )
        )
    assert rows(engine, "SELECT name FROM region") == [("Ende",)]


def test_busy_is_told_by_code_whatever_language_the_server_speaks() -> None:
    assert _is_busy(LockNotAvailable("storniere Anfrage wegen Zeitüberschreitung der Sperre"))
    assert not _is_busy(UndefinedTable("Relation »locked« existiert nicht"))
    assert not _is_busy(sqlite3.OperationalError("no such table: locked"))
