"""The use case of a text check: read the file, find its month, hold it against the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date
from kca_etl.offices import folder as offices
from kca_etl.runs.arguments import month_id
from kca_etl.runs.names import refuse_unknown
from kca_etl.runs.record import reading
from kca_etl.settings import Settings
from kca_etl.textcheck.about import month_of_text, other_subject
from kca_etl.textcheck.check import check
from kca_etl.textcheck.readers import read_text
from kca_etl.textcheck.results import CheckedClaim
from kca_etl.warehouse.views import queries


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text, the month that it was checked for, and its claims in order."""

    text: str
    month: date
    claims: list[CheckedClaim]


def check_file(
    settings: Settings, file: Path, month: str | None, region: str | None = None
) -> CheckedText:
    """Check a file's text; without a month (YYYY-MM) for the month of which the text speaks.

    `region`: `system:code`; the office's own if none is given.

    Raises KcaError NO_FILE, TEXT_WITHOUT_MONTH, TEXT_OTHER_MONTH, TEXT_OTHER_REGION and whatever
    reading the file finds.
    """
    if str(file) != "-" and not file.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    text = read_text(file)
    region = region or offices.current().region_key
    about = month_date(month_id(month)) if month else _month_said(text)
    engine = reading(settings)
    figures = queries.figures(engine, region=region)
    if figures.empty:
        refuse_unknown(engine, region=region)
    findings = other_subject(text, about, figures, region)
    if findings:
        raise KcaError(*findings)
    return CheckedText(text, about, check(text, about, figures, region))


def _month_said(text: str) -> date:
    month = month_of_text(text)
    if month is None:
        raise KcaError(
            Finding(Code.TEXT_WITHOUT_MONTH, "the text does not say which month it is about")
        )
    return month
