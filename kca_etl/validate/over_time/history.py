"""A document's figures beside their own past, as matrices.

One line per series and region, one column per month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.validate.over_time.past import Past
from schemas import regions as register

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Timelines:
    """own, past[line, place]: float64, NaN where nothing or a sign stands · months[place].

    Month numbers, without gaps.

    line, place: of each observation · fact[line, place]: index of the observation, -1 where the
    document states none.
    """

    o: Observations
    months: NDArray[np.int64]
    own: Matrix
    past: Matrix
    fact: NDArray[np.int64]
    line: NDArray[np.int64]
    place: NDArray[np.int64]

    @property
    def everything(self) -> Matrix:
        """The document's numbers, and the warehouse's where the document states none."""
        found: Matrix = np.where(np.isnan(self.own), self.past, self.own)
        return found

    @property
    def territory(self) -> NDArray[np.int64]:
        """By line and month, how many reforms the region has seen.

        Where it rises, figures are of another territory.
        """
        seen = np.zeros(self.own.shape, np.int64)
        region = np.zeros(len(seen), np.int64)
        region[self.line] = self.o.region
        for i, r in enumerate(self.o.regions):
            for change in register.territory_changes(r.system, r.code):
                since = Month.of_day(change.since)
                seen[np.ix_(region == i, self.months >= since)] += 1
        return seen

    def cell(self, n: int) -> tuple[str, str]:
        """Return sheet and cell of an observation."""
        return self.o.sheet_of(n), self.o.cell_of(n)

    def month(self, place: int) -> Month:
        """Return the month of a column."""
        return Month(int(self.months[place]))


def build(o: Observations, past: Past) -> Timelines:
    """Arrange a document and its past."""
    first = int(min(o.month.min(), past.month.min(initial=o.month.min())))
    last = int(max(o.month.max(), past.month.max(initial=o.month.max())))
    width = len(o.regions)
    lines, line = np.unique(o.series.astype(np.int64) * width + o.region, return_inverse=True)
    there = past.series.astype(np.int64) * width + past.region
    at = np.searchsorted(lines, there).clip(max=len(lines) - 1)
    met = lines[at] == there
    shape = (len(lines), last - first + 1)
    own, before, fact = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, -1, np.int64)
    place = o.month.astype(np.int64) - first
    own[line, place], fact[line, place] = o.value, np.arange(len(o))
    before[at[met], past.month[met] - first] = past.value[met]
    return Timelines(o, np.arange(first, last + 1), own, before, fact, line, place)


def cells(timelines: Timelines, facts: NDArray[Any]) -> str:
    """Name the first and the last cell of some observations: `B5 to B10`."""
    first, last = timelines.cell(int(facts[0]))[1], timelines.cell(int(facts[-1]))[1]
    return first if first == last else f"{first} to {last}"
