"""Rows named `Summe` or `Insgesamt` that are ignored by name: checked, not stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kca_etl.cells import RawTable
from kca_etl.german.numbers import german
from kca_etl.german.text import show
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.sources import registry
from kca_etl.sources.spec import Source

_SUM = re.compile(r"\W*(?:Summe|Gesamtsumme|Insgesamt|Zusammen|Total)\W*", re.IGNORECASE)
ROUNDED = 0.005  # a part with two digits behind the comma may be off by so much


def check_sum_rows(tables: Sequence[RawTable], o: Observations, source: Source) -> list[Finding]:
    """Return SUM_MISMATCH where an ignored row of sums is not the sum of the rows above it.

    The sum may begin in any row above, and rates may be in it or not.
    """
    with_sums = [(raw, rows) for raw in tables if (rows := _sum_rows(raw))]
    if not with_sums:
        return []
    known = registry.kennzahlen(source)
    adds = np.array([bool(known.get(s.kennzahl, {}).get("additive")) for s in o.series_list])
    return [f for raw, rows in with_sums for f in _table(raw, rows, o, adds)]


def _sum_rows(raw: RawTable) -> list[int]:
    labels = [c for _, c in raw.stub]
    named = [(row, show(raw.grid.rows[row][c])) for row in raw.ignored for c in labels]
    return sorted({row for row, text in named if _SUM.fullmatch(text)})


def _table(
    raw: RawTable, rows: list[int], o: Observations, adds: NDArray[np.bool_]
) -> Iterator[Finding]:
    key = (raw.spec.id, raw.grid.name)
    blocks = [i for i, b in enumerate(o.blocks) if (b.table, b.sheet) == key]
    mine = np.flatnonzero(np.isin(o.block, blocks))
    for column in raw.columns:
        facts = mine[o.col[mine] == column.col]
        counts = facts[adds[o.series[facts]]]
        for row in rows:
            stated = _number(raw, row, column.col)
            groups = [group[o.row[group] < row] for group in (facts, counts)]
            if stated is not None and len(groups[1]):
                yield from _wrong(raw, (row, column.col), stated, [o.value[g] for g in groups])


def _wrong(
    raw: RawTable, place: tuple[int, int], stated: float, groups: list[NDArray[np.float64]]
) -> Iterator[Finding]:
    """Hold one cell against the sums of the rows that end above it."""
    if any(np.isnan(group).any() for group in groups):
        return  # a part is hidden
    near = ROUNDED * (len(groups[0]) + 1)
    sums = [np.cumsum(group[::-1]) for group in groups]
    if any((np.abs(stated - several) <= near).any() for several in sums):
        return
    what = "a row of sums is not the sum of the rows above it"
    expected = f"{float(sums[1][-1]):.10g}, or the sum of some of the rows"
    cell = a1(*place)
    yield Finding(Code.SUM_MISMATCH, what, raw.grid.name, cell, f"{stated:.10g}", expected)


def _number(raw: RawTable, row: int, col: int) -> float | None:
    cell = raw.grid.rows[row][col]
    if isinstance(cell, str):
        return german(cell)
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None
