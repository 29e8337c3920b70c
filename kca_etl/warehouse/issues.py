"""Fetching the few issues that a document is held against: a bounded part of its past."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, text

from kca_etl.model.month import MONTHS_PER_YEAR, Month
from kca_etl.validate.over_time.issue import Issue, arrange

NEAR_MONTHS = 13  # how far another issue may lie: the same month of the year before, or nearer
REPEATED_MONTHS = 36  # how far back content may have been copied from
NEAREST = 2
REMEMBERED = 32  # issues kept between the documents of one run: some 0.6 MB each

# One of the documents of a month is its issue: the one stated last.
DOCUMENTS = text(
    "SELECT id, sha256, run_id, file_name, month, datenstand FROM document"
    " WHERE source = :source AND state = 'loaded' AND month BETWEEN :first AND :last"
    " AND month <> :own ORDER BY month, datenstand, sha256"
)
BLOCKS = text("SELECT id, table_id FROM block WHERE document = :document")
FACTS = text(
    "SELECT series, region, block, value FROM fact WHERE month = :month"
    " AND series BETWEEN :least AND :most AND block BETWEEN :first AND :last"
    " AND value IS NOT NULL"
)

_remembered: OrderedDict[tuple[str, str, str], Issue] = OrderedDict()


class _Document(NamedTuple):
    id: int
    sha256: str
    run_id: str
    file_name: str
    month: int
    datenstand: str


def issues(engine: Engine, source: str, own: Issue) -> tuple[list[Issue], list[Issue]]:
    """Return the issues around a document's month, and older ones that it may repeat.

    Around: the two before it, the one of the same month of the year before, and the next one;
    the nearest first. What they hold is what their documents stated, whatever was revised since.
    """
    with engine.connect() as connection:
        around = {
            "first": own.month - REPEATED_MONTHS,
            "last": own.month + REPEATED_MONTHS,
            "own": int(own.month),
        }
        rows = connection.execute(DOCUMENTS, {"source": source} | around)
        by_month = {row.month: _Document(*row) for row in rows}
        near = _near(int(own.month), list(by_month))
        repeated = _repeated(connection, source, own) & by_month.keys() - set(near)
        return tuple(
            [_issue(connection, engine, source, by_month[m]) for m in months]
            for months in (near, sorted(repeated)[-NEAREST:])
        )  # type: ignore[return-value]  # two lists


def remember(engine: Engine, sha256: str, run_id: str, issue: Issue) -> None:
    """Keep an issue for the next documents of this process.

    What a document stated never changes; a document loaded anew is of another run.
    """
    _remembered[str(engine.url), sha256, run_id] = issue
    _remembered.move_to_end((str(engine.url), sha256, run_id))
    while len(_remembered) > REMEMBERED:
        _remembered.popitem(last=False)


def _near(own: int, months: list[int]) -> list[int]:
    """Choose the months to compare with, the nearest first."""
    before = sorted((m for m in months if own - NEAR_MONTHS <= m < own), reverse=True)
    after = sorted(m for m in months if own < m <= own + NEAR_MONTHS)
    year_before = [m for m in before[NEAREST:] if m == own - MONTHS_PER_YEAR]
    return sorted(before[:NEAREST] + year_before + after[:1], key=lambda m: (abs(m - own), m))


def _repeated(connection: Connection, source: str, own: Issue) -> set[int]:
    """Return the months that state the largest figure of each table: candidates for a copy."""
    keys = _largest(own)
    if not keys:
        return set()
    rows = ", ".join(f"(:k{i}, :g{i}, :s{i}, :c{i}, :v{i})" for i in range(len(keys)))
    query = text(
        f"WITH own(kennzahl, gliederung, system, code, value) AS (VALUES {rows})"  # noqa: S608 - names of parameters
        " SELECT DISTINCT f.month FROM own CROSS JOIN series s CROSS JOIN region r"
        " CROSS JOIN month m CROSS JOIN fact f WHERE s.source = :source"
        " AND s.kennzahl = own.kennzahl AND s.gliederung = own.gliederung"
        " AND r.code = own.code AND r.system = own.system"
        " AND m.id BETWEEN :first AND :last AND m.id <> :month AND f.month = m.id"
        " AND f.series = s.id AND f.region = r.id AND f.value = own.value"
    )
    values: dict[str, Any] = {
        "source": source,
        "month": int(own.month),
        "first": own.month - REPEATED_MONTHS,
        "last": own.month + REPEATED_MONTHS,
    }
    for i, key in enumerate(keys):
        values |= dict(zip((f"k{i}", f"g{i}", f"s{i}", f"c{i}", f"v{i}"), key, strict=True))
    return {int(m) for m in connection.execute(query, values).scalars()}


def _largest(own: Issue) -> list[tuple[str, str, str, str, float]]:
    """Return the largest figure of each table: it hardly ever stands in two months."""
    filled = np.where(np.isnan(own.value), -np.inf, own.value)
    if not filled.size:
        return []
    place = filled.argmax(axis=1)
    value = filled[np.arange(len(place)), place]
    found: dict[str, int] = {}
    for line, (_, _, table) in enumerate(own.lines):
        if table not in found or value[line] > value[found[table]]:
            found[table] = line
    return [
        (*own.lines[line][:2], *own.places[int(place[line])], float(value[line]))
        for line in found.values()
    ]


def _issue(connection: Connection, engine: Engine, source: str, one: _Document) -> Issue:
    known = _remembered.get((str(engine.url), one.sha256, one.run_id))
    if known is None:
        known = _fetched(connection, source, one)
        remember(engine, one.sha256, one.run_id, known)
    return known


def _fetched(connection: Connection, source: str, one: _Document) -> Issue:
    """Read what a document stated of its own month."""
    series = connection.execute(
        text("SELECT id, kennzahl, gliederung FROM series WHERE source = :source"),
        {"source": source},
    ).all()
    regions = connection.execute(text("SELECT id, system, code FROM region")).all()
    blocks = connection.execute(BLOCKS, {"document": one.id}).all()
    tables = list(dict.fromkeys(b.table_id for b in blocks))
    bounds = {
        "month": one.month,
        "least": min(s.id for s in series),
        "most": max(s.id for s in series),
        "first": min(b.id for b in blocks),
        "last": max(b.id for b in blocks),
    }
    rows = np.array(connection.execute(FACTS, bounds).all(), np.float64).reshape(-1, 4)
    lines = [(s.kennzahl, s.gliederung, t) for s in series for t in tables]
    of_series, of_region = (_places([row.id for row in found]) for found in (series, regions))
    of_table = np.zeros(bounds["last"] + 1, np.int64)
    for b in blocks:
        of_table[b.id] = tables.index(b.table_id)
    ids = rows[:, :3].astype(np.int64)
    line = of_series[ids[:, 0]] * len(tables) + of_table[ids[:, 2]]
    there, place = np.unique(of_region[ids[:, 1]], return_inverse=True)
    places = [(regions[i].system, regions[i].code) for i in there.tolist()]
    return arrange(one.file_name, Month(one.month), (lines, places), line, place, rows[:, 3])


def _places(ids: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the place of each id in its list, as an array by id."""
    found = np.zeros(max(ids, default=0) + 1, np.int64)
    found[ids] = np.arange(len(ids))
    return found
