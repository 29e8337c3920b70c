"""Columns that hold other figures than their header says: another unit, another column's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.medians import PER_DEVIATION
from kca_etl.validate.over_time.compared import Compared
from kca_etl.validate.over_time.issue import Matrix
from kca_etl.validate.over_time.scale import HIGHEST_POWER, times

TEN = float(np.log(10))
NEAR_POWER = float(np.log(1.3))  # how far a scaled column may lie from the power itself
ALIKE = 0.4  # the median distance of regions from their common movement: at most …
VERY_ALIKE = 0.08  # … and where no digits tell, this or
USUAL_TIMES = 1.5  # so many times the usual one: a unit is the same for all regions
FEW = 10.0  # counts below are too coarse to tell
LESS_THAN_CHANCE = 0.7  # counts that really fell scatter by chance: by 1 / sqrt(count)
HALF = 0.5
DIGITS_SHARE = 0.9  # of whole numbers that a power of ten divides, or that it broke
ROUNDED_SHARE = 0.95  # of a column that may have been rounded to nothing
FEWEST_LEFT = 3
LEAST_POWER = -2  # small counts may really fall to a tenth

COMPARED_REGIONS = 64
ONE_THREAD = 250_000  # multiplications that OpenBLAS does in one thread
FEWEST = 6  # regions that two columns share
MANY = 16
CLEARER, CLEARER_OF_FEW = 4.0, 9.0  # mean squares: changed places fit so many times better
COPIED = 16.0  # … where only one of the two columns is wrong
COPIED_FIT = 0.25**2  # how well a copied column must fit
COPIED_MANY = 32  # regions that it must share
NOTHING = 0.01**2  # two columns that differ by less than a hundredth do not tell
PROBED = 12  # regions whose figures are compared first
UNEXPLAINED = 1.5  # a common movement of all regions leaves more scatter than the other's past
EQUAL, UNEQUAL = 0.95, 0.5  # shares of figures that two columns have in common
FEWEST_COLUMNS = 2  # that make a sheet another sheet's


def scaled(c: Compared) -> list[Finding]:
    """Return WRONG_UNIT for each column that is a power of ten off, against every other issue.

    Real events are told apart by their scatter, since a unit is the same for every region, and
    counts by their digits: multiplied they end in zeros, divided they are fractions.
    """
    power = np.rint(c.level / TEN)
    hit = (power != 0) & (np.abs(power) <= HIGHEST_POWER)
    hit &= (np.abs(c.level - power * TEN) <= NEAR_POWER) & (c.spread <= ALIKE)
    known = np.isfinite(c.level)
    nearest = power[np.argmax(known, axis=0), np.arange(power.shape[1])]
    same = (~known | (power == nearest)).all(axis=0)
    found = np.flatnonzero((hit | ~known).all(axis=0) & known.any(axis=0) & same)
    lines = [
        (line, int(nearest[line]))
        for line in found.tolist()
        if _no_event(c, line, int(nearest[line]))
    ]
    return [_scaled(c, line, p) for line, p in lines + _rounded_to_nothing(c)]


def _no_event(c: Compared, line: int, power: int) -> bool:
    """Tell whether the digits or the small scatter of a column exclude that it really moved."""
    alike = np.nanmin(c.spread[:, line]) <= np.fmax(VERY_ALIKE, USUAL_TIMES * c.usual[line])
    if not c.counted[line]:
        return bool(alike)
    own = c.own.value[line, c.largest]
    own = own[own > 0]
    whole = own == np.rint(own)
    if power > 0:
        return bool((own[whole] % 10**power == 0).mean() >= DIGITS_SHARE)
    before = c.others[0].value[line, c.largest]
    before = before[before > 0]
    if len(before) and (before == np.rint(before)).mean() >= DIGITS_SHARE and whole.mean() < HALF:
        return True
    middle = float(np.median(own))
    chance = LESS_THAN_CHANCE / np.sqrt(middle)
    scatter = PER_DEVIATION * np.nanmin(c.spread[:, line])
    return bool(alike and middle >= FEW and scatter < chance)


def _rounded_to_nothing(c: Compared) -> list[tuple[int, int]]:
    """Return columns whose small figures became 0 when they were divided: (line, power)."""
    own = c.own.value[:, c.largest]
    theirs = c.others[0].value[:, c.largest]
    told = np.isfinite(own) & (theirs > 0)
    zeros = (told & (own == 0)).sum(axis=1)
    candidates = c.counted & (told.sum(axis=1) >= FEWEST) & (3 * zeros > told.sum(axis=1))
    found = []
    for line in np.flatnonzero(candidates).tolist():
        mine, before = own[line, told[line]], theirs[line, told[line]]
        for power in range(LEAST_POWER, -HIGHEST_POWER, -1):
            expected = before * 10.0**power
            fits = np.abs(mine - expected) <= 0.5 + 0.3 * expected
            left = np.count_nonzero(mine >= 1)
            small = before[mine == 0].max() >= 1 if (mine == 0).any() else False
            if fits.mean() >= ROUNDED_SHARE and left >= FEWEST_LEFT and small:
                found.append((line, power))
                break
    return found


def _scaled(c: Compared, line: int, power: int) -> Finding:
    n = c.first(line)
    count = int(np.isfinite(c.own.value[line]).sum())
    what = (
        f"all {count} figures of a column are about {times(power)} what they were, beginning with"
        f" {c.o.name_and_month_of(n)}"
    )
    before = c.o.value[n] / 10.0**power
    expected = f"about {before:.6g}, as {c.against} state it"
    return Finding(Code.WRONG_UNIT, what, *c.where(n), f"{c.o.value[n]:.10g}", expected)


def exchanged(c: Compared) -> list[Finding]:
    """Return SWAPPED for pairs of columns that changed places, FOREIGN_FIGURES for copies.

    A column is held against every column of the other issues. It is another's where it fits
    that one's past many times better than its own, against every issue, and where its own past
    does not explain it by a common movement of all regions.
    """
    fits, regions = _distances(c)
    better = np.ones(fits[0].shape, bool)
    copied, seen = better.copy(), ~better
    for k, (distance, shared) in enumerate(zip(fits, regions, strict=True)):
        own = np.diag(distance)[:, None]
        known = np.isfinite(own) & np.isfinite(distance)
        clearer = np.where(shared >= MANY, CLEARER, CLEARER_OF_FEW)
        better &= ~known | ((own > clearer * distance) & (own > NOTHING))
        copied &= ~known | ((own > COPIED * distance) & (distance < COPIED_FIT))
        copied &= ~known | (_scatter(c, k)[:, None] > 2 * distance)
        copied &= ~known | (shared >= COPIED_MANY)
        seen |= known
    nearest = np.where(np.isfinite(fits[0]), fits[0], fits[-1])
    return _report(c, better & seen, (copied & seen) | _doubled(c, nearest), nearest)


def _doubled(c: Compared, distance: Matrix) -> NDArray[np.bool_]:
    """Return [copy, original] for columns that hold the same numbers here and never before."""
    few = c.own.value[:, c.largest[:PROBED]]
    told = np.isfinite(few) & (few != 0)
    alike = (~told[:, None] | ~told | (few[:, None] == few)).all(axis=-1)
    alike &= (told.sum(axis=-1) >= FEWEST) & (told.sum(axis=-1) >= FEWEST)[:, None]
    np.fill_diagonal(alike, val=False)
    found = np.zeros(alike.shape, bool)
    for i, j in np.argwhere(alike).tolist():
        if _same(c.own.value[i], c.own.value[j]) > EQUAL and all(
            _same(o.value[i], o.value[j]) < UNEQUAL for o in c.others
        ):
            found[i, j] = distance[i, i] > distance[j, j]
    return found


def _same(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the share of equal figures, without those that are 0; NaN for fewer than MANY."""
    both = np.isfinite(one) & np.isfinite(other) & ((one != 0) | (other != 0))
    if np.count_nonzero(both) < MANY:
        return float("nan")
    return float((one[both] == other[both]).mean())


def _report(
    c: Compared, better: NDArray[np.bool_], copied: NDArray[np.bool_], distance: Matrix
) -> list[Finding]:
    mutual = better & better.T
    same = c.table[:, None] == c.table
    pairs: dict[int, int] = {}
    for i in np.flatnonzero((mutual & same).any(axis=1)).tolist():
        j = int(np.where(mutual[i] & same[i], distance[i], np.inf).argmin())
        if i not in pairs.values():
            pairs[i] = j
    done = {*pairs, *pairs.values()}
    apart = _scatter(c, 0)[:, None] > UNEXPLAINED * distance
    whole = _whole_tables(c, better & (apart | mutual), distance)
    lines = np.array([c.table[i] not in whole and i not in done for i in range(len(better))], bool)
    single = np.flatnonzero((copied.any(axis=1) | (mutual & ~same).any(axis=1)) & lines)
    strong = copied | (mutual & ~same)
    found = [_swapped(c, i, j) for i, j in pairs.items()]
    found += [_foreign_table(c, t, other) for t, other in whole.items()]
    return found + [
        _foreign(c, i, int(np.where(strong[i], distance[i], np.inf).argmin()))
        for i in single.tolist()
    ]


def _whole_tables(c: Compared, better: NDArray[np.bool_], distance: Matrix) -> dict[int, int]:
    """Return tables most of whose columns fit one other table: table → other table."""
    found = {}
    for t in range(len(c.tables)):
        mine = np.flatnonzero(c.table == t)
        votes = np.zeros(len(c.tables), int)
        for i in mine.tolist():
            if better[i].any():
                votes[c.table[np.where(better[i], distance[i], np.inf).argmin()]] += 1
        votes[t] = 0
        if 2 * votes.max() >= len(mine) and votes.max() >= FEWEST_COLUMNS:
            found[t] = int(votes.argmax())
    return found


def _distances(c: Compared) -> tuple[Matrix, NDArray[np.float64]]:
    """Return [issue, column, its column]: the mean squares, and how many regions both share."""
    some = c.largest[:: max(1, len(c.largest) // COMPARED_REGIONS)]
    mine = c.own.log[:, some]
    here = np.isfinite(mine)
    mine, m = np.where(here, mine, 0), here.astype(np.float64)
    left = np.hstack([mine**2, m, mine])
    fits, regions = [], []
    for other in c.others:
        theirs = other.log[:, some]
        there = np.isfinite(theirs)
        theirs, t = np.where(there, theirs, 0), there.astype(np.float64)
        shared = _product(m, t)
        # One product for the three terms of (a - b)**2 = a**2 + b**2 - 2ab.
        squares = _product(left, np.hstack([t, theirs**2, -2 * theirs]))
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.maximum(squares / shared, 0)
        fits.append(np.where(shared >= FEWEST, mean, np.nan))
        regions.append(shared)
    return np.stack(fits), np.stack(regions)


def _product(left: Matrix, right: Matrix) -> Matrix:
    """Multiply left by right transposed in pieces that wake no threads of the BLAS.

    Its threads and the one that reads the next document wait for each other: 33 ms against 1.
    """
    width = max(1, ONE_THREAD // max(1, len(left) * len(right)))
    found: Matrix = np.zeros((len(left), len(right)))
    for start in range(0, left.shape[1], width):
        found += left[:, start : start + width] @ right[:, start : start + width].T
    return found


def _scatter(c: Compared, k: int) -> NDArray[np.float64]:
    """Return how far each column's regions scatter about their common movement, as a square."""
    scatter: NDArray[np.float64] = np.square(PER_DEVIATION * c.spread[k])
    return scatter


def _swapped(c: Compared, i: int, j: int) -> Finding:
    left, right = sorted((c.first(i), c.first(j)), key=lambda n: int(c.o.col[n]))
    what = (
        f"two columns have changed places: {c.o.name_and_month_of(left)} and"
        f" {c.o.name_and_month_of(right)} each fit the other's past"
    )
    found = f"{c.o.value[left]:.10g}, and {c.o.value[right]:.10g} in {c.where(right)[1]}"
    return Finding(Code.SWAPPED, what, *c.where(left), found, f"as {c.against} have them")


def _foreign(c: Compared, i: int, j: int) -> Finding:
    n = c.first(i)
    what = (
        f"a column holds the figures of another: {c.o.name_and_month_of(n)} fits the past of"
        f" {_name(c, j)}"
    )
    expected = f"a figure near those of its own in {c.against}"
    return Finding(Code.FOREIGN_FIGURES, what, *c.where(n), f"{c.o.value[n]:.10g}", expected)


def _foreign_table(c: Compared, table: int, other: int) -> Finding:
    n = c.first(int(np.flatnonzero(c.table == table)[0]))
    what = (
        f"the sheet holds the figures of another table: {c.tables[table]!r} fits the past of"
        f" {c.tables[other]!r}"
    )
    expected = f"figures near those of {c.tables[table]!r} in {c.against}"
    return Finding(Code.FOREIGN_FIGURES, what, *c.where(n), f"{c.o.value[n]:.10g}", expected)


def _name(c: Compared, line: int) -> str:
    kennzahl, gliederung, table = c.own.lines[line]
    return f"{kennzahl}[{gliederung}] in table {table!r}"
