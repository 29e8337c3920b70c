"""Declared texts with alternatives."""

from __future__ import annotations

from kca_etl.german.text import pattern


def test_alternatives_may_have_the_same_placeholder() -> None:
    declared = pattern("Monat {monat}|{monat} (vorläufig)")
    assert declared.match("Monat November 2020") == {"monat": "November2020"}
    assert declared.match("November 2020 (vorläufig)") == {"monat": "November2020"}
    assert declared.match("November 2020 (endgültig)") is None
