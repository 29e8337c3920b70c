"""The inbox: a folder where people drop spreadsheets.

A document is taken once it is complete, by one process, exactly once.

Complete means: the same size and time at two looks, and nothing that says otherwise (a ZIP without
its end, the zeros that Windows writes ahead of a long copy, a lock file of the program that has it
open, a process that still holds it for writing).
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from kca_etl.landing.fetch.content import ZIP, ole_is_whole, zip_is_whole
from kca_etl.landing.guard import biff
from kca_etl.landing.inbox.claimed_files import Claims, put
from kca_etl.landing.inbox.open_files import held_for_writing

SETTLE = 2.0  # seconds between the two looks
PATIENCE = (
    600.0  # what still seems incomplete after this long is taken anyway, so that somebody is told
)
_NOT_YET = re.compile(
    r"[.~].*|.*\.(part|partial|tmp|crdownload|download|filepart|lnk|ini|hinweis\.txt)|thumbs\.db",
    re.IGNORECASE,
)
Kept = Literal["done", "quarantine", "back"]
Stamp = tuple[int, int]  # size and time; network drives change inode numbers as they like


@dataclass(frozen=True, slots=True)
class Handled:
    """What a handler decided: where the document goes, and the note beside it when put aside."""

    kept: Kept
    note: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A document that is ours alone until it is disposed of.

    `path` keeps the name it was dropped under.
    """

    path: Path
    inbox: Path
    stamp: Stamp

    def dispose(self, handled: Handled) -> Path:
        """Move the document where it belongs; back into the inbox if it changed meanwhile.

        Somebody still had it open.
        """
        if handled.kept == "back" or _stamp(self.path) != self.stamp:
            target = put(self.path, self.inbox)
        elif handled.kept == "done":
            target = put(self.path, self.inbox / "done")
        else:
            target = put(self.path, self.inbox / "quarantine", handled.note)
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
        settle: float = SETTLE,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self.settle, self.patience, self._clock = folder, settle, patience, clock
        folder.mkdir(parents=True, exist_ok=True)
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._claims = Claims(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._claims.close()

    def look(self) -> list[str]:
        """Take a look; return the names of complete documents, the oldest first."""
        now, present = self._clock(), _present(self.folder)
        kept = {name: self._seen[name] for name in present if name in self._seen}
        self._seen = {
            name: kept[name] if name in kept and kept[name][0] == stamp else (stamp, now)
            for name, stamp in present.items()
        }
        ripe = [n for n, (_, since) in self._seen.items() if self._complete(n, now - since)]
        held = held_for_writing(self.folder) if ripe else set()
        ripe = [n for n in ripe if n not in held or now - self._seen[n][1] >= self.patience]
        return sorted(ripe, key=lambda n: (self._seen[n][0][1], n))

    def pick(self) -> Iterator[Claimed]:
        """Take a look and claim what is complete, one by one; dispose of each before the next."""
        self._claims.take_back()
        for name in self.look():
            expected = self._seen.pop(name)[0]
            path = self._claims.claim(name)
            if path is None:
                continue
            claimed = Claimed(path, self.folder, _stamp(path))
            if claimed.stamp == expected:
                yield claimed
            else:  # another document of that name came between look and claim
                claimed.dispose(Handled("back"))

    def settled(self) -> bool:
        """Tell whether the last look saw nothing that might still become complete."""
        return not self._seen

    def _complete(self, name: str, unchanged: float) -> bool:
        if unchanged < self.settle:
            return False
        return unchanged >= self.patience or (
            not _open_elsewhere(self.folder, name) and seems_whole(self.folder / name)
        )


def pick(
    folder: Path,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    settle: float = SETTLE,
) -> Iterator[Claimed]:
    """Pick up once: two looks, then what is complete."""
    with Inbox(folder, settle=settle, clock=clock) as inbox:
        inbox.look()
        sleep(settle)
        yield from inbox.pick()


def work(
    claims: Iterator[Claimed], handler: Callable[[Path], Handled]
) -> Iterator[tuple[Path, Handled]]:
    """Hand each document to a handler and dispose of it; yield where it went.

    An error puts the document back and passes on.
    """
    for claimed in claims:
        try:
            handled = handler(claimed.path)
        except PermissionError:
            handled = Handled(
                "quarantine",
                "Die Datei lässt sich nicht öffnen. Bitte die Zugriffsrechte prüfen und die Datei erneut ablegen.\n",
            )
        except BaseException:
            claimed.dispose(Handled("back"))
            raise
        target = claimed.dispose(handled)
        yield target, handled if target.parent != claimed.inbox else Handled("back")


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
            if not _NOT_YET.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                try:
                    found[entry.name] = _of(entry.stat(follow_symlinks=False))
                except FileNotFoundError:
                    continue
    return found


def _open_elsewhere(folder: Path, name: str) -> bool:
    return any(os.path.exists(folder / lock) for lock in (f"~${name}", f".~lock.{name}#"))  # noqa: PTH110 - Path.exists raises for long names


def _stamp(path: Path) -> Stamp:
    return _of(path.lstat())


def _of(stat: os.stat_result) -> Stamp:
    return stat.st_size, stat.st_mtime_ns
