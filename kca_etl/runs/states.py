"""Source × month with the calendar's states: what is there, what is due, what is late."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from kca_etl.model.month import Month, month_date, month_number
from kca_etl.model.states import SIGNS
from kca_etl.sources import calendar, registry
from kca_etl.sources.calendar import Facts
from kca_etl.warehouse import arrivals
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine


def states(engine: Engine, year: int, now: datetime) -> list[dict[str, Any]]:
    """Return the state of every followed source's months in a year, with the calendar's days.

    Sources that are not followed are there if the year has a document of theirs.
    """
    months = range(month_number(year, 1), month_number(year + 1, 1))
    covered = {(row["source"], row["berichtsmonat"][:7]): row for row in queries.coverage(engine)}
    asked = arrivals.asked_in_vain(engine)
    out = []
    for source in _shown(covered, year):
        inside = _inside(engine, source)
        for month in months:
            name = f"{month_date(month):%Y-%m}"
            row = covered.get((source, name), {"state": "loaded"} if month in inside else None)
            facts = _facts(row, asked.get((source, month)))
            out.append(
                {
                    "source": source,
                    "berichtsmonat": name,
                    "state": calendar.state(source, month, now, facts),
                }
                | _days(source, month)
            )
    return out


def _shown(covered: dict[tuple[str, str], Any], year: int) -> list[str]:
    """Return the followed sources, and others that the year has documents of."""
    there = {source for source, month in covered if month.startswith(str(year))}
    return [s for s in registry.names() if registry.is_followed(s) or s in there]


def _inside(engine: Engine, source: str) -> set[Month]:
    """The months with figures of a source that nobody fetches.

    People's year sheets hold many months in one document.

    A fetched source has a document per month; one that only figures as last year's column is
    still missing there.
    """
    return set(queries.months(engine, source)) if registry.load(source).fetch is None else set()


def _facts(row: dict[str, Any] | None, asked: datetime | None) -> Facts:
    if row is None:
        return Facts(asked=asked)
    return Facts(
        versions=2 if row["state"] == "revised" else 1,
        quarantined=row["state"] == "quarantined",
        asked=asked,
    )


def _days(source: str, month: int) -> dict[str, datetime | None]:
    if not calendar.expected(source, month):
        return {"due": None, "overdue": None}
    return {"due": calendar.due(source, month), "overdue": calendar.overdue(source, month)}


def matrix(rows: list[dict[str, Any]]) -> str:
    """Draw a year's states: a line per source, a sign per month, the legend below."""
    sources = list(dict.fromkeys(row["source"] for row in rows))
    width = max(len(source) for source in sources)
    lines = [" ".join([" " * width, *(f"{m:02}".ljust(4) for m in range(1, 13))])]
    for source in sources:
        signs = [SIGNS[row["state"]].ljust(4) for row in rows if row["source"] == source]
        lines.append(" ".join([source.ljust(width), *signs]))
    legend = "   ".join(
        f"{sign} {state}"
        for state, sign in SIGNS.items()
        if any(row["state"] == state for row in rows)
    )
    return "\n".join([*(line.rstrip() for line in lines), "", legend])
