"""One document's figures as a dense cube: sums are matrix products.

Its axes are series and month × region.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.observations import Observations, Series


@dataclass(slots=True)
class Cube:
    """value[line, region]: float64, NaN where hidden or absent · fact[line, region].

    Index of the observation, -1 if absent.

    `lines` maps (series index, month) to a line; `by_series` the same by name ·
    `places`: what `regions_of` has found.
    """

    observations: Observations
    value: NDArray[np.float64]
    fact: NDArray[np.int32]
    lines: dict[tuple[int, int], int]
    by_series: dict[Series, dict[int, int]]
    places: dict[int, NDArray[np.intp]] = field(default_factory=dict)

    def of(self, series: Series) -> dict[int, int]:
        """Return month → line of a series; empty if the document does not hold it."""
        return self.by_series.get(series, {})

    def regions_of(self, line: int) -> NDArray[np.intp]:
        """Return the regions for which a line states something."""
        if line not in self.places:
            self.places[line] = np.flatnonzero(self.fact[line] >= 0)
        return self.places[line]


def build(observations: Observations) -> Cube:
    """Arrange a document's observations.

    A fact stated twice keeps its first place (doubles are found elsewhere).
    """
    o = observations
    key = o.series.astype(np.int64) * 65536 + o.month
    unique, line = np.unique(key, return_inverse=True)
    shape = (len(unique), len(o.regions))
    value = np.full(shape, np.nan)
    fact = np.full(shape, -1, np.int32)
    value[line[::-1], o.region[::-1]] = o.value[::-1]
    fact[line[::-1], o.region[::-1]] = np.arange(len(o), dtype=np.int32)[::-1]
    lines = {divmod(k, 65536): i for i, k in enumerate(unique.tolist())}
    by_series: dict[Series, dict[int, int]] = {}
    for (series, month), i in lines.items():
        by_series.setdefault(o.series_list[series], {})[month] = i
    return Cube(o, value, fact, lines, by_series)
