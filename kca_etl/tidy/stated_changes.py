"""The columns in which a sheet itself says how its figures changed: read, to be held against them.

Their figures are not stored. A header must name what it compares with (Vormonat, Vorjahr); where
it names no unit, the change may be meant in either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kca_etl.cells import Cell, Grid, Head, RawTable
from kca_etl.german.numbers import german
from kca_etl.german.text import MONTH_NAME, month_name, show
from kca_etl.model.address import a1
from kca_etl.model.month import MONTHS_PER_YEAR, Month
from kca_etl.model.observations import Observations
from kca_etl.model.stated_change import ChangeUnit, StatedChange

_CHANGE = re.compile(
    r"änd|δ|ggü|gegenüber|entwickl|differenz|\bdiff\b|abweich|\babw\b|\+\s*/\s*[-–−]|±|zu-\s?/\s?abn"
)
_YEAR = re.compile(r"vorjahr|\bvjm?\b")
_MONTH = re.compile(r"vormonat|\bvm\b")
_PERCENT = re.compile(r"%|prozent(?!p)|v\. ?h\.|relativ")
_ABSOLUTE = re.compile(r"absolut|\babs\b|anzahl|personen|punkte?\b|\bpp\b|%-p")
_UNIT_ALONE = re.compile(r"(in\s)?(%|prozent|v\. ?h\.)|absolut|abs\.?|relativ|prozentual")
_NAMED = re.compile(rf"(?<!\w){MONTH_NAME}(?!\w)", re.IGNORECASE)
_SUFFIX = re.compile(
    r"\s*(?:%-?\s?(?:punkte?|pkt\.?|p\.?)?|prozent(?:punkte?)?|pp\.?)$", re.IGNORECASE
)
_NOTHING = {"unverändert", "±0", "+/-0", "+/- 0", "± 0"}
MOST_DIGITS = 4  # a number with more was never rounded
Meaning = tuple[int, ChangeUnit]


def stated_changes(tables: Sequence[RawTable], o: Observations) -> list[StatedChange]:
    """Return what the columns of changes state about the latest month of their table."""
    return [
        change
        for raw in tables
        if (columns := _columns(raw.aside))
        for change in _changes(raw, o, columns)
    ]


def _columns(heads: Sequence[Head]) -> dict[int, tuple[Meaning, Head]]:
    """Return what each column of changes means; one with a unit alone continues its neighbour."""
    found: dict[int, tuple[Meaning, Head]] = {}
    for head in sorted(heads, key=lambda h: h.col):
        meaning = _meaning(" ".join(head.path).casefold())
        last = head.path[-1].casefold() if head.path else ""
        left = found.get(head.col - 1)
        if meaning is None and left and _UNIT_ALONE.fullmatch(last.strip(" ()")):
            meaning = left[0][0], _unit(last)
            head = left[1]  # noqa: PLW2901 - its neighbour names the month, too
        if meaning is not None:
            found[head.col if left is None else max(found) + 1] = meaning, head
    return found


def _meaning(text: str) -> Meaning | None:
    year, month = bool(_YEAR.search(text)), bool(_MONTH.search(text))
    if not _CHANGE.search(text) or year == month:
        return None
    return -MONTHS_PER_YEAR if year else -1, _unit(text)


def _unit(text: str) -> ChangeUnit:
    percent, absolute = bool(_PERCENT.search(text)), bool(_ABSOLUTE.search(text))
    if percent == absolute:
        return "either"
    return "percent" if percent else "absolute"


def _changes(
    raw: RawTable, o: Observations, columns: dict[int, tuple[Meaning, Head]]
) -> Iterator[StatedChange]:
    facts = _latest(raw, o)
    for col, ((shift, unit), head) in columns.items():
        if not _speaks_of(head, Month(int(o.month[facts[0]])) if len(facts) else None, shift):
            continue
        for n in facts.tolist():
            row = int(o.row[n])
            read = _number(raw.grid, row, col)
            if read is not None:
                number, half, sure = read
                meant: ChangeUnit = "percent" if sure else unit
                text = show(raw.grid.rows[row][col])
                cell = a1(row, col)
                yield StatedChange(n, shift, meant, number, half, raw.grid.name, cell, text)


def _latest(raw: RawTable, o: Observations) -> NDArray[np.int64]:
    """Return a table's facts of its latest month, of rows that hold just one of them."""
    blocks = [
        i for i, b in enumerate(o.blocks) if (b.table, b.sheet) == (raw.spec.id, raw.grid.name)
    ]
    facts = np.flatnonzero(np.isin(o.block, blocks) & np.isfinite(o.value))
    if not len(facts):
        return facts
    facts = facts[o.month[facts] == o.month[facts].max()]
    _, first, count = np.unique(o.row[facts], return_index=True, return_counts=True)
    single: NDArray[np.int64] = facts[first[count == 1]]
    return single


def _speaks_of(head: Head, own: Month | None, shift: int) -> bool:
    """Tell whether a header names no other month than the table's and the one before."""
    named = {month_name(found) for found in _NAMED.findall(" ".join(head.path).casefold())}
    return own is not None and named <= {own.month, (own + shift).month}


def _number(grid: Grid, row: int, col: int) -> tuple[float, float, bool] | None:
    """Return a change, half of its last digit, and whether it is surely in per cent."""
    cell: Cell = grid.rows[row][col]
    if isinstance(cell, bool) or cell == "":
        return None
    if isinstance(cell, int | float):
        percent = (row, col) in grid.percent
        number = float(cell) * (100 if percent else 1)
        return number, _half(f"{number:.10g}".replace(".", ",")), percent
    text = " ".join(str(cell).replace("–", "-").split())
    if text.casefold() in _NOTHING:
        return 0.0, 0.5, False
    bare = _SUFFIX.sub("", text)
    found = german(re.sub(r"^([+\-−])\s+", r"\1", bare))
    return None if found is None else (found, _half(bare), False)


def _half(text: str) -> float:
    digits = len(text.partition(",")[2])
    return 0.0 if digits > MOST_DIGITS else 0.5 / 10**digits
