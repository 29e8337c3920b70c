"""No `*` can be computed: an attacker who solves all sums together finds nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.model.observations import Region, Series
from kca_etl.open_data import relations, secrecy
from kca_etl.open_data.relations import Relation
from kca_etl.open_data.systems import follows
from kca_etl.sources import registry

LAND, KREISE = (
    Region("ags", "06", "Hessen"),
    [Region("ags", f"0643{n}", f"Kreis {n}") for n in range(1, 5)],
)
SEXES = [Series("kopf"), Series("kopf", "geschlecht=maenner"), Series("kopf", "geschlecht=frauen")]
STAR = 1


def table(parts: list[list[int]], hidden: set[tuple[int, int]]) -> tuple[Any, Any]:
    """Men and women of some Kreise, with all their totals, as lines series × region.

    Total first.
    """
    inner = np.array(parts, float)  # sexes × Kreise
    value = np.vstack([inner.sum(axis=0), inner])
    value = np.column_stack([value.sum(axis=1), value])
    sign = np.zeros(value.shape, int)
    for place in hidden:
        sign[place] = STAR
    return np.where(sign, np.nan, value), sign


def withheld(value: Any, sign: Any, related: list[Relation]) -> set[tuple[int, int]]:
    shape = value.shape
    series, region = (axis.ravel() for axis in np.indices(shape))
    cells = secrecy.cube(np.zeros(value.size, int), series, region, value.ravel(), sign.ravel())
    found = secrecy.withhold(cells, related, np.ones(shape[0], bool))
    return {(line // shape[1], line % shape[1]) for line in found}


def attacked(value: Any, unknown: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Solve all rows and columns together; return what was found out.

    Cells on which all solutions agree.
    """
    order = sorted(unknown)
    sums = [[(s, r) for r in range(value.shape[1])] for s in range(value.shape[0])]
    sums += [[(s, r) for s in range(value.shape[0])] for r in range(value.shape[1])]
    matrix = np.array(
        [[(1 if cell == one[0] else -1) if cell in one else 0 for cell in order] for one in sums],
        float,
    ).reshape(len(sums), -1)
    _, size, base = np.linalg.svd(matrix)
    free = base[int((size > 1e-9).sum()) :]
    return {
        cell for n, cell in enumerate(order) if not len(free) or np.abs(free[:, n]).max() < 1e-9
    }


RELATED = [*relations.of_regions([LAND, *KREISE]), *relations.of_series(SEXES, ())]


@given(st.data())
def test_nothing_follows_by_subtraction(data: st.DataObject) -> None:
    parts = data.draw(
        st.lists(st.lists(st.integers(0, 50), min_size=4, max_size=4), min_size=2, max_size=2)
    )
    places = st.tuples(st.integers(0, 2), st.integers(0, 4))
    hidden = data.draw(st.sets(places, max_size=6))
    value, sign = table(parts, hidden)
    more = withheld(value, sign, RELATED)
    assert not more & hidden
    assert attacked(value, hidden | more) == set()
    if attacked(value, hidden) == set():
        assert more == set()  # what is safe already is left alone


def test_the_smallest_part_is_withheld_and_the_total_only_where_nothing_else_is_left() -> None:
    value, sign = table([[3, 20, 7, 0], [5, 9, 30, 40]], {(1, 1)})
    more = withheld(value, sign, RELATED)
    assert more == {
        (1, 3),
        (2, 1),
        (2, 3),
    }  # men of Kreis 3 (7 < 20), then the women of both, so that the columns hold
    lonely, alone = np.array([[3.0, np.nan]]), np.array([[0, STAR]])
    assert withheld(lonely, alone, [Relation("regions", 0, (1,))]) == {(0, 0)}


def test_what_does_not_add_up_needs_no_protection() -> None:
    """ "Darunter" figures, overlapping ages, regions of which some are not there."""
    value = np.array([[100.0, 60.0, 50.0], [10.0, 4.0, 2.0]])
    sign = np.array([[0, 0, 0], [0, STAR, 0]])
    value[1, 1] = np.nan
    assert withheld(value, sign, [Relation("regions", 0, (1, 2))]) == set()
    bound = np.array([[10.0, np.nan, 12.0]])  # a visible part above the total
    assert withheld(bound, np.array([[0, STAR, 0]]), [Relation("regions", 0, (1, 2))]) == set()


@pytest.mark.parametrize("unknown", [2, 4, 5])
def test_an_unknown_cell_hides_as_well(unknown: int) -> None:
    value = np.array([[10.0, np.nan, np.nan, 3.0]])
    assert (
        withheld(value, np.array([[0, STAR, unknown, 0]]), [Relation("regions", 0, (1, 2, 3))])
        == set()
    )
    assert withheld(value, np.array([[0, STAR, 3, 0]]), [Relation("regions", 0, (1, 2, 3))]) == {
        (0, 3)
    }  # "-" is nothing, and known


def test_a_rate_gives_its_count_away() -> None:
    value, sign = np.array([[0.5], [np.nan], [400.0]]), np.array([[0], [STAR], [0]])
    assert withheld(value, sign, [Relation("ratio", 0, (1, 2))]) == {(0, 0)}
    value, sign = np.array([[np.nan], [2.0], [400.0]]), np.array([[STAR], [0], [0]])
    assert withheld(value, sign, [Relation("ratio", 0, (1, 2))]) == {(1, 0)}
    twin, sign = np.array([[np.nan], [2.0]]), np.array([[STAR], [0]])
    assert withheld(twin, sign, [Relation("series", 0, (1,))]) == {(1, 0)}


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([(1, 2), (2, 3), (1, 3)], {1, 2, 3}),
        ([(1, 2), (2, 3), (3, 4), (1, 4)], set()),
        ([(1, 2), (2, 3), (1, 3), (3, 4), (5, 6)], {1, 2, 3, 4}),
    ],
    ids=["odd circle", "even circle", "and what hangs on it"],
)
def test_what_follows_from_several_sums_together(
    pairs: list[tuple[int, int]], found: set[int]
) -> None:
    members = np.array([(0, *pair) for pair in pairs])
    assert set(follows([(members, members > 0)]).tolist()) == found


def test_relations_of_regions() -> None:
    codes = [
        ("ags", "D", ""),
        ("ags", "DW", "ags:D"),
        ("ags", "DO", "ags:D"),
        ("ags", "06", "ags:D"),
        ("ags", "07", "ags:D"),
    ]
    codes += [
        ("ags", "06435", ""),
        ("ags", "06436", ""),
        ("traeger", "43102", "ags:06"),
        ("traeger", "43104", "ags:06"),
    ]
    found = relations.of_regions(
        [Region(system, code, code, parent) for system, code, parent in codes]
    )
    sums = {(codes[r.total][1], tuple(codes[p][1] for p in r.parts)) for r in found}
    assert sums >= {
        ("D", ("DW", "DO")),
        ("D", ("06", "07")),
        ("06", ("06435", "06436")),
        ("06", ("43102", "43104")),
    }
    assert (
        "06",
        ("06435", "06436", "43102", "43104"),
    ) not in sums  # the Kreise and the Träger are two views of one Land
    assert relations.of_regions([LAND, KREISE[0]]) == []  # one Kreis is not its Land


def test_relations_of_series() -> None:
    series = [
        Series("kopf"),
        *(
            Series("kopf", g)
            for g in ("alter=u25", "alter=u25,geschlecht=maenner", "alter=u25,geschlecht=frauen")
        ),
    ]
    assert Relation("series", 1, (2, 3)) in relations.of_series(series, ())
    spec = registry.load("ba_sanktionen")
    known = [
        Series("elb_sanktionsquote"),
        Series("elb_mit_sanktion"),
        Series("elb"),
        Series("kuerzung_elb_mit_sanktion"),
    ]
    assert relations.of_series(known, spec.checks) == [
        Relation("series", 3, (1,)),
        Relation("ratio", 0, (1, 2)),
    ]
