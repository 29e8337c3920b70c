"""Months and days as people give them, on the command line or in a form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl.german.text import month_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import Month

if TYPE_CHECKING:
    from kca_etl import pipeline


def day(text: str | None) -> str | None:
    """Return a day as ISO text; raises KcaError BAD_DAY."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise KcaError(
            Finding(Code.BAD_DAY, f"{text!r} is no day", expected="YYYY-MM-DD, e.g. 2020-12-10")
        ) from None


def month_id(text: str) -> Month:
    """Read YYYY-MM (or any written month) as a month number; raises KcaError BAD_MONTH."""
    found = month_of(text)
    if found is None:
        raise KcaError(
            Finding(Code.BAD_MONTH, f"{text!r} is no month", expected="YYYY-MM, e.g. 2020-11")
        )
    return found


def opened(file: Path) -> pipeline.Received:
    """Guard and open a file where it lies. Raises KcaError NO_FILE."""
    from kca_etl import pipeline
    from kca_etl.landing.archive.files import document_of

    if not file.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    return pipeline.open_document(document_of(file), file)
