"""Workbooks in the style of a Jobcenter's office, made by us: one true content in many shapes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

ROWS: dict[str, tuple[float, float, float]] = {
    "Arbeitslosenquote SGB II": (3.2, 3.2, 2.6),
    "Arbeitslose SGB II": (7273, 7346, 6013),
    "Leistungsbezieher SGB II": (24736, 24803, 23730),
    "Integrationen": (318, 345, 392),
    "Neuanträge": (553, 555, 417),
    "Maßnahmeteilnehmer": (932, 921, 1008),
}
COLUMNS = ("Merkmal", "Monat", "Vormonat", "Vorjahresmonat", "Veränderung")


@dataclass(frozen=True)
class Shape:
    """How the monthly sheet is drawn. `cells` overrides single cells: (Merkmal, column) → value."""

    month: Any = "Berichtsmonat: November 2020"
    title: str = "Kommunales Center für Arbeit – Monatszahlen"
    rows_above: int = 0
    gap: int = 1  # empty rows between month and header
    order: tuple[int, ...] = (0, 1, 2, 3, 4)
    columns_left: int = 0
    merged: bool = False
    numbers: str = "plain"  # plain, text, percent
    footnotes: tuple[str, ...] = ("Quelle: eigene Erhebung", "Veränderung gegenüber dem Vormonat")
    cells: dict[tuple[str, str], Any] = field(default_factory=dict)
    rename: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> Shape:
        """A copy with some things drawn differently."""
        return replace(self, **changes)


def german(value: float) -> str:
    """7273 → 7.273, 3.2 → 3,2."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def write(path: Path, shape: Shape) -> Path:
    """Draw the monthly sheet of November 2020."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Tabelle1"
    for n in range(shape.rows_above):
        sheet.cell(n + 1, 1 + n % 2, f"Bemerkung {'abc'[n % 3]}")
    row, left = shape.rows_above + 1, shape.columns_left + 1
    sheet.cell(row, left, shape.title)
    if shape.merged:
        sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=left + 4)
    month = sheet.cell(row + 1, left, shape.month)
    if isinstance(shape.month, date):
        month.number_format = "MMMM YYYY"
    header = row + 2 + shape.gap
    for place, what in enumerate(shape.order):
        text = COLUMNS[what]
        sheet.cell(header, left + place, shape.rename.get(text, text))
        for n, (label, values) in enumerate(ROWS.items(), 1):
            _body(sheet, header + n, left + place, what, label, values, shape)
    for n, note in enumerate(shape.footnotes, header + len(ROWS) + 2):
        sheet.cell(n, left, note)
    book.save(path)
    return path


def _body(
    sheet: Worksheet,
    row: int,
    col: int,
    what: int,
    label: str,
    values: tuple[float, float, float],
    shape: Shape,
) -> None:
    name = COLUMNS[what]
    if what == 0:
        value: Any = shape.rename.get(label, label)
    elif what == 4:
        value = round(values[0] - values[1], 1)
    else:
        value = values[what - 1]
    cell = sheet.cell(row, col, value)
    rate = label.startswith("Arbeitslosenquote")
    if what in (1, 2, 3) and shape.numbers == "text":
        cell.value = german(value)
    elif what in (1, 2, 3) and shape.numbers == "percent" and rate:
        cell.value, cell.number_format = value / 100, "0.0%"
    if (label, name) in shape.cells:
        given = shape.cells[label, name]
        cell.value = given
        if not isinstance(given, date) and not (rate and shape.numbers == "percent"):
            cell.number_format = "General"
