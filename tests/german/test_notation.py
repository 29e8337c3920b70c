from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.german import notation

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBER = re.compile(r"−?\d{1,3}(\.\d{3})*(,\d+)?", re.ASCII)


def back(text: str) -> Fraction:
    """Read a printed figure with nothing but text replacement."""
    return Fraction(
        text.replace(".", "").replace(",", ".").replace("−", "-").replace("+", "").replace("±", "")
    )


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (7273, 0, "7.273"),
        (3.2, 1, "3,2"),
        (0.05, 1, "0,1"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0,0"),
        (1.005, 2, "1,01"),
        (1234567.5, 0, "1.234.568"),
        (0.0, 0, "0"),
        (-0.0, 0, "0"),
        (999.95, 1, "1.000,0"),
    ],
)
def test_number(value: float, decimals: int, text: str) -> None:
    assert notation.number(notation.decimal(value), decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1260, "+1.260"), (-73, "−73"), (0, "±0"), (0.4, "±0"), (-0.4, "±0"), (0.5, "+1")],
)
def test_signed(value: float, text: str) -> None:
    assert notation.signed(notation.decimal(value)) == text


def test_units() -> None:
    assert notation.quantity(Decimal("3.2"), "Prozent") == "3,2 %"
    assert notation.quantity(Decimal(24736), "Personen") == "24.736"
    assert notation.change(Decimal("0.1"), "Prozent") == "+0,1 Prozentpunkte"
    assert notation.change(Decimal("-0.1"), "Prozent") == "−0,1 Prozentpunkte"
    assert notation.change(Decimal(0), "Prozent") == "±0 Prozentpunkte"
    assert notation.change(Decimal(-73), "Personen") == "−73"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_no_figure(value: float) -> None:
    with pytest.raises(ValueError, match="no figure"):
        notation.decimal(value)


@given(FLOATS, st.integers(0, 6))
def test_number_is_grouped_and_at_most_half_a_digit_off(value: float, decimals: int) -> None:
    exact = notation.decimal(value)
    text = notation.number(exact, decimals)
    assert NUMBER.fullmatch(text)
    assert abs(back(text) - Fraction(exact)) <= Fraction(1, 2 * 10**decimals)
    assert (decimals == 0) == ("," not in text)


@given(st.integers(-(10**15), 10**15), st.integers(0, 4))
def test_half_is_rounded_away_from_zero(whole: int, decimals: int) -> None:
    half = (Decimal(whole) + (Decimal("0.5") if whole >= 0 else Decimal("-0.5"))).scaleb(-decimals)
    away = whole + (1 if whole >= 0 else -1)
    assert back(notation.number(half, decimals)) == Fraction(away, 10**decimals)


@given(FLOATS, FLOATS)
def test_difference_is_exact(now: float, before: float) -> None:
    a, b = notation.decimal(now), notation.decimal(before)
    assert Fraction(notation.difference(a, b)) == Fraction(a) - Fraction(b)


@given(FLOATS)
def test_signs_mirror(value: float) -> None:
    up, down = notation.signed(notation.decimal(value)), notation.signed(notation.decimal(-value))
    assert down == up.translate(str.maketrans("+−", "−+"))
    assert up[0] in "+−±"
