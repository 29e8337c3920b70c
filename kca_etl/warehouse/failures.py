"""What a database failed with, told as a finding. The driver's code counts, not its message."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError, OperationalError

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding

MAX_FOUND_CHARS = 200
SQLITE: Mapping[int, Code] = {  # https://sqlite.org/rescode.html, primary codes
    sqlite3.SQLITE_PERM: Code.NOT_WRITABLE,
    sqlite3.SQLITE_READONLY: Code.NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: Code.NOT_WRITABLE,
    sqlite3.SQLITE_IOERR: Code.DISK_FAULT,
    sqlite3.SQLITE_FULL: Code.DISK_FULL,
    sqlite3.SQLITE_CORRUPT: Code.DB_DAMAGED,
    sqlite3.SQLITE_NOTADB: Code.DB_DAMAGED,
}
POSTGRESQL: Mapping[str, Code] = {  # https://www.postgresql.org/docs/current/errcodes-appendix.html
    "53100": Code.DISK_FULL,
    "53200": Code.DB_DOWN,
    "53300": Code.DB_DOWN,
    "58030": Code.DISK_FAULT,
    "42501": Code.NOT_WRITABLE,
    "25006": Code.NOT_WRITABLE,
    "XX001": Code.DB_DAMAGED,
    "XX002": Code.DB_DAMAGED,
    "57P01": Code.DB_LOST,
    "57P02": Code.DB_LOST,
    "57P03": Code.DB_DOWN,
}
WORDS: Mapping[Code, str] = {
    Code.DISK_FULL: "the database has no room left to write",
    Code.DISK_FAULT: "the database cannot read or write its disk",
    Code.NOT_WRITABLE: "the database cannot be opened for writing",
    Code.DB_DAMAGED: "the database is damaged, or no database",
    Code.DB_DOWN: "the database server does not let us in",
    Code.DB_LOST: "the connection to the database was lost",
}


def fault(error: BaseException, place: str) -> Finding | None:
    """Tell a fault of the database; None for another error. `place` names the database."""
    wrapped = isinstance(error, DBAPIError)
    driver = error.orig if isinstance(error, DBAPIError) else error
    code = _of_sqlite(driver) if isinstance(driver, sqlite3.Error) else None
    if wrapped and code is None:
        code = _of_server(error, driver)
    if code is None:
        return None
    found = next(iter(str(driver).strip().splitlines()), "")[:MAX_FOUND_CHARS]
    return Finding(code, f"{WORDS[code]} · {place}", found=found)


def _of_sqlite(driver: sqlite3.Error) -> Code | None:
    return SQLITE.get(getattr(driver, "sqlite_errorcode", 0) & 0xFF)


def _of_server(error: BaseException, driver: BaseException | None) -> Code | None:
    """An error without a state of the server's never reached it, or lost it on the way."""
    state = getattr(driver, "sqlstate", None)
    if state is not None:
        return POSTGRESQL.get(state)
    if getattr(error, "connection_invalidated", False):
        return Code.DB_LOST
    foreign = isinstance(error, OperationalError) and not isinstance(driver, sqlite3.Error)
    return Code.DB_DOWN if foreign else None
