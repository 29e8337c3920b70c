"""Last month's sheet under a new month's title.

Figures that all stand under another month already.
"""

from __future__ import annotations

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.over_time.compared import Compared
from kca_etl.validate.over_time.history import Timelines, cells
from kca_etl.validate.over_time.issue import Issue, Matrix

FEWEST = 4  # figures other than 0; three may agree by chance (a rate and two small counts)
FEWEST_OF_TABLE = 20
NEARLY_ALL = 0.95  # of a table's figures: one that was mended by hand is still a copy


def check(timelines: Timelines, month: int) -> list[Finding]:
    """Return SAME_CONTENT if all figures of the document's own month equal those of another.

    The other month is the warehouse's or the document's own. Where the document states that
    month too, with other figures, the two columns have changed places: SWAPPED.
    """
    if month not in timelines.months:
        return []
    place = month - int(timelines.months[0])
    mine = np.flatnonzero(np.isfinite(timelines.own[:, place]))
    if np.count_nonzero(timelines.own[mine, place]) < FEWEST:
        return []
    for known in (timelines.past, timelines.own):
        equal = (known[mine] == timelines.own[mine, place][:, None]).all(axis=0)
        equal[place] = False
        if equal.any():
            return [_finding(timelines, mine, place, int(np.flatnonzero(equal)[-1]))]
    return []


def _finding(
    timelines: Timelines, mine: np.ndarray[tuple[int], np.dtype[np.int64]], place: int, other: int
) -> Finding:
    facts = np.sort(timelines.fact[mine, place])
    sheet, cell = timelines.cell(int(facts[0]))
    here, there = timelines.month(place), timelines.month(other)
    found = f"the {len(facts)} figures of {there} ({cells(timelines, facts)})"
    stated = timelines.own[mine, other]
    if np.isfinite(stated).all() and (stated != timelines.own[mine, place]).any():
        what = (
            f"the columns of {here} and {there} have changed places: the figures of {here} are"
            f" those known of {there}"
        )
        return Finding(Code.SWAPPED, what, sheet, cell, found, f"the figures of {here}")
    return Finding(
        Code.SAME_CONTENT,
        f"all figures of {here} are those of {there}",
        sheet,
        cell,
        found,
        f"figures of {here}",
    )


def check_tables(c: Compared) -> list[Finding]:
    """Return SAME_CONTENT for each table whose figures stand in an issue of another month.

    A table that never changes is no slip: where the other issues agree among themselves, too,
    nothing is said.
    """
    found = []
    for k, other in enumerate(c.others):
        for table in _alike(c, c.own.value, other.value):
            rest = [i.value for i in (*c.others[:k], *c.others[k + 1 :])]
            if not any(table in _alike(c, r, other.value) for r in rest):
                found.append((table, other))
    told = dict(reversed(found))
    return [_table(c, table, other) for table, other in sorted(told.items(), key=lambda f: f[0])]


def _alike(c: Compared, one: Matrix, other: Matrix) -> list[int]:
    """Return the tables of which nearly all figures other than 0 are equal in two issues."""
    equal = ((one == other) & (one != 0)).sum(axis=1)
    both = (np.isfinite(one) & np.isfinite(other) & ((one != 0) | (other != 0))).sum(axis=1)
    tables = len(c.tables)
    same = np.bincount(c.table, equal, tables)
    known = np.bincount(c.table, both, tables)
    return np.flatnonzero((same >= FEWEST_OF_TABLE) & (same >= NEARLY_ALL * known)).tolist()


def _table(c: Compared, table: int, other: Issue) -> Finding:
    line = int(np.flatnonzero(c.table == table)[0])
    n = c.first(line)
    what = (
        f"the figures of {c.own.month} are those of {other.month} ({other.name}), in the whole"
        f" table {c.tables[table]!r}"
    )
    return Finding(
        Code.SAME_CONTENT, what, *c.where(n), f"{c.o.value[n]:.10g}", f"figures of {c.own.month}"
    )
