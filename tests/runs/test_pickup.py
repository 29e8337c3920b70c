"""The inbox through the real pipeline.

Running processes, one-shot pick-up, notes, documents that come again amended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.landing.archive import files as archive
from kca_etl.model.month import month_date, month_number
from kca_etl.pipeline import Outcome
from kca_etl.runs import inbox as pickup
from kca_etl.runs.record import recorded
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import Busy, open_engine
from kca_etl.warehouse.views import queries
from tests.runs.world import book, kca

TOTAL = 40
FIRST = month_number(2017, 1)


def sheet(folder: Path, number: int) -> bytes:
    """Draw a sheet of one month; every eighth has a cell that stops it."""
    stop = (
        {("Integrationen", "Monat"): "?"}
        if number % 8 == 7
        else {("Integrationen", "Monat"): 300 + number}
    )
    return book(
        folder, month=f"Berichtsmonat: {month_date(FIRST + number):%m/%Y}", order=(0, 1), cells=stop
    )


def once(settings: Settings, engine: Engine) -> list[Outcome]:
    with recorded(engine, settings, "test") as work:
        outcomes = pickup.pick_up(settings.inbox, work, settle=0.05)
        assert outcomes == work.run.outcomes
    return outcomes


def test_forty_documents_by_two_processes(tmp_path: Path) -> None:
    """Each is loaded once or quarantined with a note, while half are still being written."""
    home, drawn = tmp_path / "home", tmp_path / "drawn"
    drawn.mkdir()
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")} | {
        "KCA_HOME": str(home)
    }
    command = [sys.executable, "-W", "error", "-m", "kca_etl", "watch", "--json"]
    bodies = [sheet(drawn, number) for number in range(TOTAL)]
    pickers = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    try:
        for number, data in enumerate(bodies):
            with (inbox / f"Monat {number}.xlsx").open("wb") as out:
                out.write(data[: len(data) // 2])
                if number % 2:
                    out.flush()
                    time.sleep(0.05)
                out.write(data[len(data) // 2 :])
        end = time.monotonic() + 90
        while (
            time.monotonic() < end
            and len([*inbox.glob("done/*.xlsx"), *inbox.glob("quarantine/*.xlsx")]) < TOTAL
        ):
            time.sleep(0.2)
    finally:
        for picker in pickers:
            picker.send_signal(signal.SIGTERM)
        said = [picker.communicate(timeout=60)[0] for picker in pickers]
    assert [p.returncode for p in pickers] == [0, 0], said
    bad = {f"Monat {n}.xlsx" for n in range(TOTAL) if n % 8 == 7}
    good = {f"Monat {n}.xlsx" for n in range(TOTAL)} - bad
    assert {p.name for p in (inbox / "done").iterdir()} == good
    assert {p.name for p in (inbox / "quarantine").iterdir()} == bad | {
        f"{name}.hinweis.txt" for name in bad
    }
    assert [p for p in inbox.iterdir() if p.is_file()] == list((inbox / "claimed").iterdir()) == []
    assert sorted(line.split('"')[3] for text in said for line in text.splitlines()) == sorted(
        good | bad
    )  # each told once, by one

    settings = Settings(home=home)
    engine = open_engine(settings.url)
    assert {d["file_name"]: d["state"] for d in queries.documents(engine)} == dict.fromkeys(
        good, "loaded"
    ) | dict.fromkeys(bad, "quarantined")
    figures = queries.figures(engine, kennzahl="integrationen")
    assert figures["value"].tolist() == [300.0 + n for n in range(TOTAL) if n % 8 != 7]
    assert len(queries.figures(engine, history=True)) == 6 * len(good)
    assert archive.verify(settings.landing) == []
    engine.dispose()
    assert "equal      yes" in kca(home, "rebuild")


def test_pick_up_once(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    settings.inbox.mkdir()
    (settings.inbox / "irgendwas.bin").write_bytes(book(tmp_path))
    (settings.inbox / "seite.xlsx").write_text("<html>Wartung</html>")
    (settings.inbox / os.fsdecode(b"\xff.csv")).write_text("a;b\n1;2\n")
    (settings.inbox / "halb.xlsx").write_bytes(book(tmp_path)[:-30])
    states = {o.reading.document.file_name: o.state for o in once(settings, engine)}
    assert states == {"irgendwas.bin": "loaded", "seite.xlsx": "rejected", "?.csv": "quarantined"}
    assert [p.name for p in settings.inbox.iterdir() if p.is_file()] == ["halb.xlsx"]
    notes = {
        p.name: p.read_text(encoding="utf-8-sig")
        for p in (settings.inbox / "quarantine").glob("*.txt")
    }
    assert "weder eine Excel-Mappe noch eine Texttabelle" in notes["seite.xlsx.hinweis.txt"]
    assert len(notes) == 2
    assert len(queries.figures(engine)) == 18


def test_an_amended_document_takes_the_place_of_the_one_put_aside(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    bad, good = book(tmp_path, cells={("Integrationen", "Monat"): "?"}), book(tmp_path)
    settings.inbox.mkdir()
    for body, state in ((bad, "quarantined"), (good, "loaded"), (good, "unchanged")):
        (settings.inbox / "Monat.xlsx").write_bytes(body)
        assert [o.state for o in once(settings, engine)] == [state]
        assert [row["state"] for row in queries.coverage(engine)] == [
            "quarantined" if state == "quarantined" else "loaded"
        ]
    assert sorted(p.name for p in (settings.inbox / "done").iterdir()) == [
        "Monat (2).xlsx",
        "Monat.xlsx",
    ]


def test_an_empty_inbox_costs_nothing(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("slept"))
    assert once(settings, engine) == []


def test_what_a_dead_process_had_claimed_is_picked_up_in_the_same_run(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    held = settings.inbox / "claimed" / "1-dead" / "1"
    held.mkdir(parents=True)
    (held / "Monat.xlsx").write_bytes(book(tmp_path))
    assert [o.state for o in once(settings, engine)] == ["loaded"]


def test_busy_puts_it_back(
    settings: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Busy("another run writes")

    settings.inbox.mkdir()
    (settings.inbox / "Monat.xlsx").write_bytes(book(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "keep", busy)
        assert once(settings, engine) == []
    assert (settings.inbox / "Monat.xlsx").exists()
    assert [o.state for o in once(settings, engine)] == ["loaded"]


def test_a_document_that_trips_the_reader_holds_up_nobody(
    settings: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tripped(*_: object) -> None:
        raise KeyError("a bug of ours")

    settings.inbox.mkdir()
    (settings.inbox / "Monat.xlsx").write_bytes(book(tmp_path))
    monkeypatch.setattr("kca_etl.tidy.document.tidy", tripped)
    (outcome,) = once(settings, engine)
    assert (outcome.state, [f.code for f in outcome.reading.findings]) == (
        "rejected",
        ["UNREADABLE"],
    )
    assert (settings.inbox / "quarantine" / "Monat.xlsx.hinweis.txt").exists()


def test_watch_once_as_a_command(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "anderswo"
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(book(tmp_path))
    assert "1 loaded (18 new figures" in kca(home, "watch", folder, "--once")
    assert "nothing lies in" in kca(home, "watch", "--once")
    (folder / "b.csv").write_text("a;b\n1;2\n")
    assert "[UNKNOWN_DOCUMENT]" in kca(home, "watch", folder, "--once", code=3)
