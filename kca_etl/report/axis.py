"""Round numbers for a chart's vertical axis, in whole steps of 1, 2 or 5."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
LINES = 4  # at most so many steps on a chart


@dataclass(frozen=True, slots=True)
class Axis:
    """Lowest and highest line and the distance between lines."""

    low: Decimal
    high: Decimal
    step: Decimal

    @property
    def ticks(self) -> list[Decimal]:
        """The lines from the lowest to the highest."""
        return [
            self.low + self.step * n for n in range(int((self.high - self.low) / self.step) + 1)
        ]


def axis(values: list[Decimal], smallest: Decimal, lines: int = LINES) -> Axis:
    """Return the narrowest axis of at most `lines` steps around the values.

    A step is never below `smallest`, what the unit can show.
    """
    low, high = min(values), max(values)
    step = smallest
    while _lines(low, high, step) > lines:
        step = _next(step)
    bottom, top = _down(low, step), _up(high, step)
    return Axis(bottom, top if top > bottom else bottom + step, step)


def _lines(low: Decimal, high: Decimal, step: Decimal) -> Decimal:
    return (_up(high, step) - _down(low, step)) / step


def _next(step: Decimal) -> Decimal:
    power = Decimal(1).scaleb(step.adjusted())
    return power * next(s for s in STEPS if s * power > step)


def _down(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR) * step


def _up(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step
