"""A rate stored as 0.032 under a percent format is 3,2 %.

The guard notes the cells under such formats.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from kca_etl.landing.guard import inspect as guard
from kca_etl.landing.guard.notes import SheetNotes, is_percent
from tests.landing import ole
from tests.landing.packs import NAMESPACE, SHEET, changed, sheet, write
from tests.landing.written import WRITERS, addresses, notes

# Formats as offices use them, and whether 0.032 under them means 3,2 %.
FORMATS = {
    "General": False,
    "0": False,
    "#,##0": False,
    "0%": True,
    "0.0%": True,
    "0.00 %": True,
    '+0.0%;"−"0.0%;"±0"': True,
    "[Red]0.0%": True,
    "[>=0.1]0%;0.0%": True,
    '0.0"%"': False,
    '0.0" % der Fälle"': False,
    "0.0\\%": False,
    "0.0_%": False,
    "0.0*%": False,
    "[$%-407] 0.0": False,
    '0.0\\"%': True,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_percent_formats(tmp_path: Path, writer: Any) -> None:
    path = tmp_path / "a.xlsx"
    writer(path, [(f"{'AZ'[n % 2]}{n + 1}", 0.032, f) for n, f in enumerate(FORMATS)])
    expected = [f"{'AZ'[n % 2]}{n + 1}" for n, percent in enumerate(FORMATS.values()) if percent]
    assert addresses(notes(path).percent) == sorted(expected)


@pytest.mark.parametrize("text", FORMATS)
def test_is_percent(text: str) -> None:
    assert is_percent(text) is FORMATS[text]


@pytest.mark.parametrize("number", [9, 10])
def test_built_in_percent_formats(tmp_path: Path, number: int) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(4, 2, 0.032, book.add_format({"num_format": number}))
    assert addresses(notes(path).percent) == ["C5"]


def test_a_default_style_that_shows_percent(tmp_path: Path) -> None:
    """Cells without a style have the first one."""
    styles = (
        f'<styleSheet xmlns="{NAMESPACE}"><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>'
    )
    styles += '<xf numFmtId="9"/><xf numFmtId="0"/></cellXfs></styleSheet>'
    part = sheet(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>1</v></c><c r="C1"'
        ' s="0"><v>1</v></c></row>'
    )
    for text in (part, part.replace(b"<sheetData>", b"<sheetData><row/>")):
        found = notes(write(tmp_path, changed({SHEET: text, "xl/styles.xml": styles.encode()})))
        assert addresses(found.percent) == ["A1", "C1"]


@pytest.mark.parametrize("style", ["s='1'", 's = "1"', 't="n" s="1"', 's="1"\nt="n"', 's="&#49;"'])
def test_a_percent_style_in_any_spelling(tmp_path: Path, style: str) -> None:
    styles = (
        f'<styleSheet xmlns="{NAMESPACE}"><cellXfs><xf numFmtId="0"/><xf'
        ' numFmtId="10"/></cellXfs></styleSheet>'
    )
    part = sheet(f'<row r="1"><c r="A1" s="0"><v>1</v></c><c r="B1" {style}><v>1</v></c></row>')
    found = notes(write(tmp_path, changed({SHEET: part, "xl/styles.xml": styles.encode()})))
    assert addresses(found.percent) == ["B1"]


def test_xls_notes(tmp_path: Path) -> None:
    error = ole.record(ole.BOOLERR, b"\x03\0\x01\0\0\0" + b"\x07\x01")
    truth = ole.record(ole.BOOLERR, b"\x04\0\x01\0\0\0" + b"\x01\x00")
    formula = ole.record(ole.FORMULA, b"\x05\0\x01\0\0\0" + b"\x02\0\x07\0\0\0\xff\xff" + bytes(8))
    many = ole.record(
        ole.MULRK,
        b"\x06\0\x02\0" + b"\x01\0\0\0\0\0" + b"\0\0\0\0\0\0" + b"\x02\0\0\0\0\0" + b"\x04\0",
    )
    extra = (
        ole.number_format(200, '0.0"%"')
        + ole.number_format(201, "0.0%")
        + ole.style(200)
        + ole.style(201)
        + ole.style(9)
    )
    data = ole.xls(
        {
            "Blatt": ole.number(0, 0, 1.0, 1)
            + ole.number(1, 0, 1.0, 0)
            + error
            + truth
            + formula
            + many,
            "Leer": b"",
        },
        extra,
    )
    found = guard.inspect(write(tmp_path, data, "a.xls")).notes
    assert list(found) == ["Blatt", "Leer"]
    assert addresses(found["Blatt"].errors) == ["B4", "B6"]
    assert addresses(found["Blatt"].percent) == ["A1", "C7", "E7"]
    assert found["Leer"] == SheetNotes()
