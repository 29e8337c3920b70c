"""The matrix source × month of a backfill.

What became of each month, as text, as Markdown with links, as rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kca_etl.model.month import Month, month_date
from kca_etl.model.states import GRAVITY, REFUSED, SETTLED, SIGNS, TO_ACT, DocumentState, MonthState
from kca_etl.pipeline import Outcome
from kca_etl.runs.backfill import Step, plan
from kca_etl.runs.outcomes import became, linked
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings
from kca_etl.sources import calendar
from kca_etl.sources.calendar import Facts
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

LOADED = (MonthState.LOADED, MonthState.REVISED)
MONTHS = range(1, 13)


class Matrix:
    """The states of all steps of a plan, brought up to date as outcomes come in."""

    def __init__(self, steps: Iterable[Step]) -> None:
        now = datetime.now(UTC)
        self.states = {step: _before(step, now) for step in steps}
        self.links: dict[Step, str] = {}

    def add(self, step: Step, outcome: Outcome, link: str = "") -> MonthState:
        """Note what became of a document, and where that is shown; return it in one word."""
        self.states[step] = became(outcome)
        if link:
            self.links[step] = link
        return self.states[step]

    def leave_out(self, replaced: Iterable[str]) -> None:
        """Drop the documents, by hash, that others have taken the place of meanwhile."""
        gone = set(replaced)
        self.states = {
            step: state
            for step, state in self.states.items()
            if step.document is None or step.document.sha256 not in gone
        }

    def take(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take over what another run says became of the same documents and months.

        Found again, the loaded stays loaded.
        """
        known = {_key(step.as_row()): step for step in self.states}
        for row in rows:
            step, state = known.get(_key(row)), MonthState(row["state"])
            if step is None or state is MonthState.PLANNED:
                continue
            if row.get("page"):
                self.links[step] = row["page"]
            if state is not MonthState.UNCHANGED or self.states[step] not in LOADED:
                self.states[step] = state

    @property
    def cells(self) -> dict[tuple[str, Month | None], MonthState]:
        """The state of each source and month."""
        return {key: self.states[step] for key, step in self._gravest().items()}

    def _gravest(self) -> dict[tuple[str, Month | None], Step]:
        """The step that speaks for a source's month: of several documents the gravest."""
        out: dict[tuple[str, Month | None], Step] = {}
        for step, state in self.states.items():
            key = step.source, step.month
            if key not in out or GRAVITY.index(state) < GRAVITY.index(self.states[out[key]]):
                out[key] = step
        return out

    @property
    def counts(self) -> dict[MonthState, int]:
        """How many months are in each state that occurs, the gravest first."""
        found = Counter(self.cells.values())
        return {state: found[state] for state in GRAVITY if found[state]}

    def rows(self) -> list[dict[str, Any]]:
        """Every step with its state, and the page that shows what happened (empty: none)."""
        return [
            step.as_row() | {"state": str(state), "page": self.links.get(step, "")}
            for step, state in self.states.items()
        ]

    def text(self) -> str:
        """The matrix for a terminal: a line per source and year, a sign per month."""
        width = max((len(source) for source, _ in self._lines()), default=0)
        head = f"{'source'.ljust(width)}  year  " + " ".join(f"{m:02}".ljust(4) for m in MONTHS)
        lines = [
            f"{source.ljust(width)}  {year}  " + " ".join(self._sign(s).ljust(4) for s in steps)
            for (source, year), steps in self._lines().items()
        ]
        drawn = [line.rstrip() for line in (head, *lines)]
        return "\n".join([*drawn, *self._undated(), "   ".join(self._legend())])

    def markdown(self) -> str:
        """The matrix for the Prefect UI; each cell leads to the page of its document."""
        out = [
            "| Source | Year | " + " | ".join(f"{m:02}" for m in MONTHS) + " |",
            "|---|---|" + ":-:|" * 12,
        ]
        for (source, year), steps in self._lines().items():
            cells = " | ".join(self._cell(step) for step in steps)
            out.append(f"| {source} | {year} | {cells} |")
        undated = [f"- {line}" for line in self._undated()]
        return "\n".join([*out, "", " · ".join(self._legend()), "", *undated])

    def summary(self) -> str:
        """What became of the steps, state by state, for the Prefect UI.

        Documents lead to where they were handled.
        """
        out = []
        for state in self.counts:
            steps = [step for step, found in self.states.items() if found == state]
            out += [f"## {SIGNS[state]} {state}: {len(steps)}", ""]
            for step in steps:
                link = self.links.get(step)
                out.append(f"- {linked(step.title, link)}" + ("" if link else f": {step.why}"))
            out += [""]
        return "\n".join(out)

    def _sign(self, step: Step | None) -> str:
        return SIGNS[self.states[step]] if step else ""

    def _cell(self, step: Step | None) -> str:
        if step is None:
            return ""
        sign = linked(self._sign(step), self.links.get(step))
        return f"**{sign}**" if self.states[step] in TO_ACT else sign

    def _legend(self) -> list[str]:
        return [f"{SIGNS[state]} {count} {state}" for state, count in self.counts.items()]

    def _lines(self) -> dict[tuple[str, int], list[Step | None]]:
        out: dict[tuple[str, int], list[Step | None]] = {}
        dated = [(s, m, step) for (s, m), step in self._gravest().items() if m is not None]
        for source, month, step in sorted(dated, key=lambda cell: cell[:2]):
            day = month_date(month)
            out.setdefault((source, day.year), [None] * 12)[day.month - 1] = step
        return out

    def _undated(self) -> list[str]:
        return [
            f"{step.title}: {state}" for step, state in self.states.items() if step.month is None
        ]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["source"], row["berichtsmonat"], row["sha256"]


def _before(step: Step, now: datetime) -> MonthState:
    """How a step's month stands before anything is done."""
    if step.action == "load":
        return MonthState.PLANNED
    if step.known and step.known not in SETTLED:
        return MonthState.QUARANTINED if step.known in REFUSED else MonthState.UNCHANGED
    if step.month is None:
        return MonthState.UNREACHABLE
    return MonthState(calendar.state(step.source, step.month, now, Facts()))


def settle(matrix: Matrix, engine: Engine, settings: Settings, wanted: Wanted) -> None:
    """Bring a matrix up to date with the warehouse once all steps are done.

    Months may stand in a document of several, and a document may have replaced a quarantined one.
    """
    matrix.take(Matrix(plan(engine, settings, wanted)).rows())
    matrix.leave_out(
        d["sha256"] for d in queries.documents(engine) if d["state"] == DocumentState.REPLACED
    )
