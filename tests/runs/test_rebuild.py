"""Promise.

Everything in the warehouse can be rebuilt from the archive alone, in any order, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from kca_etl import pipeline
from kca_etl.landing.archive import files as archive
from kca_etl.landing.archive import journal, provenance
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.runs import archive_record, decide, rebuild, reports
from kca_etl.runs.record import load_all, recorded, warehouse
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse import ledger, sameness
from kca_etl.warehouse.engine import Busy, open_engine
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


NOTE = provenance.note


def receipts_only(sha256: str, landing: Path, **facts: Any) -> None:
    """Note what came, and forget to note what became of it: as if killed in between."""
    if "state" not in facts:
        NOTE(sha256, landing, **facts)


def built(
    settings: Settings, engine: Engine | None, into: Engine, order: int | None = None
) -> rebuild.Rebuilt:
    if engine is not None:
        archive_record.complete(engine, settings.landing)
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
        patch.setattr(provenance, "note", receipts_only)
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


def test_all_of_the_state_comes_back_from_the_archive_alone(
    settings: Settings, engine: Engine, fresh: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings, decisions, withdrawn documents, runs, publishers' answers and pages, too."""
    samples(settings, engine)
    publisher = Publisher(book(settings.home))
    with fetched(monkeypatch, **{SHEETS: PORTAL_SPEC}), serving(publisher) as served:
        ask(settings, engine, served.base)
    monkeypatch.setenv("KCA_DATABASE_URL", settings.url)
    reports.make(settings, "2020-11", forms=("txt",))
    reports.make(settings, "2020-11", forms=("txt", "html"))
    with recorded(engine, settings, "decide") as work:
        loaded = [d["sha256"] for d in queries.documents(engine) if d["state"] == "loaded"]
        decide.withdraw(work, loaded[0], decide.Person("A", "B"))
    assert {d["state"] for d in queries.documents(engine)} >= {"loaded", "quarantined", "withdrawn"}
    assert built(settings, None, fresh).findings == []
    assert rebuild.difference(engine, fresh) == []
    kinds = Counter(entry["kind"] for entry in ledger.entries(fresh))
    assert (kinds["run"], kinds["arrival"], kinds["page"]) == (4, 1, 1)
    assert queries.findings(fresh)


TAMPERED = {
    "document": "UPDATE document SET received_at = '2020-01-01T00:00:00+00:00'",
    "finding": "DELETE FROM finding",
    "run": "UPDATE run SET counts = '{}' WHERE command <> 'rebuild'",
    "region": "UPDATE region SET parent = 'x'",
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_equal_compares_more_than_figures(
    settings: Settings, engine: Engine, fresh: Engine, kind: str
) -> None:
    samples(settings, engine)
    built(settings, engine, fresh)
    with fresh.connect() as plain, plain.execution_options(writer=True).begin():
        plain.execute(text(TAMPERED[kind]))
    (found,) = rebuild.difference(engine, fresh)
    assert found.what.startswith(f"a {kind} differs")


@pytest.mark.parametrize("column", ["value = value + 1", "cell = cell + 1", "next = -1"])
def test_facts_of_two_files_are_compared_with_versions_and_cells(
    tmp_path: Path, column: str
) -> None:
    settings = Settings(home=tmp_path)
    engine, other = warehouse(settings), open_engine(f"sqlite:///{tmp_path / 'b.db'}")
    samples(settings, engine)
    built(settings, engine, other, order=1)
    assert sameness.have_same_facts(engine, other)
    with other.connect() as plain, plain.execution_options(writer=True).begin():
        plain.execute(text(f"UPDATE fact SET {column} WHERE value = 24736"))  # noqa: S608 - constants
    assert not sameness.have_same_facts(engine, other)
    engine.dispose()
    other.dispose()


def test_a_killed_rebuild_leaves_no_half_database(tmp_path: Path) -> None:
    (tmp_path / rebuild.HALF).write_bytes(b"half")
    with rebuild.fresh_file(tmp_path) as half:
        assert not half.exists()
        with pytest.raises(Busy), rebuild.fresh_file(tmp_path):
            pass
        half.write_bytes(b"whole")
        assert rebuild.put_in_place(half) == tmp_path / rebuild.WHOLE


def test_what_a_killed_process_owes_the_archive_is_written_by_the_next_run(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded, but not noted: nobody need bring that document again."""
    files = write_samples(settings.home / "samples")
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "note", receipts_only)
        patch.setattr("kca_etl.landing.archive.attempts.Attempt.end", lambda _: None)
        list(load_all(files[:1], engine, settings, SHEETS))
    assert [d.state for d in rebuild.archived(settings.landing)] == [""]
    list(load_all(files[1:2], engine, settings, SHEETS))
    assert [d.state for d in rebuild.archived(settings.landing)] == ["loaded"] * 2


def test_a_torn_line_of_the_journal_is_no_entry(tmp_path: Path) -> None:
    one, two = {"kind": "run", "run_id": "1"}, {"kind": "run", "run_id": "2"}
    assert journal.append_missing([one], tmp_path) == 1
    with (tmp_path / journal.NAME).open("ab") as out:
        out.write(b'{"kind": "run", "run_')
    assert journal.append_missing([one, two], tmp_path) == 1
    assert journal.entries(tmp_path) == [one, two]


@pytest.mark.parametrize("older", ["warehouse", "archive"])
def test_archive_and_warehouse_of_different_days_are_named(
    tmp_path: Path, older: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(home=tmp_path / "home")
    files = write_samples(tmp_path)
    list(load_all(files[:1], warehouse(settings), settings, SHEETS))
    assert archive_record.misfits_of(settings) == []
    warehouse(settings).dispose()
    kept = {"warehouse": "warehouse.db", "archive": "landing"}[older]
    shutil.copytree(settings.home, tmp_path / "backup")
    list(load_all(files[1:2], warehouse(settings), settings, SHEETS))
    warehouse(settings).dispose()
    if older == "archive":
        shutil.rmtree(settings.landing)
        shutil.copytree(tmp_path / "backup" / kept, settings.landing)
    else:
        shutil.copyfile(tmp_path / "backup" / kept, settings.home / kept)
    code = {"warehouse": Code.ARCHIVE_AHEAD, "archive": Code.ARCHIVE_BEHIND}[older]
    assert [f.code for f in archive_record.misfits_of(settings)] == [code]
    list(load_all(files[2:3], warehouse(settings), settings, SHEETS))
    assert code in caplog.text
    warehouse(settings).dispose()


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
