"""The page of a checked text."""

from __future__ import annotations

import re
from html import unescape

from kca_etl.textcheck.check import check
from kca_etl.textcheck.page import render_page
from tests.textcheck.helper import NOVEMBER, RECENT

TEXT = (
    'Überblick <b>fett</b> & "mehr"\n\nIm November 2020 waren 7.237 Menschen arbeitslos. Die Quote '
    "blieb unverändert.\n<script>alert(1)</script> Acht Gäste kamen."
)


def page() -> str:
    return render_page(check(TEXT, NOVEMBER, RECENT), TEXT, "a<b>.txt", NOVEMBER)


def test_the_text_stands_there_as_it_was() -> None:
    marked = re.search(r'<div class="text">(.*?)</div>', page(), re.DOTALL)
    assert marked is not None
    assert unescape(re.sub(r"</?mark[^>]*>", "", marked[1])) == TEXT


def test_everything_is_escaped_and_nothing_is_asked_for() -> None:
    out = page()
    assert "<script" not in out
    assert "<b>" not in out
    assert not re.search(r"https?:|src=|@import|url\(|<link", out)
    assert "default-src 'none'" in out


def test_contradictions_come_first_each_with_its_right_figure() -> None:
    out = page()
    wrong, text, others = (out.index(word) for word in ("Widersprüche", "Der Text", "Alle übrigen"))
    assert wrong < text < others
    assert "richtig: 7.273" in out[wrong:text]
    assert "Geprüft: " in out[:wrong]
    links = re.findall(r'href="#(s\d+)"', out)
    assert links
    assert all(f'id="{link}"' in out for link in links)
