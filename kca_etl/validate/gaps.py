"""What a table leaves out: a month of a row of months, a region of a month, a Kreis of them all.

A publisher may leave something out, so these rules only warn.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from schemas import regions as register

FEWEST_MONTHS = 3
MOST_MISSING = 0.2  # a table of which more is missing has other months, not gaps
NEARLY_ALL = 0.8  # of the regions stand in a month that leaves one out
FEWEST_KREISE = 300  # a table of so many is meant to hold them all
MOST_KREISE = 10  # more that are missing are of another Gebietsstand
CITY_STATES = {"02": "02000", "11": "11000"}  # publishers write them with their Land's code


def check(o: Observations) -> list[Finding]:
    """Return MISSING_FIGURES for each month, region or Kreis that a table leaves out."""
    found: list[Finding] = []
    for block in range(len(o.blocks)):
        facts = np.flatnonzero(o.block == block)
        if not len(facts):
            continue
        months = np.unique(o.month[facts])
        if len(months) >= FEWEST_MONTHS:
            found += _months(o, facts, months)
            found += _regions(o, facts, months)
        found += _kreise(o, facts)
    return found


def _months(
    o: Observations, facts: NDArray[np.int64], months: NDArray[np.int32]
) -> Iterator[Finding]:
    """Name months that are missing in an even row of months."""
    step = int(np.diff(months).min())
    wanted = np.arange(months[0], months[-1] + 1, step)
    missing = np.setdiff1d(wanted, months)
    if not np.isin(months, wanted).all() or len(missing) > MOST_MISSING * len(wanted):
        return
    for month in missing.tolist():
        after = facts[o.month[facts] > month][0]
        what = f"a row of months leaves out {Month(month)}"
        yield _finding(o, int(after), what, str(Month(month)))


def _regions(
    o: Observations, facts: NDArray[np.int64], months: NDArray[np.int32]
) -> Iterator[Finding]:
    """Name regions that are missing in a month between others, while nearly all stand there."""
    regions = np.unique(o.region[facts])
    there = np.zeros((len(regions), len(months)), bool)
    place = np.searchsorted(regions, o.region[facts])
    there[place, np.searchsorted(months, o.month[facts])] = True
    full = there.mean(axis=0) >= NEARLY_ALL
    usual = there.mean(axis=1) >= NEARLY_ALL
    for region, month in np.argwhere(~there & full & usual[:, None]).tolist():
        name = o.regions[int(regions[region])].name
        others = facts[o.region[facts] == regions[region]]
        what = f"{name} is missing in {Month(int(months[month]))}"
        yield _finding(o, int(others[0]), what, "a figure, as in the other months")


def _kreise(o: Observations, facts: NDArray[np.int64]) -> Iterator[Finding]:
    """Name Kreise of the register that a table of all Kreise leaves out."""
    codes = {o.regions[r].code for r in np.unique(o.region[facts]).tolist() if _is_ags(o, r)}
    if sum(len(code) == 5 for code in codes) < FEWEST_KREISE:  # noqa: PLR2004 - a Kreis' digits
        return
    day = Month(int(o.month[facts].max())).first_day
    known = codes | {CITY_STATES[code] for code in codes & CITY_STATES.keys()}
    missing = [ags for ags in register.kreise() if ags not in known and register.existed(ags, day)]
    for ags in missing if len(missing) <= MOST_KREISE else []:
        what = f"{ags} {register.kreise()[ags][-1].name} is missing in a table of all Kreise"
        yield _finding(o, int(facts[0]), what, "all Kreise of the register")


def _is_ags(o: Observations, region: int) -> bool:
    return o.regions[region].system == "ags"


def _finding(o: Observations, n: int, what: str, expected: str) -> Finding:
    return Finding(Code.MISSING_FIGURES, what, o.sheet_of(n), o.cell_of(n), "", expected)
