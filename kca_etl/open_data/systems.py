"""What follows from several sums solved together, though from none of them alone. Pure.

A hidden cell follows when all solutions of the sums agree on it: when it is zero in every vector
that changes no sum. Sums that share no hidden cell have nothing to do with each other; each such
component is solved by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MAX_TIED_CELLS = 4000  # hidden cells tied together; solving more takes minutes
ZERO = 1e-7


def follows(sums: Sequence[tuple[Ints, NDArray[np.bool_]]]) -> Ints:
    """Return the hidden cells that follow.

    Each sum is a row of cells, the total first, and which of them are hidden.
    """
    cells, rows, signs, first = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)], 0
    for members, hidden in sums:
        row, place = np.nonzero(hidden)
        cells.append(members[row, place])
        rows.append(row + first)
        signs.append(np.where(place == 0, 1.0, -1.0))
        first += len(members)
    known, cell = np.unique(np.concatenate(cells), return_inverse=True)
    row, sign = np.concatenate(rows), np.concatenate(signs)
    core, rounds = _peeled(cell, row)
    agreed = np.zeros(len(known), bool)
    for own in _components(cell, row, core):
        agreed[_agreed(cell[own], row[own], sign[own])] = True
    for entries, leaf in reversed(rounds):
        leaves = np.bincount(row[entries], leaf, first)
        open_ = np.bincount(row[entries], ~leaf & ~agreed[cell[entries]], first)
        agreed[cell[entries][leaf & ((leaves == 1) & (open_ == 0))[row[entries]]]] = True
    return known[agreed]


def _peeled(cell: Ints, row: Ints) -> tuple[Ints, list[tuple[Ints, NDArray[np.bool_]]]]:
    """Set aside, round by round, the sums with a cell that stands in no other.

    They bind nothing but that cell.

    Returns the entries that are left, and for each round its entries and which of them are such
    cells.
    """
    left, rounds = np.arange(len(cell)), list[tuple[Ints, NDArray[np.bool_]]]()
    while True:
        leaf = np.bincount(cell[left])[cell[left]] == 1 if len(left) else np.zeros(0, bool)
        gone = np.isin(row[left], row[left][leaf])
        if not gone.any():
            return left, rounds
        rounds.append((left[gone], leaf[gone]))
        left = left[~gone]


def _components(cell: Ints, row: Ints, entries: Ints) -> Iterator[Ints]:
    """Yield those entries that are tied together by sums and hidden cells."""
    ties = [np.unique(names[entries], return_inverse=True)[1] for names in (row, cell)]
    label = np.arange(len(entries))
    while True:
        least: Ints = label
        for tie in ties:
            lowest = np.full(int(tie.max(initial=-1)) + 1, len(label))
            np.minimum.at(lowest, tie, least)
            least = lowest[tie]
        if (least == label).all():
            break
        label = least
    order = np.argsort(label, kind="stable")
    bounds = np.flatnonzero(np.diff(label[order], prepend=-1))
    yield from (entries[own] for own in np.split(order, bounds[1:]) if len(own))


def _agreed(cell: Ints, row: Ints, sign: Floats) -> Ints:
    """Return the cells of one component on which all solutions agree."""
    known, column = np.unique(cell, return_inverse=True)
    names, line = np.unique(row, return_inverse=True)
    if len(known) > MAX_TIED_CELLS:
        return known[:0]
    matrix = np.zeros((len(names), len(known)))
    matrix[line, column] = sign
    size, turned = np.linalg.eigh(matrix @ matrix.T)
    some = size > ZERO
    # Each cell's share in the space of what the sums fix: 1 where nothing of it is left to choose.
    share = ((turned[:, some].T @ matrix) ** 2 / size[some, None]).sum(axis=0)
    return np.asarray(known[share > 1 - ZERO])
