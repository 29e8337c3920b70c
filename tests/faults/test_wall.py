"""Whatever a document does to the process that reads it: it is named, and the next one loads."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.landing.guard import wall
from kca_etl.landing.guard.wall import Child
from kca_etl.model.findings import KcaError
from kca_etl.runs.record import load_all
from kca_etl.settings import Settings
from tests.faults.test_deaths import sheet

pytestmark = pytest.mark.skipif(not wall.HAS_WALL, reason="the system cannot fork safely")


def endless(_: Any) -> None:
    while True:
        pass


def hungry(_: Any) -> int:
    return len(bytearray(wall.MAX_MEMORY + (64 << 20)))


DEATHS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "aborts": (lambda _: os.abort(), "SIGABRT"),
    "is killed": (lambda _: os.kill(os.getpid(), signal.SIGKILL), "SIGKILL"),
    "leaves": (lambda _: os._exit(3), "exit 3"),
    "asks for all memory": (hungry, "exit 70"),
    "computes for ever": (endless, "1 s of computing"),
    "waits for ever": (lambda _: time.sleep(60), "the deadline"),
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_death_is_a_finding_and_the_next_job_is_done(
    monkeypatch: pytest.MonkeyPatch, death: str
) -> None:
    deadly, said = DEATHS[death]
    monkeypatch.setattr(wall, "MAX_CPU_S", 1)
    monkeypatch.setattr(wall, "DEADLINE_S", 0.5 if said == "the deadline" else 20.0)
    child = Child(lambda job: deadly(job) if job == "deadly" else job * 2)
    child.begin("deadly")
    with pytest.raises(KcaError) as caught:
        child.result()
    assert [f.code for f in caught.value.findings] == ["READER_DIED"]
    assert caught.value.findings[0].found.startswith(said)
    child.begin(21)
    assert child.result() == 42
    child.close()


def test_what_the_work_raises_is_raised_here() -> None:
    def full(_: Any) -> None:
        raise OSError(28, "no space left")

    child = Child(full)
    child.begin(0)
    with pytest.raises(OSError, match="no space"):
        child.result()
    child.close()


def test_a_child_holds_no_file_of_its_parent(tmp_path: Path) -> None:
    with (tmp_path / "held").open("w"):
        child = Child(lambda _: [os.path.realpath(f"/proc/self/fd/{n}") for n in range(60)])
        child.begin(0)
        assert str(tmp_path / "held") not in child.result()
        child.close()


def test_a_child_ends_with_its_parent() -> None:
    ours, theirs = os.pipe()
    parent = os.fork()
    if parent == 0:
        child = Child(lambda _: os.getpid())
        child.begin(0)
        os.write(theirs, str(child.result()).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(parent, 0)
    pid = int(os.read(ours, 20))
    os.close(ours)
    os.close(theirs)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][:1]
    except OSError:
        return "Z"


def test_a_document_that_kills_its_reader_is_quarantined_and_the_others_load(
    tmp_path: Path, settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("September", "Oktober", "November")
    files = [sheet(tmp_path / f"{name}.xlsx", n) for n, name in enumerate(names, 9)]
    opened, deadly = pipeline._open, files[1].read_bytes()

    def dying(path: Path) -> Any:
        if path.read_bytes() == deadly:
            os.abort()
        return opened(path)

    monkeypatch.setattr(pipeline, "_open", dying)
    outcomes = list(load_all(files, engine, settings))
    assert [o.state for o in outcomes] == ["loaded", "quarantined", "loaded"]
    assert [f.code for f in outcomes[1].reading.findings] == ["READER_DIED"]
    monkeypatch.undo()
    assert [o.state for o in load_all(files, engine, settings)] == [
        "unchanged",
        "loaded",
        "unchanged",
    ]
