"""Facts in bulk: tuples by `executemany` (SQLite), COPY (PostgreSQL); SQLAlchemy's insert of dicts is 5 to 20 times slower."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from kca_etl.model import Observations

Ids = NDArray[np.int64]
COLUMNS = "month, series, region, block, value, zeichen, cell, next"
ROWS_PER_STATEMENT = 100
WIDTH = 16384  # columns of a sheet; a cell is row * WIDTH + column


@dataclass(slots=True)
class Stored:
    """Statements already in the warehouse, as arrays of equal length."""

    month: Ids
    series: Ids
    region: Ids
    block: Ids
    value: NDArray[np.float64]
    zeichen: NDArray[np.int8]
    next: Ids


def fact_key(month: Any, series: Any, region: Any) -> Ids:  # noqa: ANN401 - integer arrays
    """One integer per fact: 16 bits month, 24 bits series, 24 bits region."""
    joined: Ids = (month.astype(np.int64) << 47) | (series.astype(np.int64) << 24) | region.astype(np.int64)
    return joined


def existing(connection: Connection, months: NDArray[np.int32], series: Ids) -> Stored:
    """Fetch all statements of the given series in the given months."""
    query = text(
        "SELECT month, series, region, block, value, zeichen, next FROM fact WHERE month = :m AND series BETWEEN :a AND :b"
    )
    wanted = set(series.tolist())
    bounds = {"a": int(series.min()), "b": int(series.max())}
    rows = [row for m in months.tolist() for row in connection.execute(query, {"m": m} | bounds) if row[1] in wanted]
    cols = list(zip(*rows, strict=True)) or [()] * 7
    ints = [np.array(c, np.int64) for c in cols[:4]]
    value = np.array([np.nan if v is None else v for v in cols[4]], np.float64)
    return Stored(*ints, value, np.array(cols[5], np.int8), np.array(cols[6], np.int64))


def insert_facts(
    connection: Connection, o: Observations, series: Ids, region: Ids, block: Ids, following: Ids, order: Ids
) -> None:
    """Insert a document's statements in key order."""
    arrays = (o.month, series, region, block, o.value, o.zeichen, o.row.astype(np.int64) * WIDTH + o.col, following)
    rows = np.empty((len(o), len(arrays)), object)
    for i, array in enumerate(arrays):
        rows[:, i] = array[order]
    rows[np.isnan(o.value[order]), 4] = None
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        _insert_sqlite(raw, rows.ravel().tolist())
        return
    with raw.cursor().copy(f"COPY fact ({COLUMNS}) FROM STDIN") as copy:
        for row in rows.tolist():
            copy.write_row(row)


def _insert_sqlite(raw: Any, flat: list[Any]) -> None:  # noqa: ANN401 - the driver's connection and values
    """Insert many rows a statement: three times as fast as one row each (measured 3.5 against 1.2 s per million)."""
    width = COLUMNS.count(",") + 1
    one = "(" + ",".join("?" * width) + ")"
    step = width * ROWS_PER_STATEMENT
    whole = len(flat) // step * step
    sql = f"INSERT INTO fact ({COLUMNS}) VALUES "  # noqa: S608 - constants
    raw.executemany(sql + ",".join([one] * ROWS_PER_STATEMENT), (flat[i : i + step] for i in range(0, whole, step)))
    raw.executemany(sql + one, (flat[i : i + width] for i in range(whole, len(flat), width)))


def update_versions(connection: Connection, old: Stored, following: Ids) -> None:
    """Bring the neighbours of new statements up to date; values themselves are never touched."""
    at = np.flatnonzero(old.next != following).tolist()
    rows = [
        {
            "n": int(following[i]),
            "m": int(old.month[i]),
            "s": int(old.series[i]),
            "r": int(old.region[i]),
            "b": int(old.block[i]),
        }
        for i in at
    ]
    if rows:
        connection.execute(
            text("UPDATE fact SET next = :n WHERE month = :m AND series = :s AND region = :r AND block = :b"), rows
        )
