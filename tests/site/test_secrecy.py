"""A real issue with its `*`: the website gives away nothing that the export withholds."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from kca_etl.open_data.export import Wanted, export
from kca_etl.runs.record import load_all, reading, warehouse
from kca_etl.settings import Settings
from tests.site.conftest import publish
from tests.site.markup import as_printed, read

KEY = ["kennzahl", "gliederung", "region_system", "region_code", "berichtsmonat", "known_from"]


@pytest.fixture(scope="module")
def secretive(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one issue that hides figures; the website in `site`, the export in `open`."""
    place = tmp_path_factory.mktemp("secretive")
    settings = Settings(home=place / "home")
    issue = real / "ba-sanktionen" / "sanktionen-d-0-201701-xlsx.xlsx"
    list(load_all([issue], warehouse(settings), settings, "ba_sanktionen"))
    export(reading(settings), place / "open", Wanted())
    assert publish(settings.home, place / "site").unproven == ()
    return place


def rows(site: Path) -> Iterator[dict[str, str]]:
    for path in sorted((site / "daten").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def test_what_the_export_withholds_is_withheld_here_too(secretive: Path) -> None:
    frame = pl.read_csv(secretive / "open" / "figures_history.csv", infer_schema=False)
    exported = {tuple(r[k] for k in KEY): r for r in frame.iter_rows(named=True)}
    seen, stars, withheld = 0, 0, 0
    for row in rows(secretive / "site"):
        other = exported[tuple(row[k] for k in KEY)]
        hidden = other["value"] is None
        assert not hidden or row["value"] == "", row
        seen, stars = seen + 1, stars + (row["zeichen"] == "*")
        withheld += row["withheld"] == "true"
    assert seen > 400
    assert stars > 0
    assert withheld > 0


def test_no_excerpt_prints_a_number_that_is_not_shown(secretive: Path) -> None:
    """Every number among the rows of an excerpt is a figure that the website shows."""
    site = secretive / "site"
    shown = {
        (r["sheet"], r["cell"]): r["value"] for r in rows(site) if r["source"] == "ba_sanktionen"
    }
    checked = 0
    for path in sorted(site.glob("beleg/**/*.html")):
        text = path.read_text(encoding="utf-8")
        for sheet, table in re.findall(r"<caption id=\"auszug-\d+\">Auszug \d+: Blatt „([^“]+)“"
                                       r".*?</caption>(.*?)</table>", text, re.DOTALL):  # fmt: skip
            letters = re.findall(r'<th scope="col">([A-Z]+)</th>', table)
            for number, line in re.findall(r'<tr><th scope="row">(\d+)</th>(.*)</tr>', table):
                cells = re.findall(r"<td[^>]*>(.*?)</td>", line)
                if len(cells) != len(letters):
                    continue
                for letter, cell in zip(letters, cells, strict=True):
                    word = re.sub(r"<[^>]+>", "", cell)
                    value = shown.get((sheet, f"{letter}{number}"))
                    if re.fullmatch(r"\d[\d.]*(,\d+)?", word) and letter not in "AB":
                        assert value, (path, sheet, letter, number, word)
                        checked += 1
    assert checked > 1000


def test_every_figure_of_the_issue_is_proven(secretive: Path) -> None:
    site = secretive / "site"
    pages = {p: read(p.read_text(encoding="utf-8")) for p in sorted(site.rglob("*.html"))}
    proven = 0
    for path, page in pages.items():
        assert page.faults == [], path
        for href, text in page.figures:
            way, _, anchor = href.partition("#")
            cell = pages[(path.parent / way).resolve() if way else path].marked[anchor]
            assert as_printed(cell, text) == text, (path, href)
            proven += 1
    assert proven > 500


def test_the_search_and_the_feed_hold_no_withheld_number(secretive: Path) -> None:
    site = secretive / "site"
    words = (site / "suche-index.js").read_text(encoding="utf-8")
    json.loads(words.removeprefix("window.SUCHINDEX = ").removesuffix(";\n"))
    assert "7.823" not in words
    assert (site / "kennzahl" / "ba_sanktionen" / "elb.html").is_file()
