"""Suppressed cells stay suppressed, also by subtraction.

What has to be withheld so that no `*` can be computed. Pure.

Where all but one cell of a sum are shown, the last one follows. Then the smallest further part is
withheld, which may bare another sum, until nothing follows any more, from no sum alone nor from all
together (docs/decisions/06-secrecy-by-subtraction.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.open_data.relations import Relation
from kca_etl.open_data.systems import follows
from schemas.codelists import ZEICHEN

ABSENT, SHOWN, SECRET, UNKNOWN = range(4)
STATES = np.array(
    [{"": SHOWN, "-": SHOWN, "*": SECRET}.get(sign, UNKNOWN) for sign in ZEICHEN], np.int8
)
SUM_TOLERANCE = (
    0.001  # a sum holds when total and parts differ by no more than this share, or by one
)
MIN_HOLDING_SHARE = 0.9  # of the rows that are shown completely
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(slots=True)
class Cube:
    """One source's cells, month × series × region.

    `value` (0 where none), `state`, and `place`, each cell's line or -1.
    """

    value: Floats
    state: NDArray[np.int8]
    place: Ints


@dataclass(frozen=True, slots=True)
class Evidence:
    """What all months together say of each relation, whichever of them are in memory.

    `complete`: its sums that are shown completely · `right`: those of them that hold ·
    `within`: whether the visible parts exceed no visible total.
    """

    complete: Ints
    right: Ints
    within: NDArray[np.bool_]

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.complete + other.complete, self.right + other.right, self.within & other.within
        )


def cube(
    month: Ints,
    series: Ints,
    region: Ints,
    value: Floats,
    zeichen: Ints,
    sides: tuple[int, int] | None = None,
) -> Cube:
    """Lay out lines by their places in the lists of months, series and regions, from 0.

    `sides`: how many series and regions there are, where not all are among the lines.
    """
    lengths = (int(axis.max(initial=-1)) + 1 for axis in (month, series, region))
    shape = tuple(lengths) if sides is None else (next(lengths), *sides)
    place = np.full(shape, -1, np.int64)
    place[month, series, region] = np.arange(len(value))
    padded = np.append(np.nan_to_num(value), 0.0)
    return Cube(padded[place], np.append(STATES[zeichen], ABSENT).astype(np.int8)[place], place)


def evidence(cells: Cube, relations: Sequence[Relation], additive: NDArray[np.bool_]) -> Evidence:
    """Return what some months say of each relation."""
    found = [_said(cells, r, _members(cells, r, additive)) for r in relations]
    complete, right, within = list(zip(*found, strict=True)) or [()] * 3
    return Evidence(np.array(complete, np.int64), np.array(right, np.int64), np.array(within, bool))


def withhold(
    cells: Cube,
    relations: Sequence[Relation],
    additive: NDArray[np.bool_],
    known: Evidence | None = None,
) -> dict[int, int]:
    """Return the lines to withhold, each with the line of the secret that it protects.

    `additive`: by series, over regions · `known`: what all months say, where `cells` are not all.
    No sum goes over months: those of some months are decided as if all were there.
    """
    known = evidence(cells, relations, additive) if known is None else known
    sums = _sums(cells, relations, additive, known)
    out: dict[int, int] = {}
    # Months that changed since their sums were solved together.
    unsolved = np.ones(len(cells.place), bool)
    while True:
        found: list[tuple[int, int]] = []
        for relation, members in sums:
            found += _hidden_by(cells, relation, members)
        if not found:
            found = _hidden_by_systems(cells, _of_months(cells, sums, unsolved))
            unsolved[:] = False
        if not found:
            return out
        unsolved[[_month(cells, chosen) for chosen, _ in found]] = True
        places = cells.place.flat
        out |= {int(places[chosen]): int(places[secret]) for chosen, secret in found}


def _sums(
    cells: Cube, relations: Sequence[Relation], additive: NDArray[np.bool_], known: Evidence
) -> list[tuple[Relation, Ints]]:
    """Return each relation with the cells of its sums that hold."""
    out = []
    for i, relation in enumerate(relations):
        members = _members(cells, relation, additive)
        if len(members):
            out.append((relation, members[_holds(cells, relation, members, known, i)]))
    return out


def _of_months(
    cells: Cube, sums: list[tuple[Relation, Ints]], chosen: NDArray[np.bool_]
) -> list[tuple[Relation, Ints]]:
    return [(r, members[chosen[_month(cells, members[:, 0])]]) for r, members in sums]


def _month(cells: Cube, place: Any) -> Any:  # noqa: ANN401 - a number or an array of them
    return place // (cells.place.shape[1] * cells.place.shape[2])


def _hidden_by(cells: Cube, relation: Relation, members: Ints) -> list[tuple[int, int]]:
    """Withhold what a relation's sums need.

    Return the cells withheld, each with the secret that it protects.
    """
    found = _bared(cells, relation, members)
    cells.state.flat[[chosen for chosen, _ in found]] = SECRET
    return found


def _hidden_by_systems(cells: Cube, sums: list[tuple[Relation, Ints]]) -> list[tuple[int, int]]:
    """Withhold one cell for each secret that follows from several sums together."""
    state, found = cells.state.ravel(), dict[int, int]()
    hiding = [
        (members, (state[members] == SECRET) | (state[members] == UNKNOWN))
        for r, members in sums
        if r.along != "ratio"
    ]
    bare = follows(hiding)
    bare = bare[state[bare] == SECRET]
    for relation, members in sums if len(bare) else ():
        inside = np.isin(members, bare)
        rows = inside.any(axis=1) & (state[members] == SHOWN).any(axis=1)
        chosen = _cheapest(cells, relation, members[rows])
        secrets = members[rows, np.argmax(inside[rows], axis=1)]
        found |= {
            secret: cell
            for secret, cell in zip(secrets.tolist(), chosen.tolist(), strict=True)
            if secret not in found
        }
    cells.state.flat[list(found.values())] = SECRET
    return [(cell, secret) for secret, cell in found.items()]


def _members(cells: Cube, relation: Relation, additive: NDArray[np.bool_]) -> Ints:
    """Return the cells of a relation, one row for each of its sums, the total first.

    Places in the flattened cube.
    """
    _, series, regions = cells.place.shape
    chosen = np.array([relation.total, *relation.parts], np.int64)
    if relation.along == "regions":
        month, line = np.nonzero((cells.state[:, :, relation.total] != ABSENT) & additive)
        members: Ints = ((month * series + line) * regions)[:, None] + chosen
    else:
        month, region = np.nonzero(cells.state[:, relation.total] != ABSENT)
        members = (month * series * regions + region)[:, None] + chosen * regions
    parts = cells.state.ravel()[members[:, 1:]] != ABSENT
    return np.asarray(
        members[parts.all(axis=1) if relation.along == "ratio" else parts.any(axis=1)]
    )


def _said(cells: Cube, relation: Relation, members: Ints) -> tuple[int, int, bool]:
    """Return how many sums are complete and how many hold, and whether no total is exceeded."""
    if relation.along == "ratio" or not len(members):
        return 0, 0, True
    telling, fits, within = _told(cells, members)
    return int(telling.sum()), int(fits.sum()), within


def _told(cells: Cube, members: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_], bool]:
    """Tell which sums are complete and which of these hold; and whether no total is exceeded."""
    state, value = cells.state.ravel()[members], cells.value.ravel()[members]
    gap = value[:, 1:].sum(axis=1) - value[:, 0]
    allowed = np.maximum(1.0, SUM_TOLERANCE * value[:, 0])
    telling = ((state == SHOWN) | (state == ABSENT)).all(axis=1) & (value[:, 0] > 0)
    total = state[:, 0] == SHOWN
    return telling, telling & (np.abs(gap) <= allowed), bool((gap[total] <= allowed[total]).all())


def _holds(
    cells: Cube, relation: Relation, members: Ints, known: Evidence, place: int
) -> NDArray[np.bool_]:
    """Tell for each sum whether total and parts belong together.

    The complete sums of its month show it, else those of all months.
    """
    if relation.along == "ratio":
        return np.ones(len(members), bool)
    if not known.complete[place]:
        return np.full(len(members), known.within[place])
    telling, fits, _ = _told(cells, members)
    month = _month(cells, members[:, 0])
    complete, right = (
        np.bincount(month[rows], minlength=len(cells.place)) for rows in (telling, fits)
    )
    overall = known.right[place] >= MIN_HOLDING_SHARE * known.complete[place]
    by_month: NDArray[np.bool_] = np.where(
        complete > 0, right >= MIN_HOLDING_SHARE * complete, overall
    )
    return np.asarray(by_month[month])


def _bared(cells: Cube, relation: Relation, members: Ints) -> list[tuple[int, int]]:
    """Return what to withhold, and for which secret, where all else of a sum is shown."""
    state = cells.state.ravel()[members]
    alone = (
        ((state == SECRET).sum(axis=1) == 1)
        & ~(state == UNKNOWN).any(axis=1)
        & (state == SHOWN).any(axis=1)
    )
    members, state = members[alone], state[alone]
    secret = members[np.arange(len(members)), np.argmax(state == SECRET, axis=1)]
    return list(
        dict(
            zip(_cheapest(cells, relation, members).tolist(), secret.tolist(), strict=True)
        ).items()
    )


def _cheapest(cells: Cube, relation: Relation, members: Ints) -> Ints:
    """Return the cell of each sum that is withheld most easily."""
    cost = _cost(cells.value.ravel()[members], cells.state.ravel()[members], relation)
    return np.asarray(members[np.arange(len(members)), np.argmin(cost, axis=1)])


def _cost(value: Floats, state: NDArray[np.int8], relation: Relation) -> Floats:
    """What withholding a cell costs.

    The smallest part first, a zero after all that is larger, the total last; a rate before
    counts.
    """
    cost: Any = np.where(value > 0, value, 1e15)
    cost[:, 0] = 0.0 if relation.along == "ratio" else 1e18
    return np.asarray(np.where(state == SHOWN, cost, np.inf), np.float64)
