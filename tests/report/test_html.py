from __future__ import annotations

import base64
import hashlib
import html as escaping
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from kca_etl.german.signs import SIGNS
from kca_etl.offices import folder as offices
from kca_etl.offices.spec import Press
from kca_etl.report.html import render_html
from kca_etl.report.overview import build
from kca_etl.report.page import page_of
from kca_etl.samples import figures as sample
from kca_etl.samples.figures import KENNZAHLEN
from tests.report.helper import MISSING, frame

NOVEMBER = date(2020, 11, 1)
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reader(HTMLParser):
    """Collects texts by element path and checks that elements nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open) and "sup" not in self.open:
            self.cells[-1] += data


def page(**more: Any) -> str:
    return render_html(
        build(
            frame(more.pop("changes", None)),
            NOVEMBER,
            invented=sample.invented(),
            notes=sample.notes("2020-11"),
            **more,
        )
    )


def test_page_shows_the_figures() -> None:
    text = page()
    assert (
        "<title>Überblick November 2020 – Kommunales Center für Arbeit, Main-Kinzig-Kreis</title>"
        in text
    )
    assert "Arbeitslosenquote im SGB II bleibt bei 3,2 %" in text
    cells = Reader(text).cells
    at = cells.index("Arbeitslose SGB II")
    assert cells[at : at + 8] == [
        "Arbeitslose SGB II",
        "7.273",
        "7.346",
        "−73",
        "−1,0 %",
        "6.013",
        "+1.260",
        "+21,0 %",
    ]
    at = cells.index("Arbeitslosenquote SGB II")
    assert cells[at : at + 8] == [
        "Arbeitslosenquote SGB II",
        "3,2 %",
        "3,2 %",
        "±0 Prozentpunkte",
        "x",
        "2,6 %",
        "+0,6 Prozentpunkte",
        "x",
    ]
    for shown in (
        "24.736",
        "318",
        "553",
        "932",
        "Datenstand 30.11.2020",
        "eigene Berechnung",
        "[1] M5",
        "KCA_Jahresblatt_2020.xlsx",
    ):
        assert shown in text
    assert escaping.escape(sample.notes("2020-11")[0]) in text
    assert "Mit erfundenen Beispielwerten" in text


def test_only_sample_pages_speak_of_invented_values() -> None:
    assert "erfunden" not in render_html(build(frame(), NOVEMBER))


def test_page_is_self_contained() -> None:
    text = page()
    read = Reader(text)
    assert read.tags.isdisjoint({"script", "link", "img", "iframe", "object", "a", "form", "base"})
    assert not {name for name, _ in read.attributes} & {"src", "href", "style", "srcset"}
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert re.search(r"https?:|url\(|@import", text) is None


def test_policy_admits_the_style_sheet_and_nothing_else() -> None:
    text = page()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policies = [
        value
        for name, value in Reader(text).attributes
        if name == "content" and value and "default-src" in value
    ]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]


def test_tables_can_be_read_aloud() -> None:
    text = page()
    assert text.startswith('<!DOCTYPE html>\n<html lang="de">')
    assert text.count("<caption>") == text.count("<table") == 2
    assert len(re.findall(r'<th scope="(?:row|col)"', text)) == len(re.findall(r"<th[ >]", text))
    assert text.count("<h1>") == 1


def test_same_figures_same_bytes() -> None:
    assert page().encode() == page().encode()


def test_foreign_text_is_escaped() -> None:
    evil = {
        "file_name": "<b>x</b>&\"'.xlsx",
        "sheet": "</style><script>alert(1)</script>",
        "cell": "<i>",
    }
    text = page(changes={(k, "2020-11"): evil | {"region_name": "<u>Kreis"} for k in KENNZAHLEN})
    assert "&lt;b&gt;x&lt;/b&gt;&amp;" in text
    for raw in ("<b>x", "<script", "<i>", "<u>"):
        assert raw not in text
    Reader(text)


def test_signs_and_gaps() -> None:
    hidden = {"value": float("nan"), "zeichen": "*"}
    changes = {("integrationen", "2020-11"): hidden} | {("neuantraege", "2020-10"): MISSING}
    cells = Reader(page(changes=changes)).cells
    at = cells.index("Integrationen")
    assert cells[at : at + 8] == ["Integrationen", "*", "345", "–", "–", "392", "–", "–"]
    at = cells.index("Neuanträge")
    assert cells[at : at + 6] == ["Neuanträge", "553", "–", "–", "–", "417"]


def test_charts_speak() -> None:
    text = page()
    spoken = [
        value
        for name, value in Reader(text).attributes
        if name == "aria-label" and value and value.startswith("Liniendiagramm")
    ]
    assert (
        len(spoken)
        == text.count('role="img"')
        == text.count("<svg ")
        == text.count("<figcaption>")
        == len(KENNZAHLEN)
    )
    assert text.count('<svg aria-hidden="true" focusable="false"') == len(KENNZAHLEN)


def test_release_dates_and_version() -> None:
    text = page()
    assert "Veröffentlichung laut Kalender: 07.12.2020, nächste: 08.01.2021." in text
    assert re.search(
        r"kca-etl \d+\.\d+\S* · Seitenfassung \d+ · Kennung der Werte [0-9a-f]{12}", text
    )


def test_a_table_wider_than_the_window_can_be_scrolled_by_keyboard() -> None:
    assert ("tabindex", "0") in Reader(page()).attributes


def test_provisional_and_revised_figures_are_marked_and_explained() -> None:
    november, october = ("neuantraege", "2020-11"), ("neuantraege", "2020-10")
    now = frame(
        {
            november: {"status": "vorlaeufig"},
            october: {"known_from": "2020-12-15", "datenstand": "2020-12-15"},
        }
    )
    before = frame({october: {"value": 540.0}})
    text = render_html(build(now, NOVEMBER, history=pd.concat([before, now])))
    row = text[text.index('<th scope="row">Neuanträge</th>') :]
    assert re.findall(r"<td[^>]*>([\d.]+)<sup>&thinsp;([a-z,]+)</sup></td>", row)[:2] == [
        ("553", "v"),
        ("555", "r"),
    ]
    assert "<dt>v</dt> <dd>vorläufig</dd>" in text
    assert "<dt>r</dt> <dd>revidiert: vom Herausgeber nachträglich berichtigt</dd>" in text
    assert (
        "Neuanträge, Oktober 2020 revidiert: 555 statt zuvor 540 (Datenstand 15.12.2020)." in text
    )


def test_hashes_and_versions_stand_behind_the_page() -> None:
    text = page()
    front, proofs = text.split('<section class="proofs">')
    assert "ab" * 32 in proofs
    assert "Seitenfassung" in proofs
    assert "SHA-256" not in front
    assert "Seitenfassung" not in front


def test_every_figure_is_defined_and_who_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    text = page()
    assert "an allen zivilen Erwerbspersonen" in text
    assert text.count("<dt>") - len(SIGNS) - 1 == len(KENNZAHLEN)
    assert "Kontakt" not in text
    press = Press(name="Pressestelle", phone="06000 1", email="presse@example.org")
    office = offices.current().model_copy(update={"press": press})
    monkeypatch.setattr(offices, "current", lambda: office)
    page_of.cache_clear()
    assert "Pressestelle · 06000 1 · presse@example.org" in page()
    page_of.cache_clear()


def test_nothing_is_wider_than_a_phone() -> None:
    """What cannot be narrow scrolls in its own region; nothing is taken out of the flow."""
    text = page()
    css = re.sub(
        r"@media print.*", "", text[text.index("<style>") : text.index("</style>")], flags=re.DOTALL
    )
    assert "position: absolute" not in css
    assert not re.search(r"min-width: [1-9]", css)
    narrow = css[css.index("max-width: 480px") :]
    assert "grid-template-columns: minmax(0, 1fr)" in narrow
    for table in re.finditer(r"<table", text):
        opening = text[: table.start()].rstrip().rsplit("\n", 1)[-1]
        assert 'class="wide" tabindex="0"' in opening, opening
    for rule in re.findall(r"([^{}]+)\{[^}]*white-space: nowrap", css):
        assert re.search(r"\.(value|change|figures|places)", rule), rule
