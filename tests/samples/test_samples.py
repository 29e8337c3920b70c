from __future__ import annotations

import hashlib
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kca_etl.samples import invented, is_published, notes, write_samples
from kca_etl.samples.figures import KENNZAHLEN, LABELS, months, published, value

NAMES = [f"KCA_Jahresblatt_{y}.xlsx" for y in (2018, 2019, 2020)] + [
    f"KCA_Monatszahlen_2020-{m:02}.xlsx" for m in (9, 10, 11)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("samples")
    write_samples(path)
    return path


def cells(path: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_same_bytes_every_time(folder: Path, tmp_path: Path) -> None:
    again = write_samples(tmp_path / "new" / "folder")
    assert [p.name for p in again] == NAMES
    for path in again:
        assert (
            hashlib.sha256(path.read_bytes()).digest()
            == hashlib.sha256((folder / path.name).read_bytes()).digest()
        )
        assert {i.date_time for i in zipfile.ZipFile(path).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_published_figures_are_carried_exactly() -> None:
    november = {k: value(k, "2020-11") for k in KENNZAHLEN}
    assert [str(v) for v in november.values()] == ["3.2", "7273", "24736", "318", "553", "932"]
    assert str(value("arbeitslosenquote_sgb2", "2020-10")) == "3.2"
    assert (value("arbeitslose_sgb2", "2020-10"), value("arbeitslose_sgb2", "2019-11")) == (
        Decimal(7346),
        Decimal(6013),
    )
    assert all(source for _, source in published().values())
    assert all(value(k, m) == v for (k, m), (v, _) in published().items())


def test_invented_figures_are_plausible_and_known_as_such() -> None:
    assert is_published("arbeitslose_sgb2", "2020-10")
    assert not is_published("integrationen", "2020-10")
    assert ("integrationen", "2020-10") in invented()
    for kennzahl in KENNZAHLEN:
        run = [value(kennzahl, m) for m in months()]
        both_invented = [
            (a, b)
            for a, b, m in zip(run, run[1:], months()[1:], strict=False)
            if not is_published(kennzahl, m)
        ]
        assert max(abs(b / a - 1) for a, b in both_invented) < (0.2 if "quote" in kennzahl else 0.1)
    assert all(23000 < value("leistungsbezieher_sgb2", m) < 25000 for m in months())


def test_notes_name_what_is_invented() -> None:
    (note,) = notes("2020-11")
    assert note.startswith("Beispieldaten: ")
    assert (
        "Oktober 2020 (Leistungsbezieher SGB II, Integrationen, Neuanträge, Maßnahmeteilnehmer)"
        in note
    )
    assert "November" not in note


def test_every_document_says_what_it_is(folder: Path) -> None:
    for name in NAMES:
        text = "\n".join(str(v) for row in cells(folder / name) for v in row if v is not None)
        assert "Beispieldatei – Werte teils veröffentlicht" in text
        assert "erfundener Wert" in text
        assert "Quelle der veröffentlichten Werte" in text


def test_monthly_sheets_write_numbers_in_three_ways(folder: Path) -> None:
    september, october, november = (cells(folder / name) for name in NAMES[3:])
    assert september[6] == ["Arbeitslosenquote SGB II", "3,3", "3,3", "2,7", "±0", "E / E / E"]
    assert september[7][1] == "7.410"
    assert october[5] == [
        "Merkmal",
        "Einheit",
        "Monat",
        "Vormonat",
        "Vorjahresmonat",
        "Veränderung",
        "Herkunft",
    ]
    assert october[6][2] == 3.2
    assert november[3][0] == "Berichtsmonat: November 2020"
    assert november[6][1:5] == [0.032, 0.032, 0.026, 0]
    assert november[7][1:6] == [7273, 7346, 6013, -73, "V / V / V"]
    sheet = openpyxl.load_workbook(folder / NAMES[5]).worksheets[0]
    assert sheet["B7"].number_format == "0.0%"
    assert "A1:F1" in map(str, sheet.merged_cells.ranges)


def test_documents_agree_but_for_the_declared_revision(folder: Path) -> None:
    assert cells(folder / NAMES[4])[9][2] == 341
    assert cells(folder / NAMES[5])[9][2] == 345
    years = {name: cells(folder / name) for name in NAMES[:3]}
    for n, kennzahl in enumerate(KENNZAHLEN):
        for name, rows in years.items():
            row = rows[4 + n]
            assert row[0] == LABELS[kennzahl]
            for col in range(1, 13):
                month = f"{name[16:20]}-{col:02}"
                assert row[col] == (float(value(kennzahl, month)) if month <= "2020-11" else None)


def test_year_sheets_head_months_as_text_and_as_dates(folder: Path) -> None:
    assert cells(folder / NAMES[0])[3][1] == datetime(2018, 1, 1)
    assert cells(folder / NAMES[2])[3][:3] == ["Kennzahl", "Januar 2020", "Februar 2020"]
    assert cells(folder / NAMES[2])[3][12] == "Dezember 2020"
    assert "345 statt 341" in str(cells(folder / NAMES[2]))
