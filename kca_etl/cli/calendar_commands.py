"""The bodies of `kca calendar` and `kca status`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kca_etl.cli import console
from kca_etl.runs import states as core
from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.sources import calendar as dates
from kca_etl.sources import registry


def calendar(year: int | None, *, as_json: bool) -> None:
    """Print what is due in a year, in order of time."""
    rows = dates.year(year or datetime.now(dates.BERLIN).year, tuple(registry.names()))
    console.listing(
        rows if as_json else [_plain(row) for row in rows], as_json=as_json, empty="nothing is due"
    )


def status(year: int | None, *, as_json: bool) -> None:
    """Print source × month with their states."""
    now = datetime.now(dates.BERLIN)
    rows = core.states(warehouse(Settings()), year or now.year, now)
    if as_json:
        console.listing(rows, as_json=True)
    else:
        print(core.matrix(rows))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {key: f"{row[key]:%Y-%m-%d %H:%M}" for key in ("due", "overdue")}
