"""The workbook's last sheet: where each figure stands, and what the workbook was made of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from kca_etl.report.overview import Overview
from kca_etl.report.page import Page
from kca_etl.report.printable import plain
from kca_etl.report.words import marks
from kca_etl.report.xlsx_sheets import FIRST_ROW, HEAD_ROW, Table, add_sheet, add_table, on_paper

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

HEADS = (
    "Merkmal",
    "Monat",
    "Kennzeichen",
    "Status",
    "Datenstand",
    "Datei",
    "Blatt",
    "Zelle",
    "SHA-256",
)
NAME = "Fundstellen"


def add_places(book: Workbook, formats: dict[str, Any], overview: Overview, page: Page) -> None:
    """Add the sheet: a row for every figure of table and charts."""
    about = "Eine Tabelle; jede Zahl mit dem Dokument, aus dem sie stammt."
    sheet = add_sheet(book, formats, NAME, "Nachweise", page.version, about)
    on_paper(sheet, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.freeze_panes(FIRST_ROW, 2)
    known = [(row, f, f.origin) for row in overview.rows for f in reversed(row.series) if f.origin]
    widths = (28, 12, 12, 12, 12, 34, 24, 8, 68)
    add_table(sheet, formats, Table(NAME, HEADS, ("first",) * len(HEADS), widths), len(known))
    for at, (row, figure, origin) in enumerate(known, FIRST_ROW):
        sheet.write_string(at, 0, row.label)
        month = datetime.combine(figure.month, datetime.min.time())
        sheet.write_datetime(at, 1, month, formats["month"])
        cells = (
            ",".join(marks(figure)) or "keine",
            figure.status,
            origin.datenstand,
            origin.file_name,
            origin.sheet,
            figure.cell,
            origin.sha256,
        )
        for column, text in enumerate(cells, 2):
            sheet.write_string(at, column, plain(text))
