"""Documents put on record as an archive notes them: what was found when they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from kca_etl.model.document import Document
from kca_etl.warehouse import ledger
from kca_etl.warehouse.engine import writing
from kca_etl.warehouse.tables import document, finding

JUDGED = ("source", "month", "datenstand", "verdict", "state", "origin", "run_id", "file_name")
FOUND = ("code", "verdict", "what", "sheet", "cell", "found", "expected")


@dataclass(frozen=True, slots=True)
class Noted:
    """A document and the archive's note: the values that `writer.known_as` gave for it."""

    document: Document
    note: dict[str, Any]


def restore(engine: Engine, noted: Sequence[Noted], entries: Sequence[ledger.Entry]) -> None:
    """Give documents their noted judgement; enter runs, answers and pages. One transaction."""
    with writing(engine, "") as connection:
        for one in noted:
            _restore(connection, one)
        ledger.restore(connection, entries)


def _restore(connection: Connection, one: Noted) -> None:
    """Put a document on record as noted, whether it is there by its figures or not yet."""
    values = {name: one.note[name] for name in JUDGED if name in one.note}
    values |= {"size": one.document.size, "received_at": one.document.received_at}
    mine = document.c.sha256 == one.document.sha256
    number = connection.execute(select(document.c.id).where(mine)).scalar()
    if number is None:
        given = insert(document).values(values | {"sha256": one.document.sha256})
        number = connection.execute(given.returning(document.c.id)).scalar_one()
    else:
        connection.execute(update(document).where(mine).values(values))
        connection.execute(delete(finding).where(finding.c.document == number))
    own = {"document": number, "run_id": values.get("run_id", "")}
    rows = [own | dict(zip(FOUND, row, strict=True)) for row in one.note["findings"]]
    if rows:
        connection.execute(insert(finding), rows)
