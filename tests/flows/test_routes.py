"""The flow `monthly` is one more route: the same documents come to the same warehouse."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runs.routes import ALL_ROUTES, Place, carried, cases

# Every pair of routes with the flow in it, first or second.
PAIRS = [*(("flow", other) for other in ALL_ROUTES), *((other, "flow") for other in ALL_ROUTES)]


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize(
    ("first", "second", "situation", "place"), cases(sorted(set(PAIRS))), indirect=["place"]
)
def test_every_pair_with_the_flow_comes_to_the_same(
    place: Place,
    by_command_alone: dict[str, dict[str, Any]],
    situation: str,
    first: str,
    second: str,
) -> None:
    assert carried(place, situation, first, second) == by_command_alone[situation]
