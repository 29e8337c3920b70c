"""Writing documents to the warehouse: one transaction each, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from kca_etl.model.address import SHEET_COLUMNS
from kca_etl.model.catalogue import catalogue, verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.decision import Decision
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.observations import Observations
from kca_etl.model.states import REFUSED, DocumentState
from kca_etl.warehouse import bulk, decisions, dimensions
from kca_etl.warehouse.engine import share, writing
from kca_etl.warehouse.revisions import History, Statements, drifts, history
from kca_etl.warehouse.tables import block, decision, document, empty_cell, finding, footnote, run

SHOWN = 20  # revisions and conflicts listed one by one


@dataclass(slots=True)
class LoadResult:
    """What a load changed.

    inserted: facts never stated before · revised: new versions · unchanged: confirmations.
    """

    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    revisions: list[str] = field(default_factory=list)
    already: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """A document to load, with its observations and the warnings about it."""

    source: str
    doc: Document
    month: int | None
    observations: Observations
    findings: list[Finding]
    run_id: str
    kennzahlen: dict[str, dict[str, Any]]


def load(
    engine: Engine, given: Load, lock_timeout: float, decided: Sequence[Decision] = ()
) -> LoadResult:
    """Load one document, with the decisions that let it in. Loaded before: nothing happens.

    Raises KcaError CONFLICT and DECIDED_BEFORE, and Busy if another run writes.
    """
    with writing(engine, given.source, lock_timeout) as connection:
        decisions.record(connection, decided)
        return load_into(connection, given)


def load_into(connection: Connection, given: Load) -> LoadResult:
    """Load one document in a transaction that is begun; raises KcaError CONFLICT."""
    o, known = given.observations, select(document.c.state)
    state = connection.execute(known.where(document.c.sha256 == given.doc.sha256)).scalar()
    if state == DocumentState.LOADED:
        return LoadResult(already=True)
    datenstand = max(b.datenstand for b in o.blocks).isoformat()
    share(connection)
    document_id = _document(
        connection,
        given.doc,
        given.source,
        given.findings,
        given.run_id,
        state="loaded",
        month=given.month,
        datenstand=datenstand,
    )
    series = dimensions.series_ids(connection, given.source, o.series_list, given.kennzahlen)
    regions = dimensions.region_ids(connection, o.regions, datenstand)
    dimensions.months(connection, o.month)
    dimensions.add_signs(connection)
    blocks = _blocks(connection, document_id, o)
    return _facts(connection, given.source, o, series, regions, blocks)


def quarantine(
    engine: Engine,
    source: str,
    doc: Document,
    findings: list[Finding],
    run_id: str,
    state: str,
    month: int | None = None,
    decided: Sequence[Decision] = (),
) -> None:
    """Record a quarantined document with all its findings; the month is known to coverage.

    A loaded document stays loaded. Raises KcaError DECIDED_BEFORE.
    """
    with writing(engine, source) as connection:
        decisions.record(connection, decided)
        known = connection.execute(
            select(document.c.state).where(document.c.sha256 == doc.sha256)
        ).scalar()
        if known == DocumentState.REPLACED:  # its successor is loaded: nothing is open again
            state = DocumentState.REPLACED
        if known != DocumentState.LOADED:
            _document(
                connection, doc, source, findings, run_id, state=state, month=month, datenstand=None
            )


def known_as(engine: Engine, sha256: str) -> dict[str, Any]:
    """Return what the warehouse has of a document: what was read of it, and what was found.

    These are the JSON values that the archive notes; `findings` holds a list of code, verdict,
    what, sheet, cell, found and expected for each. Nothing where it does not know the document.
    """
    names = ("file_name", "source", "month", "datenstand", "verdict", "state", "origin", "run_id")
    kept = ("code", "verdict", "what", "sheet", "cell", "found", "expected")
    with engine.connect() as connection:
        mine = select(document).where(document.c.sha256 == sha256)
        row = connection.execute(mine).first()
        if row is None:
            return {}
        found = select(*(finding.c[name] for name in kept)).where(finding.c.document == row.id)
        rows = connection.execute(found.order_by(finding.c.id)).all()
    return {name: getattr(row, name) for name in names} | {"findings": [list(r) for r in rows]}


def unsettled(engine: Engine) -> list[str]:
    """Return the hashes of the documents that are not plainly loaded, or that people decided on."""
    decided = select(decision.c.sha256).union(
        select(document.c.sha256)
        .join_from(finding, document)
        .where(finding.c.code == Code.DECIDED.value)
    )
    other = (document.c.state != DocumentState.LOADED.value) | document.c.sha256.in_(decided)
    with engine.connect() as connection:
        query = select(document.c.sha256).where(other).order_by(document.c.sha256)
        return list(connection.execute(query).scalars())


def supersede(
    engine: Engine, source: str, month: int | None, by: Document, amended: str = ""
) -> list[str]:
    """Mark the quarantined documents that a loaded one takes the place of; return their hashes.

    Those are the ones of its name, of its source or none, and of its month or none, that were on
    record before it; and the one with the hash `amended`. Where a document came from does not
    count.
    """
    own = select(document.c.id).where(document.c.sha256 == by.sha256).scalar_subquery()
    same = (
        document.c.source.in_((source, ""))
        & (document.c.file_name == by.file_name)
        & (document.c.id < own)
        & ((document.c.month == month) | document.c.month.is_(None))
    )
    refused = document.c.state.in_(REFUSED) & (document.c.sha256 != by.sha256)
    wanted = refused & (same | (document.c.sha256 == amended))
    with engine.connect() as connection:
        found = list(connection.execute(select(document.c.sha256).where(wanted)).scalars())
    if found:
        with writing(engine, source) as connection:
            connection.execute(
                update(document).where(wanted).values(state=DocumentState.REPLACED.value)
            )
    return found


def start_run(engine: Engine, run_id: str, command: str, source: str | None) -> None:
    """Record that a run began; a run without an end was killed."""
    with writing(engine, "") as connection:
        connection.execute(
            insert(run).values(
                run_id=run_id,
                command=command,
                source=source,
                started_at=_now(),
                state="running",
                counts="{}",
            )
        )


def finish_run(engine: Engine, run_id: str, state: str, counts: dict[str, int]) -> None:
    """Record how a run ended and what it did."""
    with writing(engine, "") as connection:
        connection.execute(
            update(run)
            .where(run.c.run_id == run_id)
            .values(finished_at=_now(), state=state, counts=json.dumps(counts, sort_keys=True))
        )


def _document(
    connection: Connection,
    doc: Document,
    source: str,
    findings: list[Finding],
    run_id: str,
    *,
    state: str,
    month: int | None,
    datenstand: str | None,
) -> int:
    values = {
        "source": source,
        "month": month,
        "datenstand": datenstand,
        "verdict": str(verdict_of(findings)),
        "state": state,
        "run_id": run_id,
    }
    known = connection.execute(
        select(document.c.id).where(document.c.sha256 == doc.sha256)
    ).scalar()
    if known is None:
        values |= {
            "sha256": doc.sha256,
            "file_name": doc.file_name,
            "size": doc.size,
            "origin": doc.origin,
            "received_at": doc.received_at or _now(),
        }
        document_id = int(
            connection.execute(
                insert(document).values(values).returning(document.c.id)
            ).scalar_one()
        )
    else:
        document_id = int(known)
        connection.execute(update(document).where(document.c.id == document_id).values(values))
        connection.execute(delete(finding).where(finding.c.document == document_id))
    keys = ("code", "what", "sheet", "cell", "found", "expected")
    rows = [
        {"document": document_id, "run_id": run_id, "verdict": str(catalogue()[f.code].verdict)}
        | {k: getattr(f, k) for k in keys}
        for f in findings
    ]
    if rows:
        connection.execute(insert(finding), rows)
    return document_id


def _blocks(
    connection: Connection, document_id: int, observations: Observations
) -> np.ndarray[Any, np.dtype[np.int64]]:
    first = int(connection.execute(select(func.coalesce(func.max(block.c.id), 0))).scalar_one()) + 1
    rows = [
        {
            "id": first + i,
            "document": document_id,
            "table_id": b.table,
            "sheet": b.sheet,
            "datenstand": b.datenstand.isoformat(),
            "status": b.status,
        }
        for i, b in enumerate(observations.blocks)
    ]
    connection.execute(insert(block), rows)
    notes = [
        {"block": first + n.block, "row": n.row, "col": n.col, "text": n.text}
        for n in observations.footnotes
    ]
    if notes:
        connection.execute(insert(footnote), notes)
    if observations.blank is not None:
        connection.execute(insert(empty_cell), _empty_cells(observations, first))
    return np.arange(first, first + len(rows), dtype=np.int64)


def _empty_cells(o: Observations, first: int) -> list[dict[str, int]]:
    """Name the cells that were empty and count as 0; one cell may hold several facts."""
    cell = o.row.astype(np.int64) * SHEET_COLUMNS + o.col
    pairs = np.unique(np.stack([o.block + first, cell], axis=1)[o.blank], axis=0)
    return [{"block": b, "cell": c} for b, c in pairs.tolist()]


def _facts(
    connection: Connection,
    source: str,
    o: Observations,
    series: Any,  # noqa: ANN401 - an array of ids
    regions: Any,  # noqa: ANN401 - an array of ids
    blocks: Any,  # noqa: ANN401 - an array of ids
) -> LoadResult:
    s, r, b = series[o.series], regions[o.region], blocks[o.block]
    order = np.lexsort((b, r, s, o.month))
    latest = _is_latest(connection, source, o, int(blocks[0]))
    old = bulk.existing(connection, o.month, s, current=latest)
    n = len(o)
    if not len(old.month) and not _stated_twice(o.month[order], s[order], r[order]):
        bulk.insert_facts(connection, o, s, r, b, np.zeros(n, np.int64), order)
        return LoadResult(inserted=n)
    ids = (s, r, b)
    merged = _merged(connection, o, ids, old)
    if latest and drifts(merged):
        old = bulk.existing(connection, o.month, s)
        merged = _merged(connection, o, ids, old)
    found = history(merged)
    _raise_conflicts(connection, o, merged, found)
    bulk.insert_facts(connection, o, s, r, b, found.next[:n], order)
    bulk.update_versions(connection, old, found.next[n:])
    fresh = ~np.isin(merged.key[:n], merged.key[n:])
    revised = found.differs[:n] & ~fresh
    return LoadResult(
        int(fresh.sum()),
        int(revised.sum()),
        n - int(fresh.sum()) - int(revised.sum()),
        _describe(o, merged, revised),
    )


def _is_latest(connection: Connection, source: str, o: Observations, first: int) -> bool:
    """Tell whether a document is of a later day than all others of its source.

    Then it can only follow the current versions: a month that every issue states again costs the
    same each time, however many issues there are. `first`: the first of the document's blocks.
    """
    others = (document.c.source == source) & (block.c.id < first)
    query = select(func.max(block.c.datenstand)).join_from(block, document).where(others)
    last = connection.execute(query).scalar()
    return last is None or min(b.datenstand for b in o.blocks).isoformat() > last


def _merged(
    connection: Connection,
    o: Observations,
    ids: tuple[Any, Any, Any],
    old: bulk.Stored,
) -> Statements:
    """Put a document's statements, its ids of series, region and block given, before older ones."""
    s, r, b = ids
    ranks, stands = dimensions.block_order(connection)
    of = np.concatenate([b, old.block])
    return Statements(
        key=bulk.fact_key(
            np.concatenate([o.month, old.month]),
            np.concatenate([s, old.series]),
            np.concatenate([r, old.region]),
        ),
        rank=ranks[of],
        stand=stands[of],
        block=of,
        value=np.concatenate([o.value, old.value]),
        zeichen=np.concatenate([o.zeichen, old.zeichen]),
    )


def _stated_twice(month: Any, series: Any, region: Any) -> bool:  # noqa: ANN401 - sorted arrays
    """Tell whether a document states a fact in two of its blocks."""
    return bool(
        (
            (month[1:] == month[:-1]) & (series[1:] == series[:-1]) & (region[1:] == region[:-1])
        ).any()
    )


def _describe(o: Observations, merged: Statements, revised: Any) -> list[str]:  # noqa: ANN401 - a bool array
    """Say in words what the first revised facts were and are."""
    out = []
    n = len(o)
    for i in np.flatnonzero(revised)[:SHOWN].tolist():
        others = np.flatnonzero(merged.key[n:] == merged.key[i]) + n
        before = others[merged.rank[others] < merged.rank[i]]
        was = (
            _shown(merged, before[np.argmax(merged.rank[before])])
            if len(before)
            else "(later statements only)"
        )
        where = f"{o.sheet_of(i)}!{o.cell_of(i)}"
        out.append(f"{o.name_and_month_of(i)}: {was} → {_shown(merged, i)} ({where})")
    return out


def _raise_conflicts(
    connection: Connection, o: Observations, merged: Statements, found: History
) -> None:
    """Two documents of the same datenstand that disagree.

    The second is quarantined until somebody says which counts.
    """
    n = len(o)
    pairs: dict[int, int] = {}  # a new statement → one it contradicts
    for i in np.flatnonzero(found.conflict >= 0).tolist():
        j = int(found.conflict[i])
        new, other = (i, j) if i < n else (j, i)
        pairs.setdefault(new, other)
    if not pairs:
        return
    findings = []
    for new, other in sorted(pairs.items())[:SHOWN]:
        where = (
            select(document.c.file_name, block.c.sheet)
            .join_from(block, document)
            .where(block.c.id == int(merged.block[other]))
        )
        file_name, sheet = connection.execute(where).one()
        expected = f"{_shown(merged, other)} as in {file_name}, sheet {sheet}"
        what = (
            "another document of the same Datenstand states something else:"
            f" {o.name_and_month_of(new)}"
        )
        findings.append(
            Finding(
                Code.CONFLICT,
                what,
                o.sheet_of(new),
                o.cell_of(new),
                _shown(merged, new),
                expected,
            )
        )
    raise KcaError(*findings, Finding(Code.CONFLICT, f"{len(pairs)} figures in conflict in all"))


def _shown(s: Statements, i: int) -> str:
    from schemas.codelists import ZEICHEN

    return ZEICHEN[s.zeichen[i]] if s.zeichen[i] else f"{s.value[i]:.10g}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
