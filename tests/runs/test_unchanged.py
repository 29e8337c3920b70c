"""What is loaded is known by its hash: it is not read again, unless somebody asks for it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kca_etl.landing.archive import files as archive
from kca_etl.landing.guard.wall import Child
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.runs import inbox
from kca_etl.runs.explain import archived_tables, around
from kca_etl.runs.record import load_all, recorded
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.runs.world import kca
from tests.warehouse.synthetic import export

SOURCE = "kca_monatszahlen"


@pytest.fixture
def samples(tmp_path: Path) -> list[Path]:
    return write_samples(tmp_path / "samples")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the names of the files that are given to be read."""
    names: list[str] = []
    begin = Child.begin

    def spied(child: Child, job: Any) -> None:
        names.append(job[0].path.name)
        begin(child, job)

    monkeypatch.setattr(Child, "begin", spied)
    return names


def states(outcomes: Any) -> list[str]:
    return [str(o.state) for o in outcomes]


def test_what_is_loaded_is_not_read_again(
    samples: list[Path], engine: Engine, settings: Settings, opened: list[str]
) -> None:
    first = list(load_all(samples, engine, settings, SOURCE))
    before, seen = export(engine, without=""), len(opened)
    again = list(load_all(samples, engine, settings, SOURCE))
    assert len(opened) == seen == len(samples)
    assert set(states(again)) == {"unchanged"}
    for was, now in zip(first, again, strict=True):
        assert now.result is not None
        assert now.result.already
        for about in ("month", "datenstand", "source", "verdict", "findings", "document"):
            assert getattr(now.reading, about) == getattr(was.reading, about), about
    assert export(engine, without="") == before


def test_the_inbox_asks_too(
    samples: list[Path], engine: Engine, settings: Settings, opened: list[str], tmp_path: Path
) -> None:
    list(load_all(samples[:1], engine, settings))
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "noch einmal.xlsx").write_bytes(samples[0].read_bytes())
    with recorded(engine, settings, "watch") as work:
        (outcome,) = inbox.pick_up(folder, work, settle=0.01)
    assert (str(outcome.state), len(opened)) == ("unchanged", 1)
    assert outcome.reading.document.file_name == "noch einmal.xlsx"
    assert (folder / "done" / "noch einmal.xlsx").is_file()


def test_it_is_read_where_somebody_asks_or_claims_something_else(
    samples: list[Path], engine: Engine, settings: Settings, opened: list[str]
) -> None:
    list(load_all(samples[:1], engine, settings, SOURCE))
    asked = list(load_all(samples[:1], engine, settings, SOURCE, reread=True))
    assert (states(asked), len(opened)) == (["unchanged"], 2)
    other = list(load_all(samples[:1], engine, settings, "ba_eckwerte"))
    assert [f.code for f in other[0].reading.findings] == [Code.NOT_OF_SOURCE]
    month = list(load_all(samples[:1], engine, settings, SOURCE, Month.of(1999, 1)))
    assert Code.WRONG_MONTH in {f.code for f in month[0].reading.findings}
    assert len(opened) == 4


def test_a_quarantined_document_is_read_again(
    tmp_path: Path, engine: Engine, settings: Settings, opened: list[str]
) -> None:
    (tmp_path / "x.csv").write_text("a;b\n1;2\n")
    for _ in range(2):
        (outcome,) = load_all([tmp_path / "x.csv"], engine, settings)
        assert outcome.state == "quarantined"
    assert len(opened) == 2


def test_a_copy_that_is_gone_or_cut_is_made_anew(
    samples: list[Path], engine: Engine, settings: Settings, opened: list[str]
) -> None:
    list(load_all(samples[:1], engine, settings))
    copy = archive.find(queries.documents(engine)[0]["sha256"], settings.landing)
    copy.chmod(0o644)
    copy.write_bytes(b"half")
    list(load_all(samples[:1], engine, settings))
    assert archive.verify(settings.landing) == []
    copy.unlink()
    assert states(load_all(samples[:1], engine, settings)) == ["unchanged"]
    assert copy.is_file()
    assert len(opened) == 3


def test_the_command(tmp_path: Path, samples: list[Path]) -> None:
    home = tmp_path / "home"
    kca(home, "run", SOURCE, *samples)
    plain = kca(home, "run", SOURCE, *samples)
    assert plain == kca(home, "run", SOURCE, "--reread", *samples)
    assert f"nothing to do: all {len(samples)} documents are loaded already" in plain
    (row, *_) = json.loads(kca(home, "run", SOURCE, "--json", samples[0]))
    assert (row["state"], row["source"]) == ("unchanged", SOURCE)
    assert row["berichtsmonat"]
    assert row["datenstand"]


def test_an_altered_copy_is_neither_shown_nor_read(
    samples: list[Path], engine: Engine, settings: Settings
) -> None:
    (outcome,) = load_all(samples[:1], engine, settings)
    sha256 = outcome.reading.document.sha256
    row = queries.records(queries.figures(engine))[0]
    place = (sha256, row["source"], row["sheet"], row["cell"])
    assert "shown" in around(*place, archived_tables(settings))
    copy = archive.find(sha256, settings.landing)
    sound = bytearray(copy.read_bytes())
    sound[-1] ^= 1
    os.chmod(copy, 0o644)  # noqa: PTH101 - as somebody would by hand
    copy.write_bytes(sound)
    assert "has changed" in around(*place, archived_tables(settings))["row"]
    with pytest.raises(KcaError, match="ARCHIVE_DAMAGED"):
        archive.sound(sha256, settings.landing)
