"""The matrix source × month of a backfill.

What became of each month, as text, as Markdown with colours, as rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kca_etl.model.month import month_date
from kca_etl.model.states import REFUSED, DocumentState
from kca_etl.pipeline import Outcome
from kca_etl.runs.backfill import Step, plan
from kca_etl.runs.outcomes import plain
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

# The gravest first: it speaks for a month with several documents. Sign for a terminal, square for
# the Prefect UI.
SIGNS = {
    "quarantined": ("!", "🟥"),
    "planned": (".", "◻️"),
    "revised": ("~", "🟦"),
    "loaded": ("+", "🟩"),
    "unchanged": ("=", "⬜"),
    "missing": ("?", "🟨"),
}
_GRAVITY = list(SIGNS)


class Matrix:
    """The states of all steps of a plan, brought up to date as outcomes come in."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.states = {step: _before(step) for step in steps}

    def add(self, step: Step, outcome: Outcome) -> str:
        """Note what became of a document; return it in one word."""
        self.states[step] = became(outcome)
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
            step, state = known.get(_key(row)), row["state"]
            if (
                step
                and state != "planned"
                and not (state == "unchanged" and self.states[step] in ("loaded", "revised"))
            ):
                self.states[step] = state

    @property
    def cells(self) -> dict[tuple[str, int | None], str]:
        """The state of each source and month."""
        out: dict[tuple[str, int | None], str] = {}
        for step, state in self.states.items():
            key = step.source, step.month
            out[key] = min(state, out.get(key, state), key=_GRAVITY.index)
        return out

    @property
    def counts(self) -> dict[str, int]:
        """How many months are in each state."""
        found = Counter(self.cells.values())
        return {state: found[state] for state in SIGNS if found[state] or state != "planned"}

    def rows(self) -> list[dict[str, Any]]:
        """Every step with its state."""
        return [step.as_row() | {"state": state} for step, state in self.states.items()]

    def text(self) -> str:
        """The matrix for a terminal: a line per source and year, a sign per month."""
        width = max((len(source) for source, _ in self._lines()), default=0)
        head = f"{'source'.ljust(width)}  year  " + " ".join(f"{m:02}" for m in range(1, 13))
        lines = [
            f"{source.ljust(width)}  {year}  "
            + "  ".join(SIGNS[s][0] if s else " " for s in months)
            for (source, year), months in self._lines().items()
        ]
        legend = "   ".join(
            f"{SIGNS[state][0]} {count} {state}" for state, count in self.counts.items()
        )
        return "\n".join([head, *(line.rstrip() for line in lines), *self._undated(), legend])

    def markdown(self) -> str:
        """The matrix for the Prefect UI."""
        out = [
            "| Source | Year | " + " | ".join(f"{m:02}" for m in range(1, 13)) + " |",
            "|---|---|" + ":-:|" * 12,
        ]
        for (source, year), months in self._lines().items():
            out.append(
                f"| {source} | {year} | "
                + " | ".join(SIGNS[s][1] if s else "" for s in months)
                + " |"
            )
        legend = " · ".join(
            f"{SIGNS[state][1]} {count} {state}" for state, count in self.counts.items()
        )
        return "\n".join([*out, "", legend, "", *(f"- {line}" for line in self._undated())])

    def summary(self, links: Mapping[Step, str]) -> str:
        """What became of the steps, state by state, for the Prefect UI.

        Documents lead to where they were handled.
        """
        out = []
        for state in self.counts:
            steps = [step for step, found in self.states.items() if found == state]
            out += [f"## {SIGNS[state][1]} {state}: {len(steps)}", ""] if steps else []
            out += [
                f"- [{plain(step.title)}]({links[step]})"
                if step in links
                else f"- {plain(step.title)}: {step.why}"
                for step in steps
            ]
            out += [""]
        return "\n".join(out)

    def _lines(self) -> dict[tuple[str, int], list[str]]:
        out: dict[tuple[str, int], list[str]] = {}
        for (source, month), state in sorted(
            (key, state) for key, state in self.cells.items() if key[1] is not None
        ):
            day = month_date(month or 0)
            out.setdefault((source, day.year), [""] * 12)[day.month - 1] = state
        return out

    def _undated(self) -> list[str]:
        return [
            f"{step.title}: {state}" for step, state in self.states.items() if step.month is None
        ]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["source"], row["berichtsmonat"], row["sha256"]


def _before(step: Step) -> str:
    if step.action == "load":
        return "planned"
    return "quarantined" if step.known in REFUSED else "unchanged" if step.known else "missing"


def became(outcome: Outcome) -> str:
    """What became of a document.

    Quarantined, revised, loaded, unchanged, or missing where none came.
    """
    if outcome.result is None:
        return "missing" if outcome.state == "missing" else "quarantined"
    if outcome.result.already:
        return "unchanged"
    return (
        "revised"
        if outcome.result.revised
        else "loaded"
        if outcome.result.inserted
        else "unchanged"
    )


def settle(matrix: Matrix, engine: Engine, settings: Settings, wanted: Wanted) -> None:
    """Bring a matrix up to date with the warehouse once all steps are done.

    Months may stand in a document of several, and a document may have replaced a quarantined one.
    """
    matrix.take(Matrix(plan(engine, settings, wanted)).rows())
    matrix.leave_out(
        d["sha256"] for d in queries.documents(engine) if d["state"] == DocumentState.REPLACED
    )
