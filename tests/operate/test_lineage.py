"""OpenLineage events: read back from the file, or as a service received them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from kca_etl.landing.archive.files import document_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.runs import backfill
from kca_etl.runs import openlineage as lineage
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from kca_etl.workplace import Run
from tests.landing.fetch.servers import Asked, Reply, serving
from tests.sources.office import Shape, write

SOURCE = "kca_monatszahlen"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    write(folder / "gut.xlsx", Shape())
    write(
        folder / "bad.xlsx",
        Shape(month="Berichtsmonat: Dezember 2020", cells={("Integrationen", "Monat"): "?"}),
    )
    return folder


def go(engine: Engine, settings: Settings, folder: Path) -> None:
    what = Wanted(
        sources=[SOURCE],
        first_month="2020-11",
        last_month="2020-12",
        folder=str(folder),
        ask_publisher=False,
    )
    list(backfill.perform(backfill.plan(engine, settings, what), engine, settings, what.command))


def telling(settings: Settings, target: object) -> Settings:
    return settings.model_copy(update={"openlineage": SecretStr(str(target))})


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def facets(event: Any) -> list[dict[str, Any]]:
    """Everything that stands under a key that ends in `facets`."""
    if isinstance(event, list):
        return [f for e in event for f in facets(e)]
    if not isinstance(event, dict):
        return []
    own = [
        f for key, value in event.items() if key.lower().endswith("facets") for f in value.values()
    ]
    return own + [f for value in event.values() for f in facets(value)]


def test_a_run_tells_which_documents_went_into_which_table(
    engine: Engine, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    go(engine, telling(settings, tmp_path / "lineage.jsonl"), folder)
    start, end = read(tmp_path / "lineage.jsonl")
    (run,) = queries.runs(engine)
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert {e["run"]["runId"] for e in (start, end)} == {lineage.run_uuid(run["run_id"])}
    assert str(UUID(start["run"]["runId"])) == start["run"]["runId"]
    assert (start["inputs"], start["outputs"]) == ([], [])
    (document,) = end["inputs"]  # what was quarantined went nowhere
    assert (document["namespace"], document["name"]) == ("kca-etl", f"{SOURCE}/gut.xlsx")
    assert (
        document["facets"]["version"]["datasetVersion"] == document_of(folder / "gut.xlsx").sha256
    )
    (table,) = end["outputs"]
    assert table["outputFacets"]["outputStatistics"]["rowCount"] == 18
    if engine.dialect.name == "sqlite":
        assert (table["namespace"], table["name"]) == (
            f"sqlite://{engine.url.database}",
            "main.fact",
        )
    else:
        assert table["namespace"].startswith("postgres://")
        assert table["name"] == f"{engine.url.database}.public.fact"
    for event in (start, end):
        assert event["job"] == {"namespace": "kca-etl", "name": "backfill"}
        assert abs(datetime.now(UTC) - datetime.fromisoformat(event["eventTime"])) < timedelta(
            minutes=5
        )
        assert (
            event["schemaURL"]
            == "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
        )
        assert event["producer"].startswith("urn:kca-etl:")
    assert all(
        f["_producer"] and f["_schemaURL"].startswith("https://openlineage.io/spec/facets/")
        for f in facets(end)
    )
    assert len(facets(end)) == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [(KcaError(Finding(Code.NO_FILE, "gone")), "[NO_FILE] gone"), (OSError("canary"), "OSError")],
)
def test_a_failed_run_says_so_and_why_but_no_password(
    tmp_path: Path, error: Exception, said: str
) -> None:
    settings = telling(
        Settings(database_url=SecretStr("postgresql+psycopg://kca:canary@db.example/lager")),
        tmp_path / "l.jsonl",
    )
    with pytest.raises(type(error)), lineage.reported(Run("4f1c2a9be07d"), "monthly", settings):
        raise error
    start, end = read(tmp_path / "l.jsonl")
    assert (start["eventType"], end["eventType"]) == ("START", "FAIL")
    assert end["run"]["facets"]["errorMessage"]["message"] == said
    assert lineage._table(settings.url, Run(""))["namespace"] == "postgres://db.example:5432"
    assert lineage._table(settings.url, Run(""))["name"] == "lager.public.fact"
    assert "canary" not in (tmp_path / "l.jsonl").read_text()


def test_a_service_receives_the_events(tmp_path: Path) -> None:
    with serving(lambda _: Reply(201)) as service:
        settings = telling(Settings(home=tmp_path), f"{service.base}/api/v1/lineage")
        with lineage.reported(Run("1"), "monthly", settings):
            pass
    assert [(a.method, a.path, a.headers["content-type"]) for a in service.asked] == [
        ("POST", "/api/v1/lineage", "application/json")
    ] * 2
    assert [json.loads(a.body)["eventType"] for a in service.asked] == ["START", "COMPLETE"]


def refuse(_asked: Asked) -> Reply:
    return Reply(500, b"no")


@pytest.mark.parametrize(
    "target",
    ["{base}/canary", "http://127.0.0.1:1/canary", "http://[canary", "/no/such/canary/file"],
)
def test_what_cannot_be_delivered_stops_no_run_and_is_not_quoted(
    tmp_path: Path, target: str, caplog: pytest.LogCaptureFixture
) -> None:
    ran = []
    with serving(refuse) as service, caplog.at_level(logging.WARNING, "kca_etl.runs.openlineage"):
        settings = telling(Settings(home=tmp_path), target.format(base=service.base))
        with lineage.reported(Run("1"), "monthly", settings):
            ran.append(1)
    assert ran
    assert caplog.text.count("was not delivered") == 2
    assert "canary" not in caplog.text


def test_nobody_is_told_where_nobody_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(lineage, "_deliver", lambda *event: told.append(event))
    for settings in (Settings(home=tmp_path), telling(Settings(home=tmp_path), tmp_path / "x")):
        with lineage.reported(Run("1"), "monthly", settings):
            assert len(told) == (settings.openlineage is not None)
    assert len(told) == 2
