"""Promise: foreign files are data.

A hostile one is refused by its code before any reader sees it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kca_etl.landing.archive import files as archive
from kca_etl.landing.guard import inspect as guard
from kca_etl.model.catalogue import catalogue
from kca_etl.model.findings import Finding, KcaError, Verdict
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
        (
            "a.xls",
            ole.container({"Workbook": ole.workbook({"A": ole.number(0, 0, 1.0)})}, mini=True),
            "xls",
        ),
        ("a.csv", "Kreis;Wert\nKöln;1,5\n".encode("cp1252"), "csv"),
        ("a.csv", "\ufeffKreis,Wert\nKöln,1\n".encode(), "csv"),
        ("a.txt", b"a\tb\n1\t2\n", "csv"),
        ("a.csv", b'a;b\n"1\n2";3\n', "csv"),
        ("commented.xlsx", plain()[:-2] + b"\x05\x00Gruss", "xlsx"),
        ("a.xlsx", packed(zipfile.ZIP_STORED), "xlsx"),
    ],
)
def test_what_a_file_is_is_told_by_its_content(
    tmp_path: Path, name: str, data: bytes, kind: str
) -> None:
    assert guard.inspect(write(tmp_path, data, name)).kind == kind


@pytest.mark.parametrize("mini", [False, True])
def test_our_made_up_xls_is_one_for_the_reader_too(tmp_path: Path, mini: bool) -> None:
    stream = ole.workbook({"A": ole.number(0, 0, 1.0) + ole.number(1, 1, 2.5)})
    path = write(tmp_path, ole.container({"Workbook": stream}, mini=mini), "a.xls")
    assert list(guard.inspect(path).notes) == ["A"]
    assert python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(
        "A"
    ).to_python() == [[1.0, ""], ["", 2.5]]


SOUND = {
    "xlsx": plain(),
    "xls": ole.xls(
        {"A": ole.number(0, 0, 1.0) + ole.number(9, 3, 2.0)},
        ole.number_format(200, "0%") + ole.style(200),
    ),
}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(SOUND)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.floats(0, 1),
)
def test_a_damaged_file_passes_or_is_refused_and_never_trips_the_guard(
    tmp_path: Path, kind: str, changes: list[tuple[float, int]], length: float
) -> None:
    data = bytearray(SOUND[kind])
    for place, value in changes:
        data[int(place * len(data))] = value
    path = write(tmp_path, bytes(data if length > 0.5 else data[: int(2 * length * len(data))]))
    refused: list[Finding] = []
    try:
        guard.inspect(path)
    except KcaError as error:
        refused = error.findings
    assert {catalogue()[f.code].verdict for f in refused} <= {Verdict.REJECT}


def test_every_real_file_passes_and_its_sheets_have_the_reader_s_names(real: Path) -> None:
    books = sorted(p for p in real.rglob("*") if p.suffix in (".xlsx", ".xls"))
    assert len(books) >= 38
    for path in books:
        assert (
            list(guard.inspect(path).notes)
            == python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names
        )
    texts = sorted(real.rglob("*.csv"))
    assert texts
    assert {guard.inspect(path).kind for path in texts} == {"csv"}
