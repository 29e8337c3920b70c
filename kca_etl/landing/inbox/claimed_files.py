"""Claim a document in the inbox for one process; take over what dead processes had claimed.

A claim is a rename into a folder of the process's own, `claimed/<pid>-<uuid>/<n>/`: only one
process can win it. The lock file `claimed/.<pid>-<uuid>.lock` stands beside that folder and is
locked as long as the process lives. The operating system releases the lock however the process
ends, so a process number that is used again does no harm. The file system must hold its locks for
all who pick up: a local disk, or NFS 4.
"""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

CLAIMED, DONE, QUARANTINE = "claimed", "done", "quarantine"
LOCK_SUFFIX, NOTE_SUFFIX = ".lock", ".hinweis.txt"
MAX_NAME_BYTES = 240  # with the note's suffix less than the 255 bytes of common file systems
SHORT_NAME_BYTES = 100  # for file systems, and Windows' paths, that take less
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES)


class ClaimedFiles:
    """The documents of an inbox that this process has claimed."""

    def __init__(self, inbox: Path) -> None:
        self._inbox, self._root = inbox, inbox / CLAIMED
        self._folder: Path | None = None
        self._lock: FileLock | None = None
        self._numbers = count(1)

    def claim(self, name: str) -> Path | None:
        """Move a document out of the inbox; return its path.

        None if another process was quicker, or if whoever writes the document does not let go.
        """
        return self._move(self._inbox / name)

    def take_over(self) -> Iterator[Path]:
        """Claim the documents of dead processes, one at a time."""
        folders = sorted(self._root.glob("[!.]*")) if self._root.is_dir() else []
        for folder in folders:
            if folder != self._folder:
                yield from self._take_over(folder)

    def close(self) -> None:
        """Give back what is still claimed and let go of the folder."""
        if self._folder is not None and self._lock is not None:
            _give_back(self._folder, self._inbox)
            _remove_lock(self._folder)
            self._lock.release()
            self._folder = self._lock = None

    def _take_over(self, folder: Path) -> Iterator[Path]:
        with _locked(folder) as is_dead:
            if not is_dead:
                return
            for document in sorted(folder.glob("*/*")):
                undo_half_move(self._inbox, document)
                moved = self._move(document)
                if moved is not None:
                    yield moved
            _remove(folder)
            _remove_lock(folder)

    def _move(self, document: Path) -> Path | None:
        place = self._own_folder() / f"{next(self._numbers)}"
        place.mkdir()
        try:
            document.rename(place / document.name)
        except (FileNotFoundError, PermissionError):
            place.rmdir()
            return None
        return place / document.name

    def _own_folder(self) -> Path:
        """Make the folder when it is first needed: locked before anybody can see it."""
        if self._folder is None:
            folder = self._root / f"{os.getpid()}-{uuid.uuid4().hex}"
            self._root.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(_lock_file(folder), thread_local=False)
            self._lock.acquire()
            folder.mkdir()
            self._folder = folder
        return self._folder


def move_into(folder: Path, document: Path, note: str = "") -> Path:
    """Move a document into a folder, with a note beside it if there is one; return its new path.

    Nothing is ever overwritten: a document whose name is taken gets a number. A name that the file
    system cannot take is cut.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _move_under_free_name(folder, document, note, MAX_NAME_BYTES)
    except OSError as error:
        if error.errno not in (errno.ENAMETOOLONG, errno.EINVAL):
            raise
        return _move_under_free_name(folder, document, note, SHORT_NAME_BYTES)


def _move_under_free_name(folder: Path, document: Path, note: str, max_bytes: int) -> Path:
    names = (folder / _numbered_name(document, number, max_bytes) for number in count(1))
    target = next(path for path in names if _take(path, document))
    note_file = _note_file(target)
    try:
        if note:
            with note_file.open("w", encoding="utf-8-sig") as out:
                out.write(note)
                out.flush()
                os.fsync(out.fileno())
        if target.samefile(document):
            document.unlink()
        else:
            document.replace(target)
    except OSError:
        with suppress(OSError):
            target.unlink()
            note_file.unlink()
        raise
    return target


def _take(target: Path, document: Path) -> bool:
    """Give the document a further name that nobody has; tell whether it was free.

    A process that dies before the first name is gone leaves two names of one file, which whoever
    takes over can tell. Where a file system has no such links, an empty file keeps the name.
    """
    try:
        target.hardlink_to(document)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return _reserve(target)
    return True


def undo_half_move(inbox: Path, document: Path) -> None:
    """Take back what a dead process had done of moving a document out of its claim folder."""
    if document.stat().st_nlink == 1:
        return
    for folder in (inbox, inbox / DONE, inbox / QUARANTINE):
        for path in folder.glob("*"):
            if path.is_file() and path.samefile(document):
                _note_file(path).unlink(missing_ok=True)
                path.unlink()


def _note_file(document: Path) -> Path:
    return document.with_name(document.name + NOTE_SUFFIX)


def _reserve(path: Path) -> bool:
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _numbered_name(document: Path, number: int, max_bytes: int) -> str:
    """Number a document's name where needed and cut it to a length in bytes."""
    suffix = document.suffix if len(os.fsencode(document.suffix)) < max_bytes // 2 else ""
    stem = document.name.removesuffix(suffix)
    end = suffix if number == 1 else f" ({number}){suffix}"
    while len(os.fsencode(stem + end)) > max_bytes:
        stem = stem[:-1]
    return stem + end


def _lock_file(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}{LOCK_SUFFIX}")


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock a claim folder if its process is dead; yield whether it is."""
    lock = FileLock(_lock_file(folder), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except (Timeout, OSError):  # OSError: another user's process, or a folder just removed
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _remove_lock(folder: Path) -> None:
    """Remove the lock file; Windows does so itself once the lock is released."""
    with suppress(OSError):
        _lock_file(folder).unlink()


def _give_back(folder: Path, inbox: Path) -> None:
    """Put a claim folder's documents back into the inbox; whatever cannot be moved stays."""
    for document in sorted(folder.glob("*/*")):
        with suppress(OSError):
            move_into(inbox, document)
    _remove(folder)


def _remove(folder: Path) -> None:
    with suppress(OSError):
        for place in folder.iterdir():
            place.rmdir()
        folder.rmdir()
