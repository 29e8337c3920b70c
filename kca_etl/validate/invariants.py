"""What must hold inside one document: its declared relations, and that no figure stands twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.sources.relations import SeriesRelation, relations
from kca_etl.sources.spec import Source
from kca_etl.sources.unfinished import is_draft
from kca_etl.validate import areas, columns, gaps, outliers, row_order, twins
from kca_etl.validate.contradiction import shown
from kca_etl.validate.cube import Cube, build


def check(
    observations: Observations, source: Source, kennzahlen: dict[str, dict[str, Any]]
) -> list[Finding]:
    """Run a source's declared checks.

    One finding per contradiction, at the cell of the total or rate.
    """
    cube = build(observations)
    findings = _doubles(cube)
    held = relations(source.checks, observations.series_list)
    for relation in held:
        findings += broken(cube, relation)
    for rule in source.checks:
        if rule.regions:
            findings += areas.sums(cube, kennzahlen, rule.rounded)
    if is_draft(source):
        return findings  # a draft has not said yet which of its columns are twins
    findings += twins.check(cube, held)
    return (
        findings + gaps.check(observations) + row_order.check(observations) + outliers.check(cube)
    )


def broken(cube: Cube, relation: SeriesRelation) -> list[Finding]:
    """Return where one relation between series does not hold."""
    form = relation.check.form
    return areas.means(cube, relation) if form == "mean" else columns.CHECKS[form](cube, relation)


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
                    shown(cube, n),
                    (
                        f"once; also in {cube.observations.sheet_of(first)!r}"
                        f" {cube.observations.cell_of(first)}"
                    ),
                )
            )
    return out
