"""A change that a sheet states beside a figure: `Veränderung zum Vormonat`, `+/- in %`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChangeUnit = Literal["absolute", "percent", "either"]


@dataclass(frozen=True, slots=True)
class StatedChange:
    """What a cell of a column of changes states.

    n: index of the observation that changed · shift: months from it to the figure before, -1 or
    -12 · number: of points, persons or per cent · half: half of the last digit shown.
    """

    n: int
    shift: int
    unit: ChangeUnit
    number: float
    half: float
    sheet: str
    cell: str
    text: str
