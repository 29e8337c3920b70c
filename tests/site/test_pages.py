"""Every page is valid, every way leads somewhere, every figure to the marked cell that holds it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from kca_etl.german.numbers import german
from kca_etl.offices import folder as offices
from kca_etl.runs.record import reading
from kca_etl.settings import Settings
from kca_etl.site import addresses
from kca_etl.warehouse.views import queries
from tests.site.markup import Markup, as_printed, read


@pytest.fixture(scope="session")
def pages(website: Path) -> dict[str, Markup]:
    return {
        path.relative_to(website).as_posix(): read(path.read_text(encoding="utf-8"))
        for path in sorted(website.rglob("*.html"))
    }


def target(page: str, href: str) -> tuple[str, str]:
    """Return the file and the id that a way leads to."""
    parts = urlsplit(href)
    here = Path(page).parent.joinpath(unquote(parts.path)) if parts.path else Path(page)
    steps: list[str] = []
    for step in here.parts:
        if step == "..":
            steps.pop()
        else:
            steps.append(step)
    return "/".join(steps), parts.fragment


def test_every_page_is_valid(pages: dict[str, Markup]) -> None:
    kinds = {re.sub(r"/.*", "", name) for name in pages}
    assert {"index.html", "monat", "kennzahl", "beleg", "quelle", "suche.html"} <= kinds
    assert {name: page.faults for name, page in pages.items() if page.faults} == {}


def test_the_reader_of_pages_sees_what_is_wrong() -> None:
    head = '<!DOCTYPE html>\n<html lang="de">'
    for part in (
        "<h1>A</h1><p><div></div></p>",
        "<h1>A</h1><h3>B</h3>",
        '<h1 id="a">A</h1><p id="a"></p>',
        "<h1>A</h1><table><tbody><tr><th>x</th></tr></tbody></table>",
        '<h1>A</h1><img src="x">',
        '<h1 style="color: red">A</h1>',
        "<h1>A</h1><ul><p></p></ul>",
        "<h1>A",
    ):
        assert read(f"{head}<body>{part}</body></html>").faults, part
    assert read(f"{head}<body><h1>A</h1></body></html>").faults == []


def test_every_way_leads_somewhere(website: Path, pages: dict[str, Markup]) -> None:
    for name, page in pages.items():
        for href in page.hrefs:
            if href.startswith(("https://", "mailto:")):
                continue
            file, anchor = target(name, href)
            assert (website / file).is_file(), (name, href)
            assert not anchor or anchor in pages[file].ids, (name, href)


def test_every_figure_leads_to_the_marked_cell_that_holds_it(pages: dict[str, Markup]) -> None:
    proven = 0
    for name, page in pages.items():
        for href, text in page.figures:
            file, anchor = target(name, href)
            cell = pages[file].marked[anchor]
            shown = text.rpartition(" → ")[2]
            assert as_printed(cell, shown) == shown, (name, href, text, cell)
            proven += 1
    assert proven > 1000


def test_every_figure_of_the_warehouse_is_proven(home: Path, pages: dict[str, Markup]) -> None:
    for row in queries.rows(reading(Settings(home=home))):
        page = pages[addresses.proof_page(row["source"], row["kennzahl"], row["berichtsmonat"][:7])]
        name = addresses.anchor(f"ags:{row['region_code']}", row["gliederung"])
        assert german(page.marked[name].removesuffix(" %")) == row["value"]
        text = "".join(page.text)
        for word in (row["file_name"], row["document_sha256"], row["cell"], row["sheet"]):
            assert word in text, (row, word)


def test_two_clicks_lead_from_the_start_to_the_cell(pages: dict[str, Markup]) -> None:
    first, text = pages["index.html"].figures[0]
    file, anchor = target("index.html", first)
    assert (file, text) == (
        "beleg/kca_monatszahlen/arbeitslosenquote_sgb2/2020-11.html",
        "3,2 %",
    )
    assert pages[file].marked[anchor] == "3,2 %"


def test_all_versions_of_a_figure_stand_on_its_page(pages: dict[str, Markup]) -> None:
    page = pages["beleg/kca_monatszahlen/integrationen/2020-10.html"]
    assert page.marked["ags-06435.insgesamt"] == "345"
    assert page.marked["fassung-1"] == "341"
    assert "341 → 345" in "".join(pages["revisionen.html"].text)


def test_no_page_asks_anybody(website: Path) -> None:
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " base-uri 'none'; form-action 'none'"
    )
    for path in website.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert policy in text
        assert "<style" not in text
        assert not re.search(r'<(?:script|img|link)[^>]+(?:src|href)="(?:https?:)?//', text)
        assert not re.search(r"<script(?![^>]* src=)", text)
    css = (website / "site.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_can_be_read_on_every_ground(website: Path) -> None:
    css = (website / "site.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css))
    for ground in ("#ffffff", named["faint"], "#fff3c4", "#ffd84d"):
        assert contrast(named["ink"], ground) >= 4.5, ground
    for ground in ("#ffffff", named["faint"]):
        assert contrast(named["soft"], ground) >= 4.5
        assert contrast(named["accent"], ground) >= 4.5
    assert ":focus-visible" in css
    assert "overflow-x: auto" in css
    assert "@media print" in css


def test_wide_tables_scroll_in_a_named_region(website: Path) -> None:
    for path in website.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert text.count("<table") == len(
            re.findall(r'role="region" tabindex="0" aria-labelledby="[\w.-]+">\n<table', text)
        ), path


def test_the_search_finds_every_page_of_its_index(website: Path) -> None:
    text = (website / "suche-index.js").read_text(encoding="utf-8")
    rows = json.loads(text.removeprefix("window.SUCHINDEX = ").removesuffix(";\n"))
    assert {kind for _, _, kind, _ in rows} == {"Kennzahl", "Monat", "Quelle", "Glossar"}
    assert all((website / address).is_file() for _, address, _, _ in rows)


def test_the_feed_tells_of_releases_and_revisions(website: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.parse(website / "feed.xml").getroot()  # noqa: S314 - our own file
    titles = [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]
    assert "Zahlen für November 2020" in titles
    assert any(str(title).startswith("Revision: ") for title in titles)
    ids = [entry.findtext(f"{atom}id") for entry in feed.iter(f"{atom}entry")]
    assert len(set(ids)) == len(ids)
    assert all(str(one).startswith("urn:uuid:") for one in ids)


def test_downloads_hold_the_figures_and_the_package_describes_them(
    website: Path, home: Path
) -> None:
    package = json.loads((website / "daten/datapackage.json").read_text(encoding="utf-8"))
    figures = queries.rows(reading(Settings(home=home)), history=True)
    lines = 0
    for resource in package["resources"]:
        content = (website / "daten" / resource["path"]).read_bytes()
        assert len(content) == resource["bytes"]
        head, *rows = content.decode().splitlines()
        assert head.split(",") == [f["name"] for f in resource["schema"]["fields"]]
        lines += len(rows)
    assert lines == len(figures)


def test_the_published_overview_can_be_had(website: Path, home: Path) -> None:
    name = "Ueberblick_2020-11.csv"
    copy = website / "berichte" / "2020-11" / name
    assert copy.read_bytes() == (home / "reports" / name).read_bytes()


def test_the_office_stands_in_the_imprint(pages: dict[str, Markup]) -> None:
    assert offices.current().publisher in "".join(pages["impressum.html"].text)
