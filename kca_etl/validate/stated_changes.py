"""A sheet's own column of changes against its figures: what it says must come out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.model.stated_change import StatedChange
from kca_etl.validate.over_time.past import Past

RATE_STEP = 0.1  # changes of rates may have been computed before these were rounded
TENS = 10.0  # some publishers round all counts to tens
FEWEST_TENS = 6
NOISE = 1e-6
Key = tuple[int, int, int]  # series, region, month


def check(
    o: Observations, stated: Sequence[StatedChange], kennzahlen: dict[str, dict[str, Any]]
) -> tuple[list[Finding], list[StatedChange]]:
    """Return CHANGE_MISMATCH, and the changes whose figure before is not in the document."""
    if not stated:
        return [], []
    wanted = {_before(o, s) for s in stated}
    keys = zip(o.series.tolist(), o.region.tolist(), o.month.tolist(), strict=True)
    known = {k: n for n, k in enumerate(keys) if k in wanted}
    found, left = [], []
    for change in stated:
        n = known.get(_before(o, change))
        if n is None:
            left.append(change)
        elif text := _wrong(o, change, float(o.value[n]), kennzahlen):
            what = f"the stated change does not come out: {o.name_and_month_of(change.n)}"
            expected = f"{text} by {o.sheet_of(n)!r} {o.cell_of(n)}, {o.cell_of(change.n)}"
            where = (change.sheet, change.cell, change.text)
            found.append(Finding(Code.CHANGE_MISMATCH, what, *where, expected))
    return found, left


def check_past(
    o: Observations,
    stated: Sequence[StatedChange],
    past: Past,
    kennzahlen: dict[str, dict[str, Any]],
) -> list[Finding]:
    """Return CHANGE_UNLIKE_PAST where a change does not come out of the figure known before.

    Only a warning: that figure may have been revised since.
    """
    keys = zip(past.series.tolist(), past.region.tolist(), past.month.tolist(), strict=True)
    known = dict(zip(keys, past.value.tolist(), strict=True)) if stated else {}
    found = []
    for change in stated:
        value = known.get(_before(o, change))
        if value is not None and (text := _wrong(o, change, value, kennzahlen)):
            what = f"the stated change is not the one from {o.month_of(change.n) + change.shift}"
            what += f": {o.name_and_month_of(change.n)}"
            expected = f"{text} from {value:.10g}, as known of that month"
            where = (change.sheet, change.cell, change.text)
            found.append(Finding(Code.CHANGE_UNLIKE_PAST, what, *where, expected))
    return found


def _before(o: Observations, s: StatedChange) -> Key:
    return int(o.series[s.n]), int(o.region[s.n]), int(o.month[s.n]) + s.shift


def _wrong(
    o: Observations, s: StatedChange, before: float, kennzahlen: dict[str, dict[str, Any]]
) -> str:
    """Return what should stand there; '' where the change is right or nothing can be said."""
    now = float(o.value[s.n])
    if not np.isfinite([now, before]).all():
        return ""
    rate = kennzahlen[o.series_list[int(o.series[s.n])].kennzahl]["unit"] == "Prozent"
    grain = RATE_STEP if rate else _grain(o)
    absolute = now - before
    right = [(absolute, s.half + grain)] if s.unit != "percent" or rate else []
    if before and (s.unit != "absolute"):
        size = abs(before)
        error = 100 * (grain / 2) * (1 / size + abs(now) / size**2)
        right.append((100 * absolute / size, s.half + error))
    if not right or any(abs(s.number - v) <= near + NOISE for v, near in right):
        return ""
    return " or ".join(f"{v:+.4g}" for v, _ in right)


def _grain(o: Observations) -> float:
    """Return 10 where every whole number of the document is a multiple of ten, else 0."""
    whole = o.value[np.isfinite(o.value) & (o.value == np.rint(o.value)) & (o.value != 0)]
    tens = len(whole) >= FEWEST_TENS and bool((whole % TENS == 0).all())
    return TENS if tens else 0.0
