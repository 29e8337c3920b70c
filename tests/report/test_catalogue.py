from __future__ import annotations

from pathlib import Path

import yaml

import schemas
from kca_etl.samples.figures import KENNZAHLEN, LABELS, months, value
from schemas.codelists import KINDS

CATALOGUE = yaml.safe_load(
    (Path(schemas.__file__).parent / "kennzahlen.yaml").read_text(encoding="utf-8")
)


def test_entries_are_complete() -> None:
    for code, entry in CATALOGUE.items():
        assert {
            "label",
            "unit",
            "kind",
            "additive",
            "min",
            "max",
            "whole",
            "definition",
            "source",
        } == set(entry), code
        assert entry["kind"] in KINDS
        assert entry["definition"].endswith(".")


def test_samples_and_overview_speak_of_the_same() -> None:
    assert {k: CATALOGUE[k]["label"] for k in KENNZAHLEN} == LABELS


def test_samples_keep_the_bounds_and_a_bare_fraction_does_not() -> None:
    for code in KENNZAHLEN:
        assert all(
            CATALOGUE[code]["min"] <= value(code, m) <= CATALOGUE[code]["max"] for m in months()
        )
    assert CATALOGUE["arbeitslosenquote_sgb2"]["min"] > 0.032
