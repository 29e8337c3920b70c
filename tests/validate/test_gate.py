"""The arrays' gate and the Pandera contracts agree on every document."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kca_etl.model.observations import Block, Observations, Region, Series
from kca_etl.validate import contracts

N = 6
VALUES = st.sampled_from([0.0, 1.0, 7.5, -1.0, 1e9, float("nan"), float("inf"), -float("inf")])
ROWS = st.tuples(
    st.sampled_from([2020 * 12, 1900 * 12, 1900 * 12 - 1, 2200 * 12, 2200 * 12 + 1]),
    VALUES,
    st.sampled_from([0, 1, 5, 6, -1]),
    st.sampled_from([0.0, -np.inf, 5.0]),
    st.sampled_from([100.0, np.inf]),
    st.booleans(),
)


def observations(months: list[int], values: list[float], signs: list[int]) -> Observations:
    nothing = np.zeros(len(months), np.int32)
    return Observations(
        [Block("t", "Blatt", date(2020, 12, 1))],
        [Series("arbeitslose_sgb2")],
        [Region("ags", "06435", "Kreis")],
        np.array(months, np.int32),
        *(nothing, nothing, nothing),
        np.array(values, np.float64),
        np.array(signs, np.int8),
        *(nothing, nothing),
    )


@settings(max_examples=60)
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_they_agree(rows: list[tuple[int, float, int, float, float, bool]]) -> None:
    months, values, signs, lower, upper, whole = map(list, zip(*rows, strict=True))
    o = observations(months, values, signs)
    bounds = np.array(lower), np.array(upper), np.array(whole, np.bool_)
    assert contracts.are_sound_rows(o, *bounds) == contracts.row_cases(o, *bounds).empty


@pytest.mark.parametrize(
    "gliederung", ["insgesamt", "alter=u25", "a=b,c=d", "", "alter", "a=b,", "a=b\n"]
)
@pytest.mark.parametrize("kennzahl", ["arbeitslose_sgb2", "nobody"])
def test_they_agree_on_series(kennzahl: str, gliederung: str) -> None:
    series = (Series(kennzahl, gliederung),)
    known = {"arbeitslose_sgb2": {"whole": True}}
    assert (
        contracts.are_sound_series(series, known)
        == contracts._series_cases(series, tuple(known)).empty
    )


@pytest.mark.parametrize(
    "key", ["ags:06435", "ags:D", "ags:1", "traeger:43102", "local:k:x", "x:1", ""]
)
def test_they_agree_on_regions(key: str) -> None:
    assert bool(contracts._REGION.match(key)) == contracts._region_cases((key,)).empty
