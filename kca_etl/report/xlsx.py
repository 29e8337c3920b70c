"""The overview as a workbook.

Real numbers under German formats, native charts, no formula, the same bytes for the same figures.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kca_etl.german.notation import MISSING, places, rounded
from kca_etl.offices import folder as offices
from kca_etl.report.data import exact
from kca_etl.report.facts import Figure
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.page import Page, page_of
from kca_etl.report.printable import plain
from kca_etl.report.words import marks, moved
from kca_etl.report.xlsx_timeline import add_timeline, on_paper

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

GERMAN = "[$-407]"
COUNT, RATE = f"{GERMAN}#,##0", f'{GERMAN}0.0" %"'
COUNT_CHANGE = f'{GERMAN}+#,##0;{GERMAN}"−"#,##0;"±0"'
RATE_CHANGE = f'{GERMAN}+0.0" Prozentpunkte";{GERMAN}"−"0.0" Prozentpunkte";"±0 Prozentpunkte"'
LINE = {"bottom": 1, "bottom_color": "#c9d1d5"}
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "finding": {"font_size": 12},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "align": "right", "valign": "bottom"},
    "first": {"bold": True, "bottom": 1, "valign": "bottom"},
    "label": LINE,
    "marks": LINE | {"indent": 1},
    "markshead": {"bold": True, "bottom": 1, "valign": "bottom", "align": "left", "indent": 1},
    "text": {"text_wrap": True, "valign": "top"},
    "sign": LINE | {"align": "right"},
    "bold": {"bold": True},
    "count": LINE | {"num_format": COUNT},
    "rate": LINE | {"num_format": RATE},
    "countchange": LINE | {"num_format": COUNT_CHANGE, "align": "right"},
    "ratechange": LINE | {"num_format": RATE_CHANGE, "align": "right"},
    "month": {"num_format": f"{GERMAN}mmm yyyy", "align": "left"},
}
HEADS = (
    "Merkmal",
    "",
    "",
    "Veränderung zum Vormonat",
    "",
    "Veränderung zum Vorjahresmonat",
    "Kennzeichen",
)


def render_xlsx(overview: Overview) -> bytes:
    """Write three sheets.

    The table with its notes, the course with charts, and where each figure stands.
    """
    from xlsxwriter import Workbook

    page, out = page_of(overview), io.BytesIO()
    book = Workbook(out, OPTIONS)
    created = datetime.fromisoformat(overview.datenstand[:10])
    book.set_properties(
        {
            "title": page.title,
            "subject": page.headline,
            "author": page.publisher,
            "created": created,
        }
    )
    book.set_size(1600, 1000)
    formats = {name: book.add_format(form) for name, form in FORMATS.items()}
    formats["finding"].set_font_color(offices.current().look.accent)
    _overview(book, formats, overview, page)
    add_timeline(book, formats, overview)
    _places(book, formats, overview)
    book.close()
    return out.getvalue()


def _overview(book: Workbook, formats: dict[str, Any], overview: Overview, page: Page) -> None:
    sheet = book.add_worksheet("Überblick")
    on_paper(sheet, 1)
    sheet.hide_gridlines(2)
    for column, width in enumerate((28, 16, 16, 22, 16, 24, 26)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, page.title, formats["title"])
    sheet.write_string(1, 0, page.headline, formats["finding"])
    heads = [HEADS[0], page.months[0], page.months[1], HEADS[3], page.months[2], *HEADS[5:]]
    for column, (head, form) in enumerate(
        zip(heads, ("first", *["head"] * 5, "markshead"), strict=True)
    ):
        sheet.write_string(3, column, head, formats[form])
    for at, row in enumerate(overview.rows, 4):
        _row(sheet, formats, at, row)
    _words(sheet, formats, page, 5 + len(overview.rows))


def _row(sheet: Worksheet, formats: dict[str, Any], at: int, row: OverviewRow) -> None:
    sheet.write_string(at, 0, row.label, formats["label"])
    for column, figure in zip((1, 2, 4), row.figures, strict=True):
        _figure(sheet, formats, at, column, row, figure)
    for column, then in ((3, row.previous), (5, row.year_before)):
        _change(sheet, formats, at, column, row, then)
    named = [f"{f.month:%m/%Y}: {','.join(marks(f))}" for f in row.figures if marks(f)]
    sheet.write_string(at, 6, "; ".join(named), formats["marks"])


def _figure(
    sheet: Worksheet,
    formats: dict[str, Any],
    at: int,
    column: int,
    row: OverviewRow,
    figure: Figure,
) -> None:
    value = exact(figure.value)
    if value is None:
        sheet.write_string(at, column, figure.zeichen or MISSING, formats["sign"])
    else:
        sheet.write_number(at, column, value, formats["rate" if row.unit == "Prozent" else "count"])


def _change(
    sheet: Worksheet, formats: dict[str, Any], at: int, column: int, row: OverviewRow, then: Figure
) -> None:
    """Write the change rounded as it is shown.

    A format of the spreadsheet would turn −0,04 into −0,0.
    """
    value = row.change_previous if then is row.previous else row.change_year
    if value is None or moved(row, then) == MISSING:
        sheet.write_string(at, column, MISSING, formats["sign"])
    else:
        form = "ratechange" if row.unit == "Prozent" else "countchange"
        sheet.write_number(at, column, float(rounded(value, places(row.unit))), formats[form])


def _words(sheet: Worksheet, formats: dict[str, Any], page: Page, at: int) -> None:
    """Write paragraph, notes, signs and sources under the table, each in one merged cell."""
    parts = {
        "Der Monat in Worten": [page.paragraph],
        "Hinweise": [*page.given, *page.notes],
        "Zeichenerklärung": [f"{sign}  {meaning}" for sign, meaning in page.signs],
        "Quelle": [page.source, page.releases, page.version],
    }
    for head, texts in parts.items():
        sheet.write_string(at, 0, head, formats["bold"])
        for text in filter(None, texts):
            at += 1
            sheet.merge_range(at, 0, at, 6, "", formats["text"])
            sheet.write_string(at, 0, text, formats["text"])
            sheet.set_row(at, 15 * (1 + len(text) // 135))
        at += 2


def _places(book: Workbook, formats: dict[str, Any], overview: Overview) -> None:
    sheet = book.add_worksheet("Fundstellen")
    on_paper(sheet, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 2)
    heads = (
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
    for column, (head, width) in enumerate(
        zip(heads, (28, 12, 12, 12, 12, 34, 24, 8, 68), strict=True)
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, formats["first"])
    known = [(row, f, f.origin) for row in overview.rows for f in reversed(row.series) if f.origin]
    for at, (row, figure, origin) in enumerate(known, 1):
        sheet.write_string(at, 0, row.label)
        sheet.write_datetime(
            at, 1, datetime.combine(figure.month, datetime.min.time()), formats["month"]
        )
        cells = (
            ",".join(marks(figure)),
            figure.status,
            origin.datenstand,
            origin.file_name,
            origin.sheet,
            figure.cell,
            origin.sha256,
        )
        for column, text in enumerate(cells, 2):
            sheet.write_string(at, column, plain(text))
