"""Promise: foreign files are data; a hostile one is refused by its code before any reader sees it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from kca_etl.landing import archive, guard
from kca_etl.model import KcaError
from kca_etl.pipeline import open_document
from tests.landing import ole
from tests.landing.hostile import REFUSED, packed
from tests.landing.packs import plain, write


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """No spreadsheet reader may be asked."""

    def asked(*_: object, **__: object) -> None:
        raise AssertionError("a reader was asked")

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", asked)
    monkeypatch.setattr(openpyxl, "load_workbook", asked)


@pytest.mark.usefixtures("no_reader")
@pytest.mark.parametrize("case", REFUSED)
def test_refused_by_its_code_before_any_reader_sees_it(tmp_path: Path, case: str) -> None:
    code, make = REFUSED[case]
    path = write(tmp_path, make())
    received = open_document(archive.document_of(path), path)
    assert [f.code for f in received.findings] == [code]
    assert received.book is None


def test_too_large_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_BYTES", 1000)
    with pytest.raises(KcaError, match="HOSTILE"):
        guard.inspect(write(tmp_path, plain()))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.xlsx", plain(), "xlsx"),
        ("a.XLS", plain(), "xlsx"),
        ("a.xls", ole.xls({"A": ole.number(0, 0, 1.0)}), "xls"),
        ("a.csv", "Kreis;Wert\nKöln;1,5\n".encode("cp1252"), "csv"),
        ("a.csv", "\ufeffKreis,Wert\nKöln,1\n".encode(), "csv"),
        ("a.txt", b"a\tb\n1\t2\n", "csv"),
        ("a.csv", b'a;b\n"1\n2";3\n', "csv"),
        ("commented.xlsx", plain()[:-2] + b"\x05\x00Gruss", "xlsx"),
        ("a.xlsx", packed(zipfile.ZIP_STORED), "xlsx"),
    ],
)
def test_what_a_file_is_is_told_by_its_content(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    assert guard.inspect(write(tmp_path, data, name)).kind == kind


def test_every_real_file_passes_and_its_sheets_have_the_reader_s_names(real: Path) -> None:
    books = sorted(p for p in real.rglob("*") if p.suffix in (".xlsx", ".xls"))
    assert len(books) >= 38
    for path in books:
        assert list(guard.inspect(path).notes) == python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names
    texts = sorted(real.rglob("*.csv"))
    assert texts
    assert {guard.inspect(path).kind for path in texts} == {"csv"}
