"""A refused document on the screen: its run waits with a form, the answer loads the month."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.flows.cluster import Cluster, cluster
from tests.flows.served import until
from tests.runs.test_decide import RENAMED, sheet

pytestmark = [pytest.mark.project, pytest.mark.long]
WHO = {"name": "M. Muster", "reason": "neue Vorlage"}


def decisions(prefect: Cluster) -> list[dict[str, Any]]:
    """Return the runs of `decide`."""
    wanted = {"deployments": {"id": {"any_": [prefect.deployments["decide"]]}}}
    found: list[dict[str, Any]] = prefect.api.ask("flow_runs/filter", wanted)
    return found


def questions(prefect: Cluster, run_id: str) -> str:
    """Return what the run asked last."""
    found = prefect.api.ask("artifacts/filter", {"sort": "CREATED_DESC"})
    mine = [a for a in found if (a["flow_run_id"], a["key"]) == (run_id, "questions")]
    return str(mine[0]["data"]) if mine else ""


def fields(prefect: Cluster, run_id: str) -> dict[str, dict[str, Any]]:
    """Return the form's fields by name."""
    state = prefect.run(run_id)["state"]["state_details"]
    key = state["run_input_keyset"]["schema"]
    schema = prefect.api.ask(f"flow_runs/{run_id}/input/{key}")
    found: dict[str, dict[str, Any]] = schema["properties"]
    return found


def test_a_refusal_is_answered_on_the_screen(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = sheet(
        tmp_path / "Monat.xlsx",
        more={"Widersprüche": [1, 2]},
        renamed={"Maßnahmeteilnehmer": RENAMED},
    )
    with cluster(home) as prefect:
        prefect.worker("one")
        for _ in range(2):  # the second time the question is asked already
            prefect.ended(prefect.submit("monthly", {"documents": [str(file)]}))
        [asked] = until(lambda: decisions(prefect))
        run = asked["id"]
        waits = partial(waiting, prefect, run)
        until(waits, 120)
        assert prefect.run(run)["name"] == "decide kca_monatszahlen 2020-11"

        def answer(given: dict[str, Any]) -> dict[str, Any]:
            said: dict[str, Any] = prefect.api.ask(f"flow_runs/{run}/resume", {"run_input": given})
            return said

        until(lambda: "does not match" in answer(WHO | {"name": " "})["details"]["reason"])
        assert waits()
        assert RENAMED in questions(prefect, run)
        asks = {f["title"]: name for name, f in fields(prefect, run).items()}
        name, row = (
            next(asks[title] for title in asks if label in title)
            for label in ("Widersprüche", RENAMED)
        )
        assert answer(WHO | {name.replace("answer", "other"): "sign:-"})["status"] == "ACCEPT"
        until(lambda: "Not taken" in questions(prefect, run), 120)
        until(waits, 120)
        same = {row.replace("answer", "other"): "same:Maßnahmeteilnehmer"}
        assert answer(WHO | same)["status"] == "ACCEPT"  # a question was passed over
        until(lambda: "not answered yet" in questions(prefect, run), 120)
        until(waits, 120)
        assert answer(WHO | same | {name: "ignore"})["status"] == "ACCEPT"
        assert prefect.ended(run)["state_name"] == "Loaded", prefect.logs()
    engine = warehouse(Settings(home=home))
    assert 932 in set(queries.figures(engine, kennzahl="massnahmeteilnehmer")["value"])


def waiting(prefect: Cluster, run_id: str) -> bool:
    """Tell whether a run waits for an answer; it holds no process then."""
    return bool(prefect.run(run_id)["state_name"] == "Suspended")
