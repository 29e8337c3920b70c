"""What the reader drops and the guard notes: error values, formulas without a stored result, percent formats."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.landing import guard
from kca_etl.landing.notes import SheetNotes, column, is_percent
from kca_etl.model import a1
from tests.landing import ole
from tests.landing.packs import NAMESPACE, SHEET, WORKBOOK, changed, replaced, sheet, with_sheet, write

Cells = list[tuple[str, Any, str]]  # address, content, number format
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


def by_openpyxl(path: Path, cells: Cells) -> None:
    book = openpyxl.Workbook()
    sheet_ = book.active
    assert sheet_ is not None
    for address, content, number_format in cells:
        sheet_[address] = content
        sheet_[address].number_format = number_format
    book.save(path)


def by_xlsxwriter(path: Path, cells: Cells) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet_ = book.add_worksheet("Sheet")
        for address, content, number_format in cells:
            sheet_.write(address, content, book.add_format({"num_format": number_format}))


WRITERS = [by_openpyxl, by_xlsxwriter]


def notes(path: Path) -> SheetNotes:
    (found,) = guard.inspect(path).notes.values()
    return found


def addresses(cells: set[tuple[int, int]]) -> list[str]:
    return sorted(a1(*cell) for cell in cells)


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


@pytest.mark.parametrize("writer", WRITERS)
def test_formulas_without_a_stored_result(tmp_path: Path, writer: Any) -> None:
    """Neither library calculates; the one stores nothing, the other a 0 and asks for calculation."""
    path = tmp_path / "a.xlsx"
    writer(
        path, [("A1", 1, "General"), ("B2", "=A1*2", "General"), ("C3", "=1=1", "0%"), ("D4", 0, "General"), ("E5", '="#DIV/0!"&"<"', "0")]
    )
    found = notes(path)
    assert addresses(found.uncached) == ["B2", "C3", "E5"]
    assert addresses(found.percent) == ["C3"]
    assert found.errors == set()


def test_formulas_with_a_stored_result(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet_ = book.add_worksheet()
        sheet_.write_formula("A1", "=2*3", None, 6)
        sheet_.write_formula("A2", '=""', None, "")  # stored as nothing, not as an empty text
        sheet_.write_formula("A3", '="a"', None, "a")
        sheet_.write_formula("A4", "=1/0", None, "#DIV/0!")
        sheet_.write_array_formula("A5:A5", "{=SUM(A1:A1*2)}", None, 5)
    found = notes(path)
    assert addresses(found.uncached) == ["A2"]
    assert addresses(found.errors) == ["A4"]


ERRORS = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"]


def test_error_values(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    by_openpyxl(
        path,
        [(f"B{n + 1}", error, "0") for n, error in enumerate(ERRORS)]
        + [("C1", "text", "0"), ("C2", 5, "0"), ("C3", date(2020, 1, 1), "0")],
    )
    assert addresses(notes(path).errors) == [f"B{n + 1}" for n in range(len(ERRORS))]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="B2" t="e"><v>#DIV/0!</v></c>', ("errors", ["B2"])),
        ("<c r='B2' t='e'><v>#DIV/0!</v></c>", ("errors", ["B2"])),
        ('<c t = "e" r = "B2"><v>#DIV/0!</v></c>', ("errors", ["B2"])),
        ('<c r="B2" t="e"><v>&#35;DIV/0!</v></c>', ("errors", ["B2"])),
        ('<c/><c t="e"><v>#DIV/0!</v></c>', ("errors", ["B2"])),
        ('<c r="b2" t="e"><v>#DIV/0!</v></c>', ("errors", ["B2"])),
        ('<c r="B2" t="str"><v>#DIV/0!</v></c>', ("errors", [])),
        ('<c r="B2"><f>A1</f></c>', ("uncached", ["B2"])),
        ('<c r="B2"><f>A1</f><v></v></c>', ("uncached", ["B2"])),
        ('<c r="B2"><f>A1</f><v/></c>', ("uncached", ["B2"])),
        ('<c r="B2"><f t="shared" si="0"/><v> </v></c>', ("uncached", ["B2"])),
        ("<c r='B2'><f>A1</f></c>", ("uncached", ["B2"])),
        ('<c r="B2">\n  <f>A1</f>\n</c>', ("uncached", ["B2"])),
        ('<c r="A2"><v>1</v></c><c r="B2"><f>A1</f>\n<v></v></c>', ("uncached", ["B2"])),
        ('<c r="B2"><f>A1>1</f></c>', ("uncached", ["B2"])),
        ('<c r="B2"><f>A1</f><v>0</v></c>', ("uncached", [])),
        ('<c r="B2"><f>A1</f><v>7</v></c>', ("uncached", [])),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', ("uncached", [])),
        ('<c r="B2"><v></v></c>', ("uncached", [])),
        ('<c r="A2"><f>A1</f></c><c r="B2"><v>7</v></c>', ("uncached", ["A2"])),
        ('<c r="A2"><f>A1</f><v>7</v></c><c r="B2"><f>A1</f></c><c r="C2"><f>1</f><v>1</v></c>', ("uncached", ["B2"])),
    ],
)
def test_spellings_of_other_programs(tmp_path: Path, cell: str, expected: tuple[str, list[str]]) -> None:
    part = sheet(f'<row r="2">{cell}</row>')
    found = notes(write(tmp_path, saved_by_excel(part)))
    assert addresses(getattr(found, expected[0])) == expected[1]
    prefixed = part.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?").replace(b"xmlns=", b"xmlns:x=")
    assert NAMESPACE.encode() in prefixed
    assert addresses(getattr(notes(write(tmp_path, saved_by_excel(prefixed))), expected[0])) == expected[1]


def saved_by_excel(part: bytes) -> bytes:
    """A workbook that does not ask to be calculated anew."""
    return changed({SHEET: part, WORKBOOK: replaced(b' fullCalcOnLoad="1"', b"")})


def test_a_plain_sheet_and_a_walk_see_the_same(tmp_path: Path) -> None:
    """A comment sends a sheet through the parser; it must note what the search over bytes noted."""
    cells = "".join(
        f'<row r="{r + 1}">' + "".join(f'<c r="{a1(r, c)}" s="{c % 3}"><f>1</f>{"<v>2</v>" * (c % 2)}</c>' for c in range(30)) + "</row>"
        for r in range(20)
    )
    plain, walked = (guard.inspect(write(tmp_path, with_sheet(sheet(extra + cells)))).notes["Sheet"] for extra in ("", "<!-- -->"))
    assert plain == walked
    assert len(plain.uncached) == 300


def test_sheets_keep_their_notes_apart_and_names_are_as_written(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    names = ["Blatt & Co", "Ä 'x'", " 3 "]
    for n, name in enumerate(names):
        book.create_sheet(name).cell(n + 1, 1, "#REF!")
    del book["Sheet"]
    book.save(path)
    assert {name: addresses(note.errors) for name, note in guard.inspect(path).notes.items()} == {
        n: [f"A{i + 1}"] for i, n in enumerate(names)
    }


def test_a_default_style_that_shows_percent(tmp_path: Path) -> None:
    """Cells without a style have the first one."""
    styles = f'<styleSheet xmlns="{NAMESPACE}"><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs>'
    styles += '<xf numFmtId="9"/><xf numFmtId="0"/></cellXfs></styleSheet>'
    part = sheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>1</v></c><c r="C1" s="0"><v>1</v></c></row>')
    for text in (part, part.replace(b"<sheetData>", b"<sheetData><!-- -->")):
        found = notes(write(tmp_path, changed({SHEET: text, "xl/styles.xml": styles.encode()})))
        assert addresses(found.percent) == ["A1", "C1"]


@pytest.mark.parametrize("style", ["s='1'", 's = "1"', 't="n" s="1"', 's="1"\nt="n"', 's="&#49;"'])
def test_a_percent_style_in_any_spelling(tmp_path: Path, style: str) -> None:
    styles = f'<styleSheet xmlns="{NAMESPACE}"><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/></cellXfs></styleSheet>'
    part = sheet(f'<row r="1"><c r="A1" s="0"><v>1</v></c><c r="B1" {style}><v>1</v></c></row>')
    found = notes(write(tmp_path, changed({SHEET: part, "xl/styles.xml": styles.encode()})))
    assert addresses(found.percent) == ["B1"]


def test_xls_notes(tmp_path: Path) -> None:
    error = ole.record(ole.BOOLERR, b"\x03\0\x01\0\0\0" + b"\x07\x01")
    truth = ole.record(ole.BOOLERR, b"\x04\0\x01\0\0\0" + b"\x01\x00")
    formula = ole.record(ole.FORMULA, b"\x05\0\x01\0\0\0" + b"\x02\0\x07\0\0\0\xff\xff" + bytes(8))
    many = ole.record(ole.MULRK, b"\x06\0\x02\0" + b"\x01\0\0\0\0\0" + b"\0\0\0\0\0\0" + b"\x02\0\0\0\0\0" + b"\x04\0")
    extra = ole.number_format(200, '0.0"%"') + ole.number_format(201, "0.0%") + ole.style(200) + ole.style(201) + ole.style(9)
    data = ole.xls({"Blatt": ole.number(0, 0, 1.0, 1) + ole.number(1, 0, 1.0, 0) + error + truth + formula + many, "Leer": b""}, extra)
    found = guard.inspect(write(tmp_path, data, "a.xls")).notes
    assert list(found) == ["Blatt", "Leer"]
    assert addresses(found["Blatt"].errors) == ["B4", "B6"]
    assert addresses(found["Blatt"].percent) == ["A1", "C7", "E7"]
    assert found["Leer"] == SheetNotes()


@given(st.integers(0, 16_383))
def test_column_letters_and_numbers(number: int) -> None:
    assert column(a1(0, number)[:-1]) == number
