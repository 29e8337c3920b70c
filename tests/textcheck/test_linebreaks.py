"""Line breaks of mail, PDF and typewriters blind nothing."""

from __future__ import annotations

import textwrap

import pytest

from kca_etl.textcheck.check import check
from kca_etl.textcheck.linebreaks import joined
from tests.textcheck.helper import NOVEMBER, RECENT, of

PARAGRAPH = (
    "Im November 2020 waren im Main-Kinzig-Kreis 7.273 Menschen arbeitslos, 73 weniger als im "
    "Vormonat und 1.260 mehr als vor einem Jahr. Die Quote lag unverändert bei 3,2 Prozent. Die "
    "Anzahl der Leistungsbezieher nach dem SGB II betrug 24.736 Personen. Es gelang dem "
    "Jobcenter, 318 Arbeitsuchende in den Arbeitsmarkt zu integrieren."
)
MAIL = "Liebe Kolleginnen und Kollegen,\n\n{}\n\nhttps://www.beispiel.de/ein/sehr/langer/weg/zu/einer/seite/mit/vielen/verzeichnissen/und/noch/einem/mehr/uebersicht.html\n\nViele Grüße\nDie Pressestelle"


def wrong(text: str) -> list[str]:
    return of(check(text, NOVEMBER, RECENT), "widerspricht")


@pytest.mark.parametrize("width", [32, 40, 48, 60, 66, 72, 76, 80, 100])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n> "])
def test_wrapped_text_is_judged_like_the_same_text_in_one_line(width: int, end: str) -> None:
    whole = of(check(PARAGRAPH, NOVEMBER, RECENT), "belegt")
    assert len(whole) == 9
    wrapped = end.join(textwrap.wrap(PARAGRAPH, width, break_on_hyphens=False))
    for text in (wrapped, MAIL.format(wrapped)):
        claims = check(text, NOVEMBER, RECENT)
        assert [c.replace(end, " ") for c in of(claims, "belegt")] == whole, text
        assert wrong(text) == []


@pytest.mark.parametrize("width", [40, 60, 72])
def test_an_error_in_wrapped_text_is_found(width: int) -> None:
    for right, slip in (
        ("7.273", "7.237"),
        ("73 weniger", "73 mehr"),
        ("3,2 Prozent", "3,3 Prozent"),
    ):
        text = "\r\n".join(textwrap.wrap(PARAGRAPH.replace(right, slip), width))
        assert wrong(text), (width, right)


def test_words_parted_at_the_end_of_a_line_are_whole() -> None:
    text = (
        "Die Zahl der Leistungs-\nbezieher nach dem SGB-\nII im Main-\nKinzig-Kreis lag bei 24.763."
    )
    assert wrong(text) == ["24.763"]


@pytest.mark.parametrize(
    "text",
    [
        "Arbeitslose: 7.273\nLeistungsbezieher: 24.736\nIntegrationen: 318\nNeuanträge: 553",
        "Arbeitslose im Rechtskreis SGB II 7.273 7.346\nLeistungsbezieher im Rechtskreis SGB II 24.736 24.803\nIntegrationen in den Arbeitsmarkt 318 345",
        "Weniger Menschen sind im Kreis arbeitslos\nIm November waren 7.273 Menschen arbeitslos, 73 weniger als im Vormonat, und die Quote blieb gleich.",
        "- 7.273 Arbeitslose im Main-Kinzig-Kreis im November 2020\n- 318 Integrationen in den ersten Arbeitsmarkt im November",
        "Merkmal\tNovember\tOktober\nArbeitslose\t7.273\t7.346",
    ],
)
def test_lines_that_stand_alone_stay_apart(text: str) -> None:
    assert joined(text) == text
