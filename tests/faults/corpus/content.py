"""Faults of content: the office's own sheet, typed by people."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.faults.corpus.kind import QUOTE, Kind, drawn, plain, stated

GROUP = "content"
LOADED, STOPPED, REJECTED = "loaded", "quarantined", "rejected"


def edited(change: Callable[[Worksheet], object]) -> Callable[[], bytes]:
    """Make the sheet changed by hand."""

    def make() -> bytes:
        book, out = load_workbook(io.BytesIO(plain())), io.BytesIO()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        change(sheet)
        book.save(out)
        return out.getvalue()

    return make


def with_sheet(title: str, *rows: list[Any]) -> Callable[[], bytes]:
    """Make the workbook with one more sheet."""

    def add(sheet: Worksheet) -> None:
        assert sheet.parent is not None
        more = sheet.parent.create_sheet(title)
        for row in rows:
            more.append(row)

    return edited(add)


def cell(name: str, value: Any, state: str, code: str = "", says: str = "") -> Kind:
    """Another value where the unemployed are stated."""
    return Kind(GROUP, f"unemployed: {name}", stated(value), state, code, "B6" * bool(code), says)


def rate(name: str, value: Any, code: str) -> Kind:
    """Another value where the rate is stated."""
    return Kind(GROUP, f"rate: {name}", stated(value, QUOTE), STOPPED, code, "B5")


def month(name: str, text: Any, code: str, state: str = STOPPED) -> Kind:
    """Another text where the month is stated."""
    return Kind(GROUP, f"month: {name}", lambda: drawn(month=text), state, code)


def shape(name: str, state: str, code: str, cell: str = "", **changes: Any) -> Kind:
    """A sheet drawn differently."""
    return Kind(GROUP, name, lambda: drawn(**changes), state, code, cell)


def _one_more(sheet: Worksheet) -> None:
    sheet.insert_rows(8)
    sheet["A8"], sheet["B8"] = "Andere", 5


KINDS = [
    Kind(GROUP, "as it should be", plain, LOADED),
    cell("a word", "viele", STOPPED, "NOT_A_NUMBER"),
    cell("a point too much", "7.27.3", STOPPED, "NOT_A_NUMBER"),
    cell("a digit too much behind the point", "7.2731", STOPPED, "NOT_A_NUMBER"),
    cell("English notation", "7,273.0", STOPPED, "NOT_A_NUMBER"),
    cell("an exponent", "7273e0", STOPPED, "NOT_A_NUMBER"),
    cell("a hexadecimal number", "0x1C69", STOPPED, "NOT_A_NUMBER"),
    cell("an underscore", "7_273", STOPPED, "NOT_A_NUMBER"),
    cell("not a number", "NaN", STOPPED, "UNKNOWN_SIGN"),
    cell("infinite", "inf", STOPPED, "UNKNOWN_SIGN"),
    cell("full-width digits", "７２７３", STOPPED, "NOT_A_NUMBER"),
    cell("Arabic digits", "٧٢٧٣", STOPPED, "NOT_A_NUMBER"),
    cell("a footnote's mark", "7273¹", STOPPED, "NOT_A_NUMBER"),
    cell("a star behind it", "7.273*", STOPPED, "NOT_A_NUMBER"),
    cell("two numbers", "7.273 7.346", STOPPED, "NOT_A_NUMBER"),
    cell("two numbers in two lines", "7.273\n7.346", STOPPED, "NOT_A_NUMBER"),
    cell("a unit", "7.273 Personen", STOPPED, "NOT_A_NUMBER"),
    cell("a range", "7.000–7.300", STOPPED, "NOT_A_NUMBER"),
    cell("approximate", "ca. 7.273", STOPPED, "NOT_A_NUMBER"),
    cell("a group that begins with 0", "0.032", STOPPED, "NOT_A_NUMBER"),
    cell("a zero-width space", "7\u200b273", STOPPED, "NOT_A_NUMBER"),
    cell("turned by a control character", "\u202e3727", STOPPED, "NOT_A_NUMBER"),
    cell("Roman", "ⅦⅢ", STOPPED, "UNKNOWN_SIGN"),
    cell("as text", "7.273", LOADED, "TEXT_NUMBER"),
    cell("with a thin space", "7\u2009273", LOADED, "TEXT_NUMBER"),
    cell("an unknown sign", "?", STOPPED, "UNKNOWN_SIGN"),
    cell("a stroke", "/", STOPPED, "UNKNOWN_SIGN"),
    cell("a Chinese zero", "〇", STOPPED, "UNKNOWN_SIGN"),
    cell("nothing", None, STOPPED, "EMPTY_CELL"),
    cell("blanks", "   ", STOPPED, "EMPTY_CELL"),
    cell("a division by zero", "#DIV/0!", STOPPED, "ERROR_CELL"),
    cell("a lost reference", "#REF!", STOPPED, "ERROR_CELL"),
    cell("not available", "#N/A", STOPPED, "ERROR_CELL"),
    cell("a formula without a result", "=SUM(B7:B9)", STOPPED, "NO_RESULT"),
    cell("a formula that calls out", '=HYPERLINK("http://x.example","7273")', STOPPED, "NO_RESULT"),
    cell("true", True, STOPPED, "NOT_A_NUMBER"),
    cell("a date", date(2020, 11, 30), STOPPED, "NOT_A_NUMBER"),
    cell("negative", -7273, STOPPED, "OUT_OF_BOUNDS"),
    cell("half a person", 7273.5, STOPPED, "NOT_WHOLE"),
    cell("more than there are people", 10**12, STOPPED, "OUT_OF_BOUNDS"),
    cell("beyond all bounds", 1e300, STOPPED, "OUT_OF_BOUNDS"),
    rate("above 100", 320, "OUT_OF_BOUNDS"),
    rate("negative", -3.2, "OUT_OF_BOUNDS"),
    rate("with a point as text", "3.2", "NOT_A_NUMBER"),
    rate("an empty text", "", "EMPTY_CELL"),
    month("none", "Monatsbericht", "NO_PERIOD"),
    month("the thirteenth", "Berichtsmonat: 13/2020", "NO_PERIOD"),
    month("the zeroth", "Berichtsmonat: 00/2020", "NO_PERIOD"),
    Kind(
        GROUP,
        "month: of the year 0",
        lambda: drawn(month="Berichtsmonat: 11/0000"),
        STOPPED,
        open="year 0 is a finding: 15.1",
    ),
    month("of a year of five digits", "Berichtsmonat: 11/20200", "NO_PERIOD"),
    month("in the far future", "Berichtsmonat: November 2099", "UNLIKELY_DATE"),
    month("before there was any Jobcenter", "Berichtsmonat: November 1820", "UNLIKELY_DATE"),
    month("misspelt", "Berichtsmonat: Novembar 2020", "NO_PERIOD"),
    month("in English", "Berichtsmonat: November of 2020", "NO_PERIOD"),
    month("two of them", "Berichtsmonat: Oktober/November 2020", "NO_PERIOD"),
    month("as a number of days", 44136, "NO_PERIOD"),
    shape("month: twice, differently", STOPPED, "CONTRADICTION", title="Monatszahlen Oktober 2020"),
    shape("a row in other words", STOPPED, "UNKNOWN_ROW", "A8", rename={"Integrationen": "Neues"}),
    shape("a row without a label", STOPPED, "NO_LABEL", "B8", rename={"Integrationen": ""}),
    shape("a row twice", STOPPED, "MISSING_ROW", "A4", rename={"Neuanträge": "Integrationen"}),
    shape(
        "a label of 5,000 characters",
        STOPPED,
        "UNKNOWN_ROW",
        "A8",
        rename={"Integrationen": "x" * 5000},
    ),
    shape(
        "a label with a Cyrillic letter",
        STOPPED,
        "UNKNOWN_ROW",
        "A8",
        rename={"Integrationen": "Integr\u0430tionen"},
    ),
    shape("a column in other words", STOPPED, "UNKNOWN_COLUMN", "B4", rename={"Monat": "Spalte"}),
    shape("a column twice", STOPPED, "DOUBLE_COLUMN", "C4", rename={"Vormonat": "Monat"}),
    shape("no column of the month", STOPPED, "MISSING_COLUMN", "", order=(0, 2, 3, 4)),
    Kind(
        GROUP,
        "no column of labels",
        lambda: drawn(order=(1, 2, 3, 4)),
        STOPPED,
        "NOT_OF_SOURCE",
        in_inbox="UNKNOWN_DOCUMENT",
    ),
    shape(
        "another Kreis in the title",
        STOPPED,
        "OTHER_REGION",
        "A1",
        title="Jobcenter Wetterau – Monatszahlen",
    ),
    shape(
        "another code in the title",
        STOPPED,
        "OTHER_REGION",
        "A1",
        title="AGS 06440 – Monatszahlen",
    ),
    shape(
        "an impossible day of issue", STOPPED, "BAD_DATE", "", footnotes=("Datenstand: 31.02.2020",)
    ),
    shape(
        "issued before its month", STOPPED, "CONTRADICTION", "", footnotes=("Datenstand: 1.1.2019",)
    ),
    shape(
        "issued in the future", STOPPED, "UNLIKELY_DATE", "", footnotes=("Datenstand: 1.1.2098",)
    ),
    Kind(GROUP, "a row is missing", edited(lambda s: s.delete_rows(8)), STOPPED, "MISSING_ROW"),
    Kind(GROUP, "a row too much", edited(_one_more), STOPPED, "UNKNOWN_ROW", "A8"),
    Kind(
        GROUP,
        "a number beside the table",
        edited(lambda s: s.cell(7, 9, 5)),
        STOPPED,
        "UNKNOWN_COLUMN",
    ),
    Kind(GROUP, "a number below the table", edited(lambda s: s.cell(20, 2, 5)), STOPPED),
    Kind(GROUP, "no header", edited(lambda s: s.delete_rows(4)), STOPPED, "UNKNOWN_SHEET"),
    Kind(
        GROUP, "columns shifted by one", edited(lambda s: s.move_range("B5:E10", cols=1)), STOPPED
    ),
    Kind(GROUP, "rows shifted by one", edited(lambda s: s.move_range("B5:E10", rows=1)), STOPPED),
    Kind(
        GROUP,
        "nothing at all",
        edited(lambda s: s.delete_rows(1, 30)),
        STOPPED,
        "NOT_OF_SOURCE",
        in_inbox="UNKNOWN_DOCUMENT",
    ),
    Kind(
        GROUP,
        "another table on a sheet of its own",
        with_sheet("Fremd", ["Etwas", 1]),
        STOPPED,
        "UNKNOWN_SHEET",
        "A1",
    ),
    Kind(
        GROUP,
        "the same sheet twice",
        edited(lambda s: s.parent and s.parent.copy_worksheet(s)),
        LOADED,
    ),
    Kind(
        GROUP,
        "a sheet of notes that is ignored by name",
        with_sheet("Hinweise", ["Etwas", 1]),
        LOADED,
    ),
    Kind(GROUP, "an empty sheet", with_sheet("Tabelle2"), LOADED),
    Kind(
        GROUP,
        "hundred empty sheets",
        edited(lambda s: [s.parent and s.parent.create_sheet(f"L{n}") for n in range(100)]),
        LOADED,
    ),
]
