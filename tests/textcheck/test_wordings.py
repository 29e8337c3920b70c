"""120 sentences of real wordings, half of them wrong: no false alarm, no slip that passes."""

from __future__ import annotations

import pytest

from kca_etl.textcheck.check import check
from kca_etl.textcheck.results import JUDGED, REFUSED, UNTESTABLE
from tests.textcheck.helper import FRAME, NOVEMBER
from tests.textcheck.wordings import RIGHT, SENTENCES, WRONG

LEAST = 0.9  # of what can be judged


@pytest.mark.parametrize("text", RIGHT)
def test_no_right_sentence_is_doubted(text: str) -> None:
    claims = check(text, NOVEMBER, FRAME)
    assert [c for c in claims if c.verdict in REFUSED] == []


@pytest.mark.parametrize("text", WRONG)
def test_nothing_wrong_is_proven(text: str) -> None:
    """A wrong sentence is found, or left open where its right twin is left open too."""
    claims = check(text, NOVEMBER, FRAME)
    if any(c.verdict in REFUSED for c in claims):
        return
    twin = check(RIGHT[WRONG.index(text)], NOVEMBER, FRAME)
    assert any(c.verdict not in JUDGED | {UNTESTABLE} for c in twin), claims


def test_nearly_all_is_judged_and_nearly_all_slips_are_found() -> None:
    claims = [c for text in RIGHT for c in check(text, NOVEMBER, FRAME) if c.verdict != UNTESTABLE]
    assert sum(c.verdict in JUDGED for c in claims) >= LEAST * len(claims)
    found = [any(c.verdict in REFUSED for c in check(text, NOVEMBER, FRAME)) for text in WRONG]
    assert len(SENTENCES) == 60
    assert sum(found) >= LEAST * len(found)
