"""Drafts do not load."""

from __future__ import annotations

import pytest

from kca_etl.runs import declarations
from kca_etl.sources import registry
from kca_etl.sources.spec import Kennzahl
from kca_etl.sources.unfinished import open_points, other_meanings, unnamed_regions
from tests.refusals.sheets import TABLE, declared

NATIONALS = Kennzahl(
    label="Syrische Staatsangehörige",
    unit="Personen",
    kind="bestand",
    additive=True,
    whole=True,
    definition="x",
    source="x",
)


@pytest.mark.parametrize("name", registry.names())
def test_every_declared_source_is_finished(name: str) -> None:
    assert open_points(name) == ()
    assert declarations.problem(name) == ""


def test_a_region_needs_a_name() -> None:
    assert unnamed_regions(declared({"region": "ags:06435"}))
    assert not unnamed_regions(declared({"region": "ags:06435 Main-Kinzig-Kreis"}))


def test_a_code_has_one_meaning() -> None:
    source = declared(TABLE, {"kennzahlen": {"arbeitslose": NATIONALS}})
    assert other_meanings(source) == [
        f"the kennzahl arbeitslose means {registry.kennzahlen()['arbeitslose']['label']!r} already"
    ]
    assert not other_meanings(declared(TABLE, {"kennzahlen": {"syrer": NATIONALS}}))
