"""The automations on a real server.

Applied as often as one likes, and heard by whoever listens at the webhook.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kca_etl.model.findings import KcaError
from kca_etl.prefect_server.deploy import reachable
from kca_etl.prefect_server.doctor import examine
from kca_etl.settings import Settings
from tests.flows.cluster import Cluster, cluster
from tests.flows.served import until
from tests.landing.fetch.servers import Asked, Reply, serving
from tests.sources.office import Shape, write

pytestmark = [pytest.mark.project, pytest.mark.long]
NAMES = [
    "kca: credential missing",
    "kca: dead runs are marked crashed",
    "kca: month overdue",
    "kca: month quarantined",
    "kca: publisher unreachable",
    "kca: report waits for approval",
    "kca: run crashed",
    "kca: run failed",
]


def apply(prefect: Cluster) -> str:
    command = [sys.executable, "-m", "kca_etl", "automations", "apply"]
    done = subprocess.run(
        command, env=prefect.environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_people_are_told_of_what_was_put_aside_and_of_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "PREFECT_SERVER_API_AUTH_STRING", "kca:geheim"
    )  # with a password, as on a server
    inbox = tmp_path / "home" / "inbox"
    inbox.mkdir(parents=True)
    write(inbox / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))

    def accept(_asked: Asked) -> Reply:
        return Reply(200, b"{}")

    with (
        serving(accept) as hook,
        cluster(tmp_path / "home", KCA_NOTIFY_WEBHOOK=f"{hook.base}/hook?token=geheim") as prefect,
    ):
        with pytest.MonkeyPatch.context() as stranger:
            stranger.setenv("PREFECT_API_AUTH_STRING", "kca:falsch")
            with pytest.raises(KcaError, match="refuses us"):
                reachable(prefect.api)
            found = {
                line.check: line for line in examine(Settings(home=tmp_path / "home"), prefect.api)
            }
            assert "PREFECT_API_AUTH_STRING" in found["server"].next_step
            assert found["scheduler"].found == "not known without the server"
        assert apply(prefect).splitlines() == [
            f"up to date: {name}" for name in (NAMES[n] for n in (1, 3, 2, 4, 0, 7, 6, 5))
        ]
        assert sorted(a["name"] for a in prefect.api.ask("automations/filter", {})) == NAMES
        assert "geheim" not in json.dumps(prefect.api.ask("block_documents/filter", {}))
        prefect.worker("one")
        wanted = {
            "sources": ["kca_monatszahlen"],
            "first_month": "2020-11",
            "last_month": "2020-11",
            "folder": "no/such",
        }
        runs = [
            prefect.submit("monthly", {"ask_publishers": False}),
            prefect.submit("backfill", {"wanted": wanted}),
        ]
        assert [prefect.ended(run)["state_name"] for run in runs] == ["Quarantined", "Failed"], (
            prefect.logs()
        )
        until(lambda: len(hook.asked) >= 2)
        said = sorted(json.loads(asked.body)["text"] for asked in hook.asked)
    assert len(said) == 2
    assert said[0].startswith("kca-etl: Dokument zurückgestellt\n„bad.xlsx“ (")
    assert "Grund: In einer Zelle" in said[0]
    assert "Nächster Schritt: " in said[0]
    assert f"Einzelheiten: {prefect.api.ui}/runs/task-run/" in said[0]
    assert said[1].startswith(
        "kca-etl: Lauf gescheitert\nbackfill kca_monatszahlen 2020-11…2020-11: "
    )
    assert "[NO_FILE]" in said[1]
    assert f"{prefect.api.ui}/runs/flow-run/{runs[1]}" in said[1]
