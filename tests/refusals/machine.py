"""Codes of the machine and the database: the smallest fault of each."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from kca_etl import pipeline
from kca_etl.cli import console
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.warehouse.engine import open_engine
from tests.refusals.commands import done
from tests.refusals.entries import Entry, Situation
from tests.refusals.stored import fresh
from tests.warehouse.synthetic import Fact, load


def told(action: Callable[[Path], object]) -> Situation:
    """The situation that a command fails, told as the command line does."""

    def said(error: KcaError, _state: str = "") -> NoReturn:
        raise error

    def situation(folder: Path) -> list[Finding]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(console, "failed", said)
            try:
                action(folder)
            except KcaError:
                raise
            except Exception as error:  # noqa: BLE001 - as the command line takes it
                console.unexpected(error)
        return []

    return situation


def _raise(error: Exception) -> Callable[[Path], object]:
    def action(_: Path) -> object:
        raise error

    return action


def _full(folder: Path) -> None:
    _, engine = fresh(folder, "full")
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    load(engine, "big", "2020-03-31", [Fact(n / 3, code=f"x{n}") for n in range(5_000)])


def _a_file_in_the_way(folder: Path) -> None:
    (folder / "home").write_text("a letter", encoding="utf-8")
    open_engine(f"sqlite:///{folder / 'home' / 'warehouse.db'}")


def _nobody_listens(_: Path) -> None:
    open_engine("postgresql://nobody:geheim@127.0.0.1:1/none").connect()


def _linked(folder: Path) -> list[Finding]:
    (folder / "true.csv").write_bytes(b"a;b\n1;2\n")
    (folder / "link.csv").symlink_to(folder / "true.csv")
    return pipeline.receive(pipeline.Incoming(folder / "link.csv"), folder / "landing").findings


TELLS = "kca_etl.cli.console.unexpected"
ENTRIES = [
    Entry(Code.LINK, "kca_etl.pipeline._archived", _linked, what="is a link"),
    Entry(Code.DISK_FULL, TELLS, told(_full), what="no room left"),
    Entry(Code.DISK_FAULT, TELLS, told(_raise(OSError(errno.EIO, "I/O"))), what="the disk"),
    Entry(Code.NOT_WRITABLE, TELLS, told(_a_file_in_the_way), what="home"),
    Entry(Code.TOO_MANY_FILES, TELLS, told(_raise(OSError(errno.EMFILE, "many"))), what="open"),
    Entry(Code.DB_DOWN, TELLS, told(_nobody_listens), what="does not let us in"),
    Entry(
        Code.DB_LOST,
        TELLS,
        told(_raise(OperationalError("SELECT 1", {}, psycopg.errors.AdminShutdown()))),
        what="was lost",
    ),
    Entry(
        Code.DB_URL,
        "kca_etl.warehouse.engine._parsed",
        done(lambda: open_engine("mysql://kca:geheim@db/kca")),
        what="names no database",
    ),
]
