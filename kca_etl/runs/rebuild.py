"""The warehouse anew from the archive alone, and the proof that it is the same.

All figures, all versions, byte for byte.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl import pipeline
from kca_etl.landing.archive import provenance
from kca_etl.landing.archive.files import document_of
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import migrate, writer
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Archived:
    """A document as the archive alone knows it.

    `state` is empty where no run came to its end with it.
    """

    document: Document
    path: Path
    source: str
    state: str


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild loaded, and what it could not."""

    loaded: int = 0
    findings: list[Finding] = field(default_factory=list)


def archived(landing: Path) -> Iterator[Archived]:
    """Read the archive.

    Every document with what its note says, in the order of their hashes, which is none.
    """
    for path in provenance.documents(landing):
        sha256 = path.name.split(".")[0]
        known = provenance.read(sha256, landing)
        if known.get("state") != provenance.PACKAGE:
            document = Document(
                sha256,
                str(known.get("file_name", path.name)),
                path.stat().st_size,
                str(known.get("origin", "")),
            )
            yield Archived(
                document, path, str(known.get("source", "")), str(known.get("state", ""))
            )


def wanted(documents: Sequence[Archived], before: Engine | None) -> list[Archived]:
    """Choose what was loaded.

    Where the archive cannot tell, since a run was killed, the warehouse can; without one, it is
    tried.
    """
    there = (
        None
        if before is None
        else {d["sha256"] for d in queries.documents(before) if d["state"] == "loaded"}
    )
    return [
        d
        for d in documents
        if d.state == "loaded" or (not d.state and (there is None or d.document.sha256 in there))
    ]


def rebuild(documents: Sequence[Archived], into: Engine, settings: Settings) -> Rebuilt:
    """Load documents into a fresh database, in the order given. Raises KcaError NOT_EMPTY."""
    migrate.upgrade(into)
    if queries.documents(into):
        raise KcaError(
            Finding(Code.NOT_EMPTY, "the database to rebuild into holds documents already")
        )
    run_id, done = uuid.uuid4().hex[:12], Rebuilt()
    writer.start_run(into, run_id, "rebuild", None)
    for one in documents:
        done.findings += (found := _enter(one, into, settings, run_id))
        done.loaded += not found
    counts = {"documents": len(documents), "loaded": done.loaded}
    writer.finish_run(into, run_id, "failed" if done.findings else "done", counts)
    return done


def _enter(one: Archived, into: Engine, settings: Settings, run_id: str) -> list[Finding]:
    """Load one document; return what stops it."""
    found = document_of(one.path).sha256
    if found != one.document.sha256:
        return [
            Finding(
                Code.ARCHIVE_DAMAGED,
                f"the archived file {one.path.name} has changed",
                found=found,
                expected=one.document.sha256,
            )
        ]
    source = one.source if one.source in registry.names() else None
    outcome = pipeline.enter(
        pipeline.read(pipeline.open_document(one.document, one.path), source),
        into,
        settings,
        run_id,
    )
    if (
        outcome.result is not None or not one.state
    ):  # one that nobody had come to an end with may as well be put aside
        return []
    first = outcome.reading.findings[0]
    what = f"{one.document.file_name} was loaded once and is put aside now: [{first.code}] {first.what}"
    return [
        Finding(Code.REBUILD_DIFFERS, what, first.sheet, first.cell, first.found, first.expected)
    ]


def difference(before: Engine, after: Engine) -> list[Finding]:
    """Compare both warehouses' figures and histories month by month.

    Return the first difference, or nothing.
    """
    there = _loaded(before)
    if lost := sorted(there.keys() - _loaded(after).keys()):
        what = f"{there[lost[0]]} is loaded, but the archive did not yield it"
        return [
            Finding(
                Code.NOT_IN_ARCHIVE, what, found=f"sha256 {lost[0]}; {len(lost)} such documents"
            )
        ]
    months = sorted({m for engine in (before, after) for m in queries.months(engine)})
    for month in months:
        for history in (True, False):
            found = _first(
                *(
                    queries.figures(e, month=month, history=history).drop(columns="run_id")
                    for e in (before, after)
                )
            )
            if found:
                what = f"{'figures_history' if history else 'figures'} {month} differ"
                return [Finding(Code.REBUILD_DIFFERS, what, found=found[1], expected=found[0])]
    return []


def _loaded(engine: Engine) -> dict[str, str]:
    return {
        d["sha256"]: d["file_name"] for d in queries.documents(engine) if d["state"] == "loaded"
    }


def _first(old: pd.DataFrame, new: pd.DataFrame) -> tuple[str, str] | None:
    """Return the first line that differs, as the two warehouses export it."""
    if old.equals(new):
        return None
    return next(
        (
            pair
            for pair in zip_longest(_lines(old), _lines(new), fillvalue="(no more figures)")
            if pair[0] != pair[1]
        ),
        None,
    )


def _lines(frame: pd.DataFrame) -> list[str]:
    out = StringIO()
    queries.write_csv(frame, out)
    return out.getvalue().split("\n")
