"""Connections to the warehouse: SQLite in WAL mode or PostgreSQL, with one writer per source."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.machine import storing

_LOCKS = 7_265_000_000  # PostgreSQL advisory locks: one per source, up to 2**32 above this
_SHARED = _LOCKS - 1
BACKENDS = ("sqlite", "postgresql")
UNREACHABLE = (OperationalError, InterfaceError)  # no connection, or it was lost
_PATIENCE = 30.0  # seconds to wait for another writer where nobody says otherwise

# PostgreSQL gives a dead machine's lock back only when it notices: by default after two hours. No
# statement of ours takes minutes.
_SESSION = {
    "options": "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
    " -c statement_timeout=15min -c idle_in_transaction_session_timeout=15min"
}


class Busy(Exception):  # noqa: N818 - a state, not a fault
    """Another process writes to the same source; try again later (exit code 75)."""


@cache
def open_engine(url: str) -> Engine:
    """Open the warehouse at a SQLAlchemy URL; the folder of a SQLite file is made.

    The password is never printed. Raises KcaError DB_URL, and StorageError for the folder.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        known = _SESSION if "options" not in parsed.query else {}
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10} | known,
        )
    if parsed.database and parsed.database != ":memory:":
        with storing():
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url: str) -> URL:
    """Read a database's URL; an unknown one is refused without quoting it: it may hold a password.

    Raises KcaError DB_URL.
    """
    scheme = url.partition(":")[0] if ":" in url else ""
    try:
        parsed = make_url(url)
        known = parsed.get_backend_name() in BACKENDS
    except (ArgumentError, ValueError):
        known = False
    if known:
        return parsed
    expected = "postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:////FOLDER/FILE.db"
    found = f"{scheme}:…" if scheme.isalnum() else ""
    what = "KCA_DATABASE_URL names no database that is known"
    raise KcaError(Finding(Code.DB_URL, what, found=found, expected=expected))


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # In WAL mode a plain BEGIN that writes later can fail at once, whatever the timeout.
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if connection.get_execution_options().get("writer") else "BEGIN"
    )


@contextmanager
def writing(engine: Engine, source: str, timeout: float | None = None) -> Iterator[Connection]:
    """One write transaction that holds the source's lock; all of it is kept or nothing.

    Raises Busy after `timeout` seconds.

    Without a timeout the engine's `patience` counts.
    """
    timeout = (
        engine.get_execution_options().get("patience", _PATIENCE) if timeout is None else timeout
    )
    with engine.connect() as plain:
        connection = plain.execution_options(writer=True)
        if engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA busy_timeout={int(timeout * 1000)}")
        try:
            with connection.begin():
                if engine.dialect.name == "postgresql":
                    connection.execute(
                        text("SELECT set_config('lock_timeout', :t, true)"),
                        {"t": f"{max(1, int(timeout * 1000))}ms"},
                    )
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"),
                        {"key": _LOCKS + zlib.crc32(source.encode())},
                    )
                yield connection
        except OperationalError as error:
            if _is_busy(error.orig):
                raise Busy(f"another run writes to {source or 'the warehouse'}") from None
            raise


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Read as of one moment: several statements see the same state on both databases."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect() as connection:
        yield connection.execution_options(**options)


def share(connection: Connection) -> None:
    """Hold the tables that all sources share until the transaction ends.

    These are regions, kennzahlen, months and blocks. On SQLite the writer holds everything
    anyway; on PostgreSQL sources are read and checked side by side and only store in turn.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SHARED})


def _is_busy(error: BaseException | None) -> bool:
    """Ask the driver's code, not its message: a German server speaks German."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        )
    return getattr(error, "sqlstate", None) == "55P03"  # lock_not_available
