"""The bodies of the commands that operate the pipeline: `kca backfill`."""

from __future__ import annotations

import sys
from typing import Any

from kca_etl.cli import console
from kca_etl.cli.commands import month_id
from kca_etl.model.findings import Verdict
from kca_etl.model.month import month_date
from kca_etl.prefect_server.api import Api
from kca_etl.prefect_server.deploy import apply_automations, deployed, reachable
from kca_etl.prefect_server.deploy import deploy as bring_up
from kca_etl.prefect_server.doctor import examine
from kca_etl.runs import backfill as core
from kca_etl.runs.matrix import Matrix, settle
from kca_etl.runs.outcomes import lines
from kca_etl.runs.record import warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings


def backfill(given: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    """Plan, load document by document, print the matrix; exit with the gravest outcome."""
    months = {
        key: f"{month_date(month_id(given[key])):%Y-%m}" for key in ("first_month", "last_month")
    }
    wanted = Wanted(**given | months)
    if wanted.distribute > 1 and not dry_run:
        _hand_over(wanted, as_json=as_json)
        return
    settings = Settings()
    engine = warehouse(settings)
    steps = core.plan(engine, settings, wanted)
    matrix = Matrix(steps)
    code = console.OK
    if not dry_run and any(s.action == "load" for s in steps):
        for step, outcome in core.perform(steps, engine, settings, wanted.command):
            if (
                outcome.reading.verdict is not Verdict.WAIT
            ):  # a month still to come is no failure of the backfill
                code = max(code, console.EXIT[outcome.reading.verdict])
            matrix.add(step, outcome)
            if not as_json:
                print(*lines(outcome), sep="\n")
        settle(matrix, engine, settings, wanted)
    if as_json:
        console.listing(matrix.rows(), as_json=True)
    elif dry_run:  # the matrix shows what is missing
        console.listing(
            [s.as_row() | {"sha256": _short(s)} for s in steps if s.action != "missing"],
            as_json=False,
        )
    if not as_json:
        print(
            f"\n{wanted.title}{' (dry run: nothing was loaded)' if dry_run else ''}",
            matrix.text(),
            sep="\n",
        )
    sys.exit(code)


def _hand_over(wanted: Wanted, *, as_json: bool) -> None:
    """Let Prefect's workers do it; say where to watch."""
    api = Api.configured()
    reachable(api)
    deployment = api.ask("deployments/name/backfill/backfill")
    run = api.ask(
        f"deployments/{deployment['id']}/create_flow_run",
        {"parameters": {"wanted": wanted.model_dump()}},
    )
    console.listing(
        [
            {
                "backfill": wanted.title,
                "parts": wanted.distribute,
                "watch": f"{api.ui}/runs/flow-run/{run['id']}",
            }
        ],
        as_json=as_json,
    )


def deploy(*, as_json: bool) -> None:
    """Bring pool, deployments and automations of the Prefect server at PREFECT_API_URL up to date.

    List the deployments.
    """
    api = Api.configured()
    reachable(api)
    bring_up(api, {})
    said = apply_automations(api, {})
    console.listing(deployed(api), as_json=as_json)
    if not as_json:
        print("", said, sep="\n", end="")


def automations() -> None:
    """Create or change the automations of the Prefect server at PREFECT_API_URL."""
    api = Api.configured()
    reachable(api)
    print(apply_automations(api, {}), end="")


def doctor(port: int | None, *, as_json: bool) -> None:
    """Look at everything a newcomer gets wrong; exit 1 if something is."""
    lines_ = list(examine(Settings(), Api.configured(port)))
    rows = [
        {"check": line.check, "state": line.state, "found": line.found, "next_step": line.next_step}
        for line in lines_
    ]
    console.listing(rows, as_json=as_json)
    sys.exit(console.OTHER if any(line.next_step for line in lines_) else console.OK)


def _short(step: core.Step) -> str:
    return step.document.sha256[:12] if step.document else ""
