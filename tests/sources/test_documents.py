"""Every declaration reads its sample documents exactly.

Each fact, its address, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from kca_etl import pipeline
from kca_etl.cells import RawTable
from kca_etl.landing.archive.files import document_of
from kca_etl.model.address import a1
from kca_etl.model.month import month_date
from kca_etl.model.observations import Observations
from kca_etl.runs.identify import tables_of
from kca_etl.sources import registry
from schemas.codelists import ZEICHEN
from tests.sources.documents import Row, about, build, by_address, expected, folders

FOLDERS = {f"{path.parent.name}/{path.name}": path for path in folders()}
Fact = tuple[str, ...]


@cache
def read(name: str) -> tuple[pipeline.Reading, list[RawTable]]:
    """Read a sample document as if it came from anywhere: no source is named."""
    with TemporaryDirectory() as into:
        path = build(FOLDERS[name], Path(into))
        reading = pipeline.read(pipeline.open_document(document_of(path), path))
        return reading, tables_of(path, reading.source) if reading.source else []


def fact(row: Row) -> Fact:
    """A row of expected.csv, its figure as the double it is: 3 is 3.0."""
    return tuple((row | {"value": repr(float(row["value"])) if row["value"] else ""}).values())


def found(o: Observations) -> Counter[Fact]:
    """Every fact with its address, in the order of expected.csv."""
    return Counter(
        (
            f"{month_date(int(o.month[i])):%Y-%m}",
            o.series_list[o.series[i]].kennzahl,
            o.series_list[o.series[i]].gliederung,
            f"{o.regions[o.region[i]].system}:{o.regions[o.region[i]].code}",
            "" if o.zeichen[i] else repr(float(o.value[i])),
            ZEICHEN[o.zeichen[i]],
            o.blocks[o.block[i]].sheet,
            a1(int(o.row[i]), int(o.col[i])),
        )
        for i in range(len(o))
    )


@pytest.mark.parametrize("name", FOLDERS)
def test_every_fact_is_read_and_nothing_else(name: str) -> None:
    reading, _ = read(name)
    said = about(FOLDERS[name])
    assert {f.code for f in reading.findings} == set(said.get("findings", ())), reading.findings[:5]
    assert reading.source is not None
    assert reading.source.source == FOLDERS[name].parent.name
    assert reading.observations is not None
    assert reading.month is not None
    assert (f"{month_date(reading.month):%Y-%m}", reading.datenstand) == (
        said["berichtsmonat"],
        said["datenstand"],
    )
    assert found(reading.observations) == Counter(map(fact, expected(FOLDERS[name])))


@pytest.mark.parametrize("name", FOLDERS)
def test_every_table_has_its_datenstand_and_status(name: str) -> None:
    reading, _ = read(name)
    assert reading.observations is not None
    said = about(FOLDERS[name])
    for block in reading.observations.blocks:
        own: dict[str, Any] = said | said.get("sheets", {}).get(block.sheet, {})
        assert (block.datenstand, block.status) == (own["datenstand"], own["status"]), block


@pytest.mark.parametrize(
    "name", [name for name, folder in FOLDERS.items() if "sheets" in about(folder)]
)
def test_the_expected_facts_stand_where_the_document_says(name: str) -> None:
    assert by_address(FOLDERS[name]) == expected(FOLDERS[name])


@pytest.mark.parametrize("source", registry.names())
def test_every_declared_layout_is_met_by_a_document(source: str) -> None:
    mine = [name for name, folder in FOLDERS.items() if folder.parent.name == source]
    assert mine, f"no sample document: tests/sources/{source}/ is missing"
    met = [raw.spec for name in mine for raw in read(name)[1]]
    assert [table.id for table in registry.load(source).tables if table not in met] == []
