"""The monthly flow.

Documents of a month into the warehouse, each stage a task, the result as artifacts.

All logic is in `kca_etl`; here stand only names, retries and what the Prefect UI shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows import credentials
from flows.events import DUE, last_look, tell, tell_overdue
from flows.parts import Documents, configured, opaque, stage
from kca_etl import pipeline
from kca_etl.runs import backfill, openlineage
from kca_etl.runs import outcomes as words
from kca_etl.runs import record as runs
from kca_etl.runs import states as status
from kca_etl.runs.inbox import pick_up
from kca_etl.workplace import Run, Workplace


@stage("inbox")
def inbox(work: Workplace) -> list[pipeline.Outcome]:
    """Pick up what people dropped."""
    return pick_up(work.settings.inbox, work)


def _name() -> str:
    """`monthly 2020-11`; a scheduled run has no month: it is called by its day."""
    day: Any = flow_run.scheduled_start_time
    return f"monthly {flow_run.parameters.get('month') or f'due {day:%Y-%m-%d}'}"


@flow(name="monthly", flow_run_name=_name, validate_parameters=False)
def monthly(
    month: str | None = None, documents: list[Path] | None = None, *, ask_publishers: bool = True
) -> list[dict[str, Any]]:
    """Load the documents given, each recognised by its content.

    Without any, all that is published and not yet loaded.

    That is what lies in the inbox, then the months of the last year that are due and not at
    hand. Returns one row per document.
    """
    settings = configured(credentials.settings())
    engine = runs.warehouse(settings)
    name = month or DUE
    since = last_look(engine)
    with (
        runs.recorded(engine, settings, f"flow monthly {name}") as work,
        openlineage.told(work.run, "monthly", settings),
    ):
        for outcome in _given(documents, work) if documents else _due(work, ask=ask_publishers):
            for line in words.lines(outcome):
                get_run_logger().info(line)
            tell(outcome, work.run.run_id)
    publish(name, work.run)
    if since is not None and not documents:
        for late in tell_overdue(engine, since, datetime.now(UTC)):
            get_run_logger().warning("overdue: %s", late)
    show_status(engine, datetime.now(UTC))
    return [words.as_row(outcome) for outcome in work.run.outcomes]


def _given(documents: list[Path], work: Workplace) -> Iterator[pipeline.Outcome]:
    yield from pipeline.carry((pipeline.Incoming(Path(d)) for d in documents), work, Documents())


def _due(work: Workplace, *, ask: bool) -> Iterator[pipeline.Outcome]:
    yield from inbox(opaque(work))
    wanted = backfill.due(datetime.now(UTC)) if ask else None
    steps = backfill.plan(work.engine, work.settings, wanted) if wanted else []
    for _, outcome in backfill.carry_out(steps, work, Documents()):
        yield outcome


def publish(month: str, run: Run) -> None:
    """Leave a run report and a table of findings for whoever looks at the UI."""
    report = words.markdown(run.outcomes, run.run_id, f"kca-etl, {month}")
    create_markdown_artifact(report, key="run-report", description=f"What the run for {month} did")
    rows = [
        {"document": o.reading.document.file_name} | words.finding_row(f)
        for o in run.outcomes
        for f in o.reading.findings
    ]
    create_table_artifact(
        rows, key="findings", description=f"Findings of the run for {month}, with sheet and cell"
    )


def show_status(engine: Any, now: datetime) -> None:  # noqa: ANN401 - see above
    """Leave the same matrix as `kca status` prints."""
    drawn = status.matrix(status.states(engine, now.year, now))
    create_markdown_artifact(
        f"```\n{drawn}\n```\n",
        key="status",
        description=f"Source × month of {now.year}, as `kca status` shows it",
    )


if __name__ == "__main__":
    import sys

    monthly(sys.argv[1], [Path(name) for name in sys.argv[2:]])
