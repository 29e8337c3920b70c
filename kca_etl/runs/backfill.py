"""The backfill.

Plan what would happen for each source and month and why, then do it document by document.

A document comes from the archive, from a folder of files, or from its publisher, in that order.
Each is committed by itself, so that a kill loses at most the document in hand; the plan of the next
run leaves out what is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kca_etl import pipeline
from kca_etl.landing.archive import files as archive
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date, month_number
from kca_etl.runs import openlineage as lineage
from kca_etl.runs import publishers as asking
from kca_etl.runs.fetch_month import obtain
from kca_etl.runs.record import recorded
from kca_etl.runs.wanted import Mode, Wanted
from kca_etl.sources import calendar, registry
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.landing.fetch.session import Session
    from kca_etl.settings import Settings

PUT_ASIDE = ("quarantined", "rejected")


@dataclass(frozen=True, slots=True)
class Step:
    """What would happen with one document, or for a month without one.

    `month` is None where the document states none.
    """

    source: str
    month: int | None
    action: Literal["load", "skip", "missing"]
    why: str
    place: Literal["archive", "folder", "publisher", ""] = ""
    document: Document | None = None
    path: Path | None = None
    known: str = ""  # the document's state so far: loaded, quarantined, rejected

    @property
    def title(self) -> str:
        """Source, month and file for a task's name."""
        month = f"{month_date(self.month):%Y-%m}" if self.month is not None else "month unknown"
        return f"{self.source} {month}" + (f" {self.document.file_name}" if self.document else "")

    def as_row(self) -> dict[str, Any]:
        """The step for tables and JSON."""
        return {
            "source": self.source,
            "berichtsmonat": f"{month_date(self.month):%Y-%m}" if self.month is not None else None,
            "action": self.action,
            "from": self.place,
            "file": self.document.file_name if self.document else None,
            "sha256": self.document.sha256 if self.document else None,
            "why": self.why,
        }


def plan(engine: Engine, settings: Settings, wanted: Wanted) -> list[Step]:
    """Say what would happen for each source and month and why, in order of source, month and file.

    Changes nothing.
    """
    files = _files(wanted.folder)
    known = [d for d in queries.documents(engine) if d["state"] != "replaced"]
    steps = [
        s
        for d in known
        if d["source"] in wanted.sources
        for s in _archived(d, files, settings, wanted)
    ]
    failed = {(s.source, s.month) for s in steps if s.known in PUT_ASIDE}
    seen = {d["sha256"] for d in known}
    steps += [
        s for sha, path in files.items() if sha not in seen for s in _found(path, failed, wanted)
    ]
    steps += _absent(engine, {(s.source, s.month) for s in steps}, wanted)
    return sorted(
        steps,
        key=lambda s: (
            s.source,
            s.month or 0,
            s.document.file_name if s.document else "",
            s.path or Path(),
        ),
    )


@dataclass(slots=True)
class Work:
    """One run's tools for loading; the publishers' session is made when first needed."""

    engine: Engine
    settings: Settings
    run_id: str
    _asking: list[Session] = field(default_factory=list)

    def load(self, step: Step, received: pipeline.Received | None) -> pipeline.Outcome:
        """Read, check and keep one document.

        Its figures are let go: a backfill of twenty years must not pile them up.
        """
        if received is None:
            outcome = self._obtained(step)
        elif not received.document.sha256:  # nothing came: there is nothing to put aside either
            return _nothing(received.document.file_name, received.findings)
        else:
            outcome = pipeline.keep(
                pipeline.read(received, step.source or None, step.month),
                self.engine,
                self.settings,
                self.run_id,
            )
        outcome.reading.observations = None
        return outcome

    def _obtained(self, step: Step) -> pipeline.Outcome:
        self._asking = self._asking or [asking.session(self.settings)]
        got = obtain(
            step.source, step.month or 0, self.engine, self.settings, self.run_id, self._asking[0]
        )
        return got.outcome or _nothing(step.title, got.findings)


def perform(
    steps: Iterable[Step], engine: Engine, settings: Settings, command: str
) -> Iterator[tuple[Step, pipeline.Outcome]]:
    """Do what the plan says, as one recorded run."""
    with recorded(engine, command) as run, lineage.told(run, "backfill", settings):
        work = Work(engine, settings, run.run_id)
        for step, received in carry(steps, settings):
            outcome = work.load(step, received)
            run.outcomes.append(outcome)
            yield step, outcome


def due(now: datetime) -> Wanted | None:
    """What a scheduled run asks the publishers for.

    The last year of all sources that can be fetched and have a rule in the calendar.
    """
    this = month_number(now.year, now.month)
    sources = [s for s in registry.names() if registry.load(s).fetch is not None]
    if not sources:
        return None
    first, last = (f"{month_date(m):%Y-%m}" for m in (this - 12, this))
    return Wanted(sources=sources, first_month=first, last_month=last)


def put_aside(engine: Engine, settings: Settings) -> list[Step]:
    """All documents put aside, whatever their source and month.

    Those of no known source are recognised anew.
    """
    rows = [d for d in queries.documents(engine) if d["state"] in PUT_ASIDE]
    steps = []
    for row in rows:
        document = Document(row["sha256"], row["file_name"], row["size"], row["origin"])
        path = archive.find_or_none(document.sha256, settings.landing)
        action: Literal["load", "skip"] = "skip" if path is None else "load"
        steps.append(
            Step(
                row["source"],
                _month(row["berichtsmonat"]),
                action,
                "put aside before",
                "archive",
                document,
                path,
                row["state"],
            )
        )
    return steps


def carry(
    steps: Iterable[Step], settings: Settings
) -> Iterator[tuple[Step, pipeline.Received | None]]:
    """Open the documents at hand in the plan's order, reading one ahead.

    Then the months that a publisher is asked for.
    """
    todo = [s for s in steps if s.action == "load"]
    at_hand = [s for s in todo if s.place != "publisher"]
    yield from zip(
        at_hand,
        pipeline.ahead((partial(_open, s, settings), s.source or None) for s in at_hand),
        strict=True,
    )
    yield from ((s, None) for s in todo if s.place == "publisher")


def _nothing(name: str, findings: list[Finding]) -> pipeline.Outcome:
    return pipeline.Outcome(
        pipeline.Reading(Document("", name, 0), Path(), findings=findings), None, "missing"
    )


def _files(folder: str) -> dict[str, Path]:
    """The files of a folder by their hash; the same bytes under two names count once."""
    if not folder:
        return {}
    root = Path(folder)
    if not root.is_dir():
        raise KcaError(Finding(Code.NO_FILE, f"there is no folder {folder!r}"))
    paths = [
        p
        for p in sorted(root.rglob("*"), reverse=True)
        if p.is_file() and not p.name.startswith((".", "~"))
    ]
    return {archive.document_of(p).sha256: p for p in paths}


def _archived(
    row: dict[str, Any], files: dict[str, Path], settings: Settings, wanted: Wanted
) -> Iterator[Step]:
    """A document known to the warehouse: its archived copy, else the same bytes in the folder."""
    document = Document(row["sha256"], row["file_name"], row["size"], row["origin"])
    path = archive.find_or_none(document.sha256, settings.landing) or files.get(document.sha256)
    month = _month(row["berichtsmonat"])
    if not _within(month, wanted):
        return
    action, why = _decide(row["state"], wanted.mode)
    if action == "load" and path is None:
        action, why = "skip", "the archive has lost the document; give its folder"
    yield Step(row["source"], month, action, why, "archive", document, path, row["state"])


def _found(path: Path, failed: set[tuple[str, int | None]], wanted: Wanted) -> Iterator[Step]:
    """A file that the warehouse does not know: recognised by its content, never by its name."""
    document = archive.document_of(path)
    known = pipeline.identify(pipeline.open_document(document, path), wanted.sources)
    if known is None or not _within(known[1], wanted):
        return
    amends = wanted.mode == "only_failed" and known not in failed
    action: Literal["load", "skip"] = "skip" if amends else "load"
    why = "new, and its month was not put aside" if amends else "not loaded yet"
    yield Step(*known, action, why, "folder", document, path)


def _absent(engine: Engine, there: set[tuple[str, int | None]], wanted: Wanted) -> Iterator[Step]:
    """Months without a document: asked of the publisher where one can be.

    Sources without a rule in the calendar are never missed.
    """
    first, last = wanted.months
    now = datetime.now(UTC)
    for source in wanted.sources:
        spec = registry.load(source).fetch
        fetched = spec is not None and wanted.ask_publisher
        inside = set(queries.months(engine, source)) if spec is None else set()
        for month in range(first, last + 1):
            known = (source, month) in there
            if not calendar.expected(source, month) or (
                known and not (fetched and wanted.mode == "reload_all")
            ):
                continue
            due = calendar.due(source, month)
            if f"{month_date(month):%Y-%m}" in inside:
                yield Step(
                    source,
                    month,
                    "skip",
                    "its figures stand in a document of several months",
                    known="loaded",
                )
            elif fetched and due <= now and wanted.mode != "only_failed":
                yield Step(source, month, "load", "asked of its publisher", "publisher")
            elif not known:
                yield Step(
                    source, month, "missing", f"no document at hand; publication: {due:%Y-%m-%d}"
                )


def _decide(state: str, mode: Mode) -> tuple[Literal["load", "skip"], str]:
    if state in PUT_ASIDE:
        return (
            ("skip", "put aside before")
            if mode == "only_missing"
            else ("load", "put aside before; tried again")
        )
    return (
        ("load", "loaded already; read again as asked")
        if mode == "reload_all"
        else ("skip", "loaded already")
    )


def _open(step: Step, settings: Settings) -> pipeline.Received:
    """A file that went away since the plan was made is missing; it stops nobody else's document."""
    document, path = step.document or Document("", step.title, 0), step.path or Path()
    try:
        if step.place == "archive" and path.is_relative_to(settings.landing):
            return pipeline.open_document(document, path)
        return pipeline.receive(path, settings)
    except (KcaError, OSError) as error:
        findings = (
            error.findings
            if isinstance(error, KcaError)
            else [Finding(Code.NO_FILE, f"{path.name} cannot be read: {error.strerror}")]
        )
        return pipeline.Received(Document("", document.file_name, 0), path, None, findings)


def _within(month: int | None, wanted: Wanted) -> bool:
    """A document whose month cannot be told belongs to every range: somebody has to look at it."""
    return month is None or wanted.months[0] <= month <= wanted.months[1]


def _month(day: str | None) -> int | None:
    return None if day is None else int(day[:4]) * 12 + int(day[5:7]) - 1
