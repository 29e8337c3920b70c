"""Which files somebody still has open for writing.

A copy that pauses looks complete, but its writer has not let go of it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_WRITING = 0o200  # the permission of a link under fd/ is how the file was opened


def held_for_writing(folder: Path) -> set[str]:
    """Return the names of files of a folder that processes hold open for writing, as far as we may look.

    What other machines hold cannot be seen, nor other users' processes unless we are root; without /proc nothing can.
    """
    place, found = folder.resolve(), set[str]()
    for process in _PROCESSES.glob("[0-9]*/fd"):
        with suppress(OSError), os.scandir(process) as handles:
            for handle in handles:
                with suppress(OSError):
                    file = Path(handle.path).readlink()
                    if (
                        file.parent == place
                        and handle.stat(follow_symlinks=False).st_mode & _WRITING
                    ):
                        found.add(file.name)
    return found
