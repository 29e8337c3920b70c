"""The backfill.

Plan what would happen for each source and month and why, then do it document by document.

A document comes from the archive, from a folder of files, or from its publisher, in that order.
Each is committed by itself, so that a kill loses at most the document in hand; the plan of the next
run leaves out what is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kca_etl import pipeline
from kca_etl.landing.archive import files as archive
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.month import Month
from kca_etl.model.states import REFUSED, DocumentState
from kca_etl.runs import openlineage, publishers
from kca_etl.runs.fetch_month import obtain
from kca_etl.runs.identify import identify
from kca_etl.runs.record import recorded
from kca_etl.runs.wanted import Mode, Wanted
from kca_etl.sources import calendar, registry
from kca_etl.warehouse.views import queries
from kca_etl.workplace import Workplace

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.landing.fetch.session import Session
    from kca_etl.settings import Settings

# A file of these kinds that cannot be read may be of a wanted source: somebody has to look at it.
TABLE_SUFFIXES = {".xlsx", ".xls", ".xlsb", ".ods", ".csv"}


@dataclass(frozen=True, slots=True)
class Step:
    """What would happen with one document, or for a month without one.

    `month` is None where the document states none.
    """

    source: str
    month: Month | None
    action: Literal["load", "skip", "missing"]
    why: str
    place: Literal["archive", "folder", "publisher", ""] = ""
    document: Document | None = None
    path: Path | None = None
    known: str = ""  # the document's state so far: loaded, quarantined, rejected

    @property
    def title(self) -> str:
        """Source, month and file for a task's name."""
        month = "month unknown" if self.month is None else str(self.month)
        file_name = self.document.file_name if self.document else ""
        return " ".join(filter(None, (self.source or "source unknown", month, file_name)))

    def as_row(self) -> dict[str, Any]:
        """The step for tables and JSON."""
        return {
            "source": self.source,
            "berichtsmonat": None if self.month is None else str(self.month),
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
    there = queries.documents(engine)
    steps = [
        step
        for row in there
        if row["state"] != DocumentState.REPLACED and row["source"] in wanted.sources
        for step in _archived(row, files, settings, wanted)
    ]
    failed = {(s.source, s.month) for s in steps if s.known in REFUSED}
    for sha256 in files.keys() - {row["sha256"] for row in there}:
        steps += _found(files[sha256], failed, wanted)
    steps += _absent(engine, {(s.source, s.month) for s in steps}, wanted)
    return sorted(steps, key=_place_in_plan)


def _place_in_plan(step: Step) -> tuple[str, int, str, Path]:
    file_name = step.document.file_name if step.document else ""
    return step.source, step.month or 0, file_name, step.path or Path()


def perform(
    steps: Iterable[Step], engine: Engine, settings: Settings, command: str
) -> Iterator[tuple[Step, pipeline.Outcome]]:
    """Do what the plan says, as one recorded run."""
    with (
        recorded(engine, settings, command) as work,
        openlineage.reported(work.run, "backfill", settings),
    ):
        yield from carry_out(steps, work)


def carry_out(
    steps: Iterable[Step], work: Workplace, task: pipeline.Task | None = None
) -> Iterator[tuple[Step, pipeline.Outcome]]:
    """Carry in the documents at hand in the plan's order, then ask the publishers.

    `task` runs the work on each document, e.g. as a task of a flow.
    """
    todo = [s for s in steps if s.action == "load"]
    at_hand = [s for s in todo if s.place != "publisher"]
    yield from zip(at_hand, pipeline.carry(map(_incoming, at_hand), work, task), strict=True)
    session = cache(lambda: publishers.session(work.settings))  # made when first needed
    for step in todo:
        if step.place == "publisher":
            done = partial(_asked, step, work, session)
            yield step, (task(step.title, done) if task else done())


def _incoming(step: Step) -> pipeline.Incoming:
    return pipeline.Incoming(
        step.path or Path(),
        archived=step.document if step.place == "archive" else None,
        source=step.source or None,
        month=step.month,
        title=step.title,
        reread=step.known == DocumentState.LOADED,  # planned only where that was asked for
    )


def _asked(step: Step, work: Workplace, session: Callable[[], Session]) -> pipeline.Outcome:
    """Fetch a month; where nothing came, the findings say why."""
    got = obtain(step.source, step.month or Month(0), work, session())
    nothing = pipeline.Reading(Document("", step.title, 0), Path(), findings=got.findings)
    outcome = got.outcome or pipeline.Outcome(nothing, None, DocumentState.MISSING)
    if got.verdict is not Verdict.WAIT:  # not published yet is nothing to report
        work.run.outcomes.append(outcome)
    return outcome


def due(now: datetime, month: Month | None = None) -> Wanted | None:
    """What a scheduled run asks the publishers for.

    One month, or the last year, of all followed sources that can be fetched and have a rule in
    the calendar.
    """
    this = Month.of_day(now)
    first, last = (this - 12, this) if month is None else (month, month)
    sources = [s for s in registry.followed() if registry.load(s).fetch is not None]
    if not sources:
        return None
    return Wanted(sources=sources, first_month=str(first), last_month=str(last))


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


def _found(path: Path, failed: set[tuple[str, Month | None]], wanted: Wanted) -> Iterator[Step]:
    """A file that the warehouse does not know: recognised by its content, never by its name."""
    document = archive.document_of(path)
    known = identify(pipeline.open_document(document, path), wanted.sources)
    if known is None or not _within(known[1], wanted):
        return
    if not known[0] and path.suffix.lower() not in TABLE_SUFFIXES:
        return
    amends = wanted.mode == "only_failed" and known not in failed
    action: Literal["load", "skip"] = "skip" if amends else "load"
    why = "new, and its month was not quarantined" if amends else "not loaded yet"
    yield Step(*known, action, why, "folder", document, path)


def _absent(engine: Engine, there: set[tuple[str, Month | None]], wanted: Wanted) -> Iterator[Step]:
    """Months without a document: asked of the publisher where one can be.

    Sources without a rule in the calendar are never missed.
    """
    for source in wanted.sources:
        fetched = registry.load(source).fetch is not None
        inside = set() if fetched else queries.delivered(engine, source)
        again = fetched and wanted.ask_publisher and wanted.mode == "reload_all"
        first, last = wanted.months
        for month in map(Month, range(first, last + 1)):
            known = (source, month) in there
            if calendar.expected(source, month) and (again or not known):
                asked = fetched and wanted.ask_publisher and wanted.mode != "only_failed"
                step = _missing(source, month, asked=asked, inside=month in inside)
                if step.action != "missing" or not known:
                    yield step


def _missing(source: str, month: Month, *, asked: bool, inside: bool) -> Step:
    """Say what happens for a month of which no document is at hand."""
    due = calendar.due(source, month)
    if inside:
        why = "its figures stand in a document of several months"
        return Step(source, month, "skip", why, known="loaded")
    if asked and due <= datetime.now(UTC):
        return Step(source, month, "load", "asked of its publisher", "publisher")
    return Step(source, month, "missing", f"no document at hand; publication: {due:%Y-%m-%d}")


def _decide(state: str, mode: Mode) -> tuple[Literal["load", "skip"], str]:
    if state in REFUSED and mode == "only_missing":
        return "skip", "quarantined before"
    if state in REFUSED:
        return "load", "quarantined before; tried again"
    if mode == "reload_all":
        return "load", "loaded already; read again as asked"
    return "skip", "loaded already"


def _within(month: Month | None, wanted: Wanted) -> bool:
    """A document whose month cannot be told belongs to every range: somebody has to look at it."""
    return month is None or wanted.months[0] <= month <= wanted.months[1]


def _month(day: str | None) -> Month | None:
    return None if day is None else Month.parse(day)
