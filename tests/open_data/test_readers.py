"""The lines in docs/open-data.md are run as they are printed."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kca_etl.open_data.export import Wanted, export
from tests.warehouse.synthetic import Fact, load

PAGE = Path(__file__).parents[2] / "docs/open-data.md"
TEXT = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""  # an installed wheel has no docs
LINES: dict[str, str] = dict(
    re.findall(r"^\| ([^|]+) \| `(figures = [^`]+)` \|$", TEXT, re.MULTILINE)
)
pytestmark = pytest.mark.project


def test_there_are_lines() -> None:
    assert [*LINES] == ["pandas", "pandas, with pyarrow", "Polars", "DuckDB"]


@pytest.mark.parametrize("name", LINES)
def test_line(name: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "pyarrow" in name:
        pytest.importorskip("pyarrow", reason="the project works without pyarrow")
    load(engine, "eins", "2020-02-01", [Fact(7273.0), Fact("*", code="06")])
    export(engine, tmp_path / "out", Wanted())
    monkeypatch.chdir(tmp_path / "out")
    space: dict[str, Any] = {
        library: importlib.import_module(library)
        for library in re.findall(r"= (\w+)\.", LINES[name])
    }
    exec(LINES[name], space)  # noqa: S102 - the line of our own page
    figures = space["figures"]
    if isinstance(figures, list):
        assert {(row[5], row[7]) for row in figures} == {("06435", 7273.0), ("06", None)}
    else:
        values = zip(list(figures["region_code"]), list(figures["value"]), strict=True)
        assert {(code, None if value != value else value) for code, value in values} == {
            ("06435", 7273.0),
            ("06", None),
        }
