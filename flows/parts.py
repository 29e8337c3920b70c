"""What all flows share: handing arguments on untouched, waiting for another writer, a page that is brought up to date in place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.artifacts import MarkdownArtifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.utilities.annotations import quote

from kca_etl.load.engine import Busy

P = ParamSpec("P")
R = TypeVar("R")

# Prefect hands quoted arguments on untouched; unquoted, it would walk through every array in them.
opaque: Any = quote


def _busy(_task: object, _run: object, state: Any) -> bool:  # noqa: ANN401 - Prefect's state
    """Only another writer goes away by waiting; a bad document stays bad."""
    return isinstance(state.result(raise_on_failure=False), Busy)


def stage(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task whose result is handed on in memory, never stored."""
    return task(task_run_name=name, cache_policy=NO_CACHE, persist_result=False)


def patient(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A stage that waits for another writer."""
    waits = [2.0, 10.0, 30.0]
    return task(
        task_run_name=name,
        retries=len(waits),
        retry_delay_seconds=waits,
        retry_condition_fn=_busy,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


class Page:
    """A Markdown artifact of the run in hand. Each update is a request, so there is at most one a second."""

    def __init__(self, key: str, description: str, content: Callable[[], str]) -> None:
        self._content = content
        self._id = MarkdownArtifact(key=key, description=description, markdown=content()).create().id  # type: ignore[union-attr]  # sync outside a loop
        self._shown = time.monotonic()

    def show(self, *, now: bool = False) -> None:
        """Bring the page up to date, unless that was done within the last second."""
        if not now and time.monotonic() - self._shown < 1:
            return
        with get_client(sync_client=True) as client:
            client.update_artifact(self._id, ArtifactUpdate(data=self._content()))
        self._shown = time.monotonic()
