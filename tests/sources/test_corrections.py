"""Declared corrections replace a known wrong cell, say so, and fail when it has gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.samples import write_samples
from kca_etl.sources import registry
from kca_etl.sources.spec import Correction, Source

RIGHT: dict[str, Any] = {
    "month": "2020-11",
    "cell": "B11",
    "found": "553",
    "value": 535,
    "reason": "Zahlendreher laut Mail des KCA",
}


def read(tmp_path: Path, month: str, **changes: Any) -> pipeline.Reading:
    path = next(p for p in write_samples(tmp_path) if month in p.name)
    source = registry.load("kca_monatszahlen")
    amended = Source.model_validate(source.model_dump() | {"corrections": [RIGHT | changes]})
    return pipeline.read(pipeline.open_document(document_of(path), path), amended)


def figure(reading: pipeline.Reading) -> float:
    o = reading.observations
    assert o is not None
    found = [
        float(v)
        for v, s, m in zip(o.value, o.series, o.month, strict=True)
        if o.series_list[s].kennzahl == "neuantraege" and m == reading.month
    ]
    return found[0]


def test_the_right_value_counts_and_the_reason_is_told(tmp_path: Path) -> None:
    reading = read(tmp_path, "2020-11")
    assert figure(reading) == 535
    told = next(f for f in reading.findings if f.code == "CORRECTED")
    assert (told.sheet, told.cell, told.found) == ("Monatszahlen", "B11", "'553'")
    assert "Zahlendreher laut Mail des KCA" in told.what
    assert reading.verdict is Verdict.WARN


@pytest.mark.parametrize("changes", [{"found": "554"}, {"cell": "B99"}, {"sheet": "Tabelle*"}])
def test_a_correction_whose_wrong_value_has_gone_stops_the_document(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    reading = read(tmp_path, "2020-11", **changes)
    assert reading.verdict is Verdict.QUARANTINE
    assert [f.code for f in reading.findings if f.code.startswith("CORRECT")] == ["CORRECTION_GONE"]


def test_other_months_are_read_as_they_are(tmp_path: Path) -> None:
    assert not [f for f in read(tmp_path, "2020-10").findings if f.code.startswith("CORRECT")]


@pytest.mark.parametrize("changes", [{"cell": "11B"}, {"reason": "weil"}, {"month": "Nov 2020"}])
def test_a_correction_without_place_or_reason_is_no_correction(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Correction.model_validate(RIGHT | changes)
