"""The archive of everything received: content-addressed, written once, read-only."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from kca_etl.model import Document

CHUNK = 1 << 20


def document_of(path: Path) -> Document:
    """Hash a file where it lies, without keeping it."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return Document(digest, path.name, path.stat().st_size, str(path.resolve()))


def store(path: Path, landing: Path) -> tuple[Document, Path]:
    """Copy a file into the archive under its hash; the copy is complete or not there, also after a kill.

    Returns the document and the archived path. Storing the same bytes again changes nothing.
    """
    landing.mkdir(parents=True, exist_ok=True)
    hasher = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=landing, prefix=".incoming-")
    try:
        size = 0
        with os.fdopen(handle, "wb") as out, path.open("rb") as source:
            while chunk := source.read(CHUNK):
                hasher.update(chunk)
                size += out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        document = Document(hasher.hexdigest(), path.name, size, str(path.resolve()))
        target = _place(document.sha256, landing, path.suffix.lower())
        present = find_or_none(document.sha256, landing)
        if present is not None:
            return document, present
        target.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(name, 0o444)  # noqa: PTH101 - a bare name from mkstemp
        os.replace(name, target)  # noqa: PTH105 - a bare name from mkstemp
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


def find_or_none(sha256: str, landing: Path) -> Path | None:
    """Return the archived file of a hash, or None."""
    return next(iter((landing / sha256[:2]).glob(f"{sha256}*")), None)


def verify(landing: Path) -> list[Path]:
    """Hash everything anew; return the files whose content is not what their name says."""
    return [p for p in sorted(landing.glob("??/*")) if document_of(p).sha256 != p.name.split(".")[0]]


def _place(sha256: str, landing: Path, suffix: str) -> Path:
    return landing / sha256[:2] / f"{sha256}{suffix}"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
