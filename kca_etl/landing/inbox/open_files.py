"""Which files of a folder some process has open for writing.

A copy that pauses looks complete, but its writer has not let go of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_WRITING = 0o200  # the permission of a link under fd/ is how the file was opened


def names_open_for_writing(folder: Path) -> set[str]:
    """Return the names of the files in a folder that processes hold open for writing.

    Other machines' processes cannot be seen, nor other users' unless we are root. Without /proc
    (Windows, macOS) no process can.
    """
    place, names = folder.resolve(), set[str]()
    for process in _PROCESSES.glob("[0-9]*/fd"):
        with suppress(OSError):
            names |= {file.name for file in _written_by(process) if file.parent == place}
    return names


def _written_by(process: Path) -> Iterator[Path]:
    with os.scandir(process) as handles:
        for handle in handles:
            with suppress(OSError):
                if handle.stat(follow_symlinks=False).st_mode & _WRITING:
                    yield Path(handle.path).readlink()
