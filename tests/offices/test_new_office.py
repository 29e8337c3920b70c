"""A folder for any Jobcenter of the register, and pages that say its names only."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.offices import folder as offices
from kca_etl.runs.new_office import identity, write
from kca_etl.sources import registry
from schemas import regions
from tests.offices.helper import kca

OTHER_OFFICE = re.compile(r"\bKCA|\bMKK|Kommunales Center|Main-Kinzig|06435|43102|Hanau")
FULDA = "41110"


def test_every_jobcenter_of_the_register_gets_a_folder(tmp_path: Path) -> None:
    for number, jobcenter in regions.jobcenter().items():
        kreise = () if jobcenter.kreise else ("11000",)
        write(tmp_path / number, number, kreise)
        office = offices.read(tmp_path / number)
        assert office.region_key in office.own_regions
        assert office.name.startswith("Jobcenter ")
        for path in (tmp_path / number / "sources").glob("*.yaml"):
            read = registry.parse(path.read_text(encoding="utf-8"), path.stem)
            assert read.source == path.stem
        text = "".join(
            path.read_text(encoding="utf-8")
            for path in (tmp_path / number).rglob("*.yaml")
            if path.name != "tiles.yaml"
        )
        assert number == "43102" or not OTHER_OFFICE.search(text.replace('"06435": ', ""))


@pytest.mark.parametrize(
    ("traeger", "kreise", "name", "region"),
    [
        (FULDA, (), "Jobcenter Fulda", "ags:06631 Fulda"),
        (None, ("06631",), "Jobcenter Fulda", "ags:06631 Fulda"),
        ("43504", (), "Jobcenter Landkreis Kassel", "ags:06633 Landkreis Kassel"),
        ("43502", (), "Jobcenter Stadt Kassel", "ags:06611 Stadt Kassel"),
        # Two Jobcenter in one Kreis: neither speaks for all of it.
        ("03002", ("13075",), "Jobcenter Vorpommern-Greifswald Nord",
         "traeger:03002 Jobcenter Vorpommern-Greifswald Nord"),
        (None, ("11000",), "Jobcenter Berlin", "ags:11000 Berlin"),
    ],
)  # fmt: skip
def test_its_names_come_from_the_register(
    traeger: str | None, kreise: tuple[str, ...], name: str, region: str
) -> None:
    who = identity(traeger, kreise)
    assert (who.name, who.region) == (name, region)


@pytest.mark.parametrize(
    ("traeger", "kreise", "expected"),
    [
        ("43503", (), "43502"),
        ("kassel", (), "43504"),
        (None, ("06612",), "06611"),
        ("03002", (), "--ags"),
        (None, (), "--ags"),
    ],
)
def test_an_unknown_one_is_answered_with_the_nearest(
    traeger: str | None, kreise: tuple[str, ...], expected: str
) -> None:
    with pytest.raises(KcaError) as caught:
        identity(traeger, kreise)
    (finding,) = caught.value.findings
    assert finding.code == Code.NO_JOBCENTER
    assert expected in finding.expected


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(KcaError) as caught:
        write(tmp_path, FULDA, ())
    assert caught.value.findings[0].code == Code.FOREIGN_FOLDER
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages of a second office, from its samples."""
    place = tmp_path_factory.mktemp("second")
    office = place / "office"
    write(office, FULDA, ())
    look = (office / "office.yaml").read_text(encoding="utf-8")
    look = look.replace('look: {accent: "#0b5563"}', 'look: {accent: "#7a1f2b", logo: logo.svg}')
    (office / "office.yaml").write_text(look, encoding="utf-8")
    logo = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"'
        ' height="9"/></svg>'
    )
    (office / "logo.svg").write_text(logo, encoding="utf-8")
    assert "nothing is wrong" in kca(place, office, "office", "check")
    kca(place, office, "samples", place / "samples")
    kca(place, office, "run", "monatszahlen_41110", *sorted((place / "samples").iterdir()))
    kca(place, office, "report", "2020-11")
    kca(place, office, "quality", "2020-11")
    kca(place, office, "catalogue")
    kca(place, office, "export", place / "home" / "reports" / "open")
    kca(place, office, "site", place / "site")
    return place


def texts(place: Path) -> dict[str, str]:
    """The text of every rendered page and sample, by name."""
    found = {}
    files = [*(place / "home" / "reports").rglob("*"), *(place / "samples").iterdir()]
    for path in (p for p in files if p.is_file() and p.suffix != ".parquet"):
        if path.suffix == ".pdf":
            reader = PdfReader(path)
            found[path.name] = "".join(p.extract_text() for p in reader.pages) + str(
                reader.metadata
            )
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found[path.name] = "".join(
                    book.read(name).decode("utf-8") for name in book.namelist()
                )
        else:
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def test_no_page_speaks_of_another_office(pages: Path) -> None:
    found = texts(pages)
    assert len(found) > 20
    for name, text in found.items():
        assert not OTHER_OFFICE.search(name), name
        assert not OTHER_OFFICE.search(text), (name, OTHER_OFFICE.findall(text)[:3])
    for name in ("Ueberblick_2020-11.html", "Ueberblick_2020-11.pdf", "Qualitaet_2020-11.html"):
        assert "Jobcenter Fulda" in found[name], name


def test_no_page_of_its_website_speaks_of_another_office(pages: Path) -> None:
    files = [p for p in (pages / "site").rglob("*") if p.is_file() and not p.name.startswith(".")]
    assert len(files) > 200
    for path in files:
        if path.suffix in (".xlsx", ".pdf"):
            continue  # of the workbooks the figures stand in CSV beside them
        text = path.read_text(encoding="utf-8")
        assert not OTHER_OFFICE.search(f"{path.name} {text}"), path
        assert path.suffix != ".html" or "Jobcenter Fulda" in text, path
    assert "--accent: #7a1f2b" in (pages / "site" / "site.css").read_text(encoding="utf-8")
    assert (pages / "site" / "logo.svg").is_file()


def test_its_figures_are_invented_and_said_to_be(pages: Path) -> None:
    page = json.loads(texts(pages)["Ueberblick_2020-11.json"])
    assert page["title"] == "Überblick November 2020 – Jobcenter Fulda"
    assert "Fulda Fulda" not in texts(pages)["Ueberblick_2020-11.pdf"].replace("\n", " ")
    assert "in Fulda" in page["paragraph"]
    assert "Alle Werte sind erfunden." in page["notes"][0]
    assert {f["marks"] for f in page["figures"] if f["value"] is not None} <= {"e", "re"}
    assert 7273 not in {f["value"] for f in page["figures"]}  # another office published it


def test_it_wears_its_colour_and_logo(pages: Path) -> None:
    html = texts(pages)["Ueberblick_2020-11.html"]
    assert "--accent: #7a1f2b" in html
    assert "#0b5563" not in html
    assert '<img class="logo" src="data:image/svg+xml;base64,' in html
    assert "img-src data:" in html


def test_the_matrix_and_the_calendar_speak_of_what_it_follows(pages: Path) -> None:
    office = pages / "office"
    rows = json.loads(kca(pages, office, "status", "--year", "2020", "--json"))
    due = json.loads(kca(pages, office, "calendar", "--year", "2020", "--json"))
    follow = set(offices.read(office).follow)
    assert {row["source"] for row in rows} == follow
    assert {row["source"] for row in due} <= follow
    assert "kca_monatszahlen" not in follow
    assert [r["state"] for r in rows if r["source"] == "monatszahlen_41110"][:11] == ["loaded"] * 11


def test_texts_are_checked_for_its_own_region(pages: Path) -> None:
    text = pages / "text.txt"
    text.write_text(
        "Das Jobcenter Fulda zählte im November 2020 genau 5.818 Arbeitslose im SGB II.",
        encoding="utf-8",
    )
    printed = kca(pages, pages / "office", "check-text", text, "--month", "2020-11")
    assert "1 belegt" in printed


def test_a_patch_of_its_own_declaration_lies_in_its_folder(pages: Path, tmp_path: Path) -> None:
    book = load_workbook(pages / "samples" / "Jobcenter_Monatszahlen_2020-11.xlsx")
    sheet = book.worksheets[0]
    (cell,) = [c for row in sheet.iter_rows() for c in row if c.value == "Neuanträge"]
    cell.value = "Neuanträge im Leistungsbereich"
    book.save(tmp_path / "Jobcenter.xlsx")
    printed = kca(
        pages, pages / "office", "sources", "propose", tmp_path / "Jobcenter.xlsx", code=3
    )
    assert "+++ b/sources/monatszahlen_41110.yaml" in printed
    assert str(pages / "office") in printed
