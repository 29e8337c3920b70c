"""Promise.

Everything in the warehouse can be rebuilt from the archive alone, in any order, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from kca_etl import pipeline
from kca_etl.landing.archive import files as archive
from kca_etl.landing.archive import provenance
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.runs import rebuild
from kca_etl.runs.record import load_all, warehouse
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.landing.fetch.servers import PORTAL_SPEC, serving
from tests.runs.world import SHEETS, Publisher, ask, book, fetched, kca, later
from tests.sources.office import Shape, write
from tests.warehouse.synthetic import export


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'rebuilt.db'}"
    yield open_engine(url)
    open_engine(url).dispose()


def samples(settings: Settings, engine: Engine) -> None:
    """Load all samples, one sheet that is quarantined, and one file under two names."""
    folder = settings.home / "samples"
    files = write_samples(folder)
    twin = Path(shutil.copy(files[0], folder / "Zwilling.xlsx"))
    bad = write(folder / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    list(load_all([*files, twin, bad], engine, settings, SHEETS))


def built(
    settings: Settings, engine: Engine | None, into: Engine, order: int | None = None
) -> rebuild.Rebuilt:
    chosen = rebuild.wanted(list(rebuild.archived(settings.landing)), engine)
    if order is not None:
        random.Random(order).shuffle(chosen)
    return rebuild.rebuild(chosen, into, settings)


@pytest.mark.parametrize("order", [None, 1, 2, 3])
def test_samples_in_any_order(
    settings: Settings, engine: Engine, fresh: Engine, order: int | None
) -> None:
    samples(settings, engine)
    before = {p: p.read_bytes() for p in settings.landing.rglob("*") if p.is_file()}
    done = built(settings, engine, fresh, order)
    assert (done.loaded, done.findings) == (6, [])
    assert rebuild.difference(engine, fresh) == []
    for history in (True, False):
        assert export(fresh, history=history) == export(engine, history=history)
    assert {p: p.read_bytes() for p in settings.landing.rglob("*") if p.is_file()} == before


def test_fetched_documents_and_revisions(
    settings: Settings,
    engine: Engine,
    fresh: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publisher = Publisher(book(tmp_path))
    with fetched(monkeypatch, **{SHEETS: PORTAL_SPEC}), serving(publisher) as served:
        ask(settings, engine, served.base)
        publisher.issues.append(
            book(tmp_path, **later("15.12.2020", cells={("Integrationen", "Monat"): 320}))
        )
        ask(settings, engine, served.base)
        assert (built(settings, engine, fresh).loaded, rebuild.difference(engine, fresh)) == (2, [])
    assert export(fresh) == export(engine)


def test_without_a_warehouse(settings: Settings, engine: Engine, fresh: Engine) -> None:
    """The database is lost: the archive says by itself what was loaded and what was quarantined."""
    samples(settings, engine)
    assert built(settings, None, fresh).loaded == 6
    assert export(fresh) == export(engine)


def test_after_a_run_was_killed_before_its_note(
    settings: Settings, engine: Engine, fresh: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded, but the archive does not know it yet; archived, but not loaded.

    The warehouse tells which.
    """
    folder = settings.home / "samples"
    files = write_samples(folder)
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "note", lambda *_, **__: None)
        list(load_all(files[:3], engine, settings, SHEETS))
    pipeline.receive(pipeline.Incoming(files[3]), settings.landing)
    assert [d.state for d in rebuild.archived(settings.landing)] == [""] * 4
    renamed = Path(shutil.copy(files[0], folder / "renamed.xlsx"))
    list(
        load_all([renamed], engine, settings, SHEETS)
    )  # the archive learns the name that the warehouse knows
    list(load_all(files[1:3], engine, settings, SHEETS))
    assert built(settings, engine, fresh).loaded == 3
    assert rebuild.difference(engine, fresh) == []


def test_a_loaded_document_that_is_put_aside_when_given_for_another_month_stays_loaded(
    settings: Settings, engine: Engine, fresh: Engine, tmp_path: Path
) -> None:
    file = write(tmp_path / "november.xlsx", Shape())
    list(load_all([file], engine, settings, SHEETS))
    assert [o.state for o in load_all([file], engine, settings, SHEETS, Month(2020 * 12))] == [
        "quarantined"
    ]
    assert built(settings, engine, fresh).loaded == 1
    assert rebuild.difference(engine, fresh) == []


def test_damage_and_loss_and_tampering_are_named(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    samples(settings, engine)
    (first, *_) = [d for d in rebuild.archived(settings.landing) if d.state == "loaded"]

    def outcome(name: str) -> list[Code]:
        into = open_engine(f"sqlite:///{tmp_path / name}.db")
        done = built(settings, engine, into)
        found = [f.code for f in (*done.findings, *rebuild.difference(engine, into))]
        into.dispose()
        return found

    with engine.connect() as plain, plain.execution_options(writer=True).begin():
        plain.execute(text("UPDATE fact SET value = value + 1 WHERE value = 24736"))
    assert outcome("tampered") == ["REBUILD_DIFFERS"]
    first.path.chmod(0o644)
    sound = first.path.read_bytes()
    first.path.write_bytes(sound[:-1])
    assert outcome("damaged") == ["ARCHIVE_DAMAGED", "NOT_IN_ARCHIVE"]
    first.path.unlink()
    assert outcome("lost") == ["NOT_IN_ARCHIVE"]


def test_a_database_that_holds_documents_is_not_rebuilt_into(
    settings: Settings, engine: Engine
) -> None:
    samples(settings, engine)
    with pytest.raises(KcaError, match="NOT_EMPTY"):
        built(settings, engine, engine)


def test_commands(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    file = write(tmp_path / "Monat November.xlsx", Shape())
    kca(home, "run", SHEETS, file)
    assert "equal      yes" in kca(home, "rebuild")
    (row,) = json.loads(kca(home, "rebuild", "--json"))
    assert (row["documents"], row["loaded"], row["equal"], row["findings"]) == (1, 1, True, [])
    assert sorted(p.name for p in home.glob("rebuilt*.db")) == ["rebuilt (2).db", "rebuilt.db"]
    (row,) = json.loads(kca(home, "archive", "verify", "--json"))
    assert (row["files"], row["damaged"], row["missing"]) == (1, 0, 0)

    sha = archive.document_of(file).sha256
    for n in range(2):
        (row,) = json.loads(kca(home, "archive", "export", sha[:10], out, "--json"))
        assert Path(row["document"]).name == (
            "Monat November (2).xlsx" if n else "Monat November.xlsx"
        )
        assert Path(row["document"]).read_bytes() == file.read_bytes()
    about = json.loads(Path(row["provenance"]).read_text(encoding="utf-8"))
    assert (about["sha256"], about["file_name"], about["source"], about["state"]) == (
        sha,
        file.name,
        SHEETS,
        "loaded",
    )
    assert about["warehouse"]["berichtsmonat"] == "2020-11-01"
    assert "[NO_FILE]" in kca(home, "archive", "export", "ffff", out, code=2)

    archived = archive.find(sha, home / "landing")
    archived.chmod(0o644)
    archived.write_bytes(b"PK")
    assert "[ARCHIVE_DAMAGED]" in kca(home, "archive", "verify", code=1)
    assert "[ARCHIVE_DAMAGED]" in kca(home, "rebuild", code=1)
    assert "[ARCHIVE_DAMAGED]" in kca(home, "archive", "export", sha, out, code=1)
    archived.unlink()
    assert "[NOT_IN_ARCHIVE]" in kca(home, "archive", "verify", code=1)


def test_rebuild_of_the_real_issues(real: Path, tmp_path: Path) -> None:
    """The 33 issues of the BA's Sanktionen.

    1.2 million figures, loaded in one order and rebuilt in another.
    """
    settings = Settings(home=tmp_path)
    engine = warehouse(settings)
    files = sorted((real / "ba-sanktionen").glob("*.xlsx"))
    assert len(files) == 33
    for outcome in load_all(files, engine, settings, "ba_sanktionen"):
        assert outcome.state == "loaded", outcome.reading.findings[:3]
        outcome.reading.observations = None
    fresh = open_engine(f"sqlite:///{tmp_path / 'rebuilt.db'}")
    done = built(settings, engine, fresh)
    assert (done.loaded, done.findings) == (33, [])
    assert rebuild.difference(engine, fresh) == []
    months = queries.months(engine)
    assert queries.months(fresh) == months
    for month in (
        months[0],
        months[-1],
    ):  # `difference` compared all; all bytes as well would take another minute
        for history in (True, False):
            found = [queries.found(e, month=month, history=history) for e in (engine, fresh)]
            hashes = {hashlib.sha256(rebuild._text(one).encode()).digest() for one in found}
            assert len(hashes) == 1
    for one in (engine, fresh):
        one.dispose()
