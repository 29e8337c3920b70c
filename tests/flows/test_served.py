"""`kca serve` as a whole: deployments, scheduler, worker; a backfill that is killed and resumed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kca_etl.prefect_server.api import WATCHMAN, Api
from kca_etl.prefect_server.doctor import examine
from kca_etl.runs import backfill
from kca_etl.runs.record import warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.flows.served import Served, serving, until
from tests.warehouse.synthetic import export

pytestmark = pytest.mark.project  # prefect.yaml

long = pytest.mark.long


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


def asked(
    folder: Path, source: str = "kca_monatszahlen", first: str = "2018-01", last: str = "2020-11"
) -> dict[str, Any]:
    return {
        "sources": [source],
        "first_month": first,
        "last_month": last,
        "folder": str(folder),
        "ask_publisher": False,
    }


def deployments(served: Served) -> dict[str, dict[str, Any]]:
    return {d["name"]: d for d in served.ask("deployments/filter", {})}


def test_the_deployments_are_there_and_the_scheduler_creates_runs(served: Served) -> None:
    found = deployments(served)
    assert set(found) == {
        "monthly",
        "backfill",
        "backfill-part",
        "report",
        "check-text",
        "decide",
        "replay",
        "housekeeping",
    }
    for deployment in found.values():
        assert deployment["work_pool_name"] == "kca"
        assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
        assert deployment["global_concurrency_limit"]["limit"] == (
            64 if deployment["name"] == "backfill-part" else 1
        )
    form = found["backfill"]["parameter_openapi_schema"]["definitions"]["Wanted"]["properties"]
    assert "ba_sanktionen" in form["sources"]["items"]["enum"]
    wanted = {
        "deployments": {"id": {"any_": [found["monthly"]["id"]]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    runs = until(lambda: served.ask("flow_runs/filter", wanted))
    for run in runs:
        at = datetime.fromisoformat(run["expected_start_time"]).astimezone(
            ZoneInfo("Europe/Berlin")
        )
        assert (at.hour, at.minute) in ((10, 30), (12, 30))
        assert at.weekday() < 5
        assert at.day <= 16 or at.day >= 26
        assert run["parameters"] == {}


def test_dead_runs_are_looked_for_and_old_ones_go(served: Served) -> None:
    assert [a["name"] for a in served.ask("automations/filter", {})] == [WATCHMAN]
    vacuum = served.ask("admin/settings")["server"]["services"]["db_vacuum"]
    assert (sorted(vacuum["enabled"]), vacuum["retention_period"]) == (
        ["events", "flow_runs"],
        "P1Y35D",
    )


def test_the_doctor_finds_nothing_to_do(served: Served) -> None:
    until(lambda: served.ask("work_pools/kca/workers/filter", {}))
    problems = [
        line
        for line in examine(Settings(home=served.home), Api.here(served.port))
        if line.next_step
    ]
    assert problems == []


@long
def test_the_worker_runs_a_backfill_from_the_form_and_the_scheduled_flow(
    served: Served, samples: Path
) -> None:
    found = deployments(served)
    (served.home / "inbox").mkdir()
    (served.home / "inbox" / "x.xlsx").write_bytes(
        (samples / "KCA_Monatszahlen_2020-11.xlsx").read_bytes()
    )
    started = [
        served.ask(
            f"deployments/{found['backfill']['id']}/create_flow_run",
            {"parameters": {"wanted": asked(samples, last="2020-10")}},
        ),
        served.ask(
            f"deployments/{found['monthly']['id']}/create_flow_run",
            {"parameters": {"ask_publishers": False}},
        ),
    ]
    ended = [until(partial(_ended, served, run["id"]), 120) for run in started]
    assert [r["state_name"] for r in ended] == ["Completed", "Overdue"], (
        served.home / "prefect" / "serve.log"
    ).read_text()[-3000:]
    assert ended[0]["name"] == "backfill kca_monatszahlen 2018-01…2020-10"
    assert ended[1]["name"].startswith("monthly due 20")
    engine = open_engine(Settings(home=served.home).url)
    documents = {
        d["sha256"]: d["berichtsmonat"][:7]
        for d in queries.documents(engine)
        if d["state"] == "loaded"
    }
    engine.dispose()
    assert len(documents) == 5
    told = until(lambda: [e for e in _events(served) if e["payload"]["berichtsmonat"] == "2020-11"])
    assert {e["event"] for e in told} <= {"kca.month.loaded", "kca.month.revised"}
    shas = [e["payload"]["sha256"] for e in _events(served)]
    assert len(shas) == len(set(shas)), "each document is told once"
    assert set(shas) <= set(documents)
    pages = {
        a["key"]: a["data"]
        for a in served.ask("artifacts/filter", {})
        if a["flow_run_id"] == started[0]["id"]
    }
    assert "[ok](" in pages["backfill-matrix"]
    assert "plan" not in pages["backfill-matrix"]
    assert "/runs/task-run/" in pages["backfill-summary"]


def _events(served: Served) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.ask(
        "events/filter", {"filter": {"event": {"prefix": ["kca.month."]}}}
    )["events"]
    return found


@long
def test_the_command_hands_a_backfill_to_the_workers(served: Served, samples: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "kca_etl",
        "backfill",
        "--source",
        "kca_monatszahlen",
        "--from-month",
        "2018-01",
        "--to-month",
        "2020-11",
    ]
    more = [
        "--folder",
        str(samples),
        "--mode",
        "reload_all",
        "--no-ask",
        "--distribute",
        "2",
        "--json",
    ]
    environment = served.environment | {"PREFECT_API_URL": f"http://127.0.0.1:{served.port}/api"}
    done = subprocess.run(
        [*command, *more], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    run = until(lambda: _ended(served, row["watch"].rpartition("/")[2]), 180)
    assert run["state_name"] == "Completed", (served.home / "prefect" / "serve.log").read_text()[
        -3000:
    ]
    of_parts = {"deployments": {"name": {"any_": ["backfill-part"]}}}
    assert [r["state_name"] for r in served.ask("flow_runs/filter", of_parts)] == ["Completed"] * 2


def _ended(served: Served, run_id: str) -> Any:
    request = {"flow_runs": {"id": {"any_": [run_id]}}}
    (run,) = served.ask("flow_runs/filter", request)
    return run if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED") else None


@long
def test_served_already(served: Served) -> None:
    command = [sys.executable, "-m", "kca_etl", "serve", "--port", str(served.port)]
    again = subprocess.run(
        command, env=served.environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (
        again.returncode,
        "served already; deployments and automations are up to date" in again.stdout,
    ) == (0, True), again.stderr
    assert len(served.ask("automations/filter", {})) == 1


def undisturbed(what: dict[str, Any], home: Path) -> tuple[str, str]:
    settings = Settings(home=home)
    engine = warehouse(settings)
    for _ in backfill.perform(
        backfill.plan(engine, settings, Wanted(**what)), engine, settings, "undisturbed"
    ):
        pass
    return exports(home)


def exports(home: Path) -> tuple[str, str]:
    engine = open_engine(Settings(home=home).url)
    out = export(engine, history=False), export(engine)
    engine.dispose()
    return out


def loaded(home: Path) -> int:
    if not (home / "warehouse.db").exists():
        return 0
    engine = open_engine(Settings(home=home).url)
    try:
        return len(queries.documents(engine))
    except Exception:  # noqa: BLE001 - the tables are being made
        return 0
    finally:
        engine.dispose()


def _reached(goal: int, home: Path, running: subprocess.Popen[bytes]) -> bool:
    return loaded(home) >= goal or running.poll() is not None


def kill_thrice_and_resume(
    served: Served, what: dict[str, Any], home: Path, after: list[int]
) -> None:
    """Start the flow; kill its whole process group a random moment after the n-th document.

    The last time let it end.
    """
    chance = random.Random(2020)
    home.mkdir()
    for goal in after:
        running = served.flow("flows.backfill", what, home)
        until(partial(_reached, goal, home, running))
        time.sleep(chance.random() * 0.05)
        assert running.poll() is None, "it ended before it could be killed"
        os.killpg(running.pid, signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
    last = served.flow("flows.backfill", what, home)
    assert last.wait(300) == 0, (served.home / "flow.log").read_text()[-3000:]


def test_killed_three_times_and_resumed_ends_like_undisturbed(
    served: Served, samples: Path, tmp_path: Path
) -> None:
    what = asked(samples)
    kill_thrice_and_resume(served, what, tmp_path / "killed", [1, 3, 4])
    assert exports(tmp_path / "killed") == undisturbed(what, tmp_path / "undisturbed")


@long
def test_the_real_issues_killed_three_times_end_like_undisturbed(
    served: Served, real: Path, tmp_path: Path
) -> None:
    what = asked(real / "ba-sanktionen", "ba_sanktionen", "2017-01", "2020-03")
    kill_thrice_and_resume(served, what, tmp_path / "killed", [3, 11, 25])
    states = [
        r["state"]
        for r in sorted(
            queries.runs(open_engine(Settings(home=tmp_path / "killed").url)),
            key=lambda r: r["started_at"],
        )
    ]
    assert states == ["running", "running", "running", "done"]
    assert exports(tmp_path / "killed") == undisturbed(what, tmp_path / "undisturbed")
