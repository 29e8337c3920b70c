"""A column of raw cells as numbers and signs; nothing passes that is neither."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kca_etl.cells import Cell, Grid
from kca_etl.german.numbers import german, german_percent, percent
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from schemas.codelists import ZEICHEN

EMPTY = -1
UNKNOWN = ZEICHEN.index(".")


@dataclass(slots=True)
class Values:
    """value: float64, NaN for signs and empty cells · zeichen.

    Int8, index into ZEICHEN, -1 for empty.
    """

    value: NDArray[np.float64]
    zeichen: NDArray[np.int8]
    texts: int  # how many numbers stood there as text
    percent: tuple[int, ...] = ()  # the rows in which a text said percent


def _number(cell: Cell) -> float:
    kind = cell.__class__
    if kind is int:
        return float(cell)
    if kind is str:
        found = german(cell)
        return float("nan") if found is None else found
    return float("nan")


def column_values(
    cells: tuple[Cell, ...], signs: dict[str, int], grid: Grid, rows: list[int], col: int
) -> tuple[Values, list[Finding]]:
    """Read one column.

    A cell that is no number, no declared sign and not empty is a finding with its address.
    """
    n = len(cells)
    kinds = set(map(type, cells))
    value = np.array(
        cells if kinds == {float} else [c if c.__class__ is float else _number(c) for c in cells],
        np.float64,
    )
    zeichen = np.zeros(n, np.int8)
    findings = []
    rates = []
    for i in np.flatnonzero(~np.isfinite(value)).tolist():
        cell = cells[i]
        text = cell.strip() if isinstance(cell, str) else None
        rate = german_percent(text) if text else None
        if text == "":
            zeichen[i] = EMPTY
        elif text is not None and text in signs:
            zeichen[i] = signs[text]
        elif rate is not None:
            value[i] = rate
            rates.append(i)
        else:
            zeichen[i] = UNKNOWN  # so that what can be checked beside it is checked as well
            findings.append(_unreadable(cell, grid, rows[i], col, signs))
    if grid.percent:
        _scale_percents(value, grid, rows, col)
    texts = (
        list(map(type, cells)).count(str) - int(np.count_nonzero(zeichen)) if str in kinds else 0
    )
    return Values(value, zeichen, texts, tuple(rates)), findings


def _scale_percents(value: NDArray[np.float64], grid: Grid, rows: list[int], col: int) -> None:
    """Read 0.032 under a percent format as 3.2."""
    for i, row in enumerate(rows):
        if (row, col) in grid.percent and np.isfinite(value[i]):
            value[i] = percent(float(value[i]))


def _sign(cell: Cell, signs: dict[str, int]) -> int | None:
    """The number of a cell's sign; None for what is no sign."""
    text = cell.strip() if isinstance(cell, str) else None
    if text is None:
        return None
    return EMPTY if text == "" else signs.get(text)


def _unreadable(cell: Cell, grid: Grid, row: int, col: int, signs: dict[str, int]) -> Finding:
    if isinstance(cell, str):
        sign = len(cell.strip()) <= 4 and not any(c.isdigit() for c in cell)  # noqa: PLR2004 - the longest sign in use is "n.v."
        code, what = (
            (Code.UNKNOWN_SIGN, "a sign is not declared for this publisher")
            if sign
            else (Code.NOT_A_NUMBER, "a cell is no number")
        )
    else:
        code, what = Code.NOT_A_NUMBER, f"a cell holds a {type(cell).__name__}, no number"
    return Finding(
        code,
        what,
        grid.name,
        a1(row, col),
        repr(cell),
        "a number" + (f" or one of {' '.join(signs)}" if signs else ""),
    )


def sign_table(declared: dict[str, str]) -> dict[str, int]:
    """Map the publisher's signs to indices of our ZEICHEN.

    Raises ValueError for an unknown meaning.
    """
    return {sign: ZEICHEN.index(ours) for sign, ours in declared.items()}
