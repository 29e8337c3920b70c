"""`kca backfill`: the gaps of some sources in a range of months."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.findings import Verdict
from kca_etl.model.states import MonthState

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.runs.backfill import Step
    from kca_etl.runs.matrix import Matrix
    from kca_etl.runs.wanted import Wanted
    from kca_etl.settings import Settings


def backfill(  # noqa: PLR0913 - one option per field of the form
    sources: Annotated[
        list[str], typer.Option("--source", help="Declared source; may be given several times.")
    ],
    first: Annotated[str, typer.Option("--from-month", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to-month", help="Last month, YYYY-MM.")],
    folder: Annotated[
        str, typer.Option(help="Look for documents here too, recognised by content.")
    ] = "",
    mode: Annotated[
        Literal["only_missing", "only_failed", "reload_all"],
        typer.Option(help="Which documents to load of those that are there."),
    ] = "only_missing",
    ask: Annotated[
        bool,
        typer.Option("--ask/--no-ask", help="Ask the publisher for months that are not at hand."),
    ] = True,
    reason: Annotated[str, typer.Option(help="Why; stands in the record of the run.")] = "",
    distribute: Annotated[
        int,
        typer.Option(
            min=1, max=64, help="Let Prefect's workers do it in so many parts; see `kca serve`."
        ),
    ] = 1,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would happen and why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill the gaps of SOURCES in a range of months from the archive or a folder.

    Ends with the matrix.

    Example: kca backfill --source ba_sanktionen --from-month 2017-01 --to-month 2020-03
    """
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.wanted import Wanted

    wanted = Wanted(
        sources=sources,
        first_month=str(month_id(first)),
        last_month=str(month_id(last)),
        folder=folder,
        mode=mode,
        reason=reason,
        ask_publisher=ask,
        distribute=distribute,
    )
    if distribute > 1 and not dry_run:
        _hand_over(wanted, as_json=as_json)
    else:
        _fill(wanted, dry_run=dry_run, as_json=as_json)


def _fill(wanted: Wanted, *, dry_run: bool, as_json: bool) -> None:
    """Plan and do it in this process; exit with the gravest outcome."""
    from kca_etl.runs import backfill as core
    from kca_etl.runs.matrix import Matrix
    from kca_etl.runs.record import reading, warehouse
    from kca_etl.settings import Settings

    settings = Settings()
    engine = reading(settings) if dry_run else warehouse(settings)
    steps = core.plan(engine, settings, wanted)
    matrix = Matrix(steps)
    code = console.OK
    if not dry_run and any(s.action == "load" for s in steps):
        code = _carry_out(steps, matrix, wanted, settings, engine, quiet=as_json)
    if as_json:
        console.listing(matrix.rows(), as_json=True)
    else:
        _print(steps, matrix, wanted, dry_run=dry_run)
    sys.exit(code if dry_run else max(code, _left_quarantined(matrix)))


def _carry_out(
    steps: list[Step],
    matrix: Matrix,
    wanted: Wanted,
    settings: Settings,
    engine: Engine,
    *,
    quiet: bool,
) -> int:
    """Load document by document; return the exit code of the gravest outcome that stands."""
    from kca_etl.model.states import DocumentState
    from kca_etl.runs import backfill as core
    from kca_etl.runs.matrix import settle
    from kca_etl.runs.outcomes import lines
    from kca_etl.warehouse.views import queries

    verdicts: dict[str, Verdict] = {}
    total = sum(step.action == "load" for step in steps)
    with (
        console.interruptible(lambda: len(verdicts), total),
        console.progress("loading", total, quiet=quiet) as advance,
    ):
        for step, outcome in core.perform(steps, engine, settings, wanted.command):
            verdicts[outcome.reading.document.sha256 or step.title] = outcome.reading.verdict
            matrix.add(step, outcome)
            advance()
            if not quiet:
                print(*lines(outcome), sep="\n")
    settle(matrix, engine, settings, wanted)
    for document in queries.documents(engine):
        if document["state"] == DocumentState.REPLACED:
            verdicts.pop(document["sha256"], None)
    # A month still to come is no failure of the backfill.
    graves = (console.EXIT[v] for v in verdicts.values() if v is not Verdict.WAIT)
    return max(graves, default=console.OK)


def _left_quarantined(matrix: Matrix) -> int:
    """Return the exit code of documents that stay quarantined, also from an earlier backfill."""
    quarantined = MonthState.QUARANTINED in matrix.states.values()
    return console.QUARANTINED if quarantined else console.OK


def _print(steps: list[Step], matrix: Matrix, wanted: Wanted, *, dry_run: bool) -> None:
    """Print the matrix; for a dry run also what would happen, but for what is missing."""
    if dry_run:
        rows = [s.as_row() | {"sha256": _short(s)} for s in steps if s.action != "missing"]
        console.listing(rows, as_json=False)
    note = " (dry run: nothing was loaded)" if dry_run else ""
    print(f"\n{wanted.title}{note}", matrix.text(), sep="\n")


def _hand_over(wanted: Wanted, *, as_json: bool) -> None:
    """Let Prefect's workers do it; say where to watch."""
    from kca_etl.prefect_server.api import Api
    from kca_etl.prefect_server.deploy import reachable

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


def _short(step: Step) -> str:
    return step.document.sha256[:12] if step.document else ""
