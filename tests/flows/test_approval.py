"""Approval on a real server.

People are told by mail and in Teams, a wrong answer changes nothing, a refusal publishes nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse import reports
from tests.flows.cluster import cluster
from tests.flows.mailbox import mailbox
from tests.flows.served import until
from tests.landing.fetch.servers import Asked, Reply, serving
from tests.sources.office import Shape, write

pytestmark = [pytest.mark.project, pytest.mark.long]
ANSWER = {"name": "A. Muster", "remark": "mit der Fachstelle geklärt"}


def accept(_asked: Asked) -> Reply:
    return Reply(200, b"{}")


def test_a_report_with_a_jump_waits_for_somebody(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    settings = Settings(home=home)
    jumped = write(
        tmp_path / "monat.xlsx", Shape(cells={("Leistungsbezieher SGB II", "Monat"): 30000})
    )
    list(load_all([jumped], warehouse(settings), settings))
    with serving(accept) as teams, mailbox() as box:
        channels = {
            "KCA_NOTIFY_MAIL": f"mailto://127.0.0.1:{box.port}?from=kca@example.org&to=leitung@example.org",
            "KCA_NOTIFY_TEAMS": f"{teams.base}/workflow?sig=geheim",
        }
        with cluster(home, **channels) as prefect:
            assert "geheim" not in json.dumps(prefect.api.ask("block_documents/filter", {}))
            assert "127.0.0.1" not in json.dumps(
                [d["data"] for d in prefect.api.ask("block_documents/filter", {})]
            )
            prefect.worker("one")
            runs = [
                prefect.submit("report", {"month": "2020-11"}) for _ in range(2)
            ]  # one that waits does not hold the other up

            def paused() -> bool:
                return all(prefect.run(run)["state_name"] == "Paused" for run in runs)

            def answer(run: str, given: dict[str, Any]) -> dict[str, Any]:
                said: dict[str, Any] = prefect.api.ask(
                    f"flow_runs/{run}/resume", {"run_input": given}
                )
                return said

            until(paused, 120)
            until(lambda: "required property" in answer(runs[0], {})["details"]["reason"])
            wrong = answer(runs[0], ANSWER | {"publish": "yes", "remark": " "})
            assert (wrong["status"], "remark" in wrong["details"]["reason"], paused()) == (
                "REJECT",
                True,
                True,
            )
            assert prefect.artifact(runs[0], "report-approval").startswith(
                "Nobody has decided yet."
            )
            assert not (home / "reports").exists()

            until(lambda: answer(runs[0], ANSWER | {"publish": "no"})["status"] == "ACCEPT")
            ended = prefect.ended(runs[0])
            assert (ended["state_type"], ended["state_name"]) == ("CANCELLED", "Refused"), (
                prefect.logs()
            )
            assert (
                ended["state"]["message"]
                == "refused by A. Muster: mit der Fachstelle geklärt; nothing was published"
            )
            assert prefect.artifact(runs[0], "report-approval").startswith("refused by A. Muster: ")
            assert not (home / "reports").exists()

            until(lambda: answer(runs[1], ANSWER | {"publish": "yes"})["status"] == "ACCEPT")
            assert prefect.ended(runs[1])["state_name"] == "Completed", prefect.logs()
            assert prefect.artifact(runs[1], "report-approval").startswith(
                "approved by A. Muster: "
            )
            assert (home / "reports" / "Ueberblick_2020-11.pdf").is_file()
            assert len(reports.registered(warehouse(settings))) == 1
            until(lambda: len(box.letters) >= 2 and len(teams.asked) >= 2)
            assert prefect.run(runs[0])["state_name"] == "Refused", (
                "its process ends without a result, which is no crash"
            )
            where = {f"{prefect.api.ui}/runs/flow-run/{run}" for run in runs}
    assert {str(letter["Subject"]) for letter in box.letters} == {
        "kca-etl: a report waits for approval"
    }
    assert {letter.get_content().split()[-1] for letter in box.letters} == where
    assert len(teams.asked) == 2, "a refusal is no failure"
    cards = [json.loads(asked.body)["attachments"][0]["content"]["body"] for asked in teams.asked]
    assert {card[1]["inlines"][0]["text"] for card in cards} == {
        f"report 2020-11: approve or refuse it there\n{url}" for url in where
    }
