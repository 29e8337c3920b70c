"""Promise: the route does not matter.

The same documents give the same warehouse by whatever command, folder or flow they came.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.conftest import DATABASES
from tests.runs.routes import ROUTES, SITUATIONS, Place, carried, cases

EXPECTED = {
    "new": ["loaded"],
    "again": ["loaded"],
    "amended": ["loaded", "replaced"],
    "revised": ["loaded", "loaded"],
    "conflicting": ["loaded", "quarantined"],
    "panicking": ["loaded", "rejected"],
}
PAIRS = list(product(ROUTES, ROUTES))
CASES = ("first", "second", "situation", "place")


@pytest.mark.parametrize("place", DATABASES, indirect=True)
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("route", ROUTES)
def test_every_route_comes_to_the_same(
    place: Place, by_command_alone: dict[str, dict[str, object]], situation: str, route: str
) -> None:
    found = carried(place, situation, route, route)
    assert found == by_command_alone[situation]
    documents = found["documents"]
    assert isinstance(documents, list)
    assert sorted(row["state"] for row in documents) == EXPECTED[situation]


@pytest.mark.parametrize(CASES, cases(PAIRS, "sqlite"), indirect=["place"])
def test_every_pair_of_routes_comes_to_the_same(
    place: Place,
    by_command_alone: dict[str, dict[str, object]],
    situation: str,
    first: str,
    second: str,
) -> None:
    assert carried(place, situation, first, second) == by_command_alone[situation]
