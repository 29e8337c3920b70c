"""The flow `backfill`: one run, one task per document, the matrix as an artifact that grows while it runs.

All logic is in `kca_etl.operate`; never a subflow per month, each would cost a second.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger
from prefect.runtime import task_run
from prefect.settings import PREFECT_UI_URL

from flows.parts import Page, opaque, patient
from kca_etl import pipeline, runs
from kca_etl.operate import backfill as core
from kca_etl.operate.matrix import Matrix
from kca_etl.operate.wanted import Wanted
from kca_etl.report import outcomes as words
from kca_etl.settings import Settings


@patient("{title}")
def document(
    title: str,  # noqa: ARG001 - the task's name
    step: core.Step,
    received: pipeline.Received | None,
    work: core.Work,
) -> tuple[pipeline.Outcome, str]:
    """Obtain, read, check and keep one document; say which task run it was."""
    return work.load(step, received), str(task_run.id)


@flow(name="backfill", flow_run_name="backfill {wanted.title}")
def backfill(wanted: Wanted) -> list[dict[str, Any]]:
    """Fill the gaps of some sources in a range of months; returns one row per step of the plan with what became of it."""
    settings = Settings()
    engine = runs.warehouse(settings)
    steps = core.plan(engine, settings, wanted)
    matrix = Matrix(steps)
    create_table_artifact([s.as_row() for s in steps], key="backfill-plan", description=f"What would happen and why: {wanted.title}")
    page = Page("backfill-matrix", f"Source × month: {wanted.title}", matrix.markdown)
    if not wanted.dry_run:
        _load(steps, matrix, page, wanted, engine, settings)
    page.show(now=True)
    return matrix.rows()


def _load(steps: list[core.Step], matrix: Matrix, page: Page, wanted: Wanted, engine: Any, settings: Settings) -> None:  # noqa: ANN401 - see above
    log = get_run_logger()
    links: dict[core.Step, str] = {}
    with runs.recorded(engine, wanted.command) as run:
        work = core.Work(engine, settings, run.run_id)
        for step, received in core.carry(steps, settings):
            outcome, task_id = document(step.title, opaque(step), opaque(received), opaque(work))
            run.outcomes.append(outcome)
            matrix.add(step, outcome)
            links[step] = f"{PREFECT_UI_URL.value() or ''}/runs/task-run/{task_id}"
            log.info("\n".join(words.lines(outcome)))
            page.show()
    summary = matrix.summary(links) + "\n" + words.markdown(run.outcomes, run.run_id, f"kca-etl, {wanted.title}")
    create_markdown_artifact(summary, key="backfill-summary", description=f"What the backfill did: {wanted.title}")


if __name__ == "__main__":
    backfill(Wanted(**json.loads(sys.argv[1])))
