"""Counts the steps at which a process could end, and ends it, or lets it fail, at one of them.

A step is what changes the disk or the warehouse: a file opened for writing, made durable, renamed,
linked or removed, a folder made or removed, a statement that writes, a commit. Python's audit hooks
and SQLAlchemy's events tell of them, so the product holds no code for this. A hook cannot be taken
away: it belongs into a process that was forked for it.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

CRASHED = 86  # exit code of a process that ended at its step
FAULTS = ("crash", "power", "full", "lost")
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"}
_NEEDS_ROOM = {"open", "os.mkdir", "os.link", "fsync", "statement", "commit"}
_WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|BEGIN IMMEDIATE|ANALYZE)", re.IGNORECASE
)
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Steps:
    """The steps of this process below a folder, and what happens at number `at` (from 1).

    crash: the process ends · power: likewise, and what was not made durable is gone · full: no
    write finds room from there on · lost: the database hangs up. `at` 0: nothing happens.
    """

    def __init__(self, root: Path, fault: str = "crash", at: int = 0) -> None:
        self.root, self.fault, self.at = f"{root}/", fault, at
        self.taken: list[str] = []
        self._volatile: set[str] = set()
        self._busy = False

    def watch(self) -> None:
        """Begin to count, for the rest of this process's life."""
        fsync = os.fsync

        def durable(handle: int) -> None:
            path = str(Path(f"/proc/self/fd/{handle}").readlink())
            if path.startswith(self.root):
                self._step("fsync", path)
            fsync(handle)
            self._volatile.discard(path)

        os.fsync = durable  # type: ignore[assignment]  # of this process alone, and of handles
        sys.addaudithook(self._audited)
        event.listen(Engine, "before_cursor_execute", self._executes)
        event.listen(Engine, "commit", lambda connection: self._step("commit", "", connection))

    def _audited(self, name: str, given: tuple[Any, ...]) -> None:
        if name == "open":
            path, _, flags = given
            if isinstance(path, bytes):
                path = os.fsdecode(path)
            if isinstance(path, str | Path) and flags & _WRITE_FLAGS and self._is_ours(path):
                self._step(name, str(path))
                self._volatile.add(str(path))
        elif name in _CHANGES and self._is_ours(given[0]):
            self._step(name, str(given[0]))
            if name == "os.rename":
                self._follow(str(given[0]), str(given[1]))

    def _follow(self, old: str, new: str) -> None:
        """Know a renamed file, and the files of a renamed folder, by their new names."""
        for path in list(self._volatile):
            if path == old or path.startswith(f"{old}/"):
                self._volatile.add(new + path.removeprefix(old))

    def _is_ours(self, path: Any) -> bool:
        return str(path).startswith(self.root) and not str(path).endswith(".lock")

    def _executes(self, connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if _WRITES.match(statement):
            self._step("statement", statement, connection)

    def _step(self, kind: str, what: str, connection: Any = None) -> None:
        if self._busy:
            return
        self.taken.append(f"{kind} {what.removeprefix(self.root)[:60]}")
        now = len(self.taken)
        if self.at and (now == self.at or (now > self.at and self.fault == "full")):
            self._busy = True
            try:
                self._faults[self.fault](kind, connection)
            finally:
                self._busy = False

    @property
    def _faults(self) -> dict[str, Callable[[str, Any], None]]:
        return {"crash": self._crash, "power": self._power, "full": self._full, "lost": self._lost}

    def _crash(self, _kind: str, _connection: Any) -> None:
        os._exit(CRASHED)

    def _power(self, _kind: str, _connection: Any) -> None:
        for path in self._volatile:
            if os.path.isfile(path):  # noqa: PTH113 - as the hooks have it, a text
                os.chmod(path, 0o600)  # noqa: PTH101 - likewise
                os.truncate(path, 0)
        os._exit(CRASHED)

    def _full(self, kind: str, connection: Any) -> None:
        if kind not in _NEEDS_ROOM:
            return
        if connection is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if connection.dialect.name == "sqlite":
            error: Exception = sqlite3.OperationalError("database or disk is full")
        else:
            from psycopg.errors import DiskFull

            error = DiskFull("could not extend file: No space left on device")
        raise OperationalError(kind, None, error)

    def _lost(self, _kind: str, connection: Any) -> None:
        if connection is not None:
            connection.connection.driver_connection.close()
