"""What a document is of, and its tables, without carrying it in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl import pipeline
from kca_etl.landing.archive import files
from kca_etl.model.findings import KcaError
from kca_etl.model.guarded import whatever_happens
from kca_etl.model.month import Month
from kca_etl.sources import registry

if TYPE_CHECKING:
    from kca_etl.cells import RawTable
    from kca_etl.sources.spec import Source


def identify(received: pipeline.Received, among: Iterable[str]) -> tuple[str, Month | None] | None:
    """Tell which of some sources a document is of, and its month if it states one.

    Reads no more of it than that takes. None: of another source; no name: it cannot be read.
    """
    from kca_etl.extract.meta import is_of, statements
    from kca_etl.tidy.periods import document_month

    findings = list(received.findings)
    with whatever_happens(findings):
        for source in map(registry.load, among):
            if received.book is not None and is_of(source, received.book):
                month = document_month(statements(received.book, *source.berichtsmonat))
                known = None if month is None else Month(month)
                return source.source, known or pipeline.read(received, source).month
    return ("", None) if findings else None


def tables_of(path: Path, source: Source) -> list[RawTable]:
    """Read a document's tables with their addresses, for showing what stands around a cell.

    Raises KcaError where the document is not let in.
    """
    from kca_etl.extract.recognise import read_tables

    received = pipeline.open_document(files.document_of(path), path)
    if received.book is None:
        raise KcaError(*received.findings)
    return read_tables(received.book, source)[0]
