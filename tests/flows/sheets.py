"""The Jobcenter's sheets of many months.

Each month's figures stand the same in every sheet that states them.
"""

from __future__ import annotations

import math
from pathlib import Path

from kca_etl.german.months import MONTHS
from kca_etl.model.month import month_date, month_number
from tests.sources.office import ROWS, Shape, write

BACK = {"Monat": 0, "Vormonat": 1, "Vorjahresmonat": 12}


def sheet(path: Path, month: int) -> Path:
    """Draw the sheet of a month."""
    day = month_date(month)
    shape = Shape(
        month=f"Berichtsmonat: {MONTHS[day.month - 1]} {day.year}",
        footnotes=(f"Datenstand: {month_date(month + 1):%d.%m.%Y}",),
        cells={
            (row, name): figure(row, month - back) for row in ROWS for name, back in BACK.items()
        },
    )
    return write(path, shape)


def figure(row: str, month: int) -> float:
    """A figure that rises slowly and swings with the seasons."""
    base = ROWS[row][0]
    moved = base * (
        1 + 0.0007 * (month - month_number(2013, 1)) + 0.02 * math.sin(month * math.pi / 6)
    )
    return round(moved, 1) if isinstance(base, float) else round(moved)
