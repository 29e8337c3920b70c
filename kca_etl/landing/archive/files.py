"""The archive of everything received: content-addressed, written once, read-only."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import IO

from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.machine import storing

CHUNK = 1 << 20
MAX_SUFFIX_BYTES = 16  # a name may end in hundreds; with the hash no file system takes them
INCOMING = ".incoming-"
ABANDONED = 86_400  # seconds after which a half-written file belongs to nobody


def document_of(path: Path) -> Document:
    """Hash a file where it lies, without keeping it."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return Document(digest, path.name, path.stat().st_size, str(path.resolve()))


def store(path: Path, landing: Path) -> tuple[Document, Path]:
    """Copy a file into the archive under its hash.

    The copy is complete or not there, also after a kill.

    Returns the document and the archived path. Storing the same bytes again changes nothing.
    Raises OSError where the file cannot be read, StorageError where the copy cannot be written.
    """
    with path.open("rb") as source, storing():
        return _stored(path, source, landing)


def _stored(path: Path, source: IO[bytes], landing: Path) -> tuple[Document, Path]:
    landing.mkdir(parents=True, exist_ok=True)
    sweep(landing)
    hasher = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=landing, prefix=INCOMING)
    try:
        size = 0
        with os.fdopen(handle, "wb") as out:
            while chunk := source.read(CHUNK):
                hasher.update(chunk)
                size += out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        document = Document(hasher.hexdigest(), path.name, size, str(path.resolve()))
        target = _place(document.sha256, landing, path.suffix.lower())
        present = find_or_none(document.sha256, landing)
        if present is not None and document_of(present).sha256 == document.sha256:
            return document, present
        target.parent.mkdir(parents=True, exist_ok=True)
        if present is not None:
            present.chmod(0o644)  # Windows replaces and removes no read-only file
        os.chmod(name, _readable(landing))  # noqa: PTH101 - a bare name from mkstemp
        os.replace(name, target)  # noqa: PTH105 - a bare name from mkstemp
        if present is not None and present != target:
            present.unlink()  # damaged in place: the sound bytes took over
        _sync(target.parent)
        return document, target
    finally:
        Path(name).unlink(missing_ok=True)


def find(sha256: str, landing: Path) -> Path:
    """Return the archived file of a hash; raises FileNotFoundError."""
    found = find_or_none(sha256, landing)
    if found is None:
        raise FileNotFoundError(f"{sha256} is not in the archive {landing}")
    return found


def sound(sha256: str, landing: Path) -> Path:
    """Return the archived file of a hash, hashed anew: nothing else is shown or read for it.

    Raises FileNotFoundError, and KcaError ARCHIVE_DAMAGED where the bytes have changed.
    """
    path = find(sha256, landing)
    found = document_of(path).sha256
    if found != sha256:
        what = f"the archived file {path.name} has changed"
        raise KcaError(Finding(Code.ARCHIVE_DAMAGED, what, found=found, expected=sha256))
    return path


def find_or_none(sha256: str, landing: Path) -> Path | None:
    """Return the archived file of a hash, or None."""
    return next(iter((landing / sha256[:2]).glob(f"{sha256}*")), None)


def kept_copy(path: Path, landing: Path) -> tuple[Document, Path] | None:
    """Return a file's identity and its copy in the archive; None where there is no whole copy.

    The file is hashed, the copy is not: `kca archive verify` does that. Only a plain file is
    opened: a pipe would wait for its writer, a link to a device never end.
    """
    if path.is_symlink() or not path.is_file():
        return None
    with suppress(OSError):  # said by whoever receives the file
        found = document_of(path)
        copy = find_or_none(found.sha256, landing)
        if copy is not None and copy.stat().st_size == found.size:
            return found, copy
    return None


def verify(landing: Path) -> list[Path]:
    """Hash everything anew; return the files whose content is not what their name says."""
    files = sorted(p for p in landing.glob("??/*") if not p.name.startswith("."))
    return [p for p in files if document_of(p).sha256 != p.name.split(".")[0]]


def _readable(landing: Path) -> int:
    """Return the mode of an archived file: whoever may list the archive may read it."""
    return stat.S_IRUSR | (landing.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _place(sha256: str, landing: Path, suffix: str) -> Path:
    kept = suffix if len(suffix.encode(errors="replace")) <= MAX_SUFFIX_BYTES else ""
    return landing / sha256[:2] / f"{sha256}{kept}"


def sweep(landing: Path) -> None:
    """Remove what killed runs left half written; a young file may be another run's."""
    for path in chain(landing.glob(f"{INCOMING}*"), landing.glob(f"decisions/{INCOMING}*")):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > ABANDONED:
                path.unlink()


def _sync(folder: Path) -> None:
    """Write a folder's entries to the disk, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders; its journal keeps a rename
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
