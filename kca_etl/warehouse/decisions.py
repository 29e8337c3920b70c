"""Decisions in the warehouse: the one record for all workers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select, update

from kca_etl.model.codes import Code
from kca_etl.model.decision import Decision, from_row, to_row
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.states import DocumentState
from kca_etl.warehouse.engine import writing
from kca_etl.warehouse.tables import decision, document, finding
from kca_etl.warehouse.withdraw import withdraw


def everything(engine: Engine) -> tuple[Decision, ...]:
    """Return all decisions, revoked ones too, in the order in which they were taken."""
    query = select(decision).order_by(decision.c.decided_at, decision.c.id)
    with engine.connect() as connection:
        return tuple(from_row(dict(row)) for row in connection.execute(query).mappings())


def record(connection: Connection, decided: Sequence[Decision]) -> None:
    """Write decisions in the transaction that applies them; documents they withdraw go out.

    Raises KcaError DECIDED_BEFORE where somebody answered the question of the document first.
    """
    for one in decided:
        same = (
            (decision.c.sha256 == one.sha256)
            & (decision.c.question == one.question)
            & (decision.c.revoked_at == "")
        )
        known = connection.execute(select(decision.c.id, decision.c.name).where(same)).first()
        if known is not None:
            what = f"{known.name} has answered this question already: {one.question}"
            raise KcaError(Finding(Code.DECIDED_BEFORE, what, found=f"decision {known.id}"))
        connection.execute(insert(decision), [to_row(one)])
        if one.about("withdraw"):
            withdraw(connection, one.sha256, DocumentState.WITHDRAWN)


def store(engine: Engine, decided: Iterable[Decision]) -> None:
    """Write decisions as they are into a warehouse that has none: a rebuild's first step."""
    rows = [to_row(one) for one in decided]
    if rows:
        with writing(engine, "") as connection:
            connection.execute(insert(decision), rows)


def revoke(engine: Engine, one: Decision, name: str, reason: str) -> tuple[Decision, list[str]]:
    """Take a decision back; the documents that were read by it go out, in one transaction.

    Returns the decision, and the hashes of the documents that are to be carried in again.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    revoked = replace(one, revoked_at=now, revoked_by=name, revoked_reason=reason)
    with writing(engine, one.source) as connection:
        open_one = (decision.c.id == one.id) & (decision.c.revoked_at == "")
        done = connection.execute(update(decision).where(open_one).values(to_row(revoked)))
        if done.rowcount == 0:
            what = f"decision {one.id} is revoked already"
            raise KcaError(Finding(Code.DECIDED_BEFORE, what))
        touched = read_by(connection, one)
        for sha256 in touched:
            withdraw(connection, sha256, DocumentState.QUARANTINED)
    return revoked, touched


def taken_out(engine: Engine) -> list[str]:
    """Return the documents that a revoked decision let go, and that nobody carried in again.

    They are quarantined, but were judged as loaded, or as settled by a person.
    """
    settled = select(finding.c.document).where(finding.c.code == Code.SETTLED.value)
    fits = document.c.verdict.in_((Verdict.ACCEPT.value, Verdict.WARN.value))
    query = select(document.c.sha256).where(
        (document.c.state == DocumentState.QUARANTINED.value) & (fits | document.c.id.in_(settled))
    )
    with engine.connect() as connection:
        return list(connection.execute(query.order_by(document.c.sha256)).scalars())


def read_by(connection: Connection, one: Decision) -> list[str]:
    """Return the documents that a decision counts for, in the order to carry them in again.

    First the one that it left out, then those that were loaded by it.
    """
    by_it = (finding.c.code == Code.DECIDED.value) & finding.c.found.contains(one.id)
    query = select(document.c.sha256).join_from(finding, document).where(by_it)
    loaded = set(connection.execute(query).scalars())
    loaded |= {a.new for a in one.about("withdraw") if a.new}
    left_out = {one.sha256} if one.about("refuse") or one.about("withdraw") else set()
    return [*left_out, *sorted(loaded - left_out)]
