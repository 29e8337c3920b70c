"""Taking a loaded document's statements out: the versions before them count again."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, select, update

from kca_etl.warehouse import bulk, dimensions
from kca_etl.warehouse.revisions import Statements, history
from kca_etl.warehouse.tables import block, document, empty_cell, fact, footnote


def withdraw(connection: Connection, sha256: str, state: str) -> None:
    """Delete what a document states and give it another state; its file stays in the archive.

    The histories of the figures it stated become what they would be without it. Nothing happens
    where the warehouse does not know the document.
    """
    number = connection.execute(select(document.c.id).where(document.c.sha256 == sha256)).scalar()
    if number is None:
        return
    blocks = list(
        connection.execute(select(block.c.id).where(block.c.document == number)).scalars()
    )
    if blocks:
        stated = _stated(connection, blocks)
        connection.execute(delete(fact).where(fact.c.block.in_(blocks)))
        _restore(connection, stated)
        connection.execute(delete(empty_cell).where(empty_cell.c.block.in_(blocks)))
        connection.execute(delete(footnote).where(footnote.c.block.in_(blocks)))
        connection.execute(delete(block).where(block.c.id.in_(blocks)))
    connection.execute(
        update(document).where(document.c.id == number).values(state=str(state), datenstand=None)
    )


def _stated(connection: Connection, blocks: list[int]) -> tuple[Any, Any, Any]:
    """Return month, series and region of the blocks' statements, as arrays of equal length."""
    columns = (fact.c.month, fact.c.series, fact.c.region)
    rows = connection.execute(select(*columns).where(fact.c.block.in_(blocks))).all()
    month, series, region = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(month, np.int64), np.array(series, np.int64), np.array(region, np.int64)


def _restore(connection: Connection, stated: tuple[Any, Any, Any]) -> None:
    """Compute the versions of figures anew from the statements that are left."""
    month, series, region = stated
    if not len(month):
        return
    left = bulk.existing(connection, month, series)
    keys = bulk.fact_key(left.month, left.series, left.region)
    mine = np.flatnonzero(np.isin(keys, bulk.fact_key(month, series, region)))
    if not len(mine):
        return
    ranks, stands = dimensions.block_order(connection)
    names = ("month", "series", "region", "block", "value", "zeichen", "next")
    kept = bulk.Stored(*(getattr(left, name)[mine] for name in names))
    statements = Statements(
        key=keys[mine],
        rank=ranks[kept.block],
        stand=stands[kept.block],
        block=kept.block,
        value=kept.value,
        zeichen=kept.zeichen,
    )
    bulk.update_versions(connection, kept, history(statements).next)
