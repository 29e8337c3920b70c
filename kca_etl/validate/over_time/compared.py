"""A document's tables beside those of other issues, and how figures usually move between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.observations import Observations
from kca_etl.validate.medians import median
from kca_etl.validate.over_time.issue import Issue, Line, Matrix

LARGEST = 128  # regions that tell how a column moves; the smallest ones tell little
COUNTED = {"Personen", "Anzahl"}  # units of counts: small ones scatter by chance


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """An issue beside others of its source, the nearest first, on the same axes.

    largest: places of the largest regions · table: of each line, an index into `tables` ·
    counted: whether a line counts something · change[other, line, largest]: by how much the
    logarithms differ · level, spread[other, line]: their median, and the median distance from
    it, NaN where fewer than six regions are known · usual[line]: the spread that the two nearest
    others lead one to expect, NaN without them.
    """

    o: Observations
    own: Issue
    others: list[Issue]
    largest: NDArray[np.int64]
    tables: list[str]
    table: NDArray[np.int64]
    counted: NDArray[np.bool_]
    change: NDArray[np.float64]
    level: Matrix
    spread: Matrix
    usual: NDArray[np.float64]

    def fact(self, line: int, place: int) -> int:
        """Return the index of a figure's observation."""
        kennzahl, gliederung, table = self.own.lines[line]
        key = self.own.places[place]
        o = self.o
        series = next(
            i
            for i, s in enumerate(o.series_list)
            if (s.kennzahl, s.gliederung) == (kennzahl, gliederung)
        )
        blocks = [i for i, b in enumerate(o.blocks) if b.table == table]
        regions = [i for i, r in enumerate(o.regions) if (r.system, r.code) == key]
        here = (o.series == series) & (o.month == self.own.month)
        return int(np.flatnonzero(here & np.isin(o.block, blocks) & np.isin(o.region, regions))[0])

    def first(self, line: int) -> int:
        """Return a column's observation of the region that the sheet names first."""
        places = np.flatnonzero(np.isfinite(self.own.value[line])).tolist()
        return min((self.fact(line, p) for p in places[:1]), default=0)

    def where(self, n: int) -> tuple[str, str]:
        """Return sheet and cell of an observation."""
        return self.o.sheet_of(n), self.o.cell_of(n)

    @property
    def against(self) -> str:
        """The issues compared with, in words."""
        return ", ".join(f"{i.month} ({i.name})" for i in self.others)


def compare(
    o: Observations, own: Issue, others: list[Issue], kennzahlen: dict[str, dict[str, Any]]
) -> Compared:
    """Lay issues beside a document's own; `others`: the nearest first, at least one."""
    others = [other.beside(own) for other in others]
    size = np.where(np.isnan(own.log), 0, own.log).sum(axis=0)
    largest = np.sort(np.argsort(-size, kind="stable")[:LARGEST])
    mine, theirs = own.log[:, largest], np.stack([i.log[:, largest] for i in others])
    change = mine - theirs
    level = median(change)
    spread = median(np.abs(change - level[..., None]))
    usual = np.full(len(own.lines), np.nan)
    if len(others) > 1:
        between = theirs[0] - theirs[1]
        usual = median(np.abs(between - median(between)[:, None]))
        usual *= np.sqrt(max(1.0, _months(own, others[0]) / _months(*others[:2])))
    tables = list(dict.fromkeys(line[2] for line in own.lines))
    return Compared(
        o,
        own,
        others,
        largest,
        tables,
        np.array([tables.index(line[2]) for line in own.lines], np.int64),
        np.array([_is_count(line, kennzahlen) for line in own.lines], bool),
        change,
        level,
        spread,
        usual,
    )


def _months(one: Issue, other: Issue) -> int:
    return max(1, abs(one.month.since(other.month)))


def _is_count(line: Line, kennzahlen: dict[str, dict[str, Any]]) -> bool:
    return str(kennzahlen[line[0]]["unit"]) in COUNTED
