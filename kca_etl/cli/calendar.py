"""`kca calendar` and `kca status`: what is due, and what is there."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Annotated, Any

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson

FOUND = ("loaded", "revised", "quarantined")


def calendar(
    year: Annotated[int | None, typer.Option(min=1900, max=2100)] = None, as_json: AsJson = False
) -> None:
    """List what is due in a year and when it counts as overdue.

    Example: kca calendar --year 2020
    """
    from kca_etl.sources import calendar as dates
    from kca_etl.sources import registry

    rows = dates.year(year or datetime.now(dates.BERLIN).year, tuple(registry.followed()))
    console.listing(
        rows if as_json else [_plain(row) for row in rows], as_json=as_json, empty="nothing is due"
    )


def status(
    year: Annotated[int | None, typer.Option(min=1900, max=2100)] = None, as_json: AsJson = False
) -> None:
    """Draw source × month of a year, or of all years that the warehouse has, and what to do.

    Not due, due, waiting, overdue, loaded, revised, quarantined, withheld.

    Example: kca status --year 2020
    """
    from kca_etl.runs import states as core
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings
    from kca_etl.sources import calendar as dates

    now = datetime.now(dates.BERLIN)
    engine = reading(Settings())
    years = [year] if year else core.shown_years(engine, now)
    drawn = {one: core.states(engine, one, now) for one in years}
    rows = list(chain.from_iterable(drawn.values()))
    if as_json:
        console.listing(rows, as_json=True)
        return
    for one, months in drawn.items():
        print(one, core.matrix(months), "", sep="\n")
    print(*core.actions(engine, rows), sep="\n")
    if all(row["state"] not in FOUND for row in rows):
        console.nowhere()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {key: f"{row[key]:%Y-%m-%d %H:%M}" for key in ("due", "overdue")}
