"""What must hold inside one document: sums of parts, equal twins, rates, sums over regions.

A hidden part (`*`, `.`) makes a sum a bound: the visible parts may not exceed the total.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations, Region, Series
from kca_etl.sources.spec import Check, Coord, Source
from kca_etl.validate.cube import Cube, build
from schemas.codelists import LAENDER

# Extrapolated counts carry float noise; a published rounding is never this small (measured on 33 BA
# issues: < 1e-4).
TOLERANCE = 0.01


def check(
    observations: Observations, source: Source, kennzahlen: dict[str, dict[str, Any]]
) -> list[Finding]:
    """Run a source's declared checks.

    One finding per contradiction, at the cell of the total or rate.
    """
    cube = build(observations)
    findings = _doubles(cube)
    for rule in source.checks:
        findings += _run(cube, rule, kennzahlen)
    return findings


def _doubles(cube: Cube) -> list[Finding]:
    """A fact may stand in a document once; further statements of it are named with both cells."""
    o = cube.observations
    if len(o) == int(np.count_nonzero(cube.fact >= 0)):
        return []
    out = []
    for n in range(len(o)):
        first = int(cube.fact[cube.lines[int(o.series[n]), int(o.month[n])], o.region[n]])
        if (
            first != n and o.block[first] == o.block[n]
        ):  # other tables' statements are settled before, or of another datenstand
            out.append(
                Finding(
                    Code.DOUBLE_FACT,
                    f"{cube.observations.name_of(n)} stands twice",
                    cube.observations.sheet_of(n),
                    cube.observations.cell_of(n),
                    _shown(cube, n),
                    f"once; also in {cube.observations.sheet_of(first)!r} {cube.observations.cell_of(first)}",
                )
            )
    return out


def _run(cube: Cube, rule: Check, kennzahlen: dict[str, dict[str, Any]]) -> list[Finding]:
    if rule.regions:
        return _regions(cube, kennzahlen, rule.rounded)
    if rule.total:
        return _total(cube, rule.total, rule.parts, rule.rounded)
    if rule.equal:
        return _equal(cube, *rule.equal)
    if rule.ratio and rule.of and rule.to:
        return _ratio(cube, rule.ratio, rule.of, rule.to)
    if rule.base_month:
        return []  # needs the months before: see base.py
    raise ValueError(f"a check has none of the known forms: {rule}")


def _allowed(rounded: float, parts: int) -> float:
    """How far a total and its parts may be apart when each is rounded."""
    return max(TOLERANCE, rounded / 2 * (parts + 1))


def series_of(coord: Coord) -> Series:
    """Return the series a declared coordinate means."""
    return Series(coord.kennzahl, ",".join(f"{k}={v}" for k, v in coord.gliederung) or "insgesamt")


def _total(cube: Cube, total: Coord, parts: tuple[Coord, ...], rounded: float) -> list[Finding]:
    found = []
    own = cube.of(series_of(total))
    rows = [
        cube.of(series_of(Coord(kennzahl=p.kennzahl or total.kennzahl, gliederung=p.gliederung)))
        for p in parts
    ]
    for month, line in own.items():
        lines = [r[month] for r in rows if month in r]
        if len(lines) == len(parts):
            hidden = np.asarray(np.isnan(cube.value[lines]).any(axis=0))
            found += _compare(
                cube,
                line,
                np.nansum(cube.value[lines], axis=0),
                hidden,
                _allowed(rounded, len(parts)),
            )
    return found


def _equal(cube: Cube, left: Coord, right: Coord) -> list[Finding]:
    found = []
    rows = cube.of(series_of(right))
    for month, line in cube.of(series_of(left)).items():
        if month in rows:
            other = cube.value[rows[month]]
            unknown = np.isnan(other)
            where = ~unknown & (np.abs(cube.value[line] - other) > TOLERANCE)
            found += _findings(
                cube,
                line,
                where,
                other,
                Code.EQUAL_DIFFERS,
                "the same figure stands in two tables with different values",
            )
    return found


def _ratio(cube: Cube, ratio: Coord, part: Coord, whole: Coord) -> list[Finding]:
    found = []
    parts, wholes = cube.of(series_of(part)), cube.of(series_of(whole))
    for month, line in cube.of(series_of(ratio)).items():
        if month in parts and month in wholes:
            with np.errstate(divide="ignore", invalid="ignore"):
                expected = 100 * cube.value[parts[month]] / cube.value[wholes[month]]
            where = np.isfinite(expected) & (np.abs(cube.value[line] - expected) > TOLERANCE)
            found += _findings(
                cube,
                line,
                where,
                expected,
                Code.RATE_MISMATCH,
                "a rate is not its part by its whole",
            )
    return found


def _region_groups(regions: list[Region]) -> list[tuple[int, list[int]]]:
    """Totals with their parts: Deutschland = West + Ost = the Länder; a Land = its Träger."""
    keys = {f"{r.system}:{r.code}": i for i, r in enumerate(regions)}
    groups: list[tuple[int, list[int]]] = []
    if "ags:D" in keys:
        halves = [keys[k] for k in ("ags:DW", "ags:DO") if k in keys]
        laender = [keys[f"ags:{c}"] for c in LAENDER if f"ags:{c}" in keys]
        groups += [(keys["ags:D"], parts) for parts in (halves, laender) if len(parts) > 1]
    children: dict[str, list[int]] = {}
    for i, r in enumerate(regions):
        if r.parent.startswith("ags:") and r.parent != "ags:D":
            children.setdefault(r.parent, []).append(i)
    return groups + [(keys[p], c) for p, c in children.items() if p in keys]


def _regions(cube: Cube, kennzahlen: dict[str, dict[str, Any]], rounded: float) -> list[Finding]:
    """Hold regions' totals against their parts, for kennzahlen that add up."""
    o = cube.observations
    lines = np.array(
        [
            i
            for (s, _), i in cube.lines.items()
            if kennzahlen[o.series_list[s].kennzahl]["additive"]
        ],
        np.int64,
    )
    found: list[Finding] = []
    for total, group in _region_groups(o.regions):
        parts = np.array(group)
        own, values, present = (
            cube.value[lines, total],
            cube.value[np.ix_(lines, parts)],
            cube.fact[np.ix_(lines, parts)] >= 0,
        )
        sums = np.nansum(values, axis=1)
        # A fractional total over whole parts was extrapolated for parts that reported nothing (BA:
        # Hochrechnung).
        extrapolated = (np.nan_to_num(own) % 1 != 0) & (sums % 1 == 0)
        hidden = (np.isnan(values) & present).any(axis=1) | extrapolated
        allowed = _allowed(rounded, len(parts))
        bad = ((sums - own > allowed) | (~hidden & (own - sums > allowed))) & present.any(axis=1)
        found += [
            _region_sum(cube, lines[i], total, parts, sums[i], bound=bool(hidden[i]))
            for i in np.flatnonzero(bad).tolist()
        ]
    return found


def _region_sum(
    cube: Cube, line: int, total: int, parts: NDArray[np.int64], expected: float, *, bound: bool
) -> Finding:
    n = int(cube.fact[line, total])
    absent = [cube.observations.regions[p].name for p in parts.tolist() if cube.fact[line, p] < 0]
    what = f"{cube.observations.name_of(n)} is not the sum of its {len(parts) - len(absent)} parts"
    what += f" (absent: {', '.join(absent[:5])})" if absent else ""
    return Finding(
        Code.SUM_MISMATCH,
        what,
        cube.observations.sheet_of(n),
        cube.observations.cell_of(n),
        _shown(cube, n),
        f"{expected:.10g}" + (" at least" if bound else ""),
    )


def _compare(
    cube: Cube, line: int, sums: NDArray[np.float64], hidden: NDArray[np.bool_], tolerance: float
) -> list[Finding]:
    gap = sums - cube.value[line]
    wrong = (gap > tolerance) | (~hidden & (gap < -tolerance))
    return _findings(
        cube, line, wrong, sums, Code.SUM_MISMATCH, "the parts do not add up to the total"
    )


def _findings(
    cube: Cube,
    line: int,
    where: NDArray[np.bool_],
    expected: NDArray[np.float64],
    code: Code,
    what: str,
) -> list[Finding]:
    out = []
    for region in np.flatnonzero(where & (cube.fact[line] >= 0)).tolist():
        n = int(cube.fact[line, region])
        out.append(
            Finding(
                code,
                f"{what}: {cube.observations.name_of(n)}",
                cube.observations.sheet_of(n),
                cube.observations.cell_of(n),
                _shown(cube, n),
                f"{expected[region]:.10g}",
            )
        )
    return out


def _shown(cube: Cube, n: int) -> str:
    value = cube.observations.value[n]
    return "a sign" if np.isnan(value) else f"{value:.10g}"
