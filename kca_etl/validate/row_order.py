"""Rows that stand out of order: two labels that were exchanged, or one that was typed wrongly.

Publishers list regions by code and months by time. Where all rows but one or two do, those are
named. Other orders exist, so the rule only warns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations

FEWEST_CODES = 30  # the 16 Länder stand in more than one order
FEWEST_MONTHS = 4
MOST_OUT_OF_ORDER = 2  # rows: two that changed places
SYSTEMS = {"ags", "traeger", "agentur"}


def check(o: Observations) -> list[Finding]:
    """Return ROW_ORDER for the rows out of order, where the rest of the document keeps it."""
    found: list[Finding] = []
    for rows, keys in (s for block in range(len(o.blocks)) for s in _sequences(o, block)):
        out = [] if keys == sorted(keys) else _out_of_order(keys)
        if (found and out) or len(out) > MOST_OUT_OF_ORDER:
            return []  # a publisher with an order of its own
        found += [_finding(o, rows[i]) for i in out]
    return found


def _sequences(o: Observations, block: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the first facts of a table's rows with what the rows are ordered by."""
    facts = np.flatnonzero(o.block == block)
    _, first = np.unique(o.row[facts], return_index=True)
    rows = facts[first]
    months = o.month[rows]
    if len(rows) >= FEWEST_MONTHS and len(np.unique(months)) == len(rows):
        falling = months[-1] < months[0]
        yield rows.tolist(), (-months if falling else months).tolist()
        return
    by_kind: dict[tuple[int, str, int], list[int]] = {}
    for n, month in zip(rows.tolist(), months.tolist(), strict=True):
        region = o.regions[int(o.region[n])]
        if region.system in SYSTEMS:
            by_kind.setdefault((month, region.system, len(region.code)), []).append(n)
    for several in by_kind.values():
        if len(several) >= FEWEST_CODES:
            codes = [o.regions[int(o.region[n])].code for n in several]
            ranks = {code: rank for rank, code in enumerate(sorted(codes))}
            yield several, [ranks[code] for code in codes]


def _out_of_order(keys: Sequence[int]) -> list[int]:
    """Return the places to be taken out so that the rest is in order; many for another order."""
    best: list[int] = []
    length = [0] * len(keys)
    for i, key in enumerate(keys):
        at = bisect_right(best, key)
        best[at : at + 1] = [key]
        length[i] = at + 1
    kept, left, above = set[int](), len(best), max(keys)
    for i in range(len(keys) - 1, -1, -1):
        if length[i] == left and keys[i] <= above:
            kept.add(i)
            left, above = left - 1, keys[i]
    return [i for i in range(len(keys)) if i not in kept]


def _finding(o: Observations, n: int) -> Finding:
    region = o.regions[int(o.region[n])]
    what = f"a row stands out of order: {region.code} {region.name}, {o.month_of(n)}"
    expected = "the order that all other rows keep"
    return Finding(Code.ROW_ORDER, what, o.sheet_of(n), o.cell_of(n), "", expected)
