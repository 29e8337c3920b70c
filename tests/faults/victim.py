"""Processes that are killed, or hold a lock and are killed.

Started by the tests beside this file.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from alembic import command

from kca_etl import pipeline
from kca_etl.landing.archive import files as archive
from kca_etl.landing.guard import inspect as guard
from kca_etl.runs.record import load_all
from kca_etl.settings import Settings
from kca_etl.warehouse import bulk, migrate, writer
from kca_etl.warehouse.engine import open_engine, writing

# A fork server starts children in a few milliseconds; each is a process of its own, without the
# tests' threads.
context = get_context("forkserver")
context.set_forkserver_preload(
    [
        "kca_etl.runs.record",
        "kca_etl.extract.recognise",
        "kca_etl.tidy.document",
        "kca_etl.validate.contracts",
        "kca_etl.validate.invariants",
        "psycopg",
    ]
)


_main: list[int] = []


def die(*_: Any, **__: Any) -> None:
    """End the run as `kill -9` does, also from the child that reads for it."""
    os.kill((_main or [os.getpid()])[0], signal.SIGKILL)
    os._exit(0)


def before(module: Any, name: str) -> None:
    """Die instead of calling a function."""
    setattr(module, name, die)


def after(module: Any, name: str) -> None:
    """Call a function, then die."""
    original = getattr(module, name)

    def killed(*args: Any, **more: Any) -> None:
        original(*args, **more)
        die()

    setattr(module, name, killed)


# Where the process dies: between any two stages, and at every step of storing.
POINTS: dict[str, Callable[[], None]] = {
    "archive half written": lambda: before(os, "fsync"),
    "archived": lambda: after(archive, "store"),
    "guarded": lambda: after(guard, "inspect"),
    "read": lambda: after(pipeline, "read"),
    "before load": lambda: before(writer, "load"),
    "document noted": lambda: after(writer, "_document"),
    "blocks stored": lambda: after(writer, "_blocks"),
    "facts stored": lambda: after(bulk, "insert_facts"),
    "versions linked": lambda: after(bulk, "update_versions"),
    "before commit": lambda: after(writer, "_facts"),
    "after commit": lambda: after(writer, "load"),
    "before the run's end": lambda: before(writer, "finish_run"),
}


def load(point: str, home: Path, url: str, paths: list[Path]) -> None:
    """Run documents through all stages; die at the point."""
    _main[:] = [os.getpid()]
    POINTS[point]()
    settings = Settings(home=home, database_url=url)  # type: ignore[arg-type]  # pydantic makes it secret
    list(load_all(paths, open_engine(url), settings, "kca_monatszahlen"))


def upgrade(point: str, url: str) -> None:
    """Upgrade an empty database.

    Die when the tables are made, or when all is made but not committed, or not at all.
    """
    if point == "tables made":
        before(migrate, "add_signs")
    elif point == "views made":
        after(command, "upgrade")
    migrate.upgrade(open_engine(url))


def hold(url: str, source: str, held: Event, seconds: float) -> None:
    """Take a source's lock and keep it for a while."""
    with suppress(KeyboardInterrupt), writing(open_engine(url), source, 10.0):
        held.set()
        time.sleep(seconds)


def run(target: Callable[..., None], *args: Any, times: int = 1) -> list[int | None]:
    """Run a target in processes of its own, all at once.

    Return their exit codes, -9 where one was killed.
    """
    processes = [context.Process(target=target, args=args) for _ in range(times)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        process.kill()
        process.join(60)
    return [process.exitcode for process in processes]
