"""The archive's own record of the warehouse: kept up to date, and held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kca_etl.landing.archive import attempts, files, journal, provenance
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.states import DocumentState, RunState
from kca_etl.settings import Settings
from kca_etl.warehouse import ledger, writer
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

NEWEST_ENTRIES = 200  # of each kind: what a killed process owes is among them
NEWEST_LINES = 50
NEWEST_DOCUMENTS = 50


def bring_up_to_date(engine: Engine, landing: Path) -> None:
    """Write what the archive lacks of runs, answers and pages, and what dead processes owe it.

    A process that died over a document may have entered it without noting it.
    """
    newest = NEWEST_ENTRIES if (landing / journal.NAME).is_file() else None
    journal.append_missing(ledger.entries(engine, newest), landing)
    for sha256 in attempts.left_behind(landing):
        _settle_mark(sha256, engine, landing)
    for sha256 in writer.unsettled(engine):
        provenance.note(sha256, landing, **writer.known_as(engine, sha256))


def _settle_mark(sha256: str, engine: Engine, landing: Path) -> None:
    """Note what a process that left a mark entered; the mark of one that entered nothing stays."""
    known = writer.known_as(engine, sha256)
    entered = known.get("run_id") != provenance.read(sha256, landing).get("run_id")
    provenance.note(sha256, landing, **known)
    if known and (entered or known["state"] == DocumentState.LOADED):
        attempts.clear(sha256, landing)


def complete(engine: Engine, landing: Path) -> None:
    """Give notes that earlier versions wrote what they lack, as the warehouse has it.

    A note that says what was found is left as it is: it is the archive's own word.
    """
    bring_up_to_date(engine, landing)
    for row in queries.documents(engine):
        sha256 = row["sha256"]
        if "findings" not in provenance.read(sha256, landing):
            about = {"size": row["size"], "received_at": row["received_at"]}
            provenance.note(sha256, landing, **writer.known_as(engine, sha256) | about)


def misfits_of(settings: Settings) -> list[Finding]:
    """Say where archive and warehouse are of different days; nothing where there is neither."""
    if not settings.is_there and not settings.landing.is_dir():
        return []
    if not settings.is_there:
        runs = sum(e["kind"] == "run" for e in journal.entries(settings.landing, NEWEST_LINES))
        what, shown = "there is no warehouse to the archive", f"the archive knows of {runs} runs"
        return [Finding(Code.ARCHIVE_AHEAD, what, found=shown)] if runs else []
    return misfits(open_engine(settings.url), settings.landing)


def misfits(engine: Engine, landing: Path, newest: int | None = None) -> list[Finding]:
    """Say where archive and warehouse are of different days; nothing where they fit.

    With `newest` only so many of the documents last received are looked for.
    """
    known = {row["run_id"] for row in queries.runs(engine)}
    ended = [
        entry["run_id"]
        for entry in journal.entries(landing, NEWEST_LINES)
        if entry["kind"] == "run" and entry["state"] != RunState.RUNNING
    ]
    found = []
    if unknown := [run_id for run_id in ended if run_id not in known]:
        what = "the warehouse is older than its archive, or another one"
        shown = f"{len(unknown)} of the last {len(ended)} runs, the last of them {unknown[-1]}"
        found.append(Finding(Code.ARCHIVE_AHEAD, what, found=f"it does not know {shown}"))
    loaded = [d for d in queries.documents(engine) if d["state"] == DocumentState.LOADED]
    gone = [
        d
        for d in (loaded if newest is None else loaded[-newest:])
        if files.find_or_none(d["sha256"], landing) is None
    ]
    if gone:
        what = "the archive is older than its warehouse, or another one"
        shown = f"it lacks {len(gone)} loaded documents, the last of them {gone[-1]['file_name']}"
        found.append(Finding(Code.ARCHIVE_BEHIND, what, found=shown))
    return found
