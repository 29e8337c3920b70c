"""What a text proves or doubts by its own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from kca_etl.textcheck.check import check
from kca_etl.textcheck.results import JUDGED, CheckedClaim
from kca_etl.textcheck.show import judged
from tests.textcheck.helper import FRAME, NOVEMBER, of, published
from tests.textcheck.inner_pairs import NO_SLIP, PAIRS

NOTHING = FRAME.iloc[:0]
TEXTS = {
    "02-agentur-hanau-2022-12.txt": date(2022, 12, 1),
    "03-agentur-hanau-2024-11.txt": date(2024, 11, 1),
    "08-kjc-marburg-2025-04.txt": date(2025, 4, 1),
    "12-steinfurt-2023-05.txt": date(2023, 5, 1),
    "14-schmalkalden-2014-10.txt": date(2014, 10, 1),
    "16-ortenau-2024-04.txt": date(2024, 4, 1),
    "20-vorsprung-2018-12.txt": date(2018, 12, 1),
}


def alone(text: str, month: date = NOVEMBER) -> list[CheckedClaim]:
    return check(text, month, NOTHING)


@pytest.mark.parametrize("text", [right for right, _ in PAIRS])
def test_what_adds_up_is_sound(text: str) -> None:
    claims = alone(text)
    assert of(claims, "schlüssig"), claims
    assert of(claims, "unschlüssig") == []
    assert all(c.reason for c in claims)


@pytest.mark.parametrize("text", [wrong for _, wrong in PAIRS])
def test_what_does_not_add_up_is_found(text: str) -> None:
    claims = alone(text)
    assert of(claims, "unschlüssig"), claims
    assert all(c.reason for c in claims)


@pytest.mark.parametrize("text", NO_SLIP)
def test_nothing_is_doubted_that_may_be_right(text: str) -> None:
    assert of(alone(text), "unschlüssig") == []


def test_the_calculation_is_told() -> None:
    (text, _), *_ = PAIRS
    assert {c.reason for c in alone(text) if c.verdict == "schlüssig"} == {
        "38 von 4.093 (4.055 + 38) sind 0,9 %"
    }


def test_the_warehouse_decides_before_the_text() -> None:
    text = "Im November waren 7.373 Menschen arbeitslos. Das sind 73 Personen oder 1,0 Prozent weniger."
    assert of(check(text, NOVEMBER, FRAME), "widerspricht") == ["7.373"]
    assert of(alone(text), "schlüssig") == ["7.373", "73", "1,0 Prozent"]


def test_a_month_compared_with_itself_in_a_published_text() -> None:
    name = "14-schmalkalden-2014-10.txt"
    claims = alone(published(f"texts/{name}").read_text(encoding="utf-8"), TEXTS[name])
    assert of(claims, "unschlüssig") == ["38", "mehr"]


def test_published_texts_are_sound_and_a_third_of_their_numbers_is_judged() -> None:
    done = testable = 0
    for name, month in TEXTS.items():
        claims = alone(published(f"texts/{name}").read_text(encoding="utf-8"), month)
        one, of_all = judged(c for c in claims if c.number)
        done, testable = done + one, testable + of_all
        assert of(claims, "unschlüssig") == (["38", "mehr"] if name.startswith("14") else []), name
    assert done >= 0.5 * testable, (done, testable)


def damaged(text: str, claim: CheckedClaim) -> Iterator[str]:
    """Yield the text with each digit of a number changed, one at a time."""
    for hit in re.finditer(r"[0-9]", claim.text):
        at = claim.start + hit.start()
        yield text[:at] + str((int(hit[0]) + 4) % 9 + 1) + text[at + 1 :]


def test_a_changed_digit_is_found() -> None:
    tried = found = 0
    for name, month in TEXTS.items():
        text = published(f"texts/{name}").read_text(encoding="utf-8")
        for claim in alone(text, month):
            if claim.number and claim.verdict == "schlüssig":
                for slip in damaged(text, claim):
                    tried += 1
                    here = [c for c in alone(slip, month) if c.start == claim.start]
                    found += any(c.verdict == "unschlüssig" for c in alone(slip, month))
                    # A percentage fits many levels; a sum and a difference fit one.
                    sound = [c.reason for c in here if c.verdict == "schlüssig"]
                    assert all("%" in reason for reason in sound), slip
    assert found >= 0.55 * tried, (found, tried)


def test_every_number_is_accounted_for() -> None:
    for name, month in TEXTS.items():
        text = published(f"texts/{name}").read_text(encoding="utf-8")
        claims = alone(text, month)
        places = {i for c in claims for i in range(c.start, c.end)}
        assert {hit.start() for hit in re.finditer(r"[0-9]", text)} <= places
        assert all(c.verdict in JUDGED or c.reason for c in claims)
