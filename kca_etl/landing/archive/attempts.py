"""How often the program died over a document: a mark in the archive while it is being read.

The mark of a process that ended, however it ended, is free to be locked; so a mark that can be
locked although nobody finished tells of a death. A document that two processes did not survive
is not read a third time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from kca_etl.model.machine import storing

MAX_DEATHS = 2
FOLDER = ".reading"


@dataclass(slots=True)
class Attempt:
    """A document in hand, and how many processes died over it before."""

    deaths: int = 0
    _mark: Path | None = None
    _lock: FileLock | None = None

    def end(self) -> None:
        """Take the mark away; a second call does nothing."""
        if self._mark is not None:
            self._mark.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.release()
            Path(self._lock.lock_file).unlink(missing_ok=True)
        self._mark = self._lock = None


def begin(sha256: str, landing: Path) -> Attempt:
    """Mark a document as being read. One that a live process reads already gets no second mark."""
    with storing():
        return _begun(sha256, landing / FOLDER)


def _begun(sha256: str, folder: Path) -> Attempt:
    folder.mkdir(parents=True, exist_ok=True)
    mark, lock = folder / sha256, FileLock(folder / f"{sha256}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return Attempt()
    deaths = _count(mark)
    mark.write_text(str(deaths + 1), encoding="ascii")
    return Attempt(deaths, mark, lock)


def clear(sha256: str, landing: Path) -> None:
    """Take away the mark that a dead process left on a document that needs no reading."""
    if (landing / FOLDER / sha256).exists():
        begin(sha256, landing).end()


def left_behind(landing: Path) -> list[str]:
    """Return the hashes of the documents that processes died over, or still read."""
    folder = landing / FOLDER
    return sorted({path.name.removesuffix(".lock") for path in folder.glob("*")})


def _count(mark: Path) -> int:
    try:
        return int(mark.read_text(encoding="ascii") or 0)
    except (OSError, ValueError):
        return 0
