"""The monthly flow: documents of a month into the warehouse, each stage a task, the result as artifacts.

All logic is in `kca_etl`; here stand only names, retries and what the Prefect UI shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.utilities.annotations import quote

from kca_etl import pipeline, runs
from kca_etl.load.engine import Busy
from kca_etl.report import outcomes as words
from kca_etl.settings import Settings

# Prefect hands quoted arguments on untouched; unquoted, it would walk through every array in them.
opaque: Any = quote


def _busy(_task: object, _run: object, state: Any) -> bool:  # noqa: ANN401 - Prefect's state
    """Only another writer goes away by waiting; a bad document stays bad."""
    return isinstance(state.result(raise_on_failure=False), Busy)


@task(task_run_name="receive {path.name}", cache_policy=NO_CACHE, persist_result=False)
def receive(path: Path, settings: Settings) -> pipeline.Received:
    """Archive, guard and open a document."""
    return pipeline.receive(path, settings)


@task(task_run_name="read", cache_policy=NO_CACHE, persist_result=False)
def read(received: pipeline.Received) -> pipeline.Reading:
    """Recognise, extract, tidy and validate it."""
    return pipeline.read(received)


@task(
    task_run_name="keep", retries=3, retry_delay_seconds=[2, 10, 30], retry_condition_fn=_busy, cache_policy=NO_CACHE, persist_result=False
)
def keep(reading: pipeline.Reading, engine: Any, settings: Settings, run_id: str) -> pipeline.Outcome:  # noqa: ANN401 - SQLAlchemy's home is load
    """Load it whole, or put it aside whole."""
    return pipeline.keep(reading, engine, settings, run_id)


@flow(name="monthly", flow_run_name="monthly {month}", validate_parameters=False)
def monthly(month: str, documents: list[Path]) -> list[dict[str, Any]]:
    """Load the documents of a month (`YYYY-MM`), each recognised by its content; returns one row per document."""
    settings = Settings()
    engine = runs.warehouse(settings)
    log = get_run_logger()
    with runs.recorded(engine, f"flow monthly {month}") as run:
        for path in map(Path, documents):
            received = receive(path, opaque(settings))
            outcome = keep(opaque(read(opaque(received))), opaque(engine), opaque(settings), run.run_id)
            run.outcomes.append(outcome)
            for line in words.lines(outcome):
                log.info(line)
    publish(month, run)
    return [words.as_row(outcome) for outcome in run.outcomes]


def publish(month: str, run: runs.Run) -> None:
    """Leave a run report and a table of findings for whoever looks at the UI."""
    report = words.markdown(run.outcomes, run.run_id, f"kca-etl, {month}")
    create_markdown_artifact(report, key="run-report", description=f"What the run for {month} did")
    rows = [{"document": o.reading.document.file_name} | words.finding_row(f) for o in run.outcomes for f in o.reading.findings]
    create_table_artifact(rows, key="findings", description=f"Findings of the run for {month}, with sheet and cell")


if __name__ == "__main__":
    import sys

    monthly(sys.argv[1], [Path(name) for name in sys.argv[2:]])
