"""Source × month with the calendar's states: what is there, what is due, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kca_etl.model.month import Month, month_date, month_number
from kca_etl.model.states import REFUSED, SIGNS, TO_ACT
from kca_etl.runs.outcomes import linked
from kca_etl.sources import calendar, registry
from kca_etl.sources.calendar import Facts
from kca_etl.warehouse import arrivals
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine


Cell = tuple[str, str]  # source and month, YYYY-MM
DELIVERED = ("loaded", "revised")


def states(engine: Engine, year: int, now: datetime) -> list[dict[str, Any]]:
    """Return the state of every followed source's months in a year, with the calendar's days.

    Sources that are not followed are there if the year has a document of theirs.
    """
    months = range(month_number(year, 1), month_number(year + 1, 1))
    covered = {(row["source"], row["berichtsmonat"][:7]): row for row in queries.coverage(engine)}
    asked = arrivals.asked_in_vain(engine)
    out = []
    for source in _shown(covered, year):
        inside, announced = _inside(engine, source), queries.announced(engine, source)
        for month in months:
            name = f"{month_date(month):%Y-%m}"
            row = covered.get((source, name), {"state": "loaded"} if month in inside else None)
            if row is not None and row["state"] in DELIVERED and month in announced:
                row = None
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
    return queries.delivered(engine, source) if registry.load(source).fetch is None else set()


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


def shown_years(engine: Engine, now: datetime) -> list[int]:
    """Return the years that the warehouse has months or documents of, and this one."""
    figures = {month.first_day.year for month in queries.months(engine)}
    documents = {int(row["berichtsmonat"][:4]) for row in queries.coverage(engine)}
    return sorted(figures | documents | {now.year})


def matrix(rows: list[dict[str, Any]]) -> str:
    """Draw a year's states: a line per source, a sign per month, the legend below."""
    sources = list(dict.fromkeys(row["source"] for row in rows))
    width = max(len(source) for source in sources)
    lines = [" ".join([" " * width, *(f"{m:02}".ljust(4) for m in range(1, 13))])]
    for source in sources:
        signs = [SIGNS[row["state"]].ljust(4) for row in rows if row["source"] == source]
        lines.append(" ".join([source.ljust(width), *signs]))
    return "\n".join([*(line.rstrip() for line in lines), "", _legend(rows, "   ")])


def markdown(rows: list[dict[str, Any]], links: Mapping[Cell, str]) -> str:
    """Draw a year's states for the Prefect UI with the same signs, red ones bold.

    `links` leads from source and month (`2020-11`) to the page of its document.
    """
    out = ["| Source | " + " | ".join(f"{m:02}" for m in range(1, 13)) + " |"]
    out.append("|---|" + ":-:|" * 12)
    for source in dict.fromkeys(row["source"] for row in rows):
        cells = [_cell(row, links) for row in rows if row["source"] == source]
        out.append(f"| {source} | " + " | ".join(cells) + " |")
    return "\n".join([*out, "", _legend(rows, " · ")])


def _cell(row: dict[str, Any], links: Mapping[Cell, str]) -> str:
    sign = linked(SIGNS[row["state"]], links.get((row["source"], row["berichtsmonat"])))
    return f"**{sign}**" if row["state"] in TO_ACT else sign


def _legend(rows: list[dict[str, Any]], between: str) -> str:
    there = {row["state"] for row in rows}
    return between.join(f"{sign} {state}" for state, sign in SIGNS.items() if state in there)


def actions(engine: Engine, rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return what to do about the red months: a line with the command for each, or for a gap.

    `rows`: as `states` returns them.
    """
    red = [row for row in rows if row["state"] in TO_ACT]
    refused = [d for d in queries.documents(engine) if d["state"] in REFUSED]
    out = []
    for document in refused:
        cell = document["source"], (document["berichtsmonat"] or "")[:7]
        if any((row["source"], row["berichtsmonat"]) == cell for row in red):
            sha = document["sha256"][:12]
            said = f"{' '.join(cell)} {document['file_name']}"
            out.append(f"QUAR {said}: kca quarantine show {sha}, then kca decide {sha}")
    for source in dict.fromkeys(row["source"] for row in red):
        late = [r["berichtsmonat"] for r in red if (r["source"], r["state"]) == (source, "overdue")]
        if late:
            out.append(_fetch(source, late))
    return out


def _fetch(source: str, months: list[str]) -> str:
    """Say how the overdue months of a source are had."""
    first, last = months[0], months[-1]
    fetched = registry.load(source).fetch is not None
    said = f"LATE {source} {first}" + (f" to {last} ({len(months)} months)" if months[1:] else "")
    gap = f"kca backfill --source {source} --from-month {first} --to-month {last}"
    if fetched:
        return f"{said}: {gap if months[1:] else f'kca run {source} --month {first}'}"
    return f"{said}: {gap} --folder FOLDER, or the inbox: kca watch --once"
