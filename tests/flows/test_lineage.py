"""The flows that load tell OpenLineage, each under its own job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kca_etl.runs.wanted import Wanted
from tests.sources.office import Shape, write


@pytest.mark.usefixtures("harness")
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_every_flow_that_loads_tells_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.backfill import backfill
    from flows.monthly import monthly
    from flows.upkeep import replay

    monkeypatch.setenv("KCA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KCA_OPENLINEAGE", str(tmp_path / "lineage.jsonl"))
    (tmp_path / "given").mkdir()
    monthly("2020-11", [write(tmp_path / "given" / "gut.xlsx", Shape())])
    replay()
    wanted = {
        "sources": ["kca_monatszahlen"],
        "first_month": "2020-11",
        "last_month": "2020-11",
        "mode": "reload_all",
    }
    backfill(Wanted(**wanted, ask_publisher=False))  # type: ignore[arg-type]  # a form's values
    events = [json.loads(line) for line in (tmp_path / "lineage.jsonl").read_text().splitlines()]
    assert [(e["job"]["name"], e["eventType"], len(e["inputs"])) for e in events] == [
        ("monthly", "START", 0),
        ("monthly", "COMPLETE", 1),
        ("replay", "START", 0),
        ("replay", "COMPLETE", 0),
        ("backfill", "START", 0),
        ("backfill", "COMPLETE", 1),
    ]
    assert len({e["run"]["runId"] for e in events}) == 3
