"""The same figures under two titles: a sheet or a column that was pasted twice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Series
from kca_etl.sources.relations import SeriesRelation
from kca_etl.validate.contradiction import contradiction, places
from kca_etl.validate.cube import Cube

# Different figures that two columns or tables must share; fewer agree by chance, or because the
# other parts of a small total are 0.
FEWEST_FIGURES = 20


def check(cube: Cube, relations: list[SeriesRelation]) -> list[Finding]:
    """Return SAME_FIGURES for tables, and for columns of one month, that hold the same figures.

    Columns that are declared equal may do so.
    """
    tables = list(_tables(cube))
    return tables or list(_columns(cube, relations))


def _tables(cube: Cube) -> Iterator[Finding]:
    o = cube.observations
    seen: dict[bytes, int] = {}
    for block in range(len(o.blocks)):
        facts = np.flatnonzero(o.block == block)
        facts = facts[np.lexsort((o.col[facts], o.row[facts]))]
        if not len(facts):
            continue
        key = o.value[facts].tobytes() + o.zeichen[facts].tobytes()
        first = seen.setdefault(key, int(facts[0]))
        if first != int(facts[0]) and _different(o.value[facts]) >= FEWEST_FIGURES:
            what = "a whole table holds the same figures as another one"
            text = f"figures other than those from {places(cube, [first])} on"
            yield contradiction(cube, int(facts[0]), Code.SAME_FIGURES, what, text)


def _columns(cube: Cube, relations: list[SeriesRelation]) -> Iterator[Finding]:
    o = cube.observations
    twins = {frozenset(r.series) for r in relations if r.check.equal}
    seen: dict[tuple[int, bytes], tuple[Series, int]] = {}
    for (number, month), line in cube.lines.items():
        series = o.series_list[number]
        first, other = seen.setdefault((month, cube.value[line].tobytes()), (series, line))
        if other == line or frozenset((first, series)) in twins:
            continue
        if _different(cube.value[line]) >= FEWEST_FIGURES:
            region = int(cube.regions_of(line)[0])
            what = f"a whole column holds the figures of {first.name}"
            where = places(cube, [int(cube.fact[other, region])])
            text = f"figures other than those from {where} on"
            n = int(cube.fact[line, region])
            yield contradiction(cube, n, Code.SAME_FIGURES, what, text)


def _different(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    """How many different numbers stand there, 0 not counted."""
    return len(np.unique(values[np.isfinite(values) & (values != 0)]))
