"""Findings that name both sides of a contradiction: the wrong cell, and those against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.validate.cube import Cube

MAX_NAMED_CELLS = 3  # of the other side


def contradictions(
    cube: Cube,
    lines: Sequence[int],
    regions: NDArray[np.intp],
    expected: Iterable[str],
    code: Code,
    what: str,
) -> list[Finding]:
    """Return one finding for each region in which the first line contradicts the others.

    `expected`: what should stand there, by region.
    """
    line, *others = lines
    return [
        contradiction(
            cube, int(cube.fact[line, r]), code, what, text, cube.fact[others, r].tolist()
        )
        for r, text in zip(regions.tolist(), expected, strict=True)
    ]


def contradiction(
    cube: Cube, n: int, code: Code, what: str, expected: str, others: Sequence[int] = ()
) -> Finding:
    """Return the finding of one fact, with the cells of the facts against it."""
    o = cube.observations
    against = places(cube, others)
    return Finding(
        code,
        f"{what}: {o.name_of(n)}",
        o.sheet_of(n),
        o.cell_of(n),
        shown(cube, n),
        f"{expected} by {against}" if against else expected,
    )


def places(cube: Cube, facts: Sequence[int]) -> str:
    """Name the cells of facts: `'3.2 Männer' C14, '3.3 Frauen' C14`."""
    o, there = cube.observations, [n for n in facts if n >= 0]
    named = [f"{o.sheet_of(n)!r} {o.cell_of(n)}" for n in there[:MAX_NAMED_CELLS]]
    left = len(there) - len(named)
    return ", ".join(named) + (f" and {left} more" if left else "")


def texts(numbers: NDArray[np.float64]) -> list[str]:
    """Render numbers as findings print them."""
    return [f"{number:.10g}" for number in numbers.tolist()]


def shown(cube: Cube, n: int) -> str:
    """Render a fact's value as findings print it."""
    value = cube.observations.value[n]
    return "a sign" if np.isnan(value) else f"{value:.10g}"
