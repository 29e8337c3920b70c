"""Whether what the text says agrees with what the warehouse says."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from kca_etl.german.notation import places, rounded
from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.book import Truth
from kca_etl.textcheck.directions import Direction

ROUGHLY = Decimal("0.1")  # `rund 1.000` for 932, not for 640
HALF_STEP = Decimal("0.01")  # `rund 7.250` for 7.273: to the next fifty only if that is near
STABLE_POINTS, STABLE_SHARE = (
    Decimal("0.1"),
    Decimal("0.01"),
)  # what `nahezu unverändert` leaves room for


def agrees(a: Amount, truth: Truth, *, share: bool = False) -> bool:
    """Tell whether a number as printed is this value.

    Of a difference or a `share` only the size is compared.
    """
    digits = a.places if share else max(a.places, places(truth.unit))
    sizes = {abs(truth.value), abs(truth.shown)}
    return not a.note and any(_size_agrees(a, size, digits) for size in sizes)


def _size_agrees(a: Amount, exact: Decimal, digits: int) -> bool:
    if not a.hedge:
        return a.value == rounded(exact, digits)
    steps = [a.step, a.step * 5] if a.value % (a.step * 10) == a.step * 5 else [a.step]
    return any(_hedged(a, exact, step, digits) for step in steps)


def _hedged(a: Amount, exact: Decimal, step: Decimal, digits: int) -> bool:
    if a.hedge == "ueber":
        return a.value < exact <= a.value + step
    if a.hedge == "unter":
        return a.value - step <= exact < a.value
    limit = HALF_STEP if step != a.step else ROUGHLY
    near = (
        abs(exact - a.value) <= limit * exact
        and (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == a.value
    )
    return (
        (near or a.value == rounded(exact, digits))
        if a.hedge == "rund"
        else near and exact < a.value
    )


def points(truth: Truth, sense: int | None) -> bool:
    """Tell whether a difference has the direction that is claimed with it; None claims none."""
    if sense is None:
        return True
    return (
        (truth.value > 0 or truth.shown > 0)
        if sense > 0
        else (truth.value < 0 or truth.shown < 0)
        if sense < 0
        else still(truth)
    )


def still(truth: Truth) -> bool:
    """Tell whether nothing changed as far as it is printed."""
    return truth.shown == 0 or rounded(truth.value, places(truth.unit)) == 0


def holds(direction: Direction, truth: Truth, level: Decimal) -> bool:
    """Tell whether a word of direction is right; `level` is the figure that it is about."""
    if direction.sense is None:
        claim = not still(truth)
    elif direction.sense == 0 and direction.room > (places(truth.unit) > 0):
        room = STABLE_POINTS if places(truth.unit) else STABLE_SHARE * level
        claim = abs(truth.value) <= room or abs(truth.shown) <= room
    else:
        claim = points(truth, direction.sense)
    return claim is not direction.denied
