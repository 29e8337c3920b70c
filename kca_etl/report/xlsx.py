"""The overview as a workbook that follows the public rules for accessible statistical workbooks.

A cover, a list of the sheets, notes, then one table per sheet: it begins in the first column, has a
title above and a name, no merged cell, no empty row. Real numbers under German formats, native
charts, no formula, the same bytes for the same figures. The rules: Government Analysis Function,
"Releasing statistics in spreadsheets".
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
from kca_etl.report.words import NOT_MEANINGFUL, marks, moved
from kca_etl.report.xlsx_front import add_contents, add_cover, add_notes
from kca_etl.report.xlsx_package import in_german
from kca_etl.report.xlsx_places import add_places
from kca_etl.report.xlsx_sheets import FIRST_ROW, Table, add_sheet, add_table
from kca_etl.report.xlsx_timeline import add_timeline

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

GERMAN = "[$-407]"
COUNT, RATE = f"{GERMAN}#,##0", f'{GERMAN}0.0" %"'
COUNT_CHANGE = f'{GERMAN}+#,##0;{GERMAN}"−"#,##0;"±0"'
PERCENT_CHANGE = f'{GERMAN}+0.0" %";{GERMAN}"−"0.0" %";"±0 %"'
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
    "first": {"bold": True, "bottom": 1, "valign": "bottom", "align": "left", "text_wrap": True},
    "label": LINE,
    "text": {"text_wrap": True, "valign": "top"},
    "sign": LINE | {"align": "right"},
    "bold": {"bold": True, "font_size": 12},
    "count": LINE | {"num_format": COUNT},
    "rate": LINE | {"num_format": RATE},
    "countchange": LINE | {"num_format": COUNT_CHANGE, "align": "right"},
    "percentchange": LINE | {"num_format": PERCENT_CHANGE, "align": "right"},
    "ratechange": LINE | {"num_format": RATE_CHANGE, "align": "right"},
    "month": {"num_format": f"{GERMAN}mmm yyyy", "align": "left"},
}


def render_xlsx(overview: Overview) -> bytes:
    """Write cover, contents, notes, the table, the course with charts, and where figures stand."""
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
    add_cover(book, formats, page)
    add_contents(book, formats)
    add_notes(book, formats, page)
    _overview(book, formats, overview, page)
    add_timeline(book, formats, overview)
    add_places(book, formats, overview, page)
    book.close()
    return in_german(out.getvalue())


def _overview(book: Workbook, formats: dict[str, Any], overview: Overview, page: Page) -> None:
    about = "Eine Tabelle; Zeichen und Hinweise erklärt das Blatt „Hinweise“."
    sheet = add_sheet(book, formats, "Überblick", page.title, page.headline, about)
    heads = (
        "Merkmal",
        page.months[0],
        page.months[1],
        "Veränderung zum Vormonat",
        "Veränderung zum Vormonat in Prozent",
        page.months[2],
        "Veränderung zum Vorjahresmonat",
        "Veränderung zum Vorjahresmonat in Prozent",
        "Kennzeichen",
    )
    forms = ("first", *["head"] * 7, "first")
    widths = (28, 16, 16, 22, 22, 16, 24, 24, 26)
    add_table(sheet, formats, Table("Ueberblick", heads, forms, widths), len(overview.rows))
    for at, row in enumerate(overview.rows, FIRST_ROW):
        _row(sheet, formats, at, row)


def _row(sheet: Worksheet, formats: dict[str, Any], at: int, row: OverviewRow) -> None:
    sheet.write_string(at, 0, row.label, formats["label"])
    for column, figure in zip((1, 2, 5), row.figures, strict=True):
        _figure(sheet, formats, at, column, row, figure)
    for column, then in ((3, row.previous), (6, row.year_before)):
        _change(sheet, formats, at, column, row, then)
        _percent(sheet, formats, at, column + 1, row, then)
    named = [f"{f.month:%m/%Y}: {','.join(marks(f))}" for f in row.figures if marks(f)]
    sheet.write_string(at, 8, "; ".join(named) or "keine", formats["label"])


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


def _percent(
    sheet: Worksheet, formats: dict[str, Any], at: int, column: int, row: OverviewRow, then: Figure
) -> None:
    value = row.percent_previous if then is row.previous else row.percent_year
    if value is None:
        sign = NOT_MEANINGFUL if row.unit == "Prozent" else MISSING
        sheet.write_string(at, column, sign, formats["sign"])
    else:
        sheet.write_number(at, column, float(rounded(value, 1)), formats["percentchange"])
