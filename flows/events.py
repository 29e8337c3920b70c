"""Prefect events `kca.month.loaded | revised | quarantined | overdue`.

What automations wait for, here and elsewhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from prefect.events import emit_event

from flows import questions
from kca_etl.model.month import month_date
from kca_etl.pipeline import Outcome
from kca_etl.runs import outcomes as words
from kca_etl.runs import states as status
from kca_etl.runs.matrix import became
from kca_etl.warehouse.views import queries

TOLD = ("loaded", "revised", "quarantined")
DUE = "what is due"
LOOKS = f"flow monthly {DUE}"  # the command of the runs that look for what is overdue


def tell(outcome: Outcome, run_id: str) -> None:
    """Tell what became of a document.

    Source, month, sha256, file, run, and what happened in a sentence.
    """
    state, reading = became(outcome), outcome.reading
    if state not in TOLD:
        return
    month = f"{month_date(reading.month):%Y-%m}" if reading.month is not None else "unknown"
    about = {
        "sha256": reading.document.sha256,
        "file": reading.document.file_name,
        "run_id": run_id,
    }
    _emit(
        state,
        reading.source.source if reading.source else "unknown",
        month,
        words.lines(outcome)[0],
        about,
    )
    if outcome.state == "quarantined":
        questions.open_run(outcome)


def last_look(engine: Any) -> datetime | None:  # noqa: ANN401 - SQLAlchemy's home is load
    """When a run last looked for what is due.

    None on a warehouse just begun, which lacks everything.
    """
    ended = [
        run["finished_at"]
        for run in queries.runs(engine)
        if run["command"] == LOOKS and run["finished_at"]
    ]
    return datetime.fromisoformat(max(ended)) if ended else None


def tell_overdue(engine: Any, since: datetime, now: datetime) -> list[str]:  # noqa: ANN401 - see above
    """Tell which months became overdue since the last look, so that each is told once.

    Return them.
    """
    rows = [
        row
        for year in (now.year - 1, now.year)
        for row in status.states(engine, year, now)
        if row["state"] == "overdue"
    ]
    late = [row for row in rows if row["overdue"] > since]
    for row in late:
        _emit(
            "overdue",
            row["source"],
            row["berichtsmonat"],
            f"expected by {row['due']:%Y-%m-%d}, overdue since {row['overdue']:%Y-%m-%d}",
            {},
        )
    return [f"{row['source']} {row['berichtsmonat']}" for row in late]


def _emit(state: str, source: str, month: str, what: str, about: dict[str, str]) -> None:
    resource = {
        "prefect.resource.id": f"kca.month.{source}.{month}",
        "prefect.resource.name": f"{source} {month}",
    }
    emit_event(
        f"kca.month.{state}",
        resource,
        payload={"source": source, "berichtsmonat": month, "what": what} | about,
    )
