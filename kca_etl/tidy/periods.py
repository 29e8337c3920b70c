"""Which month a figure refers to, from the texts of its row, column, table and document."""

from __future__ import annotations

import re

from kca_etl.cells import RawTable, Statement
from kca_etl.german.month_texts import is_range, spans_months, without_asides
from kca_etl.german.text import date_of, month_name, month_of, pattern
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import MONTHS_PER_YEAR, Month


def resolve(pieces: dict[str, str], base: Month | None) -> Month | None:
    """Turn read period pieces into a month; `base` where the pieces say nothing.

    A year alone is an annual value and stands under December; a quarter under its last month, a
    day under its month (DESIGN: facts). A school year stands under the December of the year in
    which it begins: that autumn its pupils are counted.
    """
    if stated := pieces.get("monat") or pieces.get("datum"):
        named = _month_in(stated)
        return _numbered(stated, base) if named is None else named
    if "schuljahr" in pieces:
        begins = re.search(r"\d{4}", pieces["schuljahr"])
        return Month.of(int(begins[0]), MONTHS_PER_YEAR) if begins else base
    if "jahr" in pieces:
        return Month.of(int(pieces["jahr"]), _month_of_year(pieces))
    if "monatsname" in pieces and base is not None:
        return Month.of(base.year, month_name(pieces["monatsname"]))
    return _numbered(pieces["monatszahl"], base) if "monatszahl" in pieces else base


def _numbered(text: str, base: Month | None) -> Month | None:
    """Return the month of a bare number from 1 to 12, in the year of the table."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    return Month.of(base.year, number) if base and 1 <= number <= MONTHS_PER_YEAR else None


def _month_in(text: str) -> Month | None:
    """Return the month that a text names, or the month of the day it names."""
    found, day = month_of(text), date_of(text)
    if found is not None or day is None:
        return found
    return Month.of_day(day)


def _month_of_year(pieces: dict[str, str]) -> int:
    if "monatsname" in pieces:
        return month_name(pieces["monatsname"])
    return int(pieces["quartal"][0]) * 3 if "quartal" in pieces else MONTHS_PER_YEAR


def table_period(raw: RawTable, document_month: Month | None) -> tuple[Month | None, list[Finding]]:
    """Read a table's month from the texts above it; two different months contradict each other.

    Returns the month (the document's if the table states none) and the findings.
    """
    texts = [(r, c, without_asides(text)) for r, c, text in _without_asides(raw)]
    found = _stated_above(raw, texts) or _stated_by_name(raw)
    if several := _several_months(raw, texts, found):
        return None, several
    months = {m for s in found if (m := resolve(s.groups, None)) is not None}
    if len(months) > 1:
        return None, [_different_months(found)]
    if not months:
        return document_month, _no_period(raw) if document_month is not None else []
    month = months.pop()
    return month, _other_month(found[0], month, document_month) + _other_span(found[0], month)


def _stated_above(raw: RawTable, texts: list[tuple[int, int, str]]) -> list[Statement]:
    return [
        Statement(raw.grid.name, r, c, text, groups)
        for r, c, text in texts
        for p in raw.spec.period
        if (groups := p_match(p, text)) is not None
    ]


def _stated_by_name(raw: RawTable) -> list[Statement]:
    """Read the period from the sheet's name, where no text above the table states one."""
    matched = [p_match(p, raw.grid.name) for p in raw.spec.period if raw.spec.plain_labels]
    return [Statement(raw.grid.name, 0, 0, raw.grid.name, m) for m in matched if m is not None]


def _several_months(
    raw: RawTable, texts: list[tuple[int, int, str]], found: list[Statement]
) -> list[Finding]:
    """Name a text that speaks of several months over a table of a single one."""
    periods = " ".join(raw.spec.period)
    if "{monat}" not in periods or "{von}" in periods:
        return []
    spans = [(s.row, s.col, s.text) for s in found if "monat" in s.groups and spans_months(s.text)]
    spans += [(r, c, text) for r, c, text in texts if is_range(text)]
    what = "a text above the table speaks of several months"
    if not spans:
        return []
    row, col, text = spans[0]
    where = (raw.grid.name, a1(row, col), repr(text))
    return [Finding(Code.CONTRADICTION, what, *where, "one month")]


def _no_period(raw: RawTable) -> list[Finding]:
    if not raw.spec.period:
        return []
    expected = " or ".join(map(repr, raw.spec.period))
    what = "no period stands above the table"
    return [Finding(Code.NO_PERIOD, what, raw.grid.name, a1(raw.top, 0), "", expected)]


def _different_months(found: list[Statement]) -> Finding:
    listed = ", ".join(f"{s.text!r} in {a1(s.row, s.col)}" for s in found)
    return _contradiction(
        "the texts above the table name different months", found[-1], listed, "one month"
    )


def _other_month(statement: Statement, month: Month, document_month: Month | None) -> list[Finding]:
    if "monat" not in statement.groups or document_month in (None, month):
        return []
    what, text = "the table's month is not the document's", repr(statement.text)
    return [_contradiction(what, statement, text, str(document_month))]


def _other_span(statement: Statement, month: Month) -> list[Finding]:
    """Name a rolling year that does not begin eleven months before its month."""
    start = month_of(statement.groups.get("von", ""))
    if start is None or start == month - (MONTHS_PER_YEAR - 1):
        return []
    what, text = "a rolling year must span twelve months", repr(statement.text)
    return [_contradiction(what, statement, text, "twelve months")]


def _contradiction(what: str, s: Statement, found: str, expected: str) -> Finding:
    return Finding(Code.CONTRADICTION, what, s.sheet, a1(s.row, s.col), found, expected)


def _without_asides(raw: RawTable) -> list[tuple[int, int, str]]:
    """The texts above a table but for those that speak of another day, as `Stand:`.

    The cell right of such a text goes with it.
    """
    named = [place for place in raw.above if _is_aside(place[2], raw.spec.not_period)]
    places = {(r, c) for r, c, _ in named} | {_right_of(raw, r, c) for r, c, _ in named}
    # A text and its neighbour stand there as one text, too.
    joined = {(r, f" {text}") for r, _, text in named}
    return [
        (r, c, text)
        for r, c, text in raw.above
        if (r, c) not in places and not any(r == row and text.endswith(end) for row, end in joined)
    ]


def _is_aside(text: str, patterns: tuple[str, ...]) -> bool:
    return any(p_match(p, text) is not None for p in patterns)


def _right_of(raw: RawTable, row: int, col: int) -> tuple[int, int]:
    return row, min((c for r, c, _ in raw.above if r == row and c > col), default=col)


def p_match(source: str, text: str) -> dict[str, str] | None:
    """Match one declared text."""
    return pattern(source).match(text)


def document_month(found: list[Statement]) -> Month | None:
    """Return the month stated by the first statement that holds one."""
    stated = (_stated_month(s) for s in found)
    return next((month for month in stated if month is not None), None)


def _stated_month(s: Statement) -> Month | None:
    if "jahr" in s.groups:  # declared as a year, it stands under its December
        return resolve(s.groups, None)
    return _month_in(s.groups.get("monat", s.groups.get("datum", s.text)))
