"""The Pandera gate: every contract violation of a document at once, each with its cell.

Arrays tell in a few microseconds that nothing is wrong. Only where something is, the contracts in
`schemas` are asked to name it; `tests/validate/test_gate.py` holds both against each other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations, Series
from schemas.codelists import FIRST_MONTH, GLIEDERUNG, LAST_MONTH, REGION_KEY, ZEICHEN

if TYPE_CHECKING:
    import pandas as pd

_GLIEDERUNG, _REGION = re.compile(GLIEDERUNG), re.compile(REGION_KEY)
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
    series, keys = tuple(o.series_list), tuple(f"{r.system}:{r.code}" for r in o.regions)
    findings = []
    if not are_sound_series(series, kennzahlen):
        cases = _series_cases(series, tuple(sorted(kennzahlen)))
        what = "a series is not in the catalogue"
        findings += _dictionary(cases, o.series, o, Code.UNKNOWN_KENNZAHL, what)
    if not all(map(_REGION.match, keys)):
        what = "a region's code has no known shape"
        findings += _dictionary(_region_cases(keys), o.region, o, Code.UNKNOWN_REGION, what)
    if findings:
        return findings
    bounds = [kennzahlen[s.kennzahl] for s in o.series_list]
    lower = np.array([b.get("min", -np.inf) for b in bounds], np.float64)[o.series]
    upper = np.array([b.get("max", np.inf) for b in bounds], np.float64)[o.series]
    whole = np.array([bool(b["whole"]) for b in bounds])[o.series]
    if are_sound_rows(o, lower, upper, whole):
        return []
    return _rows(row_cases(o, lower, upper, whole), o, lower, upper)


def are_sound_series(series: tuple[Series, ...], kennzahlen: dict[str, dict[str, Any]]) -> bool:
    """Tell whether `series_schema` has nothing to say."""
    return all(s.kennzahl in kennzahlen and _GLIEDERUNG.match(s.gliederung) for s in series)


def are_sound_rows(
    o: Observations,
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    whole: NDArray[np.bool_],
) -> bool:
    """Tell whether `rows_schema` has nothing to say; `lower`, `upper`, `whole` as there."""
    value, is_sign = o.value, np.isnan(o.value)
    with np.errstate(invalid="ignore"):  # the remainder of an infinite value
        fraction = whole & ~is_sign & (value % 1 != 0)
    wrong = (
        (o.month < FIRST_MONTH) | (o.month > LAST_MONTH),
        (o.zeichen < 0) | (o.zeichen >= len(ZEICHEN)),
        is_sign != (o.zeichen != 0),
        ~is_sign & ~((value >= lower) & (value <= upper)),
        fraction,
    )
    kinds = [array.dtype.name for array in (o.month, value, o.zeichen)]
    return kinds == ["int32", "float64", "int8"] and not any(bool(found.any()) for found in wrong)


def row_cases(
    o: Observations,
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    whole: NDArray[np.bool_],
) -> pd.DataFrame:
    """Return what `rows_schema` finds wrong, as `schemas.observations.failures` does."""
    import pandas as pd

    from schemas.observations import failures, rows_schema

    columns = {"month": o.month, "value": o.value, "zeichen": o.zeichen}
    bounds = {"lower": lower, "upper": upper, "whole": whole}
    return failures(rows_schema(), pd.DataFrame(columns | bounds, copy=False))


@lru_cache(maxsize=256)  # the same series stand in every issue of a product
def _series_cases(series: tuple[Series, ...], kennzahlen: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    from schemas.observations import failures, series_schema

    frame = pd.DataFrame(
        {"kennzahl": [s.kennzahl for s in series], "gliederung": [s.gliederung for s in series]},
        dtype=object,
    )
    return failures(series_schema(list(kennzahlen)), frame)


@lru_cache(maxsize=256)
def _region_cases(keys: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    from schemas.observations import failures, regions_schema

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
