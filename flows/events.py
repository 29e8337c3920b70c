"""Prefect events: what automations wait for, here and elsewhere.

`kca.month.loaded | revised | quarantined | overdue`, `kca.publisher.unreachable` and
`kca.credential.missing`. `message` in each says it in German, with reason, next step and link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from prefect.events import emit_event

from flows import links, questions
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.states import MonthState
from kca_etl.pipeline import Outcome
from kca_etl.runs import messages
from kca_etl.runs import outcomes as words
from kca_etl.runs import states as status
from kca_etl.runs.outcomes import became
from kca_etl.warehouse import arrivals
from kca_etl.warehouse.views import queries

TOLD = (MonthState.LOADED, MonthState.REVISED, MonthState.QUARANTINED)
DUE = "what is due"
LOOKS = f"flow monthly {DUE}"  # the command of the runs that look for what is overdue
CREDENTIALS = (Code.NO_CREDENTIAL, Code.CREDENTIAL_REFUSED)


def tell(outcome: Outcome, run_id: str, link: str = "") -> str:
    """Tell what became of a document.

    Source, month, sha256, file, run, what happened in a sentence, the page that shows it. Return
    the page that asks what a quarantined one means; empty where nothing is asked.
    """
    state, reading = became(outcome), outcome.reading
    if state not in TOLD:
        return ""
    asks = questions.open_run(outcome)
    decision = links.of_run(asks) if asks else ""
    about = {
        "sha256": reading.document.sha256,
        "file": reading.document.file_name,
        "run_id": run_id,
        "message": messages.document_message(outcome, link, decision),
        "link": link,
        "decision": decision,
    }
    month = "unknown" if reading.month is None else str(reading.month)
    source = reading.source.source if reading.source else "unknown"
    _emit(f"kca.month.{state}", source, month, words.headline(outcome), about)
    return decision


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


def overdue_months(
    engine: Any,  # noqa: ANN401 - see above
    now: datetime,
    month: Month | None = None,
) -> list[dict[str, Any]]:
    """Return the overdue months of the last year, or of one month, as rows of the matrix."""
    this = Month.of_day(now)
    first, last = (this - 12, this) if month is None else (month, month)
    rows = [
        row
        for year in range(first.first_day.year, last.first_day.year + 1)
        for row in status.states(engine, year, now)
    ]
    inside = range(first, last + 1)
    return [
        row
        for row in rows
        if row["state"] == MonthState.OVERDUE and Month.parse(row["berichtsmonat"]) in inside
    ]


def tell_overdue(rows: Iterable[Mapping[str, Any]], since: datetime, link: str = "") -> list[str]:
    """Tell which months became overdue since the last look, so that each is told once.

    Return them.
    """
    late = [row for row in rows if row["overdue"] > since]
    for row in late:
        source, month = row["source"], Month.parse(row["berichtsmonat"])
        what = f"expected by {row['due']:%Y-%m-%d}, overdue since {row['overdue']:%Y-%m-%d}"
        said = messages.overdue_message(source, month, row["due"], row["overdue"], link)
        _emit("kca.month.overdue", source, str(month), what, {"message": said, "link": link})
    return [f"{row['source']} {row['berichtsmonat']}" for row in late]


def tell_unreachable(
    engine: Any,  # noqa: ANN401 - see above
    failed: Mapping[str, list[list[Finding]]],
    run_id: str,
    link: str = "",
) -> None:
    """Tell of each source whose publisher could not be asked, with the findings of its months.

    Once: not where the last flow that asked it met the same.
    """
    known = arrivals.told_by_flows(engine, run_id)
    for source, months in failed.items():
        (first, *_) = months[0]
        if (source, str(first.code)) in known:
            continue
        kind = "credential.missing" if first.code in CREDENTIALS else "publisher.unreachable"
        said = messages.unreachable_message(source, months[0], len(months), link)
        about = {"code": str(first.code), "run_id": run_id, "message": said, "link": link}
        _emit(f"kca.{kind}", source, "", first.what, about)


def _emit(event: str, source: str, month: str, what: str, about: dict[str, str]) -> None:
    kind = event.removeprefix("kca.").partition(".")[0]
    name = ".".join(filter(None, ("kca", kind, source, month)))
    resource = {
        "prefect.resource.id": name,
        "prefect.resource.name": " ".join(filter(None, (source, month))),
    }
    emit_event(
        event,
        resource,
        payload={"source": source, "berichtsmonat": month, "what": what} | about,
    )
