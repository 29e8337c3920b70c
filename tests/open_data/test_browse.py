"""`kca browse`: the views of the embedded warehouse, read-only."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from kca_etl.cli import browse as browse_commands
from kca_etl.model.findings import KcaError
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from tests.warehouse.synthetic import Fact, load

INSTALLED = find_spec("datasette") is not None


@pytest.fixture
def given(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("KCA_HOME", str(settings.home))
    monkeypatch.setenv("KCA_DATABASE_URL", settings.url)
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("started"))
    return settings


@pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("given")
def test_only_the_embedded_warehouse() -> None:
    with pytest.raises(KcaError, match="NOT_SQLITE"):
        browse_commands.browse(8001)


@pytest.mark.parametrize("warehouse_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("given")
def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browse_commands, "find_spec", lambda _: None)
    with pytest.raises(KcaError, match="NOT_INSTALLED"):
        browse_commands.browse(8001)


@pytest.mark.skipif(not INSTALLED, reason="datasette is not installed (the extra `browse`)")
@pytest.mark.parametrize("warehouse_url", ["sqlite"], indirect=True)
def test_views_are_shown_and_nothing_can_be_written(given: Settings, tmp_path: Path) -> None:
    load(open_engine(given.url), "eins", "2020-02-01", [Fact(7273.0)])

    def get(path: str) -> str:
        done = subprocess.run(
            [*browse_commands.command(given, 8001), "--get", path],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        return done.stdout

    database = Path(given.url.removeprefix("sqlite:///")).stem
    (row,) = json.loads(get(f"/{database}/figures.json?_shape=array"))
    assert (row["value"], row["region_code"]) == (7273.0, "06435")
    about = json.loads(get(f"/{database}.json"))
    assert {t["name"] for t in about["tables"] if not t["hidden"]} == set()
    assert {v["name"] for v in about["views"]} >= {"figures", "documents"}
    assert "error" in get(f"/{database}.json?sql=DELETE+FROM+fact")
