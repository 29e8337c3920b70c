"""What the reader cannot read is a finding, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from kca_etl.extract import reader
from kca_etl.model.findings import KcaError


def test_a_field_beyond_the_csv_readers_limit(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a;b\n"' + "x" * 200_000 + '";1\n', encoding="utf-8")
    with pytest.raises(KcaError) as caught:
        reader.open_csv(path)
    assert caught.value.findings[0].code == "UNREADABLE"


def test_a_panic_of_the_spreadsheet_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import python_calamine

    class PanicException(BaseException):
        pass

    class Book:
        sheet_names = ("Tabelle1",)

        @staticmethod
        def get_sheet_by_name(_name: str) -> object:
            raise PanicException("index out of bounds")

    monkeypatch.setattr(
        python_calamine.CalamineWorkbook, "from_path", lambda _path: Book(), raising=False
    )
    with pytest.raises(KcaError) as caught:
        reader.open_workbook(tmp_path / "x.xls")["Tabelle1"]
    assert caught.value.findings[0].code == "UNREADABLE"
