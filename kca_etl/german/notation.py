"""German notation of figures: 7.273 · 3,2 % · −73 · ±0, rounded half up from the unrounded value.

Output only; reading numbers is another grammar.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "−"  # the true minus sign
MISSING = "–"  # en dash: no figure
_EXACT = Context(prec=800, rounding=ROUND_HALF_UP)  # holds the sum of any two doubles without loss
_SHARE = Context(prec=60, rounding=ROUND_HALF_UP)
_UNITS = {"Prozent": (" %", " Prozentpunkte", 1)}
_SWAP = str.maketrans(",.", ".,")


def decimal(value: float) -> Decimal:
    """Return the shortest decimal that is this double: 3.2, not 3.20000000000000017763.

    Raises ValueError for NaN and inf.
    """
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        raise ValueError(f"{value!r} is no figure")
    return exact


def difference(now: Decimal, before: Decimal) -> Decimal:
    """Subtract without rounding."""
    return _EXACT.subtract(now, before)


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Return a part in per cent of a whole that is not zero, to many more digits than printed."""
    return _SHARE.divide(part * 100, whole)


def places(unit: str) -> int:
    """How many decimals a unit is printed with."""
    return _UNITS[unit][2] if unit in _UNITS else 0


def rounded(value: Decimal, decimals: int = 0) -> Decimal:
    """Round half up (kaufmännisch, away from zero)."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)


def number(value: Decimal, decimals: int = 0) -> str:
    """Print a figure: `7.273`, `3,2`, `−0,5`."""
    short = rounded(value, decimals)
    text = f"{short.copy_abs():,f}".translate(_SWAP)
    return MINUS + text if short < 0 else text


def signed(value: Decimal, decimals: int = 0) -> str:
    """Print a difference with its sign: `+1.260`, `−73`, `±0`."""
    text = number(value, decimals)
    if rounded(value, decimals) == 0:
        return "±0"
    return text if text.startswith(MINUS) else f"+{text}"


def quantity(value: Decimal, unit: str) -> str:
    """Print a figure in its unit: `3,2 %`; persons and counts without a word."""
    return number(value, places(unit)) + (_UNITS[unit][0] if unit in _UNITS else "")


def change(value: Decimal, unit: str) -> str:
    """Print a difference in its unit: `−73`; rates in Prozentpunkten, never in per cent."""
    return signed(value, places(unit)) + (_UNITS[unit][1] if unit in _UNITS else "")
