"""Plausibility over time only warns: a real jump is not an error (2020-05: +14 % unemployed in one month)."""

from __future__ import annotations

import numpy as np

from kca_etl.model import Finding, Observations, a1, month_date


def jumps(observations: Observations, limit: float) -> list[Finding]:
    """Warn where a figure moved by more than `limit` (a share, 0.10 = 10 %) against the month before in the same document."""
    if not limit:
        return []
    o = observations
    values = {(int(s), int(r), int(m)): n for n, (s, r, m) in enumerate(zip(o.series, o.region, o.month, strict=True))}
    out = []
    for (s, r, m), n in values.items():
        before = values.get((s, r, m - 1))
        if before is None or not (np.isfinite(o.value[n]) and o.value[before]):
            continue
        change = o.value[n] / o.value[before] - 1
        if abs(change) > limit:
            what = f"{o.series_list[s].kennzahl} moved by {change:+.1%} in {month_date(m):%Y-%m}"
            cell = a1(int(o.row[n]), int(o.col[n]))
            out.append(Finding("JUMP", what, o.blocks[o.block[n]].sheet, cell, f"{o.value[n]:g}", f"near {o.value[before]:g}"))
    return out
