"""Empty cells that mean 0: by column and month, and marked as what they were."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from kca_etl.cli import figures
from kca_etl.model.codes import Code
from kca_etl.runs import record
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.sources.spec import Source
from kca_etl.warehouse.withdraw import withdraw
from schemas.codelists import ZEICHEN
from tests.refusals.sheets import Data, Rows, declared, reading
from tests.validate.sheets import load
from tests.warehouse.synthetic import rows

HEADER = ["Merkmal", "August 2020", "November 2020"]
BODY: Rows = [["Arbeitslose", None, None], ["Bezieher", 5, 6]]
TABLE: Data = {
    "columns": {"{monat}": ""},
    "rows": {"Arbeitslose": "arbeitslose_sgb2", "Bezieher": "leistungsbezieher_sgb2"},
    "empty": "zero",
}


def source(*zeros: Data) -> Source:
    return declared(TABLE | {"zeros": list(zeros)})


def sheet(body: Rows = BODY) -> dict[str, Rows]:
    return {
        "Blatt": [
            ["Probe"],
            ["Monat:", "November 2020"],
            ["Stand:", "05.12.2020"],
            [],
            HEADER,
            *body,
        ]
    }


def test_an_empty_cell_is_zero_and_marked(tmp_path: Path) -> None:
    o = reading(tmp_path, source(), sheet()).observations
    assert o is not None
    assert o.blank is not None
    assert [o.cell_of(n) for n in np.flatnonzero(o.blank).tolist()] == ["B6", "C6"]
    assert o.value[o.blank].tolist() == [0.0, 0.0]


def test_without_empty_cells_nothing_is_marked(tmp_path: Path) -> None:
    o = reading(tmp_path, source(), sheet([["Arbeitslose", 0, 0], BODY[1]])).observations
    assert o is not None
    assert o.blank is None


def test_beyond_its_months_an_empty_cell_is_a_sign(tmp_path: Path) -> None:
    rule = {"columns": "*2020", "last": "2020-08", "beyond": "x"}
    o = reading(tmp_path, source(rule), sheet()).observations
    assert o is not None
    seen = {o.cell_of(n): ZEICHEN[o.zeichen[n]] or float(o.value[n]) for n in range(len(o))}
    assert seen == {"B6": 0.0, "C6": "x", "B7": 5.0, "C7": 6.0}
    assert o.blank is not None
    assert int(o.blank.sum()) == 1


def test_beyond_its_months_an_empty_cell_without_a_sign_stops(tmp_path: Path) -> None:
    found = reading(tmp_path, source({"columns": "*2020", "first": "2020-11"}), sheet()).findings
    assert [(f.code, f.cell) for f in found] == [(Code.EMPTY_CELL, "B6")]


def test_other_columns_keep_the_rule_of_the_table(tmp_path: Path) -> None:
    rule = {"columns": "Nov*", "last": "2020-01", "beyond": "x"}
    o = reading(tmp_path, source(rule), sheet()).observations
    assert o is not None
    assert o.blank is not None
    assert [o.cell_of(n) for n in np.flatnonzero(o.blank).tolist()] == ["B6"]


def test_explain_says_that_the_cell_is_empty(
    tmp_path: Path,
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "sheet").mkdir()
    path = reading(tmp_path / "sheet", source(), sheet()).path
    outcome = load(path, engine, settings, source())
    assert outcome.state == "loaded", outcome.reading.findings
    monkeypatch.setattr(record, "reading", lambda _: engine)
    monkeypatch.setattr(registry, "load", lambda _: source())
    figures.explain("arbeitslose_sgb2", "2020-11", everywhere=True)
    assert "the cell is empty; the source means 0 by that" in capsys.readouterr().out
    figures.explain("leistungsbezieher_sgb2", "2020-11", everywhere=True, as_json=True)
    assert [r["was_empty"] for r in json.loads(capsys.readouterr().out)] == [False]
    with engine.connect() as plain, plain.execution_options(writer=True).begin():
        withdraw(plain, outcome.reading.document.sha256, "withdrawn")
    assert rows(engine, "SELECT * FROM empty_cell") == []
