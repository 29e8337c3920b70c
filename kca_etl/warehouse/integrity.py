"""Whether the database file itself is sound, whatever its schema says."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding

MAX_LISTED_FAULTS = 20
MAX_FAULT_CHARS = 200


def faults(engine: Engine) -> list[Finding]:
    """Return what SQLite's own integrity check finds; nothing for PostgreSQL, which has none.

    Reads the whole file: 330 MB take about a second.
    """
    if engine.dialect.name != "sqlite":
        return []
    try:
        with engine.connect() as connection:
            asked = text(f"PRAGMA integrity_check({MAX_LISTED_FAULTS})")
            found = list(connection.execute(asked).scalars())
    except DatabaseError as error:
        found = [str(error.orig)]
    except sqlite3.DatabaseError as error:  # while connecting
        found = [str(error)]
    name = engine.url.render_as_string(hide_password=True)
    what = f"the database {name} is damaged"
    shown = [str(fault)[:MAX_FAULT_CHARS] for fault in found if fault != "ok"]
    return [Finding(Code.DB_DAMAGED, what, found=one, expected="ok") for one in shown]
