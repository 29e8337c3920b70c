"""Vintages, as a pure function.

Which statements of a fact are versions, and which version follows which.

Every document's statement is stored. Ordered by (datenstand, sha256), a statement is a version if
it is the first of its fact or differs from the one before; else it confirms. The result depends on
the set of statements alone, so any permutation of loading gives the same history (DESIGN: the
facts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# Saving a workbook anew rounds to 15 or 16 digits; that alone is no revision.
ROUNDING = 2e-14
DRIFT = 1e-9  # values this near may be roundings of each other over several statements


@dataclass(slots=True)
class Statements:
    """What documents state, as equal-length arrays.

    key: the fact (month, series, region as one integer) · rank: order of (datenstand, sha256) ·
    stand: order of the datenstand alone · block: where it stands · value: float64, NaN under a
    sign · zeichen: int8.
    """

    key: Ints
    rank: Ints
    stand: Ints
    block: Ints
    value: NDArray[np.float64]
    zeichen: NDArray[np.int8]


@dataclass(slots=True)
class History:
    """Per statement, in the order given.

    next: the block of the next version, 0 = this is the current one, -1 = no version, it
    confirms the one before · conflict: index of the statement it contradicts, -1 = none ·
    differs: bool, its value is neither that of the statement before nor that of the one after
    it (of a fact's only statement: True).
    """

    next: Ints
    conflict: Ints
    differs: NDArray[np.bool_]


def history(s: Statements) -> History:
    """Compute versions for statements that hold all statements of each fact they touch."""
    n = len(s.key)
    order = np.lexsort((s.rank, s.key))
    key, value, zeichen, stand = s.key[order], s.value[order], s.zeichen[order], s.stand[order]
    same_fact = np.zeros(n, bool)
    same_fact[1:] = key[1:] == key[:-1]
    same_value = np.zeros(n, bool)
    same_value[1:] = np.isclose(value[1:], value[:-1], rtol=ROUNDING, atol=0, equal_nan=True) & (
        zeichen[1:] == zeichen[:-1]
    )
    confirms = same_fact & same_value
    version = ~confirms
    differs = ~(confirms | np.append(confirms[1:], np.zeros(min(n, 1), bool)))
    rival = np.zeros(n, bool)
    rival[1:] = same_fact[1:] & ~same_value[1:] & (stand[1:] == stand[:-1])
    following = np.where(version, 0, -1)
    at = np.flatnonzero(version)
    follows = key[at[1:]] == key[at[:-1]]
    following[at[:-1][follows]] = s.block[order][at[1:][follows]]
    conflict = np.full(n, -1, np.int64)
    conflict[rival] = order[np.flatnonzero(rival) - 1]
    back = np.empty(n, np.int64)
    back[order] = np.arange(n)
    return History(following[back], conflict[back], differs[back])


def drifts(s: Statements) -> bool:
    """Tell whether neighbouring statements of a fact nearly agree, and yet are no confirmations.

    Then the statements in between decide whether one is a version: all of them are needed.
    """
    order = np.lexsort((s.rank, s.key))
    key, value = s.key[order], s.value[order]
    near = np.isclose(value[1:], value[:-1], rtol=DRIFT, atol=0)
    same = np.isclose(value[1:], value[:-1], rtol=ROUNDING, atol=0)
    return bool((near & ~same & (key[1:] == key[:-1])).any())
