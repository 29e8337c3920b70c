"""A document's figures of its own month, as a matrix: the form in which issues are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.month import Month
from kca_etl.model.observations import Observations

Matrix = NDArray[np.float64]
Line = tuple[str, str, str]  # kennzahl, gliederung, id of the table
Place = tuple[str, str]  # system and code of a region

FEWEST_REGIONS = 6  # a line that fewer regions share tells nothing of its table


@dataclass(frozen=True, slots=True, eq=False)
class Issue:
    """value[line, place]: float64, NaN where nothing or a sign stands.

    log: its natural logarithm, NaN also for 0 and below · name: the file's, for messages.
    """

    name: str
    month: Month
    lines: tuple[Line, ...]
    places: tuple[Place, ...]
    value: Matrix
    log: Matrix

    def beside(self, other: Issue) -> Issue:
        """Return this issue on the lines and places of another."""
        if self.lines == other.lines and self.places == other.places:
            return self
        found = []
        for mine, theirs in ((self.lines, other.lines), (self.places, other.places)):
            at = {key: i for i, key in enumerate(mine)}
            found.append(np.array([at.get(key, -1) for key in theirs], np.int64))
        there = np.ix_(*found)
        missing = (found[0] < 0)[:, None] | (found[1] < 0)
        value, log = (np.where(missing, np.nan, m[there]) for m in (self.value, self.log))
        return Issue(self.name, self.month, other.lines, other.places, value, log)


def arrange(
    name: str,
    month: int,
    axes: tuple[Sequence[Line], Sequence[Place]],
    line: NDArray[np.int64],
    place: NDArray[np.int64],
    value: Matrix,
) -> Issue:
    """Put numbers into a matrix; lines of fewer than FEWEST_REGIONS numbers are left out.

    `line`, `place`: of each number, as indices into the axes.
    """
    lines, places = axes
    wide = np.bincount(line, minlength=len(lines)) >= FEWEST_REGIONS
    at = np.cumsum(wide) - 1
    kept = wide[line]
    matrix = np.full((int(wide.sum()), len(places)), np.nan)
    matrix[at[line[kept]], place[kept]] = value[kept]
    log = np.full(matrix.shape, np.nan)
    np.log(matrix, out=log, where=matrix > 0)
    chosen = tuple(key for key, w in zip(lines, wide.tolist(), strict=True) if w)
    return Issue(name, Month(month), chosen, tuple(places), matrix, log)


def of_document(o: Observations, month: int, name: str) -> Issue:
    """Arrange what a document states of one month."""
    tables = list(dict.fromkeys(b.table for b in o.blocks))
    table = np.array([tables.index(b.table) for b in o.blocks], np.int64)
    places = list(dict.fromkeys((r.system, r.code) for r in o.regions))
    at = {key: i for i, key in enumerate(places)}
    place = np.array([at[r.system, r.code] for r in o.regions], np.int64)
    mine = np.flatnonzero((o.month == month) & ~np.isnan(o.value))
    lines = [(s.kennzahl, s.gliederung, t) for s in o.series_list for t in tables]
    line = o.series[mine].astype(np.int64) * len(tables) + table[o.block[mine]]
    return arrange(name, month, (lines, places), line, place[o.region[mine]], o.value[mine])
