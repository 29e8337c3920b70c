"""What a document's sheets hold: its source, its month, its observations, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kca_etl.extract.meta import is_of, statements
from kca_etl.model.codes import Code
from kca_etl.model.decision import Decision
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import Month
from kca_etl.sources import decided as decided_about
from kca_etl.sources import registry
from kca_etl.sources.amend import amend
from kca_etl.sources.spec import Source
from kca_etl.sources.unfinished import refuse_draft

if TYPE_CHECKING:
    from kca_etl.extract.reader import Workbook
    from kca_etl.pipeline import Reading


def _which(book: Workbook, decisions: Sequence[Decision], sha256: str) -> Source:
    declared = map(registry.load, registry.names())
    fits = [s for s in declared if is_of(_widened(s, book, decisions, sha256)[0], book)]
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


def _widened(
    source: Source, book: Workbook, decisions: Sequence[Decision], sha256: str
) -> tuple[Source, list[Decision]]:
    """Return a declaration with the decisions that count for a document, and those."""
    from kca_etl.tidy.periods import document_month

    if not any(d.source == source.source and not d.revoked_at for d in decisions):
        return source, []
    month = document_month(statements(book, *source.berichtsmonat))
    stated = None if month is None else Month(month)
    counting = decided_about.applying(decisions, source.source, sha256, stated)
    return amend(source, counting), counting


def read_into(
    reading: Reading, book: Workbook, declared: Source | None, decisions: Sequence[Decision]
) -> None:
    """Read a book as the source declared, or as the one that knows it."""
    from kca_etl.extract.recognise import read_tables
    from kca_etl.tidy.code_and_name import check_codes_and_names
    from kca_etl.tidy.document import tidy
    from kca_etl.tidy.document_region import check_document_region
    from kca_etl.tidy.month_agreement import check_named_months
    from kca_etl.tidy.region_doubts import region_doubts
    from kca_etl.validate.document import check_document

    sha256 = reading.document.sha256
    declared = declared or _which(book, decisions, sha256)
    source, counting = _widened(declared, book, decisions, sha256)
    if not is_of(source, book):
        what = f"the document is not of source {declared.source}"
        found = ", ".join(book.names)[:200]
        raise KcaError(Finding(Code.NOT_OF_SOURCE, what, found=found, expected=declared.title))
    reading.source = source
    reading.findings += decided_about.read_by(counting) + refuse_draft(source)
    tables, findings = read_tables(book, source)
    tidied = tidy(
        tables,
        source,
        statements(book, *source.berichtsmonat),
        statements(book, *source.datenstand),
    )
    reading.month = None if tidied.month is None else Month(tidied.month)
    reading.datenstand, reading.observations = tidied.datenstand, tidied.observations
    reading.findings += (
        findings + tidied.findings + region_doubts(tables, source, tidied.observations)
    )
    reading.findings += check_codes_and_names(tables, source)
    name = reading.document.file_name
    reading.findings += check_document_region(book, tables, source, reading.month, name)
    if tidied.observations is not None:
        reading.findings += check_named_months(tables, tidied.observations, reading.month, name)
        checked, reading.changes = check_document(tidied.observations, source, tidied.changes)
        reading.findings += checked
