"""Taking a document out of the inbox for oneself alone, and giving back what dead processes had taken.

A claim is a rename into a folder of one's own, `claimed/<pid>-<uuid>/<n>/`: only one process can win it. The folder holds a lock
file (flock) for as long as its process lives; the kernel lets go of it however the process ends, so a number used again means
nothing. It takes a file system whose locks hold for all who pick up: a local disk, or NFS 4.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from contextlib import suppress
from itertools import count
from pathlib import Path

LOCK, NOTE = ".lock", ".hinweis.txt"
MOST = 240


class Claims:
    """One process's claims on a folder."""

    def __init__(self, inbox: Path) -> None:
        self._inbox, self._root = inbox, inbox / "claimed"
        self._own: Path | None = None
        self._lock = -1
        self._numbers = count(1)

    def claim(self, name: str) -> Path | None:
        """Move a document out of the inbox.

        None if another was quicker, or if whoever writes it does not let go.
        """
        place = self._folder() / str(next(self._numbers))
        place.mkdir()
        try:
            (self._inbox / name).rename(place / name)
        except (FileNotFoundError, PermissionError):
            place.rmdir()
            return None
        return place / name

    def take_back(self) -> list[Path]:
        """Put what dead processes had claimed back into the inbox."""
        back = []
        for folder in sorted(self._root.glob("[!.]*")) if self._root.is_dir() else []:
            if folder != self._own and (lock := _locked(folder)) >= 0:
                try:
                    back += _emptied(folder, self._inbox)
                finally:
                    os.close(lock)
        return back

    def close(self) -> None:
        """Give back what is still claimed and let go of the folder."""
        if self._own is not None:
            _emptied(self._own, self._inbox)
            os.close(self._lock)
            self._own = None

    def _folder(self) -> Path:
        """Make the own folder when it is first needed: locked before anybody can see it."""
        if self._own is None:
            name = f"{os.getpid()}-{uuid.uuid4().hex}"
            hidden = self._root / f".{name}"
            hidden.mkdir(parents=True)
            self._lock = os.open(hidden / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            self._own = hidden.rename(self._root / name)
        return self._own


def put(source: Path, folder: Path, note: str = "") -> Path:
    """Move a document into a folder, a note beside it if there is one.

    Under another name if its own is taken.

    Nothing is ever overwritten: an empty file keeps the name until the document takes its
    place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = next(path for n in count(1) if _reserved(path := folder / _name(source, n)))
    if note:
        target.with_name(target.name + NOTE).write_text(note, encoding="utf-8-sig")
    source.replace(target)
    return target


def _reserved(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True


def _name(source: Path, number: int) -> str:
    """Number a name where needed, and leave room for the note's ending.

    255 bytes is the most a name may have.
    """
    suffix = source.suffix if len(os.fsencode(source.suffix)) < MOST // 2 else ""
    stem = source.name.removesuffix(suffix)
    end = suffix if number == 1 else f" ({number}){suffix}"
    while len(os.fsencode(stem + end)) > MOST:
        stem = stem[:-1]
    return stem + end


def _locked(folder: Path) -> int:
    """Return an open lock on a claim folder, or -1 if its process lives or the folder has gone."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        return -1
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return -1
    return lock


def _emptied(folder: Path, inbox: Path) -> list[Path]:
    """Put a claim folder's documents back and remove it; whatever cannot be put back stays."""
    back = [put(path, inbox) for path in sorted(folder.glob("*/*"))]
    with suppress(OSError):
        for place in folder.glob("[!.]*"):
            place.rmdir()
        (folder / LOCK).unlink()
        folder.rmdir()
    return back
