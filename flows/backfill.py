"""The flow `backfill`.

One run, one task per document, the matrix as an artifact that grows while it runs.

All logic is in `kca_etl.runs`; never a subflow per month, each would cost a second.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from prefect import State, flow
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run
from prefect.states import Completed

from flows import credentials, links
from flows.distribute import PLAN, hand_out
from flows.events import tell_unreachable
from flows.parts import Documents, Page, configured, ended, plainly
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.states import MonthState
from kca_etl.runs import backfill as core
from kca_etl.runs import ending, openlineage
from kca_etl.runs import outcomes as words
from kca_etl.runs import record as runs
from kca_etl.runs.distribute import parts
from kca_etl.runs.matrix import Matrix, settle
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings


def _name() -> str:
    """`backfill ba_sanktionen 2017-01…2020-03`."""
    with suppress(KcaError):
        return f"backfill {Wanted.of_form(flow_run.parameters['wanted']).title}"
    return "backfill"


@flow(name="backfill", flow_run_name=_name, validate_parameters=False)
@plainly
def backfill(wanted: Wanted) -> State[Any]:
    """Fill the gaps of some sources in a range of months.

    The run is green where no month is left for a person; then its result is one row per step of
    the plan with what became of it.

    Args:
        wanted: Sources and months, and how to treat what is there already.
    """
    wanted = Wanted.of_form(wanted)
    settings = configured(credentials.settings())
    engine = runs.warehouse(settings)
    steps = core.plan(engine, settings, wanted)
    matrix = Matrix(steps)
    pages = (
        Page("backfill-matrix", f"Source × month: {wanted.title}", matrix.markdown),
        Page(
            PLAN, f"What would happen and why, and what became of it: {wanted.title}", matrix.rows
        ),
    )
    if wanted.dry_run:
        return Completed(message="dry run: nothing was loaded", data=matrix.rows())
    try:
        (_distribute if wanted.distribute > 1 else _load)(
            steps, matrix, pages, wanted, engine, settings
        )
        settle(matrix, engine, settings, wanted)
    finally:
        for page in pages:
            page.show(now=True)
    _summary(matrix.summary(), wanted)
    return ended(matrix.cells.values(), matrix.rows())


def _load(
    steps: list[core.Step],
    matrix: Matrix,
    pages: Iterable[Page],
    wanted: Wanted,
    engine: Any,  # noqa: ANN401 - see above
    settings: Settings,
) -> None:
    failed: dict[str, list[list[Finding]]] = {}
    with (
        runs.recorded(engine, settings, f"flow {wanted.command}") as work,
        openlineage.reported(work.run, "backfill", settings),
    ):
        task = Documents(work.run.run_id)
        for step, outcome in core.carry_out(steps, work, task):
            state = matrix.add(step, outcome, task.link)
            if state is MonthState.UNREACHABLE and step.place == "publisher":
                failed.setdefault(step.source, []).append(outcome.reading.findings)
            for page in pages:
                page.show()
    tell_unreachable(engine, failed, work.run.run_id, links.of_flow())
    report = words.markdown(
        work.run.outcomes, work.run.run_id, f"kca-etl, {wanted.title}", task.links, task.decisions
    )
    create_markdown_artifact(
        report, key="run-report", description=f"What the backfill loaded: {wanted.title}"
    )


def _distribute(
    steps: list[core.Step], matrix: Matrix, pages: Iterable[Page], wanted: Wanted, *_: object
) -> None:
    """Let others do it; what three of them could not finish fails this run."""
    failed = hand_out(parts(wanted, steps), matrix, pages)
    if failed:
        _summary(matrix.summary(), wanted)
        which = "; ".join(part.title for part in failed)
        raise RuntimeError(
            f"{len(failed)} parts did not complete: {which}; what is loaded stays, start the"
            " backfill again"
        )


def _summary(text: str, wanted: Wanted) -> None:
    create_markdown_artifact(
        text, key="backfill-summary", description=f"What the backfill did: {wanted.title}"
    )


if __name__ == "__main__":
    last: Any = backfill(json.loads(sys.argv[1]), return_state=True)
    sys.exit(ending.exit_code(last.name))
