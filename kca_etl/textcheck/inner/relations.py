"""What numbers of one text say about each other: a calculation that comes out, or does not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kca_etl.german.notation import number, rounded
from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.directions import Direction

Claim = Amount | Direction


@dataclass(frozen=True, slots=True)
class Relation:
    """A calculation with figures of the text, in German: `7.346 − 73 = 7.273`.

    `claims` are the figures and words of direction that it proves or doubts; the first is the one
    to blame if all others are proven otherwise.
    """

    holds: bool
    calculation: str
    claims: tuple[Claim, ...]


def printed(a: Amount) -> str:
    """Return a figure as the calculation names it."""
    return number(a.value, a.places) + (" %" if a.unit == "prozent" else "")


def exact(a: Amount) -> bool:
    """Tell whether a figure can be calculated with: neither hedged nor misspelt."""
    return not a.hedge and not a.note


def is_share(a: Amount, part: Decimal, whole: Decimal) -> bool:
    """Tell whether a percentage, as printed, is this part of a whole."""
    return whole > 0 and agrees(a, part * 100 / whole)


def agrees(a: Amount, value: Decimal) -> bool:
    """Tell whether a figure is this value as far as it is printed, hedges included."""
    if not a.hedge:
        return a.value == rounded(value, a.places)
    step = max(a.step, Decimal("0.1"))
    if a.hedge == "ueber":
        return a.value <= value <= a.value + step
    if a.hedge in ("unter", "knapp"):
        return a.value - step <= value <= a.value
    return abs(value - a.value) <= step / 2
