"""Right sentences of every month pass; one thing changed in any of them is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from kca_etl.report import press, words
from kca_etl.report.overview import build
from kca_etl.report.terminal import render_text
from kca_etl.samples import figures as sample
from kca_etl.textcheck.check import check
from tests.textcheck.helper import FRAME, VALUES, damaged, of
from tests.textcheck.variants import right_texts

MONTHS = sample.months("2019-01")
# Numbers of the templates that are no figures of the month.
ASIDE = {"16", "2", "45", "3", "12", "30", "4,1 Prozent", "3,9 Prozent"}


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


@pytest.mark.parametrize("month", MONTHS)
def test_right_sentences_of_a_month_raise_no_alarm(month: str) -> None:
    for text in right_texts(VALUES, first_day(month)):
        claims = check(text, first_day(month), FRAME)
        assert of(claims, "widerspricht") == [], text
        alone = check(text, first_day(month), FRAME.iloc[:0])
        assert of(claims, "unschlüssig") + of(alone, "unschlüssig") == [], text
        open_ = [
            c for c in of(claims, "nicht zuordenbar") if c not in ASIDE and not c.startswith("20")
        ]
        assert open_ == [], text
        assert of(claims, "belegt"), text


@pytest.mark.parametrize("month", MONTHS)
def test_our_own_words_raise_no_alarm(month: str) -> None:
    overview = build(FRAME, first_day(month), invented=sample.invented())
    for text in (words.headline(overview), press.paragraph(overview), render_text(overview)):
        claims = check(text, first_day(month), FRAME)
        assert of(claims, "widerspricht") == [], text
        assert of(claims, "belegt"), text


def changes(month: str, digits: str) -> Iterator[tuple[str, str]]:
    """(what was changed, the damaged text) for every proven claim of every sentence."""
    for text in right_texts(VALUES, first_day(month)):
        for claim in check(text, first_day(month), FRAME):
            # A difference may have its own sign in front; a level may have none.
            signs = "−-–+" if claim.base is None else "−" if claim.expected.startswith("+") else "+"
            for wrong in damaged(claim.text, digits, signs) if claim.verdict == "belegt" else ():
                yield (
                    f"{claim.text} → {wrong}: {text}",
                    text[: claim.start] + wrong + text[claim.end :],
                )


# A month of changes up and down, and the month with the largest jump.
@pytest.mark.parametrize(("month", "digits"), [("2020-11", "28"), ("2020-05", "5")])
def test_every_single_change_is_found(month: str, digits: str) -> None:
    tried, missed = 0, []
    for what, text in changes(month, digits):
        tried += 1
        if not of(check(text, first_day(month), FRAME), "widerspricht"):
            missed.append(what)
    assert tried > 500, tried
    assert missed == []
