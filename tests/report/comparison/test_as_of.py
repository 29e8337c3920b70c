"""A comparison made again as of an earlier day equals the one made that day, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from kca_etl.model.findings import KcaError
from kca_etl.model.month import month_number
from kca_etl.report.comparison.forms import FORMS, render
from kca_etl.runs.comparison import build
from kca_etl.settings import Settings
from tests.warehouse import synthetic

KENNZAHL = "elb_sanktionsquote"
MONTH = date(2019, 1, 1)
CODES = ("06435", "06412", "06631", "11000", "06", "D")


def load(engine: Engine, name: str, stand: str, values: tuple[float | str, ...]) -> None:
    facts = [
        synthetic.Fact(
            value,
            KENNZAHL,
            month_number(2019, month),
            code,
            name=f"Region {code}",
            row=n,
            col=month,
        )
        for month in (1, 2)
        for n, (code, value) in enumerate(zip(CODES, values, strict=True))
    ]
    synthetic.load(engine, name, stand, facts, "ba_sanktionen")


@pytest.fixture
def twice(engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Load two vintages; return the pages made between them."""
    monkeypatch.setattr(synthetic, "KENNZAHLEN", {KENNZAHL: synthetic.KENNZAHLEN["quote"]})
    load(engine, "first", "2019-05-01", (3.0, 2.0, 1.0, 5.0, 2.5, 2.6))
    then = {form: render(build(settings, KENNZAHL, MONTH), form) for form in FORMS}
    load(engine, "second", "2019-06-01", (3.0, 4.0, "*", 5.0, 2.5, 2.6))
    return then


def test_as_of(twice: dict[str, bytes], settings: Settings) -> None:
    assert {
        form: render(build(settings, KENNZAHL, MONTH, as_of="2019-05-31"), form) for form in FORMS
    } == twice
    now = build(settings, KENNZAHL, MONTH)
    assert [(a.key, a.place, a.figure.revised) for a in now.ranked] == [
        ("ags:06412", 1, True),
        ("ags:06435", 2, False),
    ]
    assert [a.key for a in now.unpublished] == ["ags:06631"]
    assert render(now, "csv") != twice["csv"]


def test_kreise_of_germany_and_a_region_that_is_not_among_them(
    twice: dict[str, bytes], settings: Settings
) -> None:
    assert twice
    made = build(settings, KENNZAHL, MONTH, land=None, region="ags:11000")
    assert [(a.name, a.own) for a in made.ranked[:1]] == [("Region 11000", True)]
    with pytest.raises(KcaError, match="ags:11000 is not among the Kreise compared"):
        build(settings, KENNZAHL, MONTH, region="ags:11000")
