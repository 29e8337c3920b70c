"""What all flows share.

Handing arguments on untouched, waiting for another writer, tasks and runs that end as what became
of their documents, a page that is brought up to date in place.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect import State, Task, task
from prefect.artifacts import MarkdownArtifact, TableArtifact, create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.logging import get_run_logger
from prefect.runtime import deployment
from prefect.states import Completed, Failed
from prefect.utilities.annotations import quote

from flows import links
from flows.events import tell
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.pipeline import Outcome
from kca_etl.runs.ending import ending
from kca_etl.runs.log_lines import log_lines
from kca_etl.runs.outcomes import became, headline, key, plain, sentences
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
def document(title: str, action: Callable[[], Outcome], came_to: list[Outcome]) -> State[Any]:
    """Carry one document in, log what became of it, and end as that."""
    del title  # the task's name
    outcome = action()
    came_to.append(outcome)
    log = get_run_logger()
    for line in log_lines(outcome):
        log.log(line.level, line.text, extra=line.about)
    if outcome.result is None and outcome.reading.document.sha256:
        _findings_page(outcome)
    end = ending([became(outcome)])
    if end.is_green:
        return Completed(message=headline(outcome))
    return Failed(name=end.name, message=headline(outcome))


def _findings_page(outcome: Outcome) -> None:
    """Leave a refused document's findings on its task's page."""
    about = outcome.reading.document
    told = [f"- {plain(text)}" for text in sentences(outcome)]
    command = f"`kca quarantine show {about.sha256[:12]}`"
    run = f"[The run]({links.of_flow()}) · {command}"
    create_markdown_artifact(
        "\n".join(
            [f"# {plain(about.file_name)}", "", plain(headline(outcome)), "", *told, "", run]
        ),
        key="document-findings",
        description=f"Why {about.file_name} was {outcome.state}",
    )


class Documents:
    """Runs the work on each document as a task of its own, and tells what became of it.

    `links` leads from each document (`outcomes.key`) to its task's page.
    """

    def __init__(self, run_id: str) -> None:
        self.link = ""  # of the last document
        self.links: dict[str, str] = {}
        self.decisions: dict[str, str] = {}  # the page that asks what a document means
        self._run_id = run_id

    def __call__(self, title: str, action: Callable[[], Outcome]) -> Outcome:
        """Run the work under its title. Raises what the work raises."""
        came_to: list[Outcome] = []
        state: Any = document(title, opaque(action), opaque(came_to), return_state=True)
        if not came_to:
            state.result()  # raises
        outcome = came_to[0]
        self.link = links.of_task(state.state_details.task_run_id)
        self.links[key(outcome)] = self.link
        if decision := tell(outcome, self._run_id, self.link):
            self.decisions[key(outcome)] = decision
        return outcome


def ended(states: Iterable[str], rows: list[dict[str, Any]]) -> State[Any]:
    """Return a run's last state: its rows where all is well, else red, named for the gravest.

    `states`: one word (`MonthState`) for each document and month.
    """
    end = ending(states)
    if end.is_green:
        return Completed(message=end.message, data=rows)
    return Failed(name=end.name, message=end.message)


def plainly(flow: Callable[P, R]) -> Callable[P, R | State[Any]]:
    """Let a flow that cannot go on end with its findings as sentences, without a trace."""

    @wraps(flow)
    def said(*arguments: P.args, **named: P.kwargs) -> R | State[Any]:
        try:
            return flow(*arguments, **named)
        except KcaError as error:
            told = [sentence(finding) for finding in error.findings]
            for text in told:
                get_run_logger().error(text)
            return Failed(message="\n".join(told))

    return said


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
