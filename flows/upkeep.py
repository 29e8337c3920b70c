"""The flows `replay` and `housekeeping`: quarantined documents are tried again.

The archive is checked against its hashes.
"""

from __future__ import annotations

from typing import Any

from prefect import State, flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.parts import Documents, configured, ended, plainly
from kca_etl.landing.archive import files as archive
from kca_etl.runs import openlineage
from kca_etl.runs import outcomes as words
from kca_etl.runs import record as runs
from kca_etl.runs import replay as replays
from kca_etl.runs.outcomes import became
from kca_etl.settings import Settings


@flow(name="replay", flow_run_name="replay")
@plainly
def replay() -> State[Any]:
    """Try all quarantined documents again, after a file or a declaration was amended.

    Green where none stays quarantined; then its result is one row per document.
    """
    settings = configured(Settings())
    engine = runs.warehouse(settings)
    with (
        runs.recorded(engine, settings, "flow replay") as work,
        openlineage.reported(work.run, "replay", settings),
    ):
        task = Documents(work.run.run_id)
        states = [became(outcome) for outcome in replays.replay(work, task=task)]
    outcomes = work.run.outcomes
    create_markdown_artifact(
        words.markdown(outcomes, work.run.run_id, "kca-etl, replay", task.links, task.decisions),
        key="run-report",
        description="What the replay did",
    )
    return ended(states, [words.as_row(outcome) for outcome in outcomes])


@flow(name="housekeeping", flow_run_name="housekeeping")
@plainly
def housekeeping() -> int:
    """Hash every archived file anew.

    A damaged one fails the run, so that somebody looks; returns how many are sound.
    """
    settings = configured(Settings())
    damaged = archive.verify(settings.landing)
    create_table_artifact(
        [{"damaged": p.name} for p in damaged],
        key="archive",
        description="Archived files that are not what their name says",
    )
    if damaged:
        raise RuntimeError(
            f"{len(damaged)} archived files are damaged, first {damaged[0].name}; restore"
            " them from the backup"
        )
    return sum(1 for _ in settings.landing.glob("??/[!.]*"))
