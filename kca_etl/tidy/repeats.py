"""The same figure in several tables of one document: it must agree, and its first place counts."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations


def settle(o: Observations) -> tuple[Observations, list[Finding]]:
    """Drop statements of a fact that another table with the same datenstand made before.

    Name those that differ.

    Publishers hide a cell in one table and show it in another: a warning. Different figures are
    a contradiction.
    """
    width = len(o.series_list)
    met = (
        np.bincount(
            o.block.astype(np.int64) * width + o.series, minlength=len(o.blocks) * width
        ).reshape(len(o.blocks), width)
        > 0
    )
    if met.sum(axis=0).max(initial=0) <= 1:
        return o, []  # no series stands in two tables
    days = np.unique([b.datenstand.toordinal() for b in o.blocks], return_inverse=True)[1]
    key = (o.month.astype(np.int64) * width + o.series) * len(o.regions) + o.region
    _, first, inverse = np.unique(
        key * len(o.blocks) + days[o.block], return_index=True, return_inverse=True
    )
    origin = first[inverse]
    again = (origin != np.arange(len(o))) & (o.block[origin] != o.block)
    if not again.any():
        return o, []
    at = np.flatnonzero(again)
    same = (o.value[at] == o.value[origin[at]]) | (
        np.isnan(o.value[at]) & np.isnan(o.value[origin[at]])
    )
    findings = [
        _differs(o, int(i), int(origin[i]))
        for i in at[~same | (o.zeichen[at] != o.zeichen[origin[at]])]
    ]
    return _only(o, ~again), findings


def _only(o: Observations, keep: Any) -> Observations:  # noqa: ANN401 - a bool array
    arrays = {
        f.name: getattr(o, f.name)[keep]
        for f in fields(o)
        if isinstance(getattr(o, f.name), np.ndarray)
    }
    return replace(o, **arrays)


def _differs(o: Observations, i: int, first: int) -> Finding:
    hidden = bool(np.isnan(o.value[i]) != np.isnan(o.value[first]))
    what = f"{o.name_of(i)} stands in two tables"
    what += (
        ", once with a figure and once with a sign; the first counts"
        if hidden
        else " with different figures"
    )
    expected = f"{_shown(o, first)} as in {o.sheet_of(first)!r} {o.cell_of(first)}"
    return Finding(
        Code.REPEAT_SIGN if hidden else Code.REPEAT_DIFFERS,
        what,
        o.sheet_of(i),
        o.cell_of(i),
        _shown(o, i),
        expected,
    )


def _shown(o: Observations, i: int) -> str:
    return "a sign" if np.isnan(o.value[i]) else f"{o.value[i]:.10g}"
