"""What all flows share.

Handing arguments on untouched, waiting for another writer, a page that is brought up to date in
place.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, task
from prefect.artifacts import MarkdownArtifact, TableArtifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.runtime import deployment, task_run
from prefect.settings import PREFECT_UI_URL
from prefect.utilities.annotations import quote

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.pipeline import Outcome
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import Busy

P = ParamSpec("P")
R = TypeVar("R")

# Prefect hands quoted arguments on untouched; unquoted, it would walk through every array in them.
opaque: Any = quote


def configured(settings: Settings) -> Settings:
    """The settings.

    Raises KcaError RELATIVE_HOME in a worker's hands, where a relative folder lies in a
    directory that goes away.
    """
    if deployment.id and not settings.home.is_absolute():
        raise KcaError(
            Finding(
                Code.RELATIVE_HOME,
                "KCA_HOME is not absolute, so nobody would find again what this run loads",
                found=str(settings.home),
            )
        )
    return settings


def passes(error: object) -> bool:
    """Tell whether waiting helps: another writer ends, a database comes back.

    A bad document stays bad.
    """
    return isinstance(error, Busy) or bool(getattr(error, "connection_invalidated", False))


def _worth_waiting(_task: object, _run: object, state: Any) -> bool:  # noqa: ANN401 - Prefect's state
    return passes(state.result(raise_on_failure=False))


def stage(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task whose result is handed on in memory, never stored."""
    return task(task_run_name=name, cache_policy=NO_CACHE, persist_result=False)


def patient(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A stage that waits for another writer, or for a database that was started anew."""
    waits = [2.0, 10.0, 30.0]
    return task(
        task_run_name=name,
        retries=len(waits),
        retry_delay_seconds=waits,
        retry_condition_fn=_worth_waiting,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


@patient("{title}")
def document(title: str, action: Callable[[], Outcome]) -> tuple[Outcome, str]:
    """Carry one document in; say which task run did it."""
    del title  # the task's name
    return action(), str(task_run.id)


class Documents:
    """Runs the work on each document as a task of its own, and remembers which."""

    def __init__(self) -> None:
        self.last_task_id = ""

    def __call__(self, title: str, action: Callable[[], Outcome]) -> Outcome:
        """Run the work under its title."""
        outcome, self.last_task_id = document(title, opaque(action))
        return outcome

    @property
    def link(self) -> str:
        """The address of the last document's task in the Prefect UI."""
        return f"{PREFECT_UI_URL.value() or ''}/runs/task-run/{self.last_task_id}"


class Page:
    """An artifact of the run in hand: Markdown, or a table of rows.

    Each update is a request, so there is at most one a second.
    """

    def __init__(
        self, key: str, description: str, content: Callable[[], str | list[dict[str, Any]]]
    ) -> None:
        self._content = content
        first = content()
        artifact = (
            MarkdownArtifact(key=key, description=description, markdown=first)
            if isinstance(first, str)
            else TableArtifact(key=key, description=description, table=first)
        )
        self._id = artifact.create().id  # type: ignore[union-attr]  # sync outside a loop
        self._shown = time.monotonic()

    def show(self, *, now: bool = False) -> None:
        """Bring the page up to date, unless that was done within the last second."""
        if not now and time.monotonic() - self._shown < 1:
            return
        content = self._content()
        with get_client(sync_client=True) as client:
            client.update_artifact(
                self._id,
                ArtifactUpdate(data=content if isinstance(content, str) else json.dumps(content)),
            )
        self._shown = time.monotonic()
