"""One document's figures as a dense cube (series and month × region), so that sums are matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.observations import Observations, Series


@dataclass(slots=True)
class Cube:
    """value[line, region]: float64, NaN where hidden or absent · fact[line, region].

    Index of the observation, -1 if absent.

    `lines` maps (series index, month) to a line.
    """

    observations: Observations
    value: NDArray[np.float64]
    fact: NDArray[np.int32]
    lines: dict[tuple[int, int], int]

    def of(self, series: Series) -> dict[int, int]:
        """Return month → line of a series; empty if the document does not hold it."""
        try:
            wanted = self.observations.series_list.index(series)
        except ValueError:
            return {}
        return {month: line for (s, month), line in self.lines.items() if s == wanted}


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
    return Cube(
        o, value, fact, {(int(k) // 65536, int(k) % 65536): i for i, k in enumerate(unique)}
    )
