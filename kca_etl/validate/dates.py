"""Can a document's month and datenstand be? Neither lies after the day on which it was received."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.sources import calendar, registry
from kca_etl.sources.spec import Source
from kca_etl.sources.unfinished import is_draft

FIRST_MONTH = Month.of(1950, 1)
FIRST_SGB2_MONTH = Month.of(2005, 1)  # § 1 SGB II in force: 1 January 2005
YEARLY = {"jahressumme", "jahreswert"}
PRELIMINARY = {"vorlaeufig", "hochgerechnet"}


def check_dates(
    o: Observations | None,
    month: Month | None,
    datenstand: date | None,
    source: Source | None,
    received: date,
) -> list[Finding]:
    """Return UNLIKELY_DATE and CONTRADICTION for months and days that cannot be.

    `month`, `datenstand`: the document's · `received`: the day on which it was received.
    """
    if o is None or source is None or month is None or not len(o):
        return []
    kennzahlen = registry.kennzahlen(source)
    return [
        *_month(o, kennzahlen, received),
        *_stated(o, month, source, kennzahlen),
        *_datenstand(o, month, datenstand, source, received),
    ]


def _regular(o: Observations, kennzahlen: dict[str, dict[str, Any]]) -> np.ndarray[Any, Any]:
    """Tell which figures are of their month: a year's stand under its December."""
    kinds = [kennzahlen.get(s.kennzahl, {}).get("kind", "") for s in o.series_list]
    return np.array([kind not in YEARLY for kind in kinds], np.bool_)[o.series]


def _month(o: Observations, kennzahlen: dict[str, dict[str, Any]], received: date) -> list[Finding]:
    regular = np.flatnonzero(_regular(o, kennzahlen) & np.isfinite(o.value))
    if not regular.size:
        return []
    last = int(regular[np.argmax(o.month[regular])])
    first = int(regular[np.argmin(o.month[regular])])
    if o.month[last] > Month.of_day(received):
        what = "a figure's month lies after the document was received"
        return [_unlikely(o, last, what, f"at most {Month.of_day(received)}")]
    earliest = FIRST_SGB2_MONTH if _is_sgb2(o, first) else FIRST_MONTH
    if o.month[first] < earliest:
        what = "a figure's month lies before there were such figures"
        return [_unlikely(o, first, what, f"{earliest} or later")]
    return []


def _is_sgb2(o: Observations, n: int) -> bool:
    series = o.series_list[int(o.series[n])]
    return series.kennzahl.endswith("_sgb2") or "rechtskreis=sgb2" in series.gliederung


def _unlikely(o: Observations, n: int, what: str, expected: str) -> Finding:
    found = str(o.month_of(n))
    return Finding(Code.UNLIKELY_DATE, what, o.sheet_of(n), o.cell_of(n), found, expected)


def _stated(
    o: Observations, month: Month, source: Source, kennzahlen: dict[str, dict[str, Any]]
) -> list[Finding]:
    """The month that the document states is the latest of its figures."""
    regular = np.flatnonzero(_regular(o, kennzahlen) & np.isfinite(o.value))
    if not source.berichtsmonat or not regular.size:
        return []
    last = int(regular[np.argmax(o.month[regular])])
    if o.month[last] == month:
        return []
    later = o.month[last] > month
    code = Code.CONTRADICTION if later else Code.EMPTY_MONTH
    what = (
        "a figure's month lies after the month that the document states"
        if later
        else "the document's own month holds no figure, older ones do"
    )
    return [
        Finding(code, what, o.sheet_of(last), o.cell_of(last), str(o.month_of(last)), str(month))
    ]


def _datenstand(
    o: Observations, month: Month, datenstand: date | None, source: Source, received: date
) -> list[Finding]:
    for block in o.blocks:
        if _is_later(block.datenstand, received):
            what = "a Datenstand lies after the day on which the document was received"
            found, expected = str(block.datenstand), f"at most {received}"
            return [Finding(Code.UNLIKELY_DATE, what, block.sheet, "", found, expected)]
    if datenstand is None or datenstand >= month.last_day:
        return []
    if datenstand >= month.first_day and (_is_early(source, month) or _is_preliminary(o)):
        return []
    what = "the Datenstand lies before the end of the document's month"
    return [Finding(Code.CONTRADICTION, what, found=str(datenstand), expected=str(month.last_day))]


def _is_later(datenstand: date, received: date) -> bool:
    """A month alone means its last day, which may be yet to come."""
    of_month = Month.of_day(datenstand).last_day == datenstand
    return datenstand > (Month.of_day(received).last_day if of_month else received)


def _is_early(source: Source, month: Month) -> bool:
    """Tell whether the calendar has a month published before it ends; of a draft nobody knows."""
    if is_draft(source):
        return True
    try:
        return calendar.due(source.source, month).date() <= month.last_day
    except KcaError:  # nothing of such a source is ever due
        return False


def _is_preliminary(o: Observations) -> bool:
    return any(block.status in PRELIMINARY for block in o.blocks)
