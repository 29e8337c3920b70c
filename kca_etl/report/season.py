"""What the step from one month to the next usually is at this time of the year.

A comparison with the month before misleads where the figure moves the same way every year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kca_etl.german.notation import difference, places, rounded, share
from kca_etl.model.month import earlier
from kca_etl.report.catalogue import catalogued
from kca_etl.report.facts import Figure
from kca_etl.warehouse.views.gebietsstand import breaks_between

MIN_YEARS = 5  # with five, one in sixteen figures points one way by chance
MAX_YEARS = 10


@dataclass(frozen=True, slots=True)
class Season:
    """The same step in earlier years: up or down in each of them.

    `mean` is the middle of the changes, in per cent of a count, in points of a rate; `figures`
    are those that it comes from, the latest year first, two for each year.
    """

    mean: Decimal
    figures: tuple[Figure, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the months that were reached, the latest first."""
        return tuple(f.month.year for f in self.figures[::2])


def season(
    kennzahl: str, month: date, of: Callable[[str, date], Figure], region: str
) -> Season | None:
    """Return what the step to this month was before; None where years are few or disagree.

    The years must follow one another up to the year before, so that no gap is passed over.
    """
    _, unit = catalogued(kennzahl)
    figures: list[Figure] = []
    steps: list[Decimal] = []
    for years in range(1, MAX_YEARS + 1):
        reached = earlier(month, 12 * years)
        now, then = of(kennzahl, reached), of(kennzahl, earlier(reached, 1))
        step = _step(now, then, unit, region)
        if step is None:
            break
        figures += [now, then]
        steps.append(step)
    same_way = len({step > 0 for step in steps}) == 1 and all(steps)
    if len(steps) < MIN_YEARS or not same_way:
        return None
    return Season(sum(steps, Decimal(0)) / len(steps), tuple(figures))


def _step(now: Figure, then: Figure, unit: str, region: str) -> Decimal | None:
    """Return a change as it is printed, None where the two months cannot be compared."""
    if now.value is None or not then.value or now.invented or then.invented:
        return None
    if breaks_between(region, then.month, now.month):
        return None
    changed = difference(now.value, then.value)
    return rounded(
        changed if unit == "Prozent" else share(changed, then.value), max(1, places(unit))
    )
