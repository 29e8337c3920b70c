"""Days on which a region's territory changed: no comparison is drawn across them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from schemas import regions

if TYPE_CHECKING:
    import pandas as pd

NOT_COMPARABLE = "nicht vergleichbar, anderer Gebietsstand"
Break = regions.Change
NAMED = 3  # regions named in a note


def breaks_between(region: str, then: date, now: date) -> tuple[Break, ...]:
    """Return the breaks of `system:code` after month `then`, up to month `now`.

    None if both have the same territory.

    A month in which a reform took effect counts as after it.
    """
    system, _, code = region.partition(":")
    return tuple(
        change
        for change in regions.territory_changes(system, code)
        if then < change.since.replace(day=1) <= now
    )


def crossed(figures: pd.DataFrame) -> list[str]:
    """Return a note for each break with some region's figures on both sides.

    `frame` has columns of the view.
    """
    known = figures[figures["value"].notna()]
    regional = known.groupby(["region_system", "region_code"])
    spans = regional.agg(
        first=("berichtsmonat", "min"), last=("berichtsmonat", "max"), name=("region_name", "first")
    )
    met: dict[Break, list[str]] = {}
    for (system, code), first, last, name in spans.itertuples():
        for change in breaks_between(
            f"{system}:{code}", date.fromisoformat(first), date.fromisoformat(last)
        ):
            met.setdefault(change, []).append(f"{name} ({system}:{code})")
    return [
        note(change, regions)
        for change, regions in sorted(met.items(), key=lambda item: item[0].since)
    ]


def note(change: Break, affected: list[str]) -> str:
    """Say that figures before and after a break are of different territories.

    Unless their publisher has counted them anew.
    """
    more = f" and {len(affected) - NAMED} more" if len(affected) > NAMED else ""
    what = (
        f"another territory since {change.since}; figures from before are not comparable "
        "unless the publisher recalculated them"
    )
    return f"note: {', '.join(affected[:NAMED])}{more}: {what}. {change.reason}"
