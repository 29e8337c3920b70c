"""The way of every document: receive → read → keep. Every route calls it; none repeats a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl.landing.archive import attempts, provenance
from kca_etl.landing.guard import notes
from kca_etl.model.catalogue import verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.decision import Decision
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError, Verdict, capped
from kca_etl.model.guarded import whatever_happens
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.model.stated_change import StatedChange
from kca_etl.model.states import DocumentState
from kca_etl.reading import ahead
from kca_etl.sources import decided as decided_about
from kca_etl.sources import registry
from kca_etl.sources.spec import Source
from kca_etl.workplace import Workplace

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.extract.reader import Workbook
    from kca_etl.validate.over_time.issue import Issue
    from kca_etl.warehouse.writer import LoadResult


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document on its way in: where its bytes lie, and what is claimed of it.

    `origin`: the place it came from, where that is not `path` · `archived`: its identity, where
    the bytes lie in the archive already · `source`, `month`: what it must be; without them its
    content decides · `replaces`: the hash of the quarantined document that it amends ·
    `title`: how a run names it · `reread`: read it also where its bytes are loaded already ·
    `became`: what became of it, where a rebuild carries it in again.
    """

    path: Path
    origin: str = ""
    archived: Document | None = None
    source: str | None = None
    month: Month | None = None
    replaces: str = ""
    title: str = ""
    reread: bool = False
    became: str = ""


@dataclass(slots=True)
class Received:
    """A document in the archive, or opened where it lies.

    `book` is None where it was refused, and where its bytes are loaded already: then `loaded`
    is what was read of it at that time. `is_unread`: it is guarded and opened when it is read.
    `day` is the day of its receipt as the archive notes it; None means today.
    """

    document: Document
    path: Path
    book: Workbook | None
    findings: list[Finding]
    attempt: attempts.Attempt = field(default_factory=attempts.Attempt)
    loaded: Reading | None = None
    day: date | None = None
    is_unread: bool = False

    def bare(self) -> Received:
        """Return it without its mark in the archive, which is its own process's."""
        return replace(self, attempt=attempts.Attempt())


@dataclass(slots=True)
class Reading:
    """A document read and checked, nothing stored yet.

    `observations` is None where reading stopped. `source` and `month` are what the document
    itself says; what was claimed of it counts for neither. `issue`: its figures as the next
    documents of its source are held against them · `changes`: what it says of figures that only
    the warehouse knows · `became`: as of `Incoming`.
    """

    document: Document
    path: Path
    source: Source | None = None
    month: Month | None = None
    datenstand: date | None = None
    observations: Observations | None = None
    issue: Issue | None = None
    changes: list[StatedChange] = field(default_factory=list)
    became: str = ""
    findings: list[Finding] = field(default_factory=list)
    attempt: attempts.Attempt = field(default_factory=attempts.Attempt)

    @property
    def verdict(self) -> Verdict:
        """What becomes of the document."""
        return verdict_of(self.findings)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: its reading and, if it was loaded, what changed."""

    reading: Reading
    result: LoadResult | None
    state: DocumentState


Task = Callable[[str, Callable[[], Outcome]], Outcome]  # runs a named piece of work


def carry(
    documents: Iterable[Incoming], work: Workplace, task: Task | None = None
) -> Iterator[Outcome]:
    """Carry documents in, one after the other; whatever one of them does, the next goes on.

    `task` runs the work on each document under its title, e.g. as a task of a flow. Raises
    Busy, and what the machine or the database fails with.
    """
    taken_in = partial(_taken_in, work=work)
    apart = partial(_read_job, decisions=work.decisions)
    for incoming, received, found in ahead.readings(documents, taken_in, apart, work.landing):
        done = partial(finish, incoming, received, found, work)
        outcome = task(incoming.title or received.document.file_name, done) if task else done()
        work.run.outcomes.append(outcome)
        yield outcome


def carry_one(incoming: Incoming, work: Workplace, task: Task | None = None) -> Outcome:
    """Carry one document in; raises as `carry` does."""
    return next(carry([incoming], work, task))


def finish(
    incoming: Incoming, received: Received, found: Reading | KcaError | None, work: Workplace
) -> Outcome:
    """Keep a document that was received, and read unless it was refused. Its figures are let go."""
    try:
        if not received.document.sha256:  # nothing came, so there is nothing to quarantine
            reading = Reading(received.document, received.path, findings=received.findings)
            return Outcome(reading, None, DocumentState.MISSING)
        if received.loaded is not None:
            return _unchanged(received.loaded, work, incoming.replaces)
        reading = _came_back(received, found, work.decisions)
        reading.became = incoming.became
        outcome = keep(reading, work, replaces=incoming.replaces)
        reading.observations = reading.issue = None
        reading.changes = []  # twenty years of documents must not pile up
        return outcome
    finally:
        received.attempt.end()


def _taken_in(incoming: Incoming, work: Workplace) -> Received:
    """Receive a document, unless the warehouse knows it as loaded and nothing else is asked.

    It is read again where something else is claimed of it than what was loaded, and where a
    decision is about it.
    """
    from kca_etl.landing.archive.files import kept_copy
    from kca_etl.warehouse.known import loaded

    kept = None if incoming.reread else kept_copy(incoming.path, work.landing)
    known = loaded(work.engine, kept[0].sha256) if kept else None
    if (
        kept is None
        or known is None
        or known.source not in registry.names()
        or incoming.source not in (None, known.source)
        or incoming.month not in (None, known.month)
        or decided_about.state(kept[0].sha256, work.decisions) is not None
    ):
        return receive(incoming, work.landing)
    attempts.clear(kept[0].sha256, work.landing)
    document, source = incoming.archived or _named(kept[0], incoming), registry.load(known.source)
    reading = Reading(document, kept[1], source, known.month, known.datenstand)
    reading.findings = known.findings
    return Received(document, kept[1], None, [], loaded=reading)


def receive(incoming: Incoming, landing: Path) -> Received:
    """Archive the bytes under their hash. The archived copy is opened when it is read.

    A refused file comes back with its findings, a file that cannot be had without a hash. A
    document that two processes died over is not to be read.
    """
    name = incoming.archived.file_name if incoming.archived else incoming.path.name
    nothing = Document("", _printable(name), 0)
    received = Received(nothing, incoming.path, None, [])
    with whatever_happens(received.findings):
        received.document, received.path = _archived(incoming, landing)
        received.day = provenance.day_of_receipt(received.document.sha256, landing)
        received.attempt = attempts.begin(received.document.sha256, landing)
        if received.attempt.deaths >= attempts.MAX_DEATHS:
            what = f"the program died {received.attempt.deaths} times while it read the document"
            raise KcaError(Finding(Code.CRASHED_TWICE, what))
        received.is_unread = True
    return received


def _archived(incoming: Incoming, landing: Path) -> tuple[Document, Path]:
    """Return a document's identity and its place in the archive, where it is put if need be."""
    from kca_etl.landing.archive import files

    known, path = incoming.archived, incoming.path
    if path.is_symlink() and known is None:
        what = f"{str(path)!r} is a link: give the file itself"
        raise KcaError(Finding(Code.LINK, what, found=str(path.resolve())))
    if not path.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(path)!r}"))
    if known is not None and path.is_relative_to(landing):
        found = files.document_of(path).sha256
        if found != known.sha256:
            what = f"the archived file {path.name} has changed"
            raise KcaError(Finding(Code.ARCHIVE_DAMAGED, what, found=found, expected=known.sha256))
        return known, path
    if path.stat().st_size > notes.MAX_BYTES:  # it is not worth a copy
        notes.refuse_size(path.stat().st_size)
    stored, archived = files.store(path, landing)
    document = _named(stored, incoming)
    provenance.received(document, landing)
    at = provenance.moment_of_receipt(document.sha256, landing)
    return replace(document, received_at=at), archived


def _named(document: Document, incoming: Incoming) -> Document:
    """Give a document its name and origin in text that every database takes."""
    origin = _printable(incoming.origin or document.origin)
    return replace(document, file_name=_printable(document.file_name), origin=origin)


def open_document(document: Document, path: Path) -> Received:
    """Guard and open a file where it lies; its sheets are read when first asked for."""
    received = Received(document, path, None, [])
    with whatever_happens(received.findings):
        received.book = _open(path)
    return received


def read(
    received: Received,
    source: str | Source | None = None,
    month: Month | None = None,
    decisions: Sequence[Decision] = (),
) -> Reading:
    """Recognise, extract, tidy and validate a document.

    Never raises for a bad document: findings say what is wrong. `source` and `month`, where
    given, are what the document must be; a month that it does not state is taken from `month`.
    `decisions` widen the declaration where they count for the document.
    """
    from kca_etl.reading.book import read_into
    from kca_etl.validate.dates import check_dates

    reading = Reading(
        received.document,
        received.path,
        findings=list(received.findings),
        attempt=received.attempt,
    )
    with whatever_happens(reading.findings):
        if received.is_unread:
            received.book, received.is_unread = _open(received.path), False
        if received.book is not None:
            declared = registry.load(source) if isinstance(source, str) else source
            read_into(reading, received.book, declared, decisions)
            day = received.day or provenance.today()
            stated = (reading.month, reading.datenstand, reading.source, day)
            reading.findings += check_dates(reading.observations, *stated)
    if month is not None and reading.month not in (None, month):
        what = f"the document's month is {reading.month}"
        reading.findings.append(
            Finding(Code.WRONG_MONTH, what, found=str(reading.month), expected=str(month))
        )
    if reading.month is None and reading.observations is not None:
        reading.month = month
    _accept(reading, decisions)
    return reading


def read_apart(
    received: Received,
    source: str,
    month: Month | None,
    decisions: Sequence[Decision],
) -> Reading:
    """Read a document as `read` does, in a child process: no document ends this one."""
    if not received.is_unread:
        return read(received, source, month, decisions)
    job = (received.bare(), source, month)
    found = ahead.reading_of(partial(_read_job, decisions=decisions), job)
    return _came_back(received, found, decisions)


def _read_job(
    job: tuple[Received, str | None, Month | None], decisions: Sequence[Decision]
) -> Reading:
    return read(*job, decisions)


def _came_back(
    received: Received, found: Reading | KcaError | None, decisions: Sequence[Decision]
) -> Reading:
    """Return what was read in a child; a document over which it died is quarantined."""
    if found is None:
        return read(received, decisions=decisions)
    if isinstance(found, KcaError):
        reading = Reading(received.document, received.path)
        reading.findings = [*received.findings, *found.findings]
        _accept(reading, decisions)
    else:
        reading = found
    reading.attempt = received.attempt
    return reading


def keep(
    reading: Reading, work: Workplace, replaces: str = "", decided: Sequence[Decision] = ()
) -> Outcome:
    """Load the document whole, or quarantine it whole with all its findings.

    What follows a load happens here and nowhere else: quarantined documents that it takes the
    place of are marked, and the archive notes what became of each. `decided`: decisions just
    taken, which are written in the same transaction. Raises Busy, and KcaError DECIDED_BEFORE.
    """
    judge(reading, work.engine, (*work.decisions, *decided))
    entered = _enter(reading, work, decided)
    if entered.result is None:  # the next run holds its note against the warehouse anyway
        reading.attempt.end()
    outcome = _followed(entered, work, replaces)
    reading.attempt.end()
    return outcome


def _unchanged(reading: Reading, work: Workplace, replaces: str) -> Outcome:
    """Say of a document that is loaded already that nothing happens."""
    from kca_etl.warehouse.writer import LoadResult

    outcome = Outcome(reading, LoadResult(already=True), DocumentState.UNCHANGED)
    return _followed(outcome, work, replaces)


def _followed(outcome: Outcome, work: Workplace, replaces: str) -> Outcome:
    """Mark what a loaded document takes the place of; note in the archive what became of each."""
    from kca_etl.warehouse import writer
    from kca_etl.warehouse.issues import remember

    reading = outcome.reading
    replaced: list[str] = []
    if outcome.result is not None and reading.issue is not None:
        remember(work.engine, reading.document.sha256, work.run.run_id, reading.issue)
    if outcome.result is not None and reading.source is not None:
        replaced = writer.supersede(
            work.engine, reading.source.source, reading.month, reading.document, replaces
        )
    if work.writes_notes:
        for sha256 in (reading.document.sha256, *replaced):
            provenance.note(sha256, work.landing, **writer.known_as(work.engine, sha256))
    return outcome


def judge(reading: Reading, engine: Engine, decisions: Sequence[Decision]) -> None:
    """Hold a document that was read against the warehouse, and against what people decided.

    Its findings then say whether it loads: a plan and the load that follows ask the same.
    """
    reading.findings += against_warehouse(reading, engine)
    reading.findings += decided_about.settled(reading.document.sha256, decisions)
    _accept(reading, decisions)


def _accept(reading: Reading, decisions: Sequence[Decision]) -> None:
    """Turn accepted doubts into warnings; keep the first findings of each kind."""
    sha256, month = reading.document.sha256, reading.month
    reading.findings = capped(decided_about.accepted(reading.findings, sha256, month, decisions))


def against_warehouse(reading: Reading, engine: Engine) -> list[Finding]:
    """Hold a document that would be loaded against its own past and other sources."""
    from kca_etl.warehouse import plausibility

    o, source, month = reading.observations, reading.source, reading.month
    if o is None or source is None or month is None or not _loads(reading):
        return []
    held = plausibility.check(
        engine, source, reading.document, month, o, reading.became, reading.changes
    )
    reading.issue = held.issue
    return held.findings


def _loads(reading: Reading) -> bool:
    return reading.verdict in (Verdict.ACCEPT, Verdict.WARN)


def _enter(reading: Reading, work: Workplace, decided: Sequence[Decision]) -> Outcome:
    """Enter the document into the warehouse, loaded or quarantined."""
    from kca_etl.warehouse import writer

    if _loads(reading) and reading.observations is not None:
        result = _load(reading, reading.observations, work, decided)
        if result is not None:
            state = DocumentState.UNCHANGED if result.already else DocumentState.LOADED
            return Outcome(reading, result, state)
        decided = [d for d in decided if not d.about("withdraw")]  # the other document stays
    rejected = reading.verdict is Verdict.REJECT
    refused = DocumentState.REJECTED if rejected else DocumentState.QUARANTINED
    decisions = (*work.decisions, *decided)
    state = decided_about.state(reading.document.sha256, decisions) or refused
    source, month = reading.source.source if reading.source else "", reading.month
    about = (source, reading.document, reading.findings, work.run.run_id, state, month)
    writer.quarantine(work.engine, *about, decided)
    return Outcome(reading, None, state)


def _load(
    reading: Reading, o: Observations, work: Workplace, decided: Sequence[Decision]
) -> LoadResult | None:
    """Load a document; None, with one more finding, where the warehouse contradicts it."""
    from kca_etl.warehouse import writer

    try:
        given = writer.Load(
            reading.source.source if reading.source else "",
            reading.document,
            reading.month,
            o,
            reading.findings,
            work.run.run_id,
            registry.kennzahlen(reading.source),
        )
        return writer.load(work.engine, given, work.settings.lock_timeout, decided)
    except KcaError as error:
        if any(f.code == Code.DECIDED_BEFORE for f in error.findings):
            raise
        reading.findings = capped(reading.findings + error.findings)
        return None


def _printable(name: str) -> str:
    """Names may hold bytes that are no text; no database takes those."""
    return name.encode("utf-8", "replace").decode()


def _open(path: Path) -> Workbook:
    from kca_etl.extract import reader
    from kca_etl.landing.guard.inspect import inspect

    guarded = inspect(path)
    return (
        reader.open_csv(path)
        if guarded.kind == "csv"
        else reader.open_workbook(path, guarded.notes, guarded.kind)
    )
