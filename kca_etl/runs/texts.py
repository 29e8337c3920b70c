"""The use case of a text check: read the text, find its month, hold it against the warehouse."""

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
from kca_etl.textcheck.page import remark, render_page
from kca_etl.textcheck.readers import read_bytes, text_of
from kca_etl.textcheck.results import UNTESTABLE, CheckedClaim
from kca_etl.textcheck.word_comments import Remark, commented
from kca_etl.warehouse.views import queries


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text, the month that it was checked for, and its claims in order.

    `data` are the bytes of the file that it was read from; empty for a text that was pasted.
    """

    name: str
    text: str
    month: date
    claims: list[CheckedClaim]
    data: bytes = b""

    @property
    def page(self) -> str:
        """The page with the marked text."""
        return render_page(self.claims, self.text, self.name, self.month)

    def with_comments(self) -> bytes:
        """Return a copy of the Word document with a comment at each figure and claim.

        Dates and names get none. Raises KcaError NOT_A_TEXT for a file of another kind.
        """
        told = [c for c in self.claims if c.verdict != UNTESTABLE]
        return commented(self.data, [Remark(c.start, c.end, remark(c)) for c in told])


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
    data = read_bytes(file)
    return check_text(settings, file.name, text_of(data, file.suffix), month, region, data)


def check_text(
    settings: Settings,
    name: str,
    text: str,
    month: str | None,
    region: str | None = None,
    data: bytes = b"",
) -> CheckedText:
    """Check a text under a name; see `check_file`."""
    region = region or offices.current().region_key
    about = month_date(month_id(month)) if month else _month_said(text)
    engine = reading(settings)
    figures = queries.figures(engine, region=region)
    if figures.empty:
        refuse_unknown(engine, region=region)
    findings = other_subject(text, about, figures, region)
    if findings:
        raise KcaError(*findings)
    return CheckedText(name, text, about, check(text, about, figures, region), data)


def _month_said(text: str) -> date:
    month = month_of_text(text)
    if month is None:
        raise KcaError(
            Finding(Code.TEXT_WITHOUT_MONTH, "the text does not say which month it is about")
        )
    return month
