"""A sheet of the workbook: title, what it is, one named table, printed on A4 across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

HEAD_ROW, FIRST_ROW = 3, 4  # counted from 0: title, two lines about the sheet, then the table


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name within the workbook, its headers with their formats, its columns' widths."""

    name: str
    heads: tuple[str, ...]
    forms: tuple[str, ...]
    widths: tuple[float, ...]


def add_sheet(
    book: Workbook, formats: dict[str, Any], name: str, title: str, said: str, about: str
) -> Worksheet:
    """Add a sheet with its title and two lines that say what it holds."""
    sheet = book.add_worksheet(name)
    on_paper(sheet, 1)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, formats["title"])
    sheet.write_string(1, 0, said, formats["finding"])
    sheet.write_string(2, 0, about)
    return sheet


def add_table(sheet: Worksheet, formats: dict[str, Any], table: Table, rows: int) -> None:
    """Name the cells from the headers down a table; the caller writes its `rows` rows."""
    for column, width in enumerate(table.widths):
        sheet.set_column(column, column, width)
    columns = [
        {"header": head, "header_format": formats[form]}
        for head, form in zip(table.heads, table.forms, strict=True)
    ]
    options = {"name": table.name, "columns": columns, "autofilter": False, "style": None}
    sheet.add_table(HEAD_ROW, 0, HEAD_ROW + max(1, rows), len(table.heads) - 1, options)


def on_paper(sheet: Worksheet, high: int) -> None:
    """Print on A4 across, one page wide and `high` pages high (0: as many as it takes)."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, high)
