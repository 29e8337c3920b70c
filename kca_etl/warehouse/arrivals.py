"""The manifest of what publishers sent: one row for each time that a month was asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, insert, select

from kca_etl.model.codes import Code
from kca_etl.warehouse.engine import writing
from kca_etl.warehouse.tables import arrival, document, run

DOCUMENT_CAME = ("loaded", "unchanged", "quarantined", "rejected", "not_modified")
NOT_PUBLISHED = (Code.NOT_YET_PUBLISHED, Code.OVERDUE)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An answer to one request for a source's month. `sha256` is empty where no document came."""

    source: str
    month: int
    url: str
    at: str
    outcome: str
    run_id: str
    etag: str = ""
    last_modified: str = ""
    headers: str = "{}"
    size: int = 0
    sha256: str = ""
    received_sha256: str = ""
    content_sha256: str = ""
    proof: str = ""
    note: str = ""


def record(engine: Engine, came: Arrival) -> None:
    """Add an answer to the manifest, with its document if the warehouse knows it."""
    with writing(engine, came.source) as connection:
        known = (
            connection.execute(
                select(document.c.id).where(document.c.sha256 == came.sha256)
            ).scalar()
            if came.sha256
            else None
        )
        connection.execute(insert(arrival).values(asdict(came) | {"document": known}))


def last(engine: Engine, source: str, month: int) -> tuple[Arrival, str] | None:
    """Return the last answer that was a document or confirmed one, and that document's state."""
    query = (
        select(arrival, document.c.state.label("state"))
        .join_from(arrival, document)
        .where(
            arrival.c.source == source,
            arrival.c.month == month,
            arrival.c.outcome.in_(DOCUMENT_CAME),
        )
        .order_by(arrival.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else (_arrival(row), str(row["state"]))


def of_document(engine: Engine, sha256: str) -> list[dict[str, Any]]:
    """Return all answers that brought a document or its package, the first answer first."""
    query = (
        select(arrival)
        .where((arrival.c.sha256 == sha256) | (arrival.c.received_sha256 == sha256))
        .order_by(arrival.c.id)
    )
    with engine.connect() as connection:
        return [asdict(_arrival(row)) for row in connection.execute(query).mappings()]


def asked_in_vain(engine: Engine) -> dict[tuple[str, int], datetime]:
    """Return when each source's month was last asked for without being there."""
    query = select(arrival.c.source, arrival.c.month, func.max(arrival.c.at)).where(
        arrival.c.outcome.in_(NOT_PUBLISHED)
    )
    with engine.connect() as connection:
        rows = connection.execute(query.group_by(arrival.c.source, arrival.c.month))
        return {(source, month): datetime.fromisoformat(at) for source, month, at in rows}


def told_by_flows(engine: Engine, but: str) -> set[tuple[str, str]]:
    """Return source and outcome of what the last flow that asked each source was answered.

    `but`: the run in hand, which does not count.
    """
    asked = (
        select(arrival.c.source, func.max(arrival.c.id).label("id"))
        .join(run, run.c.run_id == arrival.c.run_id)
        .where(run.c.command.like("flow %"), arrival.c.run_id != but)
        .group_by(arrival.c.source)
        .subquery()
    )
    last = select(arrival.c.source, arrival.c.run_id).join(asked, asked.c.id == arrival.c.id)
    answered = last.subquery()
    query = select(arrival.c.source, arrival.c.outcome).join(
        answered,
        (answered.c.source == arrival.c.source) & (answered.c.run_id == arrival.c.run_id),
    )
    with engine.connect() as connection:
        return {(source, outcome) for source, outcome in connection.execute(query.distinct())}


def _arrival(row: Any) -> Arrival:  # noqa: ANN401 - a row as a mapping
    return Arrival(**{name: row[name] for name in Arrival.__dataclass_fields__})
