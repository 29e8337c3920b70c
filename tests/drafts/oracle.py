"""What the value cells of a document say, found by simple rules of their own from its raw cells.

Nothing here knows how drafts are made or how documents are read. A value cell is a number, a
number's text or a usual sign in the data area.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

SIGNS = {"*", ".", "-", "x", "...", "/"}
NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
CODE = re.compile(r"DG|\d{2,12}")
YEAR = re.compile(r"(19|20)\d{2}")
DAY = re.compile(r"\d{2}\.(\d{2})\.(\d{4})")
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
Key = tuple[str, int, int]  # sheet, row, column; both count from 0


@dataclass(frozen=True, slots=True)
class Said:
    """One value cell.

    `value`: a number or a sign · `region`: the code in its row, '' where none stands there ·
    `month`: year * 12 + month - 1, None where the document names none.
    """

    value: float | str
    region: str
    month: int | None


def cells(path: Path) -> dict[Key, Said]:
    """Return every value cell of a document."""
    if path.suffix == ".csv":
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        return _genesis(rows) if rows[0][0].startswith("GENESIS") else _plain(rows)
    book = CalamineWorkbook.from_path(str(path))
    sheets = {
        n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names
    }
    found: dict[Key, Said] = {}
    for name, sheet in sheets.items():
        found |= _municipality(name, sheet) if name == "Daten" else _districts(name, sheet)
    return found


def _value(cell: Any) -> float | str | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = str(cell).strip()
    if text in SIGNS:
        return text
    number = NUMBER.fullmatch(text)
    return float(text.replace(".", "").replace(",", ".")) if number else None


def _month(text: str) -> int | None:
    day = DAY.fullmatch(text.strip())
    if day:
        return int(day[2]) * 12 + int(day[1]) - 1
    return int(text) * 12 + 11 if YEAR.fullmatch(text.strip()) else None


def _genesis(rows: list[list[str]]) -> dict[Key, Said]:
    """A table of Regionalstatistik.

    Header lines begin with an empty field; a column with a header holds values, the others are
    keys. A line of dashes ends the table. The period stands in the row, or in a line of its own
    (`2015`, `Jahr: 2010`, `Stichtag: 30.06.2018`); a month's name may stand in the header.
    """
    width = max(map(len, rows))
    first = next(n for n, row in enumerate(rows) if len(row) == width and row[0].strip() == "")
    last = next(n for n, row in enumerate(rows) if row[0].startswith("____"))
    body = next(n for n in range(first, last) if rows[n][0].strip())
    headed = {c for row in rows[first:body] for c, text in enumerate(row) if text.strip()}
    named = {c: _named_month([row[c] for row in rows[first:body]]) for c in headed}
    above = [row[0].split(":")[-1] for row in rows[1:first]]
    stated = next((m for text in above if (m := _month(text)) is not None), None)
    found: dict[Key, Said] = {}
    for n in range(body, last):
        keys = [text.strip() for c, text in enumerate(rows[n]) if c not in headed]
        month = next((m for text in keys if (m := _month(text)) is not None), stated)
        codes = [text for text in keys if CODE.fullmatch(text) and not YEAR.fullmatch(text)]
        for c in headed:
            value = _value(rows[n][c]) if c < len(rows[n]) else None
            if value is not None:
                found["csv", n, c] = Said(value, codes[0] if codes else "", _in(month, named[c]))
    return found


def _in(december: int | None, number: int | None) -> int | None:
    return december if december is None or number is None else december - 11 + number


def _named_month(texts: list[str]) -> int | None:
    """The month that a header names, from 0."""
    return next((n for n, name in enumerate(MONTHS) if name in texts), None)


def _plain(rows: list[list[str]]) -> dict[Key, Said]:
    """A table with one header line and a date in every row."""
    found: dict[Key, Said] = {}
    for n, row in enumerate(rows[1:], 1):
        month = next((m for text in reversed(row) if (m := _month(text)) is not None), None)
        for c, text in enumerate(row):
            if (value := _value(text)) is not None:
                found["csv", n, c] = Said(value, "", month)
    return found


def _municipality(name: str, rows: list[list[Any]]) -> dict[Key, Said]:
    """The BA's sheet of one municipality: years across, its AGS above."""
    head = next(n for n, row in enumerate(rows) if row[0] == "Merkmale")
    code = next(m[0] for row in rows[:head] if (m := re.match(r"\d{8}", str(row[0]))))
    months = {c: int(v) * 12 + 11 for c, v in enumerate(rows[head]) if isinstance(v, float)}
    return {
        (name, n, c): Said(value, code, month)
        for n in range(head + 2, len(rows))
        for c, month in months.items()
        if (value := _value(rows[n][c])) is not None
    }


def _districts(name: str, rows: list[list[Any]]) -> dict[Key, Said]:
    """Destatis' list of Kreise: a row with a key of five digits, figures beside it."""
    day = next((m for row in rows for v in row if (m := DAY.search(str(v)))), None)
    month = int(day[2]) * 12 + int(day[1]) - 1 if day else None
    found: dict[Key, Said] = {}
    for n, row in enumerate(rows):
        if not re.fullmatch(r"\d{5}", str(row[0])):
            continue
        for c, cell in enumerate(row[1:], 1):
            if isinstance(cell, float):
                found[name, n, c] = Said(cell, str(row[0]), month)
    return found
