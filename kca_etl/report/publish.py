"""Files that belong together appear in their folder together, or none does.

They are written beside first. A rename then says that they are complete, and each takes its
place. A process that dies before the rename leaves nothing but a hidden folder; after it, whoever
publishes next puts the rest in place first.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

_STAGING, _READY = ".staging-", ".ready-"
_ABANDONED_S = 24 * 3600  # seconds; nobody writes a page for a day


def write_all(
    folder: Path, files: Mapping[str, bytes], before: Callable[[], object] | None = None
) -> list[Path]:
    """Put named files into a folder, all or none; return their paths.

    `before` runs when all are written and none is in place yet (to put them on record, say); what
    it raises keeps every file out. Raises OSError where the files cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _finish_others(folder)
    staging = folder / f"{_STAGING}{os.getpid()}-{time.monotonic_ns()}"
    try:
        staging.mkdir()
        for name, content in files.items():
            _write(staging / name, content)
        if before is not None:
            before()
        ready = staging.rename(folder / staging.name.replace(_STAGING, _READY, 1))
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _put_in_place(ready, folder)
    return [folder / name for name in files]


def _write(path: Path, content: bytes) -> None:
    """Write a file that is still whole after a power failure, once it has its place."""
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _put_in_place(ready: Path, folder: Path) -> None:
    """Move complete files to their places; a reader never sees half of one."""
    for path in sorted(ready.iterdir()):
        with suppress(FileNotFoundError):  # another process finishes the same
            path.replace(folder / path.name)
    with suppress(OSError):
        ready.rmdir()


def _finish_others(folder: Path) -> None:
    """Finish what a dead process had ready, and remove what it had not."""
    for ready in sorted(folder.glob(f"{_READY}*"), key=lambda path: path.stat().st_mtime_ns):
        with suppress(FileNotFoundError):
            _put_in_place(ready, folder)
    for staging in folder.glob(f"{_STAGING}*"):
        with suppress(FileNotFoundError):
            if time.time() - staging.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(staging, ignore_errors=True)
