"""Days on which a region's territory changed: no comparison is drawn across them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from schemas import regions

if TYPE_CHECKING:
    from kca_etl.warehouse.views.frames import Versions

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


def crossed(found: Versions) -> list[str]:
    """Return a note for each break with some region's figures on both sides."""
    known = found.where(~np.isnan(found.ids["value"]))
    (months, month), (systems, region) = (
        known.column("berichtsmonat"),
        known.column("region_system"),
    )
    codes, names = known.column("region_code")[0], known.column("region_name")[0]
    met: dict[Break, list[str]] = {}
    for one in sorted(set(region.tolist()), key=lambda n: (systems[n], codes[n])):
        key, of = f"{systems[one]}:{codes[one]}", month[region == one]
        first, last = (date.fromisoformat(months[n]) for n in (of.min(), of.max()))
        for change in breaks_between(key, first, last):
            met.setdefault(change, []).append(f"{names[one]} ({key})")
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
