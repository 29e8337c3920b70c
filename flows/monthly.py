"""The monthly flow.

Documents of a month into the warehouse, each as a task, the result as artifacts. The run ends as
what became of them: red and by its own name where somebody has to look.

All logic is in `kca_etl`; here stand only names, retries and what the Prefect UI shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from prefect import State, flow
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from pydantic import WithJsonSchema

from flows import credentials, links
from flows.events import DUE, last_look, overdue_months, tell_overdue, tell_unreachable
from flows.parts import Documents, configured, ended, plainly
from kca_etl import pipeline
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.states import MonthState
from kca_etl.runs import backfill, ending, openlineage
from kca_etl.runs import outcomes as words
from kca_etl.runs import record as runs
from kca_etl.runs import states as status
from kca_etl.runs.arguments import month_id
from kca_etl.runs.inbox import pick_up
from kca_etl.runs.outcomes import became
from kca_etl.runs.wanted import EXPECTED, MONTH_OR_NOTHING, month_form
from kca_etl.workplace import Run, Workplace

Cell = tuple[str, Month | None]  # source and month
MonthOrNone = Annotated[
    str | None,
    WithJsonSchema(month_form(MONTH_OR_NOTHING, f"{EXPECTED}, or nothing for all that is due")),
]
Paths = Annotated[
    list[Path] | None,
    WithJsonSchema(
        {
            "type": "array",
            "items": {
                "type": "string",
                "if": {"pattern": r"\S"},
                "else": {"const": "the path of a file"},
            },
        }
    ),
]


@dataclass(slots=True)
class Progress:
    """What became of each source's month so far, and of which sources nobody answered."""

    states: list[str] = field(default_factory=list)
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    done: set[Cell] = field(default_factory=set)
    failed: dict[str, list[list[Finding]]] = field(default_factory=dict)

    def add(self, cell: Cell, outcome: pipeline.Outcome, link: str) -> None:
        """Note an outcome. An overdue month is counted with all others that are, at the end."""
        state = became(outcome)
        self.links[cell[0], str(cell[1])] = link
        if state is MonthState.OVERDUE:
            return
        self.states.append(state)
        self.done.add(cell)
        if state is MonthState.UNREACHABLE and not outcome.reading.document.sha256 and cell[0]:
            self.failed.setdefault(cell[0], []).append(outcome.reading.findings)


def _name() -> str:
    """`monthly 2020-11`; a scheduled run has no month: it is called by its day."""
    day: Any = flow_run.scheduled_start_time
    return f"monthly {flow_run.parameters.get('month') or f'due {day:%Y-%m-%d}'}"


@flow(name="monthly", flow_run_name=_name, validate_parameters=False)
@plainly
def monthly(
    month: MonthOrNone = "", documents: Paths = None, *, ask_publishers: bool = True
) -> State[Any]:
    """Load a month, all that is due, or the documents given.

    Each document is recognised by its content. The run is green where nothing is left to do;
    then its result is one row per document.

    Args:
        month: The berichtsmonat to load, YYYY-MM: what lies in the inbox, then what its publishers
            have of that month. Empty: the inbox and every month of the last year that is due.
        documents: Paths on the worker's machine. They alone are loaded, whatever their month;
            the month then only names the run.
        ask_publishers: Whether publishers are asked for what is not at hand.
    """
    wanted = month_id(month) if month else None
    settings = configured(credentials.settings())
    engine = runs.warehouse(settings)
    name = str(wanted) if wanted else DUE
    since, progress = last_look(engine), Progress()
    with (
        runs.recorded(engine, settings, f"flow monthly {name}") as work,
        openlineage.reported(work.run, "monthly", settings),
    ):
        task = Documents(work.run.run_id)
        came = (
            _given(documents, work, task)
            if documents
            else _due(work, task, wanted, ask=ask_publishers)
        )
        for cell, outcome in came:
            progress.add(cell, outcome, task.links.get(words.key(outcome), ""))
    tell_unreachable(engine, progress.failed, work.run.run_id, links.of_flow())
    publish(name, work.run, task)
    late = [] if documents else _overdue(engine, wanted, since, progress.done)
    show_status(engine, datetime.now(UTC), progress.links)
    states = [*progress.states, *(MonthState.OVERDUE for _ in late)]
    return ended(states, [words.as_row(outcome) for outcome in work.run.outcomes])


def _given(
    documents: Iterable[Path | str], work: Workplace, task: Documents
) -> Iterator[tuple[Cell, pipeline.Outcome]]:
    incoming = (pipeline.Incoming(Path(document)) for document in documents)
    for outcome in pipeline.carry(incoming, work, task):
        yield _cell(outcome), outcome


def _due(
    work: Workplace, task: Documents, month: Month | None, *, ask: bool
) -> Iterator[tuple[Cell, pipeline.Outcome]]:
    for outcome in pick_up(work.settings.inbox, work, task):
        yield _cell(outcome), outcome
    wanted = backfill.due(datetime.now(UTC), month) if ask else None
    steps = backfill.plan(work.engine, work.settings, wanted) if wanted else []
    for step, outcome in backfill.carry_out(steps, work, task):
        yield (step.source, step.month), outcome


def _cell(outcome: pipeline.Outcome) -> Cell:
    reading = outcome.reading
    return reading.source.source if reading.source else "", reading.month


def _overdue(
    engine: Any,  # noqa: ANN401 - SQLAlchemy's home is load
    month: Month | None,
    since: datetime | None,
    done: set[Cell],
) -> list[dict[str, Any]]:
    """Return the overdue months that this run has not counted yet; tell of the new ones."""
    now = datetime.now(UTC)
    rows = overdue_months(engine, now, month)
    if since is not None and month is None:
        tell_overdue(rows, since, links.of_flow())
    late = [r for r in rows if (r["source"], Month.parse(r["berichtsmonat"])) not in done]
    for row in late:
        get_run_logger().error(
            "overdue: %s %s, since %s", row["source"], row["berichtsmonat"], f"{row['overdue']:%F}"
        )
    return late


def publish(month: str, run: Run, task: Documents) -> None:
    """Leave a run report and a table of findings for whoever looks at the UI.

    Each document leads to its task, and to the run that asks what it means.
    """
    report = words.markdown(
        run.outcomes, run.run_id, f"kca-etl, {month}", task.links, task.decisions
    )
    create_markdown_artifact(report, key="run-report", description=f"What the run for {month} did")
    rows = list(chain.from_iterable(_findings(outcome, task.links) for outcome in run.outcomes))
    create_table_artifact(
        rows, key="findings", description=f"Findings of the run for {month}, with sheet and cell"
    )


def _findings(outcome: pipeline.Outcome, pages: dict[str, str]) -> list[dict[str, Any]]:
    """Return a row per finding of a document, with the page that shows it."""
    name, page = outcome.reading.document.file_name, pages.get(words.key(outcome), "")
    return [
        {"document": name} | words.finding_row(finding) | {"page": page}
        for finding in outcome.reading.findings
    ]


def show_status(
    engine: Any,  # noqa: ANN401 - see above
    now: datetime,
    links_to: dict[tuple[str, str], str],
) -> None:
    """Leave the same matrix as `kca status` draws, its cells leading to this run's documents."""
    out, rows = [], []
    for year in status.shown_years(engine, now):
        months = status.states(engine, year, now)
        rows += months
        out += [f"## {year}", "", status.markdown(months, links_to), ""]
    to_do = [f"- {words.plain(line)}" for line in status.actions(engine, rows)]
    said = ["## To do", "", *to_do] if to_do else []
    create_markdown_artifact(
        "\n".join([*out, *said]) + "\n",
        key="status",
        description="Source × month of all years, as `kca status` shows it",
    )


if __name__ == "__main__":
    import sys

    last: Any = monthly(sys.argv[1], [Path(name) for name in sys.argv[2:]], return_state=True)
    sys.exit(ending.exit_code(last.name))
