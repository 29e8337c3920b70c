"""Last month's sheet under a new month's title.

Figures that all stand under another month already.
"""

from __future__ import annotations

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.over_time.history import Timelines, cells

FEWEST = 4  # figures other than 0; three may agree by chance (a rate and two small counts)


def check(timelines: Timelines, month: int) -> list[Finding]:
    """Return SAME_CONTENT if the figures of the document's own month equal those of another month, all of them.

    The other month is the warehouse's or the document's own. Where the document states that month too, with other figures,
    the two columns have changed places: SWAPPED.
    """
    if month not in timelines.months:
        return []
    place = month - int(timelines.months[0])
    mine = np.flatnonzero(np.isfinite(timelines.own[:, place]))
    if np.count_nonzero(timelines.own[mine, place]) < FEWEST:
        return []
    for known in (timelines.past, timelines.own):
        equal = (known[mine] == timelines.own[mine, place][:, None]).all(axis=0)
        equal[place] = False
        if equal.any():
            return [_finding(timelines, mine, place, int(np.flatnonzero(equal)[-1]))]
    return []


def _finding(
    timelines: Timelines, mine: np.ndarray[tuple[int], np.dtype[np.int64]], place: int, other: int
) -> Finding:
    facts = np.sort(timelines.fact[mine, place])
    sheet, cell = timelines.cell(int(facts[0]))
    here, there = timelines.month(place), timelines.month(other)
    found = f"the {len(facts)} figures of {there} ({cells(timelines, facts)})"
    stated = timelines.own[mine, other]
    if np.isfinite(stated).all() and (stated != timelines.own[mine, place]).any():
        what = f"the columns of {here} and {there} have changed places: the figures of {here} are those known of {there}"
        return Finding(Code.SWAPPED, what, sheet, cell, found, f"the figures of {here}")
    return Finding(
        Code.SAME_CONTENT,
        f"all figures of {here} are those of {there}",
        sheet,
        cell,
        found,
        f"figures of {here}",
    )
