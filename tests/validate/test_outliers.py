"""Figures beside their neighbours, gaps, and rows out of order: slips warn, movements do not."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kca_etl.model.observations import Block, Observations, Region, Series
from kca_etl.validate import cube, gaps, outliers, row_order

MONTHS, REGIONS = 12, 40
FIRST = 2019 * 12
Values = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def values(seed: int = 1) -> Values:
    """Return [month, region]: figures that move together and a little apart."""
    chance = np.random.default_rng(seed)
    level = np.exp(chance.uniform(6, 9, REGIONS))
    common = np.exp(np.cumsum(chance.normal(0, 0.05, MONTHS)))[:, None]
    found: Values = level * common * np.exp(chance.normal(0, 0.01, (MONTHS, REGIONS)))
    return found.round()


def observed(of: Values, codes: list[str] | None = None) -> Observations:
    """Return a table of months across and regions down."""
    months, regions = of.shape
    codes = codes or [f"{10000 + 10 * i:05}" for i in range(regions)]
    month, region = (a.ravel().astype(np.int32) for a in np.indices(of.shape))
    keep = ~np.isnan(of.ravel())
    zero = np.zeros(months * regions, np.int32)[keep]
    return Observations(
        [Block("t", "Blatt", date(2020, 1, 31))],
        [Series("arbeitslose")],
        [Region("traeger", code, f"JC {code}") for code in codes],
        (month + FIRST)[keep].astype(np.int32),
        zero,
        region[keep],
        zero,
        of.ravel()[keep],
        zero.astype(np.int8),
        region[keep] + 5,
        month[keep] + 2,
    )


def odd(of: Values) -> list[str]:
    return [f.cell for f in outliers.check(cube.build(observed(of)))]


def test_what_moves_together_is_not_odd() -> None:
    of = values()
    of[5:] *= 3
    assert odd(of) == []


@pytest.mark.parametrize("factor", [10, 0.1, 1000, 1.6, 0])
def test_a_figure_apart_from_the_months_beside_it_is_odd(factor: float) -> None:
    of = values()
    of[4, 7] = np.rint(of[4, 7] * factor)
    assert odd(of)[:1] == ["G13"]


@pytest.mark.parametrize("month", [0, MONTHS - 1])
def test_the_first_and_the_last_month_have_one_neighbour(month: int) -> None:
    of = values()
    of[month, 7] *= 10
    assert odd(of) == [f"{chr(ord('C') + month)}13"]


def test_a_column_in_another_unit_is_odd() -> None:
    of = values()
    of[4] *= 1000
    assert odd(of) == ["G6"]


def test_one_figure_of_a_single_series_is_odd() -> None:
    of = values()[:, :1]
    of[6] *= 10
    assert odd(of) == ["I6"]


def test_a_single_series_that_rises_is_not_odd() -> None:
    assert odd(np.rint(7000 * np.exp(np.arange(MONTHS) * 0.3))[:, None]) == []


def test_a_column_of_zeros_beside_figures_is_odd() -> None:
    of = values()[:3]
    of[1] = 0
    assert odd(of)[0] == "D6"
    assert odd(np.zeros((3, REGIONS))) == []


def test_a_lost_month_and_a_lost_region_are_named() -> None:
    of = values()
    assert gaps.check(observed(of)) == []
    without = of.copy()
    without[4] = np.nan
    assert ["2019-05" in f.what for f in gaps.check(observed(without))] == [True]
    without = of.copy()
    without[4, 7] = np.nan
    assert ["JC 10070" in f.what for f in gaps.check(observed(without))] == [True]


def test_every_third_month_is_no_gap() -> None:
    of = values()
    of[np.arange(MONTHS) % 3 != 0] = np.nan
    assert gaps.check(observed(of)) == []


def test_two_labels_that_changed_places_are_named() -> None:
    codes = [f"{10000 + 10 * i:05}" for i in range(REGIONS)]
    assert row_order.check(observed(values()[:2], codes)) == []
    codes[3], codes[20] = codes[20], codes[3]
    found = row_order.check(observed(values()[:1], codes))
    assert {f.what.split(":")[1].split()[0] for f in found} == {"10030", "10200"}


def test_a_publisher_may_have_an_order_of_its_own() -> None:
    codes = [f"{10000 + 7 * (i * 17 % REGIONS):05}" for i in range(REGIONS)]
    assert row_order.check(observed(values()[:1], codes)) == []
