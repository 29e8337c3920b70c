"""All issues of a source as one matrix: what a relation is looked for in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.month import Month
from kca_etl.model.observations import Observations, Series
from kca_etl.validate.areas import region_groups
from kca_etl.validate.cube import build

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
FEWEST_MONTHS = 6  # of a single issue that is tried on its own last months


@dataclass(frozen=True, slots=True)
class Issue:
    """One document of a source: its name, its month, what it states."""

    name: str
    month: Month
    observations: Observations


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row for each issue, month and region, a column for each series (`places`).

    value: NaN where hidden or absent · hidden: a sign stands there · issue: its number · single:
    the region is no sum of others, so that the row says something of its own.
    """

    places: dict[Series, int]
    value: Numbers
    hidden: Mask
    issue: NDArray[np.int32]
    single: Mask

    @property
    def series(self) -> list[Series]:
        """The series in the order of their columns."""
        return list(self.places)

    def column(self, series: Series) -> Numbers:
        """Return a series' values; raises KeyError if no issue holds it."""
        return self.value[:, self.places[series]]


def gather(issues: Sequence[Issue]) -> Evidence:
    """Lay issues below each other."""
    named = dict.fromkeys(s for issue in issues for s in issue.observations.series_list)
    places = {series: i for i, series in enumerate(named)}
    parts = [_rows(issue.observations, places) for issue in issues]
    numbers = [np.full(len(value), i, np.int32) for i, (value, _, _) in enumerate(parts)]
    value, hidden, single = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Evidence(places, value, hidden, np.concatenate(numbers), single)


def _rows(o: Observations, places: dict[Series, int]) -> tuple[Numbers, Mask, Mask]:
    """Return one issue's values, signs and which rows are single; rows without a fact drop out."""
    cube, months = build(o), np.unique(o.month).tolist()
    totals = [total for total, _ in region_groups(o.regions)]
    value = np.full((len(months), len(o.regions), len(places)), np.nan)
    hidden = np.zeros(value.shape, bool)
    for (number, month), line in cube.lines.items():
        at = months.index(month), slice(None), places[o.series_list[number]]
        value[at] = cube.value[line]
        hidden[at] = np.isnan(cube.value[line]) & (cube.fact[line] >= 0)
    single = np.ones(value.shape[:2], bool)
    single[:, totals] = False
    there = (np.isfinite(value) | hidden).any(axis=2)
    return value[there], hidden[there], single[there]


def hold_out(issues: Sequence[Issue]) -> tuple[list[Issue], list[Issue]]:
    """Part issues into those to learn from and those to try on: the last third.

    A single issue of many months is parted by its months, the last third again.
    """
    if len(issues) > 1:
        known = sorted(issues, key=lambda issue: issue.month)
        first = len(known) - max(1, len(known) // 3)
        return known[:first], known[first:]
    months = np.unique(issues[0].observations.month)
    if len(months) < FEWEST_MONTHS:
        return list(issues), []
    border = months[len(months) - len(months) // 3]
    o = issues[0].observations
    return (
        [replace(issues[0], observations=_part(o, o.month < border))],
        [replace(issues[0], observations=_part(o, o.month >= border))],
    )


def _part(o: Observations, which: Mask) -> Observations:
    arrays = {
        field.name: getattr(o, field.name)[which]
        for field in fields(o)
        if isinstance(getattr(o, field.name), np.ndarray)
    }
    return replace(o, **arrays)
