"""The same figures in every form, the same bytes every time, and no foreign text that acts."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from kca_etl.report.overview import Overview, build
from kca_etl.report.publish import write_all
from kca_etl.report.render import FILES, FORMATS, files, render
from kca_etl.samples import figures as sample
from kca_etl.samples.figures import KENNZAHLEN, months
from tests.report import forms
from tests.report.helper import MISSING, frame

NOVEMBER = date(2020, 11, 1)
READERS = {
    "pdf": forms.from_pdf,
    "html": forms.from_html,
    "xlsx": forms.from_xlsx,
    "csv": forms.from_csv,
    "json": forms.from_json,
}
EVIL = {
    "file_name": '=HYPERLINK("x")#panic()$x$<b>x</b>.xlsx',
    "sheet": "</style><script>alert(1)</script>\x00\x1b[31m\u202e中😀",
    "cell": "@SUM(A1)",
    "region_name": '#eval("1") <u>Kreis {{ 7*7 }}',
}
WANTED = {
    "Arbeitslosenquote SGB II": ["3,2", "3,2", "±0", "x", "2,6", "+0,6", "x"],
    "Arbeitslose SGB II": ["7.273", "7.346", "−73", "−1,0", "6.013", "+1.260", "+21,0"],
    "Leistungsbezieher SGB II": ["24.736", "24.803", "−67", "−0,3", "23.730", "+1.006", "+4,2"],
    "Integrationen": ["318", "345", "−27", "−7,8", "392", "−74", "−18,9"],
    "Neuanträge": ["553", "555", "−2", "−0,4", "417", "+136", "+32,6"],
    "Maßnahmeteilnehmer": ["932", "921", "+11", "+1,2", "1.008", "−76", "−7,5"],
}


def overview(changes: dict[tuple[str, str], dict[str, Any]] | None = None, **more: Any) -> Overview:
    return build(
        frame(changes, first="2018-01"),
        NOVEMBER,
        **({"invented": sample.invented(), "notes": sample.notes("2020-11")} | more),
    )


def hostile() -> Overview:
    return overview(
        {(k, m): EVIL for k in KENNZAHLEN for m in months()}, notes=["#panic() <i>x</i> =1+1"]
    )


@pytest.mark.parametrize("form", READERS)
def test_every_form_carries_the_same_figures(form: str) -> None:
    assert READERS[form](render(overview(), form)) == WANTED


@pytest.mark.parametrize("form", READERS)
def test_signs_and_gaps_are_the_same_in_every_form(form: str) -> None:
    changes = {
        ("integrationen", "2020-11"): {"value": float("nan"), "zeichen": "*"},
        ("neuantraege", "2020-10"): MISSING,
    }
    read = READERS[form](render(overview(changes), form))
    assert read["Integrationen"] == ["*", "345", "–", "–", "392", "–", "–"]
    assert read["Neuanträge"] == ["553", "–", "–", "–", "417", "+136", "+32,6"]


@pytest.mark.parametrize("form", FORMATS)
def test_same_figures_same_bytes(form: str) -> None:
    assert render(overview(), form) == render(overview(), form)


def test_another_process_in_another_place_writes_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.report.test_forms import overview; "
        "from kca_etl.report.publish import write_all; from kca_etl.report.render import files; "
        "write_all(Path(sys.argv[1]), files(overview()))"
    )
    here = {
        path.name: path.read_bytes() for path in write_all(tmp_path / "here", files(overview()))
    }
    there = os.environ | {
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "there")], check=True, env=there, cwd=tmp_path
    )
    assert here == {path.name: path.read_bytes() for path in sorted((tmp_path / "there").iterdir())}


def test_all_forms_take_less_than_two_seconds() -> None:
    code = (
        "import time; from tests.report.test_forms import overview, FILES, render; page = "
        "overview(); start = time.process_time();"
        "[render(page, form) for form in FILES]; print(time.process_time() - start)"
    )
    there = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, env=there, capture_output=True, text=True
    )
    assert float(done.stdout) < 2


def test_files(tmp_path: Path) -> None:
    written = write_all(tmp_path / "new", files(overview()))
    assert [path.name for path in written] == [f"Ueberblick_2020-11.{form}" for form in FILES]
    assert sorted(written) == sorted((tmp_path / "new").iterdir())
    assert [p.suffix for p in write_all(tmp_path, files(overview(), ["csv", "txt"]))] == [
        ".csv",
        ".txt",
    ]


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "Ueberblick_2020-11.csv"
    target.write_text("old")

    def full(number: int) -> None:
        raise OSError(28, f"no space for file {number}")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_all(tmp_path, files(overview(), ["csv"]))
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "old"


def test_nothing_is_written_if_one_form_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_all(tmp_path, files(overview(), ["csv", "docx"]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", READERS)
def test_foreign_text_does_not_change_the_figures(form: str) -> None:
    assert READERS[form](render(hostile(), form)) == WANTED


def test_foreign_text_stays_text_in_html() -> None:
    page = render(hostile(), "html").decode()
    for raw in ("<script", "<b>x", "<u>", "<i>x", "\x00", "\x1b", "\u202e"):
        assert raw not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page


def test_foreign_text_stays_text_in_pdf() -> None:
    text = forms.pdf_text(render(hostile(), "pdf"))
    assert '#eval("1") <u>Kreis {{ 7*7 }}' in text
    assert "#panic() <i>x</i> =1+1" in text
    assert "中" not in text


def test_foreign_text_stays_text_in_xlsx() -> None:
    content = render(hostile(), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell for cell in cells if cell.hyperlink is not None] == []
    assert EVIL["file_name"] in {cell.value for cell in cells}
    assert all(
        b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{n}.xml")
        for n in range(1, 7)
    )


def test_foreign_text_stays_text_in_csv_and_json() -> None:
    rows = list(csv.DictReader(io.StringIO(render(hostile(), "csv").decode())))
    assert {(row["file_name"], row["cell"]) for row in rows} == {
        (f"'{EVIL['file_name']}", f"'{EVIL['cell']}")
    }
    assert json.loads(render(hostile(), "json"))["region"] == EVIL["region_name"]


def test_pdf_is_a_tagged_page_and_its_proofs_with_their_fonts() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(overview(), "pdf")))
    root: Any = reader.root_object
    page: Any = reader.pages[0]
    assert len(reader.pages) == 2
    assert "SHA-256" not in reader.pages[0].extract_text()
    assert "SHA-256" in reader.pages[1].extract_text()
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de-DE"
    assert "pdfuaid:part>1<" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert (
        reader.metadata.title
        == "Überblick November 2020 – Kommunales Center für Arbeit, Main-Kinzig-Kreis"
    )
    assert str(reader.metadata.creation_date)[:10] == "2020-11-30"
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert all("SourceSansPro" in font["/BaseFont"] for font in fonts)
    assert all("/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts)


def test_pdf_speaks_for_its_charts() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render(overview(), "pdf")))
    objects: Any = [reader.get_object(n) for n in range(1, len(reader.xref[0]) + 1)]
    spoken = [o["/Alt"] for o in objects if isinstance(o, dict) and "/Alt" in o]
    assert len(spoken) == len(KENNZAHLEN)
    assert any(
        "Liniendiagramm Arbeitslose SGB II, November 2018 bis November 2020: zuletzt 7.273" in text
        for text in spoken
    )


def test_the_overview_stays_one_page_whatever_is_on_it() -> None:
    changes = {
        (k, m): {"file_name": f"{m}{k}" * 4, "status": "vorlaeufig"}
        for k in KENNZAHLEN
        for m in months()
    }
    content = render(overview(changes, notes=["Wort " * 60, "W" * 300] * 4), "pdf")
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert ["Nachweise zum Überblick" in page.extract_text() for page in pages][:2] == [False, True]
    assert forms.from_pdf(content) == WANTED


def test_xlsx_has_charts_and_formats() -> None:
    content = render(overview(), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [
        "Deckblatt",
        "Inhalt",
        "Hinweise",
        "Überblick",
        "Verlauf",
        "Fundstellen",
    ]
    assert len(
        [
            n
            for n in zipfile.ZipFile(io.BytesIO(content)).namelist()
            if n.startswith("xl/charts/chart")
        ]
    ) == len(KENNZAHLEN)
    sheet = book["Überblick"]
    assert (sheet["B5"].value, sheet["B6"].value) == (3.2, 7273)
    assert sheet["B5"].number_format.endswith('0.0" %"')
    assert sheet["B6"].number_format.endswith("#,##0")
    assert "Prozentpunkte" in sheet["D5"].number_format
    course = book["Verlauf"]
    assert (course.max_row, course["A5"].value.date(), course["C29"].value) == (
        29,
        date(2018, 11, 1),
        7273,
    )


def test_json_leads_every_figure_to_its_cell() -> None:
    read = json.loads(render(overview(), "json"))
    assert len(read["figures"]) == 25 * len(KENNZAHLEN)
    assert all(row["document_sha256"] and row["sheet"] and row["cell"] for row in read["figures"])
    assert [row["value"] for row in read["figures"] if row["role"] == "month"] == [
        3.2,
        7273,
        24736,
        318,
        553,
        932,
    ]
    assert read["fact_versions_sha256"].startswith(read["version"].split()[-1])


def test_a_sign_is_no_number_in_the_charts_of_the_workbook() -> None:
    hidden = {("integrationen", "2020-05"): {"value": float("nan"), "zeichen": "*"}}
    course = openpyxl.load_workbook(io.BytesIO(render(overview(hidden), "xlsx")))["Verlauf"]
    rows: Any = course.iter_rows(min_row=5)
    row = next(row for row in rows if row[0].value.date() == date(2020, 5, 1))
    assert (row[4].value, row[7].value) == (None, "Integrationen: *")


@pytest.mark.parametrize("failing", ["write", "record"])
def test_all_forms_appear_together_or_none(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def full(number: int) -> None:
        written.append(number)
        if failing == "write" and len(written) == 3:
            raise OSError(28, "no space")

    def record() -> None:
        if failing == "record":
            raise OSError(5, "no database")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no "):
        write_all(tmp_path, {f"a.{n}": b"new" for n in range(5)}, record)
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_had_ready_is_put_in_place_first(tmp_path: Path) -> None:
    ready, half = tmp_path / ".ready-1-1", tmp_path / ".staging-1-2"
    for folder in (ready, half):
        folder.mkdir()
        (folder / "a.csv").write_text(folder.name)
    os.utime(half, (0, 0))
    write_all(tmp_path, {"b.csv": b"new"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "b.csv"]
    assert (tmp_path / "a.csv").read_text() == ".ready-1-1"


def test_the_workbook_keeps_the_rules_for_accessible_workbooks() -> None:
    content = render(hostile(), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.title
    assert book.properties.language == "de-DE"
    names = [name for sheet in book for name in sheet.tables]
    assert len(names) == len(set(names)) == 5
    for sheet in book:
        rows = [[c.value for c in row] for row in sheet.iter_rows()]
        assert sheet.merged_cells.ranges == set()
        assert rows[0][0]
        assert all(any(v is not None for v in row) for row in rows), sheet.title
        assert int(sheet.page_setup.paperSize or 0) == 9
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert len(sheet.tables) == (sheet.title != "Deckblatt")
        for table in sheet.tables.values():
            assert table.ref.startswith("A4:")
            assert table.ref.endswith(f"{sheet.max_row}")
            assert sheet[f"A{sheet.max_row}"].value is not None
    fits = {s.title: s.page_setup.fitToHeight for s in book}
    assert {fits["Überblick"], fits["Verlauf"]} <= {None, 1}
