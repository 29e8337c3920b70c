"""A credential that stands in a Prefect Secret block alone.

Used, and neither printed, stored nor shown.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from prefect import flow
from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client
from pydantic import SecretStr

from flows import credentials
from flows.parts import opaque, stage
from kca_etl.model.month import Month
from kca_etl.runs import record as runs
from kca_etl.runs.fetch_month import obtain
from kca_etl.runs.publishers import session
from kca_etl.settings import Settings
from tests.landing.fetch.servers import TOKEN, Reply, serving
from tests.runs.test_canary import BODY, SOURCE, kept

NAME = "regionalstatistik_token"
OF_BLOCK = f"{TOKEN}-block"


@stage("obtain")
def ask(settings: Settings) -> str:
    engine = runs.warehouse(settings)
    with runs.recorded(engine, settings, "test", SOURCE) as work:
        return obtain(SOURCE, Month.of(2020, 12), work, session(settings)).state


@flow(name="credentials")
def asks() -> str:
    given = credentials.settings()
    print(given, given.secrets)
    return ask(opaque(given))


def everything() -> str:
    """All that the server shows of runs, logs and artifacts."""
    with get_client(sync_client=True) as client:
        answers = [
            client.request("POST", path, json={})
            for path in ("/flow_runs/filter", "/task_runs/filter", "/logs/filter")
        ]
        return "".join(
            a.text for a in [*answers, client.request("POST", "/artifacts/filter", json={})]
        )


@pytest.mark.usefixtures("harness")
def test_the_block_serves_where_the_environment_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KCA_HOME", str(tmp_path / "home"))
    assert NAME not in credentials.settings().secrets
    Secret(value=SecretStr(OF_BLOCK)).save(NAME.replace("_", "-"))
    with serving(lambda _: Reply(200, BODY)) as served:
        monkeypatch.setenv("KCA_BASE_URLS", json.dumps({"www.regionalstatistik.de": served.base}))
        assert asks() == "loaded"
        assert [asked.headers["username"] for asked in served.asked] == [OF_BLOCK]
    said, shown = capsys.readouterr(), everything()
    assert ("**********" in said.out, '"name":"obtain"' in shown) == (
        True,
        True,
    )  # there was something to see
    assert OF_BLOCK not in said.out + said.err + shown
    assert all(OF_BLOCK.encode() not in data for data in kept(tmp_path / "home"))

    monkeypatch.setenv("KCA_SECRETS", json.dumps({NAME: "of the environment"}))
    assert credentials.settings().secrets[NAME].get_secret_value() == "of the environment"
