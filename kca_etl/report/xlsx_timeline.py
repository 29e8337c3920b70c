"""The workbook's sheet of the course.

The months of the charts as numbers, and the charts drawn by the spreadsheet itself.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kca_etl.german.months import month_name
from kca_etl.offices import folder as offices
from kca_etl.report.data import exact
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.timeline import alternative, vertical
from kca_etl.report.xlsx_sheets import FIRST_ROW, HEAD_ROW, Table, add_sheet, add_table
from kca_etl.warehouse.views.gebietsstand import NOT_COMPARABLE

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

NAME = "Verlauf"
SOFT, LINE = "#4d585e", "#d9dfe2"
FORMS = {"Prozent": '[$-407]0.0" %"'}
REMARKS = "Bemerkung"
EPOCH = date(1899, 12, 30)  # a spreadsheet counts days from here


def add_timeline(book: Workbook, formats: dict[str, Any], overview: Overview) -> None:
    """Add the sheet.

    A month without a number stays empty there, so that no chart draws it as zero; its sign
    stands beside.
    """
    title = (
        f"Verlauf {month_name(overview.rows[0].series[0].month)} bis {month_name(overview.month)}"
    )
    said = "Ein leeres Feld: In diesem Monat steht keine Zahl; sein Zeichen nennt die Bemerkung."
    about = "Eine Tabelle; die Diagramme rechts daneben zeigen dieselben Zahlen."
    sheet = add_sheet(book, formats, NAME, title, said, about)
    sheet.freeze_panes(FIRST_ROW, 1)
    labels, series = [row.label for row in overview.rows], overview.rows[0].series
    forms = ("first", *["head"] * len(labels), "first")
    widths = (12, *[21] * len(labels), 42)
    table = Table(NAME, ("Monat", *labels, REMARKS), forms, widths)
    add_table(sheet, formats, table, len(series))
    for at, figure in enumerate(series):
        month = datetime.combine(figure.month, datetime.min.time())
        sheet.write_datetime(FIRST_ROW + at, 0, month, formats["month"])
        sheet.write_string(FIRST_ROW + at, len(labels) + 1, _remarks(overview, at))
    for column, row in enumerate(overview.rows, 1):
        _column(sheet, formats, column, row)
        _place(book, sheet, column, row)


def _remarks(overview: Overview, at: int) -> str:
    """Return the signs that stand in place of numbers in a month, and whether it compares."""
    signs = [f"{r.label}: {r.series[at].zeichen}" for r in overview.rows if r.series[at].zeichen]
    comparable = overview.rows[0].series[at].comparable
    return "; ".join([*signs, *([] if comparable else [NOT_COMPARABLE])]) or "keine"


def _column(sheet: Worksheet, formats: dict[str, Any], column: int, row: OverviewRow) -> None:
    for at, figure in enumerate(row.series, FIRST_ROW):
        value = exact(figure.value)
        if value is not None:
            sheet.write_number(
                at, column, value, formats["rate" if row.unit == "Prozent" else "count"]
            )


def _place(book: Workbook, sheet: Worksheet, column: int, row: OverviewRow) -> None:
    """Place the charts two by two beside the numbers."""
    down, across = divmod(column - 1, 2)
    where = {"description": alternative(row), "object_position": 3}
    sheet.insert_chart(HEAD_ROW + 1 + down * 14, 9 + across * 7, _chart(book, column, row), where)


def _chart(book: Workbook, column: int, row: OverviewRow) -> Any:  # noqa: ANN401 - the library does not name its chart type
    """Draw over real dates.

    Unlike a line over categories this allows for one series per territory.
    """
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    known = [at for at, figure in enumerate(row.series) if figure.value is not None]
    for first, last in _territories(row):
        chart.add_series(_series(column, row, first, last, known[-1] if known else -1))
    axis, form = vertical(row), FORMS.get(row.unit, "[$-407]#,##0")
    bounds = (
        {"min": float(axis.low), "max": float(axis.high), "major_unit": float(axis.step)}
        if axis
        else {}
    )
    font, grid = {"color": SOFT}, {"visible": True, "line": {"color": LINE}}
    chart.set_title({"name": row.label, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_x_axis(
        {"num_format": "mm/yyyy", "num_font": font, "major_gridlines": {"visible": False}}
        | _months(row)
    )
    chart.set_y_axis(
        {"num_format": form, "major_gridlines": grid, "line": {"none": True}, "num_font": font}
        | bounds
    )
    chart.show_blanks_as("gap")
    chart.set_size({"width": 440, "height": 270})
    return chart


def _territories(row: OverviewRow) -> list[tuple[int, int]]:
    """Return first and last place of each run of months with the same territory."""
    series = row.series
    turns = [
        at for at in range(1, len(series)) if series[at].comparable != series[at - 1].comparable
    ]
    return list(zip([0, *turns], [*(at - 1 for at in turns), len(series) - 1], strict=True))


def _series(column: int, row: OverviewRow, first: int, last: int, named: int) -> dict[str, Any]:
    """Describe a line over places first to last; the figure at `named` has its number beside it."""
    custom = [{} if at == named else {"delete": True} for at in range(first, last + 1)]
    labels = {
        "value": True,
        "position": "right",
        "custom": custom,
        "num_format": FORMS.get(row.unit, "[$-407]#,##0"),
        "font": {"bold": True},
    }
    return {
        "name": [NAME, HEAD_ROW, column],
        "categories": [NAME, FIRST_ROW + first, 0, FIRST_ROW + last, 0],
        "values": [NAME, FIRST_ROW + first, column, FIRST_ROW + last, column],
        "line": {"color": offices.current().look.accent, "width": 1.75},
        "marker": {"type": "none"},
        "data_labels": labels,
    }


def _months(row: OverviewRow) -> dict[str, float]:
    """Place three labels.

    Months differ in length, so the steps are a little longer than half the way and never fall
    short.
    """
    first, last = ((figure.month - EPOCH).days for figure in (row.series[0], row.series[-1]))
    step = (last - first) / 2 + 0.6
    return {"min": first, "max": first + 2 * step, "major_unit": step}
