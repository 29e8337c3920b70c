"""Vintages as a pure function.

Against a plain oracle, and statement by statement in any order and grouping.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kca_etl.warehouse.revisions import History, Statements, history


@dataclass(frozen=True, slots=True)
class Said:
    """One statement.

    `block` identifies it, `rank` orders (datenstand, sha256), `stand` the datenstand alone.
    """

    key: int
    rank: int
    stand: int
    block: int
    value: float
    zeichen: int


@st.composite
def documents(draw: st.DrawFn, facts: int = 3, most: int = 6) -> list[list[Said]]:
    """Documents that never contradict each other.

    Of one datenstand, each says the same about a fact.
    """
    stands = draw(st.lists(st.integers(0, 3), min_size=1, max_size=most))
    ranks = sorted(range(len(stands)), key=lambda d: (stands[d], draw(st.integers(0, 99)), d))
    truth = {
        (key, stand): draw(st.sampled_from([(1.0, 0), (2.0, 0), (math.nan, 1), (math.nan, 2)]))
        for key in range(facts)
        for stand in set(stands)
    }
    return [
        [
            Said(key, ranks.index(d), stand, d + 1, *truth[key, stand])
            for key in sorted(draw(st.sets(st.integers(0, facts - 1), min_size=1)))
        ]
        for d, stand in enumerate(stands)
    ]


def compute(said: list[Said]) -> History:
    """Run the function on a list of statements."""
    return history(
        Statements(
            key=np.array([s.key for s in said], np.int64),
            rank=np.array([s.rank for s in said], np.int64),
            stand=np.array([s.stand for s in said], np.int64),
            block=np.array([s.block for s in said], np.int64),
            value=np.array([s.value for s in said], np.float64),
            zeichen=np.array([s.zeichen for s in said], np.int8),
        )
    )


def links(said: list[Said]) -> dict[tuple[int, int], int]:
    """Return (fact, block) → block of the next version."""
    return dict(zip([(s.key, s.block) for s in said], compute(said).next.tolist(), strict=True))


def shown(s: Said) -> float | str:
    return f"sign {s.zeichen}" if s.zeichen else s.value


def plainly(said: list[Said]) -> dict[tuple[int, int], int]:
    """Say the same as `links` in the plainest words: walk each fact's statements by rank."""
    out = {}
    for key in {s.key for s in said}:
        last: Said | None = None
        for s in sorted((s for s in said if s.key == key), key=lambda s: s.rank):
            if last is not None and shown(last) == shown(s):
                out[key, s.block] = -1
                continue
            if last is not None:
                out[key, last.block] = s.block
            out[key, s.block] = 0
            last = s
    return out


@settings(max_examples=300)
@given(documents())
def test_says_what_a_plain_walk_says(docs: list[list[Said]]) -> None:
    said = [s for doc in docs for s in doc]
    assert links(said) == plainly(said)


@settings(max_examples=300)
@given(documents(), st.randoms(use_true_random=False))
def test_order_of_statements_does_not_matter(docs: list[list[Said]], random: object) -> None:
    said = [s for doc in docs for s in doc]
    mixed = said.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' own Random
    assert links(mixed) == links(said)


@settings(max_examples=300)
@given(documents(), st.data())
def test_any_order_and_grouping_of_documents_ends_alike(
    docs: list[list[Said]], data: st.DataObject
) -> None:
    """Load groups of documents one after the other, as the writer does.

    Only the facts that a group touches are computed anew.
    """
    stored: dict[tuple[int, int], int] = {}
    there: list[Said] = []
    waiting = data.draw(st.permutations(docs))
    while waiting:
        size = data.draw(st.integers(1, len(waiting)))
        group, waiting = [s for doc in waiting[:size] for s in doc], waiting[size:]
        touched = {s.key for s in group}
        stored |= links(group + [s for s in there if s.key in touched])
        there += group
    assert stored == links([s for doc in docs for s in doc])


@settings(max_examples=200)
@given(documents())
def test_no_conflict_where_none_is(docs: list[list[Said]]) -> None:
    assert not (compute([s for doc in docs for s in doc]).conflict >= 0).any()


@settings(max_examples=200)
@given(documents(), st.data())
def test_a_contradiction_within_a_datenstand_is_always_found(
    docs: list[list[Said]], data: st.DataObject
) -> None:
    said = [s for doc in docs for s in doc]
    victim = data.draw(st.sampled_from(said))
    rank = data.draw(st.sampled_from([victim.rank - 0.5, victim.rank + 0.5]))
    liar = Said(victim.key, 0, victim.stand, 99, 7.0, 0)
    order = sorted([*said, liar], key=lambda s: (s.stand, rank if s is liar else s.rank))
    ranked = [Said(s.key, n, s.stand, s.block, s.value, s.zeichen) for n, s in enumerate(order)]
    found = compute(ranked)
    pairs = [(ranked[i], ranked[j]) for i, j in enumerate(found.conflict.tolist()) if j >= 0]
    assert pairs
    assert all(
        99 in (a.block, b.block) and a.key == b.key == victim.key and a.stand == b.stand
        for a, b in pairs
    )


def test_differs_means_neither_neighbour_says_the_same() -> None:
    said = [
        Said(0, rank, rank, rank + 1, value, 0)
        for rank, value in enumerate([5.0, 5.0, 7.0, 8.0, 8.0])
    ] + [Said(1, 9, 9, 9, 5.0, 0)]
    assert compute(said).differs.tolist() == [False, False, True, False, False, True]


def test_a_sign_is_no_number_and_signs_differ() -> None:
    said = [
        Said(0, 0, 0, 1, math.nan, 1),
        Said(0, 1, 1, 2, math.nan, 2),
        Said(0, 2, 2, 3, 0.0, 0),
        Said(0, 3, 3, 4, math.nan, 1),
    ]
    assert compute(said).next.tolist() == [2, 3, 4, 0]


def test_rounding_of_a_workbook_saved_anew_is_no_revision() -> None:
    exact = 64447.261904037
    near, far = exact * (1 + 1e-14), exact * (1 + 1e-13)
    assert compute([Said(0, 0, 0, 1, exact, 0), Said(0, 1, 1, 2, near, 0)]).next.tolist() == [0, -1]
    assert compute([Said(0, 0, 0, 1, exact, 0), Said(0, 1, 1, 2, far, 0)]).next.tolist() == [2, 0]
    assert compute([Said(0, 0, 0, 1, 0.0, 0), Said(0, 1, 1, 2, 1e-300, 0)]).next.tolist() == [2, 0]


def test_nothing_said_is_no_error() -> None:
    assert compute([]).next.tolist() == []
