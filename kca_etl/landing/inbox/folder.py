"""The inbox: a folder where people drop spreadsheets.

A document is taken once it is complete, by one process, exactly once.

Complete means: the same size and time at two looks, and nothing that says otherwise (a ZIP without
its end, the zeros that Windows writes ahead of a long copy, a lock file of the program that has it
open, a process that still holds it for writing).
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from kca_etl.landing.guard import biff
from kca_etl.landing.guard.whole import ZIP, ole_is_whole, zip_is_whole
from kca_etl.landing.inbox.claimed_files import DONE, QUARANTINE, ClaimedFiles, move_into
from kca_etl.landing.inbox.notice import note
from kca_etl.landing.inbox.open_files import names_open_for_writing
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

SETTLE_S = 2.0  # between the two looks
PATIENCE_S = 600.0  # after this long even what seems incomplete is taken, so that somebody is told
NO_ACCESS = (
    "Die Datei lässt sich nicht öffnen."
    " Bitte die Zugriffsrechte prüfen und die Datei erneut ablegen.\n"
)
_NEVER_TAKEN = re.compile(
    r"[.~].*|.*\.(part|partial|tmp|crdownload|download|filepart|lnk|ini|hinweis\.txt)|thumbs\.db",
    re.IGNORECASE,
)
_LOG = logging.getLogger(__name__)
Destination = Literal["done", "quarantine", "back"]
Stamp = tuple[int, int]  # size and time; network drives change inode numbers as they like


@dataclass(frozen=True, slots=True)
class Handled:
    """What a handler decided: where the document goes, and the note beside a quarantined one."""

    kept: Destination
    note: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A document that is ours alone until it is disposed of.

    `path` keeps the name under which the document was dropped.
    """

    path: Path
    inbox: Path
    stamp: Stamp

    def dispose(self, handled: Handled) -> Path:
        """Move the document where it belongs; return its new path.

        A document that changed meanwhile goes back into the inbox: somebody still had it open.
        Raises FileNotFoundError if the document has vanished.
        """
        if handled.kept == "back" or _stamp(self.path) != self.stamp:
            target = move_into(self.inbox, self.path)
        elif handled.kept == "done":
            target = move_into(self.inbox / DONE, self.path)
        else:
            target = move_into(self.inbox / QUARANTINE, self.path, handled.note)
        with suppress(OSError):
            self.path.parent.rmdir()
        return target


class Inbox:
    """One process's view of an inbox.

    Use it as a context manager: leaving it gives back what was not disposed of.
    """

    def __init__(
        self,
        folder: Path,
        *,
        settle: float = SETTLE_S,
        patience: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self.settle, self.patience, self._clock = folder, settle, patience, clock
        folder.mkdir(parents=True, exist_ok=True)
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._claimed = ClaimedFiles(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._claimed.close()

    def look(self) -> list[str]:
        """Take a look; return the names of complete documents, the oldest first."""
        now = self._clock()
        self._note_changes(now)
        complete = [name for name in self._seen if self._is_complete(name, now)]
        still_open = names_open_for_writing(self.folder) if complete else set()
        ready = [n for n in complete if n not in still_open or self._has_waited(n, now)]
        return sorted(ready, key=lambda name: (self._seen[name][0][1], name))

    def pick(self) -> Iterator[Claimed]:
        """Take a look and claim what is complete, one by one; dispose of each before the next.

        Documents of dead processes come first.
        """
        for path in self._claimed.take_over():
            with suppress(FileNotFoundError):
                yield Claimed(path, self.folder, _stamp(path))
        for name in self.look():
            expected = self._seen.pop(name)[0]
            claimed = self._claim(name)
            if claimed is None:
                continue
            if claimed.stamp == expected:
                yield claimed
            else:  # another document of that name came between look and claim
                with suppress(FileNotFoundError):
                    claimed.dispose(Handled("back"))

    def settled(self) -> bool:
        """Tell whether the last look saw nothing that might still become complete."""
        return not self._seen

    def _claim(self, name: str) -> Claimed | None:
        """Claim a document; None if another process was quicker or the document vanished."""
        path = self._claimed.claim(name)
        if path is None:
            return None
        try:
            return Claimed(path, self.folder, _stamp(path))
        except FileNotFoundError:
            return None

    def _note_changes(self, now: float) -> None:
        """Remember since when each document has its present size and time."""
        seen = {}
        for name, stamp in _present(self.folder).items():
            known = self._seen.get(name)
            seen[name] = known if known is not None and known[0] == stamp else (stamp, now)
        self._seen = seen

    def _has_waited(self, name: str, now: float) -> bool:
        return now - self._seen[name][1] >= self.patience

    def _is_complete(self, name: str, now: float) -> bool:
        if now - self._seen[name][1] < self.settle:
            return False
        return self._has_waited(name, now) or (
            not is_open_elsewhere(self.folder, name) and seems_whole(self.folder / name)
        )


def pick(
    folder: Path,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    settle: float = SETTLE_S,
) -> Iterator[Claimed]:
    """Pick up once: two looks, then what is complete."""
    with Inbox(folder, settle=settle, clock=clock) as inbox:
        inbox.look()
        sleep(settle)
        yield from inbox.pick()


def work(
    documents: Iterator[Claimed],
    handler: Callable[[Path], Handled],
    let_out: tuple[type[Exception], ...] = (),
) -> Iterator[tuple[Path, Handled]]:
    """Hand each document to a handler and dispose of it; yield where it went.

    An error in the handler quarantines the document with a note, and the next document follows.
    The errors in `let_out` are no document's fault (an unreachable warehouse, say): they put the
    document back and are raised.
    """
    for claimed in documents:
        try:
            handled = _handle(claimed, handler, let_out)
            target = claimed.dispose(handled)
        except FileNotFoundError:
            _LOG.warning("%s vanished while it was read", claimed.path.name)
            continue
        yield target, handled if target.parent != claimed.inbox else Handled("back")


def _handle(
    claimed: Claimed,
    handler: Callable[[Path], Handled],
    let_out: tuple[type[Exception], ...],
) -> Handled:
    try:
        return handler(claimed.path)
    except let_out:
        claimed.dispose(Handled("back"))
        raise
    except PermissionError:
        return Handled("quarantine", NO_ACCESS)
    except Exception as error:  # noqa: BLE001 - the log and the note tell of it
        _LOG.exception("%s could not be handled", claimed.path.name)
        return Handled("quarantine", _note_of(error, claimed.path.name))
    except BaseException:  # the program is being stopped
        claimed.dispose(Handled("back"))
        raise


def _note_of(error: Exception, name: str) -> str:
    if isinstance(error, KcaError):
        return note(name, error.findings, datetime.now(UTC))
    what = "the document trips the program; report this"
    finding = Finding(Code.UNREADABLE, what, found=type(error).__name__)
    return note(name, [finding], datetime.now(UTC))


def watch(
    inbox: Inbox, handler: Callable[[Path], Handled], stop: threading.Event, every: float = 1.0
) -> Iterator[tuple[Path, Handled]]:
    """Pick up until told to stop."""
    while not stop.wait(every):
        yield from work(inbox.pick(), handler)


def seems_whole(path: Path) -> bool:
    """Tell whether a document's own bytes say that it is complete, as far as they can."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
            if head.startswith(ZIP):
                return zip_is_whole(file)
            if head == biff.SIGNATURE:
                return ole_is_whole(file)
            size = file.seek(0, 2)
            file.seek(max(0, size - 512))
            return bool(file.read().strip(b"\0"))
    except OSError:
        return False


def _present(folder: Path) -> dict[str, Stamp]:
    """Return the regular files that may be documents; links are not followed."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if not _NEVER_TAKEN.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                try:
                    found[entry.name] = _of(entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    continue
    return found


def is_open_elsewhere(folder: Path, name: str) -> bool:
    """Tell whether a lock file says that an office program has a document open."""
    return any(os.path.exists(folder / lock) for lock in (f"~${name}", f".~lock.{name}#"))  # noqa: PTH110 - Path.exists raises for long names


def _stamp(path: Path) -> Stamp:
    return _of(path.lstat())


def _of(stat: os.stat_result) -> Stamp:
    return stat.st_size, stat.st_mtime_ns
