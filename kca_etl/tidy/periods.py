"""Which month a figure refers to, from the texts of its row, column, table and document."""

from __future__ import annotations

from datetime import date

from kca_etl.cells import RawTable, Statement
from kca_etl.german.text import date_of, month_name, month_of, pattern
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import month_date, month_number


def resolve(pieces: dict[str, str], base: int | None) -> int | None:
    """Turn read period pieces into a month number; `base` where the pieces say nothing.

    A year alone is an annual value and stands under December; a quarter under its last month, a
    day under its month (DESIGN: facts).
    """
    if stated := pieces.get("monat") or pieces.get("datum"):
        found, day = month_of(stated), date_of(stated)
        return (
            month_number(*found)
            if found is not None
            else None
            if day is None
            else month_number(day.year, day.month)
        )
    if "jahr" in pieces:
        year = int(pieces["jahr"])
        if "monatsname" in pieces:
            return month_number(year, month_name(pieces["monatsname"]))
        if "quartal" in pieces:
            return month_number(year, int(pieces["quartal"][0]) * 3)
        return month_number(year, 12)
    if "monatsname" in pieces and base is not None:
        return month_number(base // 12, month_name(pieces["monatsname"]))
    return base


def table_period(raw: RawTable, document_month: int | None) -> tuple[int | None, list[Finding]]:
    """Read a table's month from the texts above it; two different months contradict each other.

    Returns the month number (the document's if the table states none) and the findings.
    """
    above = _without_asides(raw)
    found = [
        (r, c, text, groups)
        for r, c, text in above
        for p in raw.spec.period
        if (groups := p_match(p, text)) is not None
    ]
    months = {m for _, _, _, g in found if (m := resolve(g, None)) is not None}
    sheet = raw.grid.name
    if raw.spec.period and not months and document_month is not None:
        return document_month, [
            Finding(
                Code.NO_PERIOD,
                "no period stands above the table",
                sheet,
                a1(raw.top, 0),
                "",
                " or ".join(map(repr, raw.spec.period)),
            )
        ]
    if len(months) > 1:
        listed = ", ".join(f"{text!r} in {a1(r, c)}" for r, c, text, _ in found)
        return None, [
            Finding(
                Code.CONTRADICTION,
                "the texts above the table name different months",
                sheet,
                a1(*found[-1][:2]),
                listed,
                "one month",
            )
        ]
    if not months:
        return document_month, []
    month = months.pop()
    r, c, text, groups = found[0]
    findings = []
    if "monat" in groups and document_month is not None and month != document_month:
        findings.append(
            Finding(
                Code.CONTRADICTION,
                "the table's month is not the document's",
                sheet,
                a1(r, c),
                repr(text),
                f"{month_date(document_month):%Y-%m}",
            )
        )
    if (
        "von" in groups
        and (start := month_of(groups["von"])) is not None
        and month_number(*start) != month - 11
    ):
        findings.append(
            Finding(
                Code.CONTRADICTION,
                "a rolling year must span twelve months",
                sheet,
                a1(r, c),
                repr(text),
                "twelve months",
            )
        )
    return month, findings


def _without_asides(raw: RawTable) -> list[tuple[int, int, str]]:
    """The texts above a table but for those that speak of another day (`Stand:`), and the cell right of them."""
    named = [
        (r, c, text)
        for r, c, text in raw.above
        for p in raw.spec.not_period
        if p_match(p, text) is not None
    ]
    places = {(r, c) for r, c, _ in named}
    places |= {
        (r, min((other for row, other, _ in raw.above if row == r and other > c), default=c))
        for r, c in places
    }
    joined = {
        (r, f" {text}") for r, _, text in named
    }  # a text and its neighbour stand there as one text, too
    return [
        (r, c, text)
        for r, c, text in raw.above
        if (r, c) not in places and not any(r == row and text.endswith(end) for row, end in joined)
    ]


def p_match(source: str, text: str) -> dict[str, str] | None:
    """Match one declared text."""
    return pattern(source).match(text)


def document_month(found: list[Statement]) -> int | None:
    """Return the month number stated by the first statement that holds one."""
    for s in found:
        stated = s.groups.get("monat", s.groups.get("datum", s.text))
        month, day = month_of(stated), date_of(stated)
        if month is not None or day is not None:
            return month_number(*month) if month is not None else month_number(day.year, day.month)  # type: ignore[union-attr]  # one of the two
    return None


def last_day(month: int) -> date:
    """Return the last day of a month number."""
    first = month_date(month + 1)
    return date.fromordinal(first.toordinal() - 1)
