"""What the reader drops and the guard notes: error values, and formulas without a stored result."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.landing.guard import inspect as guard
from kca_etl.landing.guard.notes import column
from kca_etl.model.address import a1
from tests.landing.packs import NAMESPACE, sheet, with_sheet, write
from tests.landing.written import WRITERS, addresses, by_openpyxl, notes, saved_by_excel


@pytest.mark.parametrize("writer", WRITERS)
def test_formulas_without_a_stored_result(tmp_path: Path, writer: Any) -> None:
    """Neither library calculates.

    The one stores nothing, the other a 0 and asks for calculation.
    """
    path = tmp_path / "a.xlsx"
    writer(
        path,
        [
            ("A1", 1, "General"),
            ("B2", "=A1*2", "General"),
            ("C3", "=1=1", "0%"),
            ("D4", 0, "General"),
            ("E5", '="#DIV/0!"&"<"', "0"),
        ],
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
        (
            '<c r="A2"><f>A1</f><v>7</v></c><c r="B2"><f>A1</f></c><c r="C2"><f>1</f><v>1</v></c>',
            ("uncached", ["B2"]),
        ),
    ],
)
def test_spellings_of_other_programs(
    tmp_path: Path, cell: str, expected: tuple[str, list[str]]
) -> None:
    part = sheet(f'<row r="2">{cell}</row>')
    found = notes(write(tmp_path, saved_by_excel(part)))
    assert addresses(getattr(found, expected[0])) == expected[1]
    prefixed = (
        part.replace(b"<", b"<x:")
        .replace(b"<x:/", b"</x:")
        .replace(b"<x:?", b"<?")
        .replace(b"xmlns=", b"xmlns:x=")
    )
    assert NAMESPACE.encode() in prefixed
    assert (
        addresses(getattr(notes(write(tmp_path, saved_by_excel(prefixed))), expected[0]))
        == expected[1]
    )


def test_a_plain_sheet_and_a_walk_see_the_same(tmp_path: Path) -> None:
    """A bare row sends a sheet through the parser; it notes what the search over bytes did."""
    cells = "".join(
        f'<row r="{r + 1}">'
        + "".join(
            f'<c r="{a1(r, c)}" s="{c % 3}"><f>1</f>{"<v>2</v>" * (c % 2)}</c>' for c in range(30)
        )
        + "</row>"
        for r in range(20)
    )
    plain, walked = (
        guard.inspect(write(tmp_path, with_sheet(sheet(extra + cells)))).notes["Sheet"]
        for extra in ("", "<row/>")
    )
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


@given(st.integers(0, 16_383))
def test_column_letters_and_numbers(number: int) -> None:
    assert column(a1(0, number)[:-1]) == number
