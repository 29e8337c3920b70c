"""A backfill's parts as runs of their own, taken by any worker.

The run that hands them out watches, and hands out again what died.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.deployments import run_deployment
from prefect.logging import get_run_logger
from prefect.states import Crashed

from flows.parts import Page
from kca_etl.runs.ending import NAMES
from kca_etl.runs.matrix import Matrix
from kca_etl.runs.wanted import Wanted

PART = "backfill/backfill-part"
PLAN = "backfill-plan"  # the artifact that says what became of each step
LOOK = 2.0  # seconds between two looks at the parts
STUCK = timedelta(
    minutes=2
)  # a worker that took a run and died before it began leaves it pending; nothing beats there yet
TRIES = 3


@dataclass(frozen=True, slots=True)
class Given:
    """A part in somebody's hands, and how often it was given out."""

    part: Wanted
    run_id: UUID
    tries: int = 1


def hand_out(parts: list[Wanted], matrix: Matrix, pages: Iterable[Page]) -> list[Wanted]:
    """Run the parts on the work pool, each until it went to its end or has failed three times.

    Return those that did not. One that ended Quarantined, Unreachable or Overdue went to its end.

    A part that is given out again leaves out what is loaded, so that whatever a dead run had
    done counts.
    """
    log = get_run_logger()
    given = [_give(part) for part in parts]
    failed: list[Wanted] = []
    with get_client(sync_client=True) as client:
        while given:
            time.sleep(LOOK)
            looked = [(g, _look(g, client)) for g in given]
            for g, run in looked:
                matrix.take(_rows(g.run_id, client))
                if run.state is None or not run.state.is_final():
                    continue
                given.remove(g)
                log.log(_level(run.state), "%s: %s", run.name, run.state.message or run.state.name)
                if not _is_done(run.state):
                    _again(g, given, failed)
            for page in pages:
                page.show()
    return failed


def _again(part: Given, given: list[Given], failed: list[Wanted]) -> None:
    """Give a part out once more, unless it has failed three times."""
    if part.tries < TRIES:
        given.append(_give(part.part, part.tries + 1))
    else:
        failed.append(part.part)


def _is_done(state: State[Any]) -> bool:
    """Tell whether a part went to its end: what it could not load, another try cannot either."""
    return state.is_completed() or state.name in NAMES


def _level(state: State[Any]) -> int:
    return logging.INFO if state.is_completed() else logging.ERROR


def _give(part: Wanted, tries: int = 1) -> Given:
    run: Any = run_deployment(PART, parameters={"wanted": part.model_dump()}, timeout=0)
    return Given(part, run.id, tries)


def _look(given: Given, client: SyncPrefectClient) -> FlowRun:
    run = client.read_flow_run(given.run_id)
    if (
        run.state is not None
        and run.state.type is StateType.PENDING
        and datetime.now(UTC) - run.state.timestamp > STUCK
    ):
        client.set_flow_run_state(
            run.id, Crashed(message="Its worker took it and never began."), force=True
        )
        run = client.read_flow_run(given.run_id)
    return run


def _rows(run_id: UUID, client: SyncPrefectClient) -> list[dict[str, Any]]:
    """What a part says of its steps so far."""
    found = client.read_artifacts(
        artifact_filter=ArtifactFilter(
            key=ArtifactFilterKey(any_=[PLAN]), flow_run_id=ArtifactFilterFlowRunId(any_=[run_id])
        )
    )
    return [row for artifact in found for row in json.loads(str(artifact.data))]
