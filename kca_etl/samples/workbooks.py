"""The sample documents as an office would keep them.

Monthly sheets in three notations, and year sheets.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.german.months import MONTHS
from kca_etl.offices import folder as offices
from kca_etl.offices.spec import Samples
from kca_etl.samples.figures import (
    KENNZAHLEN,
    LABELS,
    LAST,
    QUOTE,
    first_stated,
    german_month,
    is_published,
    months,
    shift,
    value,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

PARTLY = "Beispieldatei – Werte teils veröffentlicht (Quelle unter der Tabelle), teils erfunden"
WHOLLY = "Beispieldatei – alle Werte sind erfunden"
MARKED = (
    "V = veröffentlichter Wert, E = für dieses Beispiel erfundener Wert (kursiv). Keine amtliche"
    " Veröffentlichung."
)
# How each monthly document writes its numbers: the three notations offices use.
NOTATION = {"2020-09": "text", "2020-10": "plain", "2020-11": "percent"}
CREATED = dt.datetime(2020, 12, 1)  # noqa: DTZ001 - the format knows no zone
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "align": "left"},
    "month": {"bold": True},
    "small": {"font_size": 9, "font_color": "#555555"},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "headmonth": {"bold": True, "bottom": 1, "num_format": "mmmm yyyy", "align": "right"},
    "count": {"num_format": "#,##0", "align": "right"},
    "rate": {"num_format": "0.0", "align": "right"},
    "percent": {"num_format": "0.0%", "align": "right"},
    "change": {"num_format": '+#,##0;"−"#,##0;"±0"', "align": "right"},
    "ratechange": {"num_format": '+0.0;"−"0.0;"±0"', "align": "right"},
    "text": {"align": "right"},
}


@dataclass(slots=True)
class Sheet:
    """A worksheet with its formats, upright and in italics (for invented values)."""

    sheet: Worksheet
    formats: dict[tuple[str, bool], Any]

    def put(
        self,
        row: int,
        col: int,
        content: Decimal | str | dt.datetime,
        form: str,
        *,
        invented: bool = False,
    ) -> None:
        """Write one cell; numbers as the double nearest to their decimal text."""
        style = self.formats[form, invented]
        if isinstance(content, Decimal):
            self.sheet.write_number(row, col, float(content), style)
        elif isinstance(content, str):
            self.sheet.write_string(row, col, content, style)
        else:
            self.sheet.write_datetime(row, col, content, style)


def write_samples(folder: Path) -> list[Path]:
    """Write the sample documents into a folder; the same bytes every time.

    Returns their paths, sorted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [_monthly(folder, month) for month in NOTATION]
    written += [_yearly(folder, year) for year in (2018, 2019, 2020)]
    return sorted(written)


def _open(path: Path, name: str) -> tuple[Workbook, Sheet]:
    from xlsxwriter import Workbook

    # in_memory gives every zip member the same fixed time.
    book = Workbook(str(path), {"in_memory": True})
    book.set_properties(
        {"title": _samples().title, "comments": _notice(), "author": "Beispiel", "created": CREATED}
    )
    formats = {
        (key, italic): book.add_format({**form, "italic": italic})
        for key, form in FORMATS.items()
        for italic in (False, True)
    }
    return book, Sheet(book.add_worksheet(name), formats)


def _samples() -> Samples:
    return offices.current().samples


def _notice() -> str:
    return PARTLY if _samples().published else WHOLLY


def _footer() -> list[str]:
    if not _samples().published:
        return [MARKED]
    source = f"Quelle der veröffentlichten Werte: {_samples().published}"
    return [MARKED, f"{source} (teils aus Differenzen berechnet)."]


def _top(sheet: Sheet, title: str, width: int) -> None:
    sheet.sheet.merge_range(0, 0, 0, width, title, sheet.formats["title", False])
    sheet.put(1, 0, _notice(), "small")


def _monthly(folder: Path, month: str) -> Path:
    """Merkmal | Monat | Vormonat | Vorjahresmonat | Veränderung, the month above, notes below."""
    path = folder / f"{_samples().file_prefix}_Monatszahlen_{month}.xlsx"
    book, sheet = _open(path, "Monatszahlen")
    notation = NOTATION[month]
    unit = ["Einheit"] if notation == "plain" else []
    heads = ["Merkmal", *unit, "Monat", "Vormonat", "Vorjahresmonat", "Veränderung", "Herkunft"]
    _top(sheet, _samples().title, len(heads) - 1)
    sheet.put(3, 0, f"Berichtsmonat: {german_month(month)}", "month")
    for col, head in enumerate(heads):
        sheet.put(5, col, head, "head")
    for row, kennzahl in enumerate(KENNZAHLEN, 6):
        sheet.put(row, 0, LABELS[kennzahl], "month")
        if unit:
            sheet.put(row, 1, "Prozent" if kennzahl == QUOTE else "Anzahl", "small")
        _monthly_row(sheet, row, 1 + len(unit), kennzahl, month)
    notes = [
        "Veränderung: gegenüber dem Vormonat, bei der Quote in Prozentpunkten.",
        "Herkunft: Monat / Vormonat / Vorjahresmonat.",
        *_footer(),
    ]
    _bottom(sheet, 13, notes + _revision(month))
    sheet.sheet.set_column(0, 0, 28)
    sheet.sheet.set_column(1, len(heads) - 1, 15)
    sheet.sheet.ignore_errors({"number_stored_as_text": "B7:F12"})
    book.close()
    return path


def _monthly_row(sheet: Sheet, row: int, first: int, kennzahl: str, month: str) -> None:
    notation, rate = NOTATION[month], kennzahl == QUOTE
    spoken = [month, shift(month, -1), shift(month, -12)]
    values = [value(kennzahl, m, month) for m in spoken]
    for col, (m, number) in enumerate(zip(spoken, values, strict=True), first):
        made = not is_published(kennzahl, m)
        if notation == "text":
            sheet.put(row, col, _german(number), "text", invented=made)
        elif notation == "percent" and rate:
            sheet.put(row, col, number / 100, "percent", invented=made)
        else:
            sheet.put(row, col, number, "rate" if rate else "count", invented=made)
    change = values[0] - values[1]
    if notation == "text":
        sheet.put(row, first + 3, _signed(change), "text")
    else:
        sheet.put(row, first + 3, change, "ratechange" if rate else "change")
    marks = {True: "V", False: "E"}
    text = " / ".join(marks[is_published(kennzahl, m)] for m in spoken)
    sheet.put(row, first + 4, text, "text")


def _yearly(folder: Path, year: int) -> Path:
    """Months across, Kennzahlen down; months that are still to come stay empty."""
    path = folder / f"{_samples().file_prefix}_Jahresblatt_{year}.xlsx"
    book, sheet = _open(path, f"Jahresblatt {year}")
    spoken = [f"{year}-{m:02}" for m in range(1, 13)]
    known = set(months())
    _top(sheet, f"{_samples().title} {year}", 13)
    sheet.put(3, 0, "Kennzahl", "head")
    for col, month in enumerate(spoken, 1):
        if year == 2018:  # noqa: PLR2004 - one year sheet has real dates in its header
            sheet.put(3, col, dt.datetime(year, col, 1), "headmonth")  # noqa: DTZ001 - the format knows no zone
        else:
            sheet.put(3, col, german_month(month), "head")
    sheet.put(3, 13, "Herkunft", "head")
    for row, kennzahl in enumerate(KENNZAHLEN, 4):
        sheet.put(row, 0, LABELS[kennzahl], "month")
        for col, month in enumerate(spoken, 1):
            if month in known:
                made = not is_published(kennzahl, month)
                sheet.put(
                    row,
                    col,
                    value(kennzahl, month),
                    "rate" if kennzahl == QUOTE else "count",
                    invented=made,
                )
        sheet.put(row, 13, _origin(kennzahl, [m for m in spoken if m in known]), "small")
    _bottom(sheet, 11, ["Arbeitslosenquote in Prozent.", *_footer(), *_revision(f"{year}-11")])
    sheet.sheet.set_column(0, 0, 28)
    sheet.sheet.set_column(1, 12, 11)
    sheet.sheet.set_column(13, 13, 48)
    book.close()
    return path


def _bottom(sheet: Sheet, row: int, notes: list[str]) -> None:
    for n, note in enumerate(notes):
        sheet.put(row + n, 0, note, "small")


def _revision(month: str) -> list[str]:
    return [
        (
            f"Berichtigt: {LABELS[k]} {german_month(m)} {value(k, m)} statt {old} (erfundenes"
            " Beispiel einer Revision)."
        )
        for (k, m), old in first_stated().items()
        if month == LAST
    ]


def _origin(kennzahl: str, spoken: list[str]) -> str:
    known = [MONTHS[int(m[5:]) - 1][:3] for m in spoken if is_published(kennzahl, m)]
    if len(known) == len(spoken):
        return "alle V"
    return f"V: {', '.join(known)}; übrige E" if known else "alle E"


def _german(number: Decimal) -> str:
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def _signed(number: Decimal) -> str:
    return "±0" if number == 0 else ("+" if number > 0 else "−") + _german(abs(number))
