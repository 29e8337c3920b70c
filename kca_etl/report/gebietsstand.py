"""Days on which a region's territory changed: no comparison is drawn across them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NOT_COMPARABLE = "nicht vergleichbar, anderer Gebietsstand"


@dataclass(frozen=True, slots=True)
class Break:
    """From `since` on the region is another one; `reason` is printed."""

    since: date
    reason: str


BREAKS: dict[str, tuple[Break, ...]] = {
    "ags:06435": (Break(date(2026, 1, 1), "Die Stadt Hanau gehört seit dem 1. Januar 2026 nicht mehr zum Main-Kinzig-Kreis."),),
}


def breaks_between(region: str, then: date, now: date) -> tuple[Break, ...]:
    """Return the breaks after month `then`, up to month `now`; none if both have the same territory."""
    return tuple(b for b in BREAKS.get(region, ()) if then < b.since <= now)
