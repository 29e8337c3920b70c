"""What a file is, its content says: a wrong suffix, a title full of commas, a long name."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl.extract.reader import open_csv
from kca_etl.landing.archive import files
from kca_etl.landing.guard import notes
from kca_etl.pipeline import open_document
from kca_etl.runs.record import load_all
from kca_etl.settings import Settings
from tests.landing import ole
from tests.landing.packs import plain


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".xlsb", ".ods", ".csv", ".txt", ""])
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_workbook_is_read_whatever_its_suffix(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"probe{suffix}"
    path.write_bytes(plain() if kind == "xlsx" else ole.xls({"A": ole.number(0, 0, 1.0)}))
    received = open_document(files.document_of(path), path)
    assert received.findings == []
    assert received.book is not None
    assert len(next(iter(received.book)).rows) == (3 if kind == "xlsx" else 1)


TABLES = {
    "a title with commas": ("Arbeitslose, Kreis, 2020, Stand\nMonat;Zahl\n01;1\n02;2\n", 2),
    "decimals": ("Monat;Zahl\n1,5;1,5\n2,5;2,5\n", 2),
    "commas": ("Monat,Zahl,Mehr\n01,1,2\n02,2,3\n", 3),
    "quoted commas": ('Monat,"Zahl; echt"\n01,"1,5"\n02,"2,5"\n', 2),
    "tabs": ("Monat\tZahl\n01\t1,5\n02\t2,5\n", 2),
    "a line alone": ("Titel\n\nMonat;Zahl\n01;1\n", 2),
}


@pytest.mark.parametrize("case", TABLES)
def test_the_delimiter_is_the_one_that_makes_a_table(tmp_path: Path, case: str) -> None:
    text, width = TABLES[case]
    path = tmp_path / "probe.csv"
    path.write_text(text, encoding="utf-8")
    assert {sum(c != "" for c in row) for row in open_csv(path)["csv"].rows[-2:]} == {width}


def test_a_file_over_the_limit_is_not_copied(
    tmp_path: Path, settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "MAX_BYTES", 1000)
    path = tmp_path / "probe.csv"
    path.write_text("a;b\n" * 1000, encoding="utf-8")
    outcomes = list(load_all([path], engine, settings))
    assert [f.code for f in outcomes[0].reading.findings] == ["HOSTILE"]
    assert list(settings.landing.glob("??/*")) == []


def test_a_name_may_end_in_anything(tmp_path: Path) -> None:
    path = tmp_path / f"x.{'y' * 230}"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    document, kept = files.store(path, tmp_path / "landing")
    assert kept.name == document.sha256
    assert document.file_name == path.name
