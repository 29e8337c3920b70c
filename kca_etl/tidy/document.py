"""One document's tables, tidied together: its month, its datenstand, its observations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kca_etl.cells import RawTable, Statement
from kca_etl.german.text import date_of, squeeze
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.model.stated_change import StatedChange
from kca_etl.sources.spec import Source, Where
from kca_etl.tidy import regions
from kca_etl.tidy.assemble import Collector, add_table
from kca_etl.tidy.corrections import correct
from kca_etl.tidy.periods import document_month, table_period
from kca_etl.tidy.repeats import settle
from kca_etl.tidy.stated_changes import stated_changes
from kca_etl.tidy.sum_rows import check_sum_rows
from schemas.codelists import ZEICHEN


@dataclass(slots=True)
class Tidied:
    """A document's month, datenstand and observations; None where they could not be read.

    `changes`: what its own columns of changes state.
    """

    month: Month | None
    datenstand: date | None
    observations: Observations | None
    findings: list[Finding]
    changes: list[StatedChange] = field(default_factory=list)


def tidy(
    tables: list[RawTable], source: Source, months: list[Statement], stands: list[Statement]
) -> Tidied:
    """Turn raw tables into observations.

    All tables are read even if one fails, so that all findings come at once.
    """
    findings = _disagreements(months, "its Berichtsmonat") + _disagreements(
        stands, "its Datenstand"
    )
    findings += _unread_days(stands)
    stated = document_month(months)
    findings += _unstated_month(source, stated)
    bases, found = _periods(tables, stated)
    findings += found
    if source.corrections:
        findings += correct(tables, source, _month(tables, source, months, stands))
    day = _stated_day(stands)
    into = Collector()
    findings += _add_tables(into, tables, bases, source, day)
    observations = into.observations()
    month = stated if stated is not None else _last_month(observations) or _last_base(bases)
    datenstand = day if day is not None else _ruled_day(source, month)
    if datenstand is None and _misses_datenstand(source, month, findings):
        findings.append(_unstated(Code.NO_DATENSTAND, "Datenstand", source.datenstand[0]))
    if datenstand is not None:
        into.date_blocks(datenstand)
        observations, repeated = settle(observations)
        findings += repeated
    if not len(observations) or datenstand is None:
        return Tidied(month, datenstand, None, findings)
    findings += check_sum_rows(tables, observations, source)
    changes = stated_changes(tables, observations)
    return Tidied(month, datenstand, observations, findings, changes)


def _unstated_month(source: Source, stated: Month | None) -> list[Finding]:
    if stated is not None or not source.berichtsmonat:
        return []
    return [_unstated(Code.NO_PERIOD, "Berichtsmonat", source.berichtsmonat[0])]


def _periods(
    tables: list[RawTable], stated: Month | None
) -> tuple[list[Month | None], list[Finding]]:
    """Return the month of each table, and what contradicts it."""
    read = [table_period(raw, stated) for raw in tables]
    return [month for month, _ in read], [f for _, found in read for f in found]


def _add_tables(
    into: Collector,
    tables: list[RawTable],
    bases: list[Month | None],
    source: Source,
    day: date | None,
) -> list[Finding]:
    findings = []
    for raw, base in zip(tables, bases, strict=True):
        fixed = regions.stated([text for _, _, text in raw.above], raw.spec.region, source.regions)
        findings += add_table(into, raw, source, base, day or date.min, fixed)
    return findings


def _unstated(code: Code, what: str, where: Where) -> Finding:
    text = f"the document states no {what}"
    return Finding(code, text, where.sheet, "", "", repr(where.label))


def _unread_days(stands: list[Statement]) -> list[Finding]:
    """Name each statement of a datenstand that is no day: the next one must not stand in."""
    what, expected = "the document's Datenstand is no day", "a day such as 31.12.2020"
    return [
        Finding(Code.BAD_DATE, what, s.sheet, a1(s.row, s.col), repr(s.text), expected)
        for s in stands
        if date_of(s.groups.get("datum", s.text)) is None
    ]


def _stated_day(stands: list[Statement]) -> date | None:
    """Return the day of the first statement that holds one."""
    days = (date_of(s.groups.get("datum", s.text)) for s in stands)
    return next((day for day in days if day is not None), None)


def _ruled_day(source: Source, month: Month | None) -> date | None:
    """Return the datenstand that the source's rule gives to a document that states none."""
    if source.datenstand[-1].day:
        return date.fromisoformat(source.datenstand[-1].day)
    if source.datenstand[-1].rule == "month_end" and month is not None:
        return month.last_day
    return None


def _misses_datenstand(source: Source, month: Month | None, findings: list[Finding]) -> bool:
    """Tell whether a missing datenstand is to be named.

    Where a rule needs a month that could not be read, the month's finding says enough.
    """
    return source.datenstand[-1].rule == "" or month is not None or not findings


def _month(
    tables: list[RawTable], source: Source, months: list[Statement], stands: list[Statement]
) -> Month | None:
    """The month as it is read without corrections."""
    return tidy(tables, source.model_copy(update={"corrections": ()}), months, stands).month


def _last_month(observations: Observations) -> Month | None:
    """The last month that holds something; figures still to come (`...`) do not count."""
    there = observations.month[observations.zeichen != ZEICHEN.index("...")]
    return Month(int(there.max())) if len(there) else None


def _last_base(bases: list[Month | None]) -> Month | None:
    """The last month that a table is of, where no figure could be read: the month that waits."""
    return max((month for month in bases if month is not None), default=None)


def _disagreements(found: list[Statement], what: str) -> list[Finding]:
    """A document that states two different things about itself contradicts itself."""
    first = found[0] if found else None
    return [
        Finding(
            Code.CONTRADICTION,
            f"the document states two values for {what}",
            s.sheet,
            a1(s.row, s.col),
            repr(s.text),
            f"{first.text!r} as in {first.sheet!r} {a1(first.row, first.col)}",
        )
        for s in found[1:]
        if first is not None and squeeze(s.text) != squeeze(first.text)
    ]
