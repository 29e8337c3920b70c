"""Many machines.

One Prefect server and the warehouse on PostgreSQL, three workers, one of which loses its power in
the middle.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from kca_etl.model.month import month_date, month_number
from kca_etl.runs import backfill
from kca_etl.runs.record import warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.flows.cluster import Cluster, cluster, descendants
from tests.flows.debian import Debian, debian
from tests.flows.served import until
from tests.flows.sheets import sheet
from tests.landing.fetch.servers import Reply, Served, serving
from tests.warehouse.synthetic import export

pytestmark = [pytest.mark.project, pytest.mark.long]
FIRST, MANY = month_number(2013, 1), 96


@pytest.fixture
def postgresql() -> Iterator[Debian]:
    with debian() as server:
        for name in ("prefect", "kca"):
            server.sql(f"CREATE DATABASE {name}")
        yield server


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Eight years of the Jobcenter's sheets."""
    (tmp_path / "given").mkdir()
    for month in range(FIRST, FIRST + MANY):
        sheet(tmp_path / "given" / f"{month_date(month):%Y-%m}.xlsx", month)
    return tmp_path / "given"


def loaded(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [
            str(row)[:7]
            for row in connection.scalars(
                text("SELECT berichtsmonat FROM documents WHERE state = 'loaded'")
            )
        ]


def parts(prefect: Cluster) -> list[dict[str, Any]]:
    """The runs of the parts, the oldest first."""
    asked = {
        "deployments": {"id": {"any_": [prefect.deployments["backfill-part"]]}},
        "sort": "EXPECTED_START_TIME_ASC",
    }
    found: list[dict[str, Any]] = prefect.api.ask("flow_runs/filter", asked)
    return found


def victim(
    prefect: Cluster, engine: Engine, workers: tuple[str, ...]
) -> tuple[str, dict[str, Any]] | None:
    """A worker whose part has begun to load."""
    months = loaded(engine)
    for run in parts(prefect):
        pid = int((run["infrastructure_pid"] or ":0").rpartition(":")[2])
        wanted = run["parameters"]["wanted"]
        begun = sum(wanted["first_month"] <= month <= wanted["last_month"] for month in months)
        for worker in workers:
            if begun and pid in descendants(prefect.pid(worker)):
                return worker, run
    return None


@pytest.fixture
def hook() -> Iterator[Served]:
    """Whoever is told of crashed runs."""
    with serving(lambda _: Reply(200, b"{}")) as listening:
        yield listening


def test_a_worker_that_dies_in_the_middle_loses_nothing(
    postgresql: Debian, given: Path, hook: Served, tmp_path: Path
) -> None:
    what = {
        "sources": ["kca_monatszahlen"],
        "first_month": "2013-01",
        "last_month": "2020-12",
        "folder": str(given),
        "ask_publisher": False,
    }
    url = postgresql.url("kca")
    engine = open_engine(url)
    migrate.upgrade(engine)
    prefects = postgresql.url("prefect", "postgresql+asyncpg")
    told = {"KCA_NOTIFY_WEBHOOK": f"{hook.base}/hook"}
    with cluster(
        tmp_path / "home",
        KCA_DATABASE_URL=url,
        PREFECT_SERVER_DATABASE_CONNECTION_URL=prefects,
        **told,
    ) as prefect:
        assert postgresql.sql("SELECT count(*) > 0 FROM deployment", "prefect") == "t"
        prefect.worker("one", limit=1)
        parent = prefect.submit("backfill", {"wanted": what | {"distribute": 3}})
        until(lambda: len(parts(prefect)) == 3, 120)
        prefect.worker("two", limit=1)
        prefect.worker("three", limit=1)
        worker, run = until(lambda: victim(prefect, engine, ("two", "three")), 240)
        for pid in descendants(prefect.pid(worker)):
            os.kill(pid, signal.SIGSTOP)
        before = len(loaded(engine))
        assert before < MANY, "it ended before it could be killed"
        prefect.kill(worker)
        ended = prefect.ended(parent, 300)
        assert ended["state_name"] == "Completed", prefect.logs()
        states = [(r["state_name"], r["parameters"]) for r in parts(prefect)]
        dead = prefect.run(run["id"])
        assert dead["state_name"] == "Crashed"
        assert "heartbeat" in dead["state"]["message"]
        assert states.count(("Completed", run["parameters"])) == 1, "its months were taken over"
        assert [state for state, _ in states].count("Completed") == 3
        matrix = prefect.artifact(parent, "backfill-matrix")
        assert {d["state"] for d in queries.documents(engine)} == {"loaded"}, (
            matrix + prefect.logs()
        )
    assert sorted(loaded(engine)) == [f"{month_date(FIRST + n):%Y-%m}" for n in range(MANY)]
    took = datetime.fromisoformat(dead["state"]["timestamp"]) - datetime.fromisoformat(
        dead["start_time"]
    )
    print(
        f"killed after {before} of {MANY} documents; crashed {took.total_seconds():.0f} s"
        f" after its start; {matrix.splitlines()[-2].strip()}"
    )
    (said,) = [json.loads(asked.body)["text"] for asked in hook.asked]
    assert said.startswith(f"kca-etl: Lauf abgebrochen\n{dead['name']}: No heartbeat")
    assert f"ok {MANY} loaded" in matrix
    assert "plan" not in matrix
    assert export(engine, history=False) == export(
        undisturbed(what, tmp_path / "other"), history=False
    )
    engine.dispose()


def undisturbed(what: dict[str, Any], home: Path) -> Engine:
    settings = Settings(home=home)
    engine = warehouse(settings)
    for _ in backfill.perform(
        backfill.plan(engine, settings, Wanted(**what)), engine, settings, "undisturbed"
    ):
        pass
    return engine
