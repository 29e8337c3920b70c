"""The whole way of a document in one readable place: receive → read → keep."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl.model.catalogue import verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.month import month_date
from kca_etl.model.observations import Observations
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.sources.spec import Source

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.cells import RawTable
    from kca_etl.extract.reader import Workbook
    from kca_etl.warehouse.writer import LoadResult

FINDINGS_PER_KIND = 50  # a shifted sheet would otherwise list thousands of the same


@dataclass(slots=True)
class Received:
    """A document in the archive, guarded and opened; `book` is None where it was refused."""

    document: Document
    path: Path
    book: Workbook | None
    findings: list[Finding]


@dataclass(slots=True)
class Reading:
    """A document read and checked, nothing stored yet.

    `observations` is None where reading stopped.
    """

    document: Document
    path: Path
    source: Source | None = None
    month: int | None = None
    datenstand: date | None = None
    observations: Observations | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """What becomes of the document."""
        return verdict_of(self.findings)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: its reading and, if it was loaded, what changed."""

    reading: Reading
    result: LoadResult | None
    state: str  # loaded, unchanged, quarantined, rejected


def receive(path: Path, settings: Settings, origin: str = "") -> Received:
    """Archive the bytes under their hash, guard and open the archived copy.

    A refused file comes back with its findings.

    `origin`: the place the file came from, where it is not the path.
    """
    from kca_etl.landing.archive import provenance
    from kca_etl.landing.archive.files import store

    if not path.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(path)!r}"))
    stored, archived = store(path, settings.landing)
    document = replace(
        stored, file_name=_printable(stored.file_name), origin=_printable(origin or stored.origin)
    )
    provenance.received(document, settings.landing)
    return open_document(document, archived)


def _printable(name: str) -> str:
    """Names may hold bytes that are no text; no database takes those."""
    return name.encode("utf-8", "replace").decode()


def open_document(document: Document, path: Path) -> Received:
    """Guard and open a file where it lies; its sheets are read when first asked for."""
    try:
        return Received(document, path, _open(path), [])
    except KcaError as error:
        return Received(document, path, None, error.findings)


def read_ahead(received: Received, source: str | None) -> None:
    """Read the sheets that a known source needs.

    What cannot be read is reported when `read` asks for it.
    """
    book = received.book
    ignored = registry.load(source).ignore_sheets if source else ("*",)
    for name in book.names if book else ():
        if book and not any(fnmatchcase(name.strip(), i) for i in ignored):
            with suppress(KcaError):
                book[name]


def read(
    received: Received, source: str | Source | None = None, month: int | None = None
) -> Reading:
    """Recognise, extract, tidy and validate.

    Never raises for a bad document: findings say what is wrong.
    """
    reading = Reading(received.document, received.path, findings=list(received.findings))
    try:
        reading.source = registry.load(source) if isinstance(source, str) else source
        if received.book is not None:
            reading.source = reading.source or _which(received.book)
            _read_into(reading, received.book, reading.source, explicit=source is not None)
    except KcaError as error:
        reading.findings += error.findings
    if month is not None and reading.month is not None and reading.month != month:
        text = f"the document's month is {month_date(reading.month):%Y-%m}"
        reading.findings.append(
            Finding(
                Code.WRONG_MONTH,
                text,
                found=f"{month_date(reading.month):%Y-%m}",
                expected=f"{month_date(month):%Y-%m}",
            )
        )
    reading.month = month if reading.month is None else reading.month
    reading.findings = _capped(reading.findings)
    return reading


def keep(reading: Reading, engine: Engine, settings: Settings, run_id: str) -> Outcome:
    """Load the document whole, or put it aside whole with all its findings.

    The archive notes which. Raises load.writer.Busy.
    """
    from kca_etl.landing.archive import provenance
    from kca_etl.warehouse import writer

    reading.findings = _capped(reading.findings + _against_warehouse(reading, engine))
    outcome = enter(reading, engine, settings, run_id)
    sha256 = reading.document.sha256
    provenance.note(sha256, settings.landing, **writer.standing(engine, sha256))
    return outcome


def _against_warehouse(reading: Reading, engine: Engine) -> list[Finding]:
    """Hold a document that would be loaded against its own past and other sources.

    A rebuild does not: what was loaded once stays.
    """
    from kca_etl.runs import reconcile
    from kca_etl.validate.over_time import check as against_past
    from kca_etl.warehouse.past import is_loaded, past

    o, source, month = reading.observations, reading.source, reading.month
    if (
        o is None
        or source is None
        or month is None
        or reading.verdict not in (Verdict.ACCEPT, Verdict.WARN)
    ):
        return []
    found = reconcile.check(engine, source.source, reading.document, o)
    if len(o) <= against_past.MOST and not is_loaded(engine, reading.document.sha256):
        found += against_past.check(
            o, past(engine, source.source, o), month, source, registry.kennzahlen(source)
        )
    return found


def enter(reading: Reading, engine: Engine, settings: Settings, run_id: str) -> Outcome:
    """Enter the document into the warehouse, loaded or put aside."""
    from kca_etl.warehouse import writer

    source = reading.source.source if reading.source else ""
    if reading.verdict in (Verdict.ACCEPT, Verdict.WARN) and reading.observations is not None:
        try:
            result = writer.load(
                engine,
                source,
                reading.document,
                reading.month,
                reading.observations,
                reading.findings,
                run_id,
                registry.kennzahlen(reading.source),
                settings.lock_timeout,
            )
        except KcaError as error:
            reading.findings = _capped(reading.findings + error.findings)
        else:
            return Outcome(reading, result, "unchanged" if result.already else "loaded")
    state = "rejected" if reading.verdict is Verdict.REJECT else "quarantined"
    writer.quarantine(
        engine, source, reading.document, reading.findings, run_id, state, reading.month
    )
    return Outcome(reading, None, state)


def run(
    paths: Iterable[Path],
    engine: Engine,
    settings: Settings,
    run_id: str,
    source: str | None = None,
    month: int | None = None,
) -> Iterator[Outcome]:
    """Carry documents through all stages in order."""
    for received in ahead((partial(receive, path, settings), source) for path in paths):
        yield keep(read(received, source, month), engine, settings, run_id)


def ahead(documents: Iterable[tuple[Callable[[], Received], str | None]]) -> Iterator[Received]:
    """Open documents in order, each with its source if known.

    The reader lets go of the interpreter: it reads one ahead.
    """
    with ThreadPoolExecutor(1) as reader:

        def begin(
            document: tuple[Callable[[], Received], str | None],
        ) -> tuple[Received, Future[None]]:
            received = document[0]()
            return received, reader.submit(read_ahead, received, document[1])

        waiting = deque(map(begin, islice(documents := iter(documents), 1)))
        while waiting:
            waiting.extend(map(begin, islice(documents, 1)))
            received, done = waiting.popleft()
            done.result()
            yield received


def identify(received: Received, among: Iterable[str]) -> tuple[str, int | None] | None:
    """Tell which of some sources a document is of, and its month if it states one, reading no more than that takes."""
    from kca_etl.extract.meta import is_of, statements
    from kca_etl.tidy.periods import document_month

    if received.book is None:
        return None
    try:
        for source in map(registry.load, among):
            if is_of(source, received.book):
                month = document_month(statements(received.book, *source.berichtsmonat))
                return source.source, month if month is not None else read(received, source).month
    except KcaError:
        return None
    return None


def _open(path: Path) -> Workbook:
    from kca_etl.extract import reader
    from kca_etl.landing.guard.inspect import inspect

    guarded = inspect(path)
    return (
        reader.open_csv(path)
        if guarded.kind == "csv"
        else reader.open_workbook(path, guarded.notes)
    )


def tables_of(path: Path, source: Source) -> list[RawTable]:
    """Read a document's tables with their addresses, for showing what stands around a cell."""
    from kca_etl.extract.recognise import read_tables

    return read_tables(_open(path), source)[0]


def _which(book: Workbook) -> Source:
    from kca_etl.extract.meta import is_of

    fits = [s for s in map(registry.load, registry.names()) if is_of(s, book)]
    if len(fits) != 1:
        code = Code.AMBIGUOUS if fits else Code.UNKNOWN_DOCUMENT
        what = (
            "more than one source fits the document"
            if fits
            else "no declared source knows the document"
        )
        raise KcaError(
            Finding(
                code,
                what,
                found=", ".join(s.source for s in fits),
                expected="exactly one of " + ", ".join(registry.names()),
            )
        )
    return fits[0]


def _read_into(reading: Reading, book: Workbook, source: Source, *, explicit: bool) -> None:
    from kca_etl.extract.meta import is_of, statements
    from kca_etl.extract.recognise import read_tables
    from kca_etl.tidy.document import tidy
    from kca_etl.tidy.doubts import doubts
    from kca_etl.validate import contracts as gate
    from kca_etl.validate import invariants, regions

    if explicit and not is_of(source, book):
        reading.findings.append(
            Finding(
                Code.NOT_OF_SOURCE,
                f"the document is not of source {source.source}",
                found=", ".join(book.names)[:200],
                expected=source.title,
            )
        )
        return
    tables, findings = read_tables(book, source)
    tidied = tidy(
        tables,
        source,
        statements(book, *source.berichtsmonat),
        statements(book, *source.datenstand),
    )
    reading.month, reading.datenstand, reading.observations = (
        tidied.month,
        tidied.datenstand,
        tidied.observations,
    )
    reading.findings += findings + tidied.findings + doubts(tables, source, tidied.observations)
    if tidied.observations is None:
        return
    catalogue = registry.kennzahlen(source)
    broken = gate.check(tidied.observations, catalogue)
    reading.findings += broken or invariants.check(tidied.observations, source, catalogue)
    reading.findings += regions.check(tidied.observations)


def _capped(findings: list[Finding]) -> list[Finding]:
    """Keep the first findings of each kind and sheet, and say how many more there were."""
    counts: Counter[tuple[Code, str]] = Counter()
    out = []
    for finding in findings:
        counts[finding.code, finding.sheet] += 1
        if counts[finding.code, finding.sheet] <= FINDINGS_PER_KIND:
            out.append(finding)
    last = {(f.code, f.sheet): i for i, f in enumerate(out)}
    for key, count in counts.items():
        if count > FINDINGS_PER_KIND:
            i = last[key]
            out[i] = replace(
                out[i], what=f"{out[i].what} (and {count - FINDINGS_PER_KIND} more like it)"
            )
    return out
