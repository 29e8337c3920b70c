"""Surrogate keys: series, regions, months.

The same content gets the same key, whatever the order of loading.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select, text, update

from kca_etl.model.month import month_date
from kca_etl.model.observations import Region, Series
from kca_etl.warehouse.tables import block, document, kennzahl, month, region, series, zeichen
from schemas import codelists

Ids = NDArray[np.int64]


class _Stored(NamedTuple):
    id: int
    name: str
    parent: str
    datenstand: str


def series_ids(
    connection: Connection, source: str, wanted: list[Series], catalogue: dict[str, dict[str, Any]]
) -> Ids:
    """Return the ids of series; add new ones and keep the catalogue's entries current."""
    known = {
        (r.kennzahl, r.gliederung): r.id
        for r in connection.execute(select(series).where(series.c.source == source))
    }
    new = [s for s in wanted if (s.kennzahl, s.gliederung) not in known]
    if new:
        _kennzahlen(connection, {s.kennzahl for s in new}, catalogue)
        connection.execute(
            insert(series),
            [{"source": source, "kennzahl": s.kennzahl, "gliederung": s.gliederung} for s in new],
        )
        known = {
            (r.kennzahl, r.gliederung): r.id
            for r in connection.execute(select(series).where(series.c.source == source))
        }
    return np.array([known[s.kennzahl, s.gliederung] for s in wanted], np.int64)


def _kennzahlen(
    connection: Connection, codes: set[str], catalogue: dict[str, dict[str, Any]]
) -> None:
    there = set(connection.execute(select(kennzahl.c.code)).scalars())
    rows = [
        {"code": c, "additive": int(catalogue[c]["additive"])}
        | {k: str(catalogue[c][k]) for k in ("label", "unit", "kind", "definition", "source")}
        for c in sorted(codes - there)
    ]
    if rows:
        connection.execute(insert(kennzahl), rows)


def region_ids(connection: Connection, wanted: list[Region], datenstand: str) -> Ids:
    """Return the ids of regions.

    The name of the latest datenstand is shown; among equals the first by alphabet.
    """
    known = _regions(connection)
    shown = {
        (r.system, r.code): r
        for r in sorted(wanted, key=lambda r: (r.name, r.parent), reverse=True)
    }
    met = [(known[key], r) for key, r in shown.items() if key in known]
    _rename_regions(connection, met, datenstand)
    if new := [r for key, r in shown.items() if key not in known]:
        _add_regions(connection, new, datenstand)
        known = _regions(connection)
    return np.array([known[r.system, r.code].id for r in wanted], np.int64)


def _add_regions(connection: Connection, new: list[Region], datenstand: str) -> None:
    rows = [{"system": r.system, "code": r.code, "name": r.name, "parent": r.parent} for r in new]
    connection.execute(insert(region), [row | {"datenstand": datenstand} for row in rows])


def _rename_regions(
    connection: Connection, met: list[tuple[_Stored, Region]], datenstand: str
) -> None:
    """Show the name and the parent that a later document states."""
    newer = [(old, r) for old, r in met if _newer((datenstand, r.name, r.parent), old)]
    renamed = [
        {"i": old.id, "n": r.name, "p": r.parent}
        for old, r in newer
        if (old.name, old.parent) != (r.name, r.parent)
    ]
    if renamed:
        connection.execute(text("UPDATE region SET name = :n, parent = :p WHERE id = :i"), renamed)
    if newer:
        changed = region.c.id.in_([old.id for old, _ in newer])
        connection.execute(update(region).where(changed).values(datenstand=datenstand))


def _regions(connection: Connection) -> dict[tuple[str, str], _Stored]:
    columns = (
        region.c.system,
        region.c.code,
        region.c.id,
        region.c.name,
        region.c.parent,
        region.c.datenstand,
    )
    return {
        (system, code): _Stored(*rest)
        for system, code, *rest in connection.execute(select(*columns))
    }


def _newer(mine: tuple[str, str, str], old: _Stored) -> bool:
    return mine[0] > old.datenstand or (
        mine[0] == old.datenstand and mine[1:] < (old.name, old.parent)
    )


def months(connection: Connection, numbers: NDArray[np.int32]) -> None:
    """Fill the month dimension."""
    there = set(connection.execute(select(month.c.id)).scalars())
    rows = [
        {"id": m, "berichtsmonat": month_date(m).isoformat()}
        for m in np.unique(numbers).tolist()
        if m not in there
    ]
    if rows:
        connection.execute(insert(month), rows)


def block_order(connection: Connection) -> tuple[Ids, Ids]:
    """Return two arrays by block id.

    The rank of (datenstand, sha256, block), and the rank of the datenstand alone.
    """
    rows = connection.execute(
        select(block.c.id, block.c.datenstand, document.c.sha256).join_from(block, document)
    ).all()
    top = max(r.id for r in rows) + 1
    ranks, stands = np.zeros(top, np.int64), np.zeros(top, np.int64)
    for i, r in enumerate(sorted(rows, key=lambda r: (r.datenstand, r.sha256, r.id))):
        ranks[r.id] = i
    days = {d: i for i, d in enumerate(sorted({r.datenstand for r in rows}))}
    for r in rows:
        stands[r.id] = days[r.datenstand]
    return ranks, stands


def add_signs(connection: Connection) -> None:
    """Add the code list's signs that the warehouse does not know yet; the views show them."""
    known = set(connection.execute(select(zeichen.c.id)).scalars())
    rows = [
        {"id": number, "text": sign}
        for number, sign in enumerate(codelists.ZEICHEN)
        if sign and number not in known
    ]
    if rows:  # two upgrades or loads may do so at once
        query = "INSERT INTO zeichen (id, text) VALUES (:id, :text) ON CONFLICT DO NOTHING"
        connection.execute(text(query), rows)
