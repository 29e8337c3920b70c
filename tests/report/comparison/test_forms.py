"""The comparison in its forms: the same figures, the same bytes, nothing that acts."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdf
import pytest

from kca_etl.report.comparison.forms import FORMS, file_name, render
from kca_etl.report.comparison.model import Comparison
from tests.report.comparison.helper import COUNT, HIDDEN, KEYS, compared
from tests.report.test_html import Reader

EVIL = {
    "region_name": "<script>alert(1)</script>=1+1 {{ 7*7 }} #panic()",
    "file_name": "=HYPERLINK(1)<b>.xlsx",
    "sheet": "\x00</style>",
    "cell": "@A1",
}
OWN = "traeger:43102"


def text(comparison: Comparison, form: str) -> str:
    content = render(comparison, form)
    if form != "pdf":
        return content.decode()
    return " ".join(
        " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(content)).pages).split()
    )


@pytest.mark.parametrize("form", FORMS)
def test_same_figures_same_bytes(form: str) -> None:
    assert render(compared(), form) == render(compared(), form)


def test_another_process_in_another_place_makes_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from hashlib import sha256; from tests.report.comparison.helper import "
        "compared; "
        "from kca_etl.report.comparison.forms import FORMS, render; "
        "print(*(sha256(render(compared(), form)).hexdigest() for form in FORMS))"
    )
    there = os.environ | {
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env=there,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [
        hashlib.sha256(render(compared(), form)).hexdigest() for form in FORMS
    ]


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_every_area_stands_in_the_list_with_its_figure(form: str) -> None:
    page = compared({(KEYS[0], "2019-01"): HIDDEN})
    if form == "html":
        cells = Reader(text(page, form)).cells
        rows = [(cells[n], cells[n + 1], cells[n + 3]) for n in range(4, 4 + 4 * 25, 4)]
    else:
        listed = text(page, form).partition("Rang Jobcenter in % ")[2]
        rows = re.findall(r"(?<!\d)(\d{1,2}) (\D+?) (\d,\d)(?= )", listed)[:25]
    assert rows == [
        (str(a.place), a.name, f"{a.figure.value:.1f}".replace(".", ",")) for a in page.ranked
    ]
    assert "Nicht veröffentlicht" in text(page, form)


def test_csv_and_json_lead_every_figure_to_its_cell() -> None:
    page = compared({(KEYS[0], "2019-01"): HIDDEN})
    rows = list(csv.DictReader(io.StringIO(text(page, "csv"))))
    assert len(rows) == 28
    assert [r["value"] for r in rows if r["zeichen"]] == [""]
    assert all(r["document_sha256"] and r["sheet"] and r["cell"] for r in rows)
    read = json.loads(text(page, "json"))
    assert [r["region_code"] for r in read["figures"] if r["highlighted"]] == ["43102"]
    assert [r["value"] for r in read["figures"]] == [
        float(r["value"]) if r["value"] else None for r in rows
    ]


def test_html_is_self_contained_and_admits_its_style_alone() -> None:
    page = text(compared(), "html")
    read = Reader(page)
    assert read.tags.isdisjoint({"script", "link", "img", "iframe", "object", "a", "form", "base"})
    assert not {name for name, _ in read.attributes} & {"src", "href", "style", "srcset"}
    assert re.search(r"https?:|url\(|@import", page) is None
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    assert (
        f"'sha256-{base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()}'" in page
    )
    assert (
        page.count('role="img"')
        == 1 + len(KEYS)
        == len(re.findall(r'role="img" aria-label="[^"]{20,}"', page))
    )
    assert page.count("<svg ") == page.count('<svg aria-hidden="true" focusable="false"')


@pytest.mark.parametrize(
    "changes", [{}, {(KEYS[3], "2019-01"): HIDDEN | {"file_name": "other.xlsx"}}]
)
def test_a_land_stays_on_one_tagged_page(changes: dict[Any, Any]) -> None:
    for kennzahl in (None, COUNT):
        page = compared(changes, **({"kennzahl": kennzahl} if kennzahl else {}))
        reader = pypdf.PdfReader(io.BytesIO(render(page, "pdf")))
        assert len(reader.pages) == 1
        root: Any = reader.root_object
        assert root["/MarkInfo"]["/Marked"]
        objects: Any = [reader.get_object(n) for n in range(1, len(reader.xref[0]) + 1)]
        spoken = [o["/Alt"] for o in objects if isinstance(o, dict) and "/Alt" in o]
        assert len(spoken) == 1 + len(page.courses)


@pytest.mark.parametrize("form", FORMS)
def test_foreign_text_stays_text(form: str) -> None:
    page = compared({(OWN, "2019-01"): EVIL})
    shown = text(page, form)
    if form == "html":
        assert "<script" not in shown
        assert "</style>=" not in shown
        assert "\x00" not in shown
    if form == "pdf":
        assert "alert(1)" in shown
    if form == "csv":
        assert "'=HYPERLINK" in shown
        assert "'@A1" in shown


def test_file_names() -> None:
    assert file_name(compared(), "pdf") == "Vergleich_elb_sanktionsquote_2019-01_06.pdf"
    assert file_name(compared(land=None), "csv") == "Vergleich_elb_sanktionsquote_2019-01_D.csv"
