"""Rows that hold another region's figures: exchanged, shifted, labels and values apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.medians import PER_DEVIATION
from kca_etl.validate.over_time.compared import Compared
from kca_etl.validate.over_time.issue import Matrix

FEWEST_COLUMNS = 3  # that tell one region from another
LEAST_NOISE, MOST_NOISE = 0.01, 0.15  # standard deviations of a column's monthly movement
CLIPPED = 64.0  # squares of standard deviations: one figure alone does not make a row wrong
STRANGE = 6.0  # mean square of a row that does not fit its own past
FAR, FEWEST_FAR = 36.0, 2  # … in so many columns beyond any doubt
FITTING = 3.0  # … and of one that fits
CLEARER = 6.0
OUT_OF_ORDER = 3  # rows; two may have changed places
MANY_ROWS = 0.25  # of a table: then not every row must be found again

APART = 4.0  # a column's regions scatter so many times more than usual
APART_AT_LEAST = 0.2
SHIFTS = (-3, -2, -1, 1, 2, 3)
FEWEST_REGIONS = 12
SCATTERING = 20.0  # counts below scatter by chance


def check(c: Compared) -> list[Finding]:
    """Return ROWS_MOVED for each table whose rows fit other regions' past better than their own."""
    noise = _noise(c)
    variance = _variances(c, noise)
    level = np.where(np.isfinite(c.level[0]), c.level[0], 0)
    off = (c.own.log - c.others[0].log - level[:, None]) ** 2 / variance
    known = np.isfinite(off)
    off = np.where(known, np.minimum(off, CLIPPED), 0)
    of_table = (c.table == np.arange(len(c.tables))[:, None]).astype(np.float64)
    count = of_table @ known
    with np.errstate(divide="ignore", invalid="ignore"):
        strange = (count >= FEWEST_COLUMNS) & (of_table @ off / count > STRANGE)
    moved = {
        t: found
        for t in np.flatnonzero(strange.sum(axis=1) > 1).tolist()
        if (found := _partners(c, t, np.flatnonzero(strange[t]), variance))
    }
    return _pairs(c, moved) + _shifted(c, set(moved))


def _noise(c: Compared) -> NDArray[np.float64]:
    """Return by column how far a region usually moves apart from the others."""
    usual = PER_DEVIATION * np.fmax(c.spread[0], c.usual)
    noise: NDArray[np.float64] = np.fmax(np.fmin(usual, MOST_NOISE), LEAST_NOISE)
    return noise


def _variances(c: Compared, noise: NDArray[np.float64]) -> Matrix:
    """Return by figure the square it may move by.

    Small counts scatter by chance, and so do rates and averages of few people: a rate's noise
    grows as the smallest count of its row falls below that of the large regions.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = 2 / np.maximum(c.own.value, 1) + 2 / np.maximum(c.others[0].value, 1)
    found: Matrix = np.where(c.counted[:, None], chance, 0) + np.square(noise)[:, None]
    for table in range(len(c.tables)):
        mine = c.table == table
        counts = c.own.value[mine & c.counted]
        if len(counts):
            size = np.maximum(np.fmin.reduce(counts, axis=0), 1)
            smaller = np.fmax(np.nanmedian(size[c.largest]) / size, 1)
            found[mine & ~c.counted] *= np.where(np.isfinite(smaller), smaller, np.inf)
    return found


def _partners(c: Compared, table: int, rows: NDArray[np.int64], variance: Matrix) -> dict[int, int]:
    """Return row → the region whose past it fits, for those that fit another's much better."""
    lines = np.flatnonzero(c.table == table)
    # A rate may rest on a count so small that it is secret: where there are counts, they tell.
    telling = c.counted[lines] if np.count_nonzero(c.counted[lines]) >= FEWEST_FAR else slice(None)
    better = np.ones((len(rows), len(rows)), bool)
    nearest = np.empty(0)
    for k, other in enumerate(c.others):
        level = np.where(np.isfinite(c.level[k]), c.level[k], 0)[lines]
        mine = c.own.log[np.ix_(lines, rows)] - level[:, None]
        theirs = other.log[np.ix_(lines, rows)]
        squares = (mine[:, :, None] - theirs[:, None]) ** 2 / variance[np.ix_(lines, rows)][
            ..., None
        ]
        known = np.isfinite(squares)
        count = known.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(known, np.minimum(squares, CLIPPED), 0).sum(axis=0) / count
        far = (np.einsum("lii->li", squares)[telling] > FAR).sum(axis=0) >= FEWEST_FAR
        mean[count < FEWEST_COLUMNS] = np.inf
        own = np.diag(mean)[:, None]
        told = np.isfinite(own)
        if k == 0:
            nearest = mean
            better &= told & far[:, None] & (mean < FITTING) & (own > CLEARER * mean)
        else:
            better &= ~told | (own > CLEARER / 2 * mean)
    best = np.where(better, nearest, np.inf).argmin(axis=1)
    partner = {int(rows[i]): int(rows[best[i]]) for i in np.flatnonzero(better.any(axis=1))}
    if len(partner) >= max(OUT_OF_ORDER, MANY_ROWS * c.own.value.shape[1]):
        return partner
    return {a: b for a, b in partner.items() if _closes(a, partner)}


def _closes(start: int, partner: dict[int, int]) -> bool:
    """Tell whether the way from a row to the one whose past it fits, and on, leads back to it."""
    at = partner.get(start)
    for _ in partner:
        if at is None or at == start:
            break
        at = partner.get(at)
    return at == start


def _pairs(c: Compared, moved: dict[int, dict[int, int]]) -> list[Finding]:
    """Name pairs that changed places once for all tables, and tables that are out of order."""
    tables: dict[tuple[int, int], list[int]] = {}
    found = []
    for table, partner in moved.items():
        pairs = {(a, b) for a, b in partner.items() if a < b and partner.get(b) == a}
        if len(partner) - 2 * len(pairs) >= OUT_OF_ORDER or len(pairs) >= OUT_OF_ORDER:
            found.append(_out_of_order(c, table, partner))
            continue
        for pair in pairs:
            tables.setdefault(pair, []).append(table)
    return found + [_exchanged(c, pair, of) for pair, of in sorted(tables.items())]


def _shifted(c: Compared, told: set[int]) -> list[Finding]:
    """Return ROWS_MOVED for single columns whose values stand in other rows than their labels."""
    spread = PER_DEVIATION * c.spread
    usual = np.where(np.isfinite(c.usual), PER_DEVIATION * c.usual, MOST_NOISE)
    limit = np.fmax(APART * usual, APART_AT_LEAST)
    apart = ((spread > limit) | ~np.isfinite(spread)).all(axis=0) & np.isfinite(spread[0])
    return [
        _apart(c, line)
        for line in np.flatnonzero(apart).tolist()
        if int(c.table[line]) not in told and _in_other_rows(c, line)
    ]


def _in_other_rows(c: Compared, line: int) -> bool:
    """Tell whether a column fits its past a few rows higher or lower, or sorted by size."""
    both = np.isfinite(c.own.log[line]) & np.isfinite(c.others[0].log[line])
    mine, theirs = c.own.log[line, both], c.others[0].log[line, both]
    if len(mine) < FEWEST_REGIONS:
        return False
    straight = _deviation(mine - theirs)
    if any(_deviation(_lagged(mine, theirs, by)) * APART < straight for by in SHIFTS):
        return True
    noise = PER_DEVIATION * float(c.usual[line])
    if np.isnan(noise):  # one issue alone does not say how figures scatter; large counts hardly do
        large = c.counted[line] and np.median(theirs) > np.log(SCATTERING)
        noise = MOST_NOISE if large else np.inf
    in_order = _deviation(np.sort(mine) - np.sort(theirs))
    return bool(in_order < noise and straight > 2 * APART * max(noise, in_order))


def _lagged(mine: NDArray[np.float64], theirs: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    return mine[by:] - theirs[:-by] if by > 0 else mine[:by] - theirs[-by:]


def _deviation(change: NDArray[np.float64]) -> float:
    return PER_DEVIATION * float(np.median(np.abs(change - np.median(change))))


def _region(c: Compared, place: int) -> str:
    key = c.own.places[place]
    return next(r.name for r in c.o.regions if (r.system, r.code) == key)


def _fact(c: Compared, table: int, place: int) -> int:
    lines = np.flatnonzero((c.table == table) & np.isfinite(c.own.value[:, place]))
    return c.fact(int(lines[0]), place)


def _exchanged(c: Compared, pair: tuple[int, int], tables: list[int]) -> Finding:
    first, second = (_fact(c, tables[0], p) for p in pair)
    names = [_region(c, p) for p in pair]
    where = f" on {len(tables)} sheets" if len(tables) > 1 else ""
    what = (
        f"two rows have changed places{where}: the figures of {names[0]} and {names[1]} each fit"
        " the other's past"
    )
    found = f"{c.o.value[first]:.10g}, and {c.o.value[second]:.10g} in {c.where(second)[1]}"
    return Finding(Code.ROWS_MOVED, what, *c.where(first), found, f"as {c.against} have them")


def _out_of_order(c: Compared, table: int, partner: dict[int, int]) -> Finding:
    place, other = min(partner.items())
    n = _fact(c, table, place)
    first, like = _region(c, place), _region(c, other)
    what = (
        f"labels and figures have come apart: {len(partner)} rows fit the past of other regions,"
        f" beginning with {first}, whose figures are those of {like}"
    )
    return Finding(
        Code.ROWS_MOVED, what, *c.where(n), f"{c.o.value[n]:.10g}", f"as {c.against} have them"
    )


def _apart(c: Compared, line: int) -> Finding:
    n = c.first(line)
    what = (
        "the figures of a column stand in other rows than before, beginning with"
        f" {c.o.name_and_month_of(n)}"
    )
    return Finding(
        Code.ROWS_MOVED, what, *c.where(n), f"{c.o.value[n]:.10g}", f"as {c.against} have them"
    )
