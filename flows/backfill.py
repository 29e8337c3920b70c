"""The flow `backfill`.

One run, one task per document, the matrix as an artifact that grows while it runs.

All logic is in `kca_etl.runs`; never a subflow per month, each would cost a second.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.logging import get_run_logger

from flows import credentials
from flows.distribute import PLAN, hand_out
from flows.events import tell
from flows.parts import Documents, Page, configured
from kca_etl.runs import backfill as core
from kca_etl.runs import openlineage
from kca_etl.runs import outcomes as words
from kca_etl.runs import record as runs
from kca_etl.runs.distribute import parts
from kca_etl.runs.matrix import Matrix, settle
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings


@flow(name="backfill", flow_run_name="backfill {wanted.title}")
def backfill(wanted: Wanted) -> list[dict[str, Any]]:
    """Fill the gaps of some sources in a range of months.

    Returns one row per step of the plan with what became of it.
    """
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
    try:
        if not wanted.dry_run:
            (_distribute if wanted.distribute > 1 else _load)(
                steps, matrix, pages, wanted, engine, settings
            )
            settle(matrix, engine, settings, wanted)
    finally:
        for page in pages:
            page.show(now=True)
    return matrix.rows()


def _load(
    steps: list[core.Step],
    matrix: Matrix,
    pages: Iterable[Page],
    wanted: Wanted,
    engine: Any,  # noqa: ANN401 - see above
    settings: Settings,
) -> None:
    log = get_run_logger()
    links: dict[core.Step, str] = {}
    documents = Documents()
    with (
        runs.recorded(engine, settings, wanted.command) as work,
        openlineage.told(work.run, "backfill", settings),
    ):
        for step, outcome in core.carry_out(steps, work, documents):
            matrix.add(step, outcome)
            tell(outcome, work.run.run_id)
            links[step] = documents.link
            log.info("\n".join(words.lines(outcome)))
            for page in pages:
                page.show()
    _summary(
        matrix.summary(links)
        + "\n"
        + words.markdown(work.run.outcomes, work.run.run_id, f"kca-etl, {wanted.title}"),
        wanted,
    )


def _distribute(
    steps: list[core.Step], matrix: Matrix, pages: Iterable[Page], wanted: Wanted, *_: object
) -> None:
    """Let others do it; what three of them could not finish fails this run."""
    failed = hand_out(parts(wanted, steps), matrix, pages)
    _summary(matrix.summary({}), wanted)
    if failed:
        which = "; ".join(part.title for part in failed)
        raise RuntimeError(
            f"{len(failed)} parts did not complete: {which}; what is loaded stays, start the backfill again"
        )


def _summary(text: str, wanted: Wanted) -> None:
    create_markdown_artifact(
        text, key="backfill-summary", description=f"What the backfill did: {wanted.title}"
    )


if __name__ == "__main__":
    backfill(Wanted(**json.loads(sys.argv[1])))
