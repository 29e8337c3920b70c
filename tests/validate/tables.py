"""A made-up publisher's tables of many regions, month by month, and the slips of its typists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Block, Observations, Region, Series
from kca_etl.validate.over_time import check as over_time
from kca_etl.validate.over_time.issue import Issue, of_document

FIRST = Month.of(2018, 1)
REGIONS = 60
COLUMNS = ("arbeitslose_sgb2", "leistungsbezieher_sgb2", "neuantraege", "integrationen")
SHARES = (1.0, 2.9, 0.09, 0.05)
TABLES = ("geschlecht=maenner", "geschlecht=frauen")
CATALOGUE: dict[str, dict[str, Any]] = {code: {"unit": "Personen"} for code in COLUMNS}
Values = np.ndarray[tuple[int, int, int], np.dtype[np.float64]]  # table, column, region
Slip = Callable[[Values], object]


def true(month: int) -> Values:
    """Return a month's figures: a season, regions of their own size, and chance."""
    chance = np.random.default_rng(month)
    size = 400 * 1.06 ** np.random.default_rng(0).permutation(REGIONS)
    season = 1 + 0.05 * np.sin(2 * np.pi * (month % 12) / 12)
    mix = np.random.default_rng(1).normal(1, 0.06, (len(TABLES), len(COLUMNS), REGIONS))
    share = np.array(SHARES)[:, None] * np.array([0.54, 0.46])[:, None, None]
    moved = chance.normal(1, 0.01, mix.shape)
    values: Values = np.round(size * share * mix * season * moved)
    return values


def observations(month: int, values: Values) -> Observations:
    """Put figures into a document: a sheet for each table, a row for each region."""
    land = [Region("ags", f"{n:02}", f"Land {n}", "ags:D") for n in range(1, 4)]
    jobcenter = [
        Region("traeger", f"{n:05}", f"JC {n}", f"ags:{1 + n % 3:02}") for n in range(3, REGIONS)
    ]
    table, column, region = (axis.ravel() for axis in np.indices(values.shape))
    return Observations(
        blocks=[
            Block(f"tabelle_{t}", f"Blatt {t}", date(2020, 12, 31)) for t in range(len(TABLES))
        ],
        series_list=[Series(c, t) for t in TABLES for c in COLUMNS],
        regions=[*land, *jobcenter],
        month=np.full(values.size, month, np.int32),
        series=(table * len(COLUMNS) + column).astype(np.int32),
        region=region.astype(np.int32),
        block=table.astype(np.int32),
        value=values.ravel(),
        zeichen=np.zeros(values.size, np.int8),
        row=(region + 5).astype(np.int32),
        col=(column + 1).astype(np.int32),
    )


def issue(month: int) -> Issue:
    """Return a right issue of a month."""
    return of_document(observations(month, true(month)), month, f"{Month(month)}.xlsx")


def findings(slip: Slip | None, months: int, month: int = FIRST + 24) -> list[Finding]:
    """Hold a month's tables with a slip against so many issues before it, the nearest first."""
    values = true(month)
    if slip is not None:
        changed = slip(values)
        values = changed if isinstance(changed, np.ndarray) else values
    o = observations(month, values)
    around = [issue(month - n) for n in range(1, months + 1)]
    return over_time.check_tables(o, of_document(o, month, "neu.xlsx"), around, [], CATALOGUE)
