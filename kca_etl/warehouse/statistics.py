"""What the planners of both databases know of the tables, kept true.

Without statistics SQLite scans all facts for one series, and PostgreSQL guesses until its
autovacuum comes by. A limited ANALYZE is not enough: what was current on a day would scan again.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, select, text

from kca_etl.warehouse.engine import Busy, writing
from kca_etl.warehouse.tables import block, document, fact, kennzahl, month, region, series, zeichen

MAX_GROWTH = 1.1  # more blocks than a tenth above what the planner knows: it is told anew
PATIENCE_S = 5.0  # no run waits longer for it; the next one sees to it
TABLES = (block, document, fact, kennzahl, month, region, series, zeichen)
_KNOWN = {  # how many blocks there were when the planner was told last
    "sqlite": "SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'block'",
    "postgresql": "SELECT reltuples FROM pg_class WHERE oid = 'block'::regclass",
}
_IS_THERE = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"


def keep_true(engine: Engine) -> bool:
    """Tell the planner what the tables hold, if they grew by more than a tenth since it was told.

    Returns whether it was. Where somebody else writes, it is left to the next run.
    """
    with engine.connect() as connection:
        there = int(connection.execute(select(func.count()).select_from(block)).scalar_one())
        if there <= MAX_GROWTH * _known(connection):
            return False
    try:
        with writing(engine, "", PATIENCE_S) as connection:
            for table in TABLES:
                connection.execute(text(f"ANALYZE {table.name}"))
    except Busy:
        return False
    return True


def _known(connection: Connection) -> float:
    dialect = connection.dialect.name
    if dialect == "sqlite" and not connection.execute(text(_IS_THERE)).scalar():
        return 0.0
    return max(0.0, float(connection.execute(text(_KNOWN[dialect])).scalar() or 0.0))
