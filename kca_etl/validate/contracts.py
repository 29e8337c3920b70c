"""The Pandera gate: every contract violation of a document at once, each with its cell."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations, Series
from schemas.observations import failures, regions_schema, rows_schema, series_schema

WHAT = {
    "value_xor_zeichen": (
        Code.NO_VALUE,
        "a fact has neither a value nor a sign, or both",
        "one of the two",
    ),
    "within_bounds": (Code.OUT_OF_BOUNDS, "a value lies outside what its kennzahl can be", ""),
    "whole_number": (Code.NOT_WHOLE, "a count is not a whole number", "a whole number"),
}


def check(observations: Observations, kennzahlen: dict[str, dict[str, Any]]) -> list[Finding]:
    """Hold a document's observations against the contracts in `schemas`.

    Findings carry sheet and cell.
    """
    o = observations
    series = _series_cases(tuple(o.series_list), tuple(sorted(kennzahlen)))
    findings = _dictionary(
        series, o.series, o, Code.UNKNOWN_KENNZAHL, "a series is not in the catalogue"
    )
    regions = _region_cases(tuple(f"{r.system}:{r.code}" for r in o.regions))
    findings += _dictionary(
        regions, o.region, o, Code.UNKNOWN_REGION, "a region's code has no known shape"
    )
    if findings:
        return findings
    bounds = [kennzahlen[s.kennzahl] for s in o.series_list]
    lower = np.array([b.get("min", -np.inf) for b in bounds], np.float64)[o.series]
    upper = np.array([b.get("max", np.inf) for b in bounds], np.float64)[o.series]
    whole = np.array([bool(b["whole"]) for b in bounds])[o.series]
    rows = pd.DataFrame(
        {
            "month": o.month,
            "value": o.value,
            "zeichen": o.zeichen,
            "lower": lower,
            "upper": upper,
            "whole": whole,
        },
        copy=False,
    )
    return _rows(failures(rows_schema(), rows), o, lower, upper)


@lru_cache(maxsize=256)  # the same series stand in every issue of a product
def _series_cases(series: tuple[Series, ...], kennzahlen: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"kennzahl": [s.kennzahl for s in series], "gliederung": [s.gliederung for s in series]},
        dtype=object,
    )
    return failures(series_schema(list(kennzahlen)), frame)


@lru_cache(maxsize=256)
def _region_cases(keys: tuple[str, ...]) -> pd.DataFrame:
    return failures(regions_schema(), pd.DataFrame({"key": list(keys)}, dtype=object))


def _dictionary(
    cases: pd.DataFrame,
    ids: Any,  # noqa: ANN401 - an id array of Observations
    o: Observations,
    code: Code,
    what: str,
) -> list[Finding]:
    out = []
    for case in cases.itertuples():
        uses = np.flatnonzero(ids == case.index)
        place = [(o.sheet_of(n), o.cell_of(n)) for n in uses[:1].tolist()] or [("", "")]
        out.append(Finding(code, what, *place[0], repr(case.failure_case), str(case.check)))
    return out


def _rows(cases: pd.DataFrame, o: Observations, lower: Any, upper: Any) -> list[Finding]:  # noqa: ANN401 - float arrays as in check
    out = []
    seen: set[tuple[str, int]] = set()
    for n, name, bad in zip(
        cases["index"].tolist(),
        cases["check"].tolist(),
        cases["failure_case"].tolist(),
        strict=True,
    ):
        if (name, n) in seen:
            continue  # a frame-wide check lists each column of the failing row
        seen.add((name, n))
        code, what, expected = WHAT.get(
            name, (Code.CONTRACT, f"a fact breaks the contract {name}", "")
        )
        kennzahl = o.series_list[o.series[n]].kennzahl
        found = repr(float(o.value[n])) if name != "in_range" else repr(bad)
        out.append(
            Finding(
                code,
                f"{what}: {kennzahl}",
                o.sheet_of(n),
                o.cell_of(n),
                found,
                expected or f"{lower[n]:g} to {upper[n]:g}",
            )
        )
    return out
