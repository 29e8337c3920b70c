"""What the machine did to the program, told as a finding: disk, folders, open files.

Such a fault is no document's: it ends the run, and the document in hand waits for the next.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding

FAULTS: Mapping[int, Code] = {
    errno.ENOSPC: Code.DISK_FULL,
    errno.EDQUOT: Code.DISK_FULL,
    errno.EFBIG: Code.DISK_FULL,  # a limit on the size of a file
    errno.EIO: Code.DISK_FAULT,
    errno.EROFS: Code.NOT_WRITABLE,
    errno.EACCES: Code.NOT_WRITABLE,
    errno.EPERM: Code.NOT_WRITABLE,
    errno.ENOTDIR: Code.NOT_WRITABLE,
    errno.EISDIR: Code.NOT_WRITABLE,
    errno.EEXIST: Code.NOT_WRITABLE,
    errno.ENOENT: Code.NOT_WRITABLE,
    errno.EMFILE: Code.TOO_MANY_FILES,
    errno.ENFILE: Code.TOO_MANY_FILES,
}
# Whoever met them: they say nothing about the file that was being read.
MACHINE_ERRORS = {n for n, code in FAULTS.items() if code is not Code.NOT_WRITABLE} | {errno.EROFS}
WORDS: Mapping[Code, str] = {
    Code.DISK_FULL: "there is no room left to write",
    Code.DISK_FAULT: "the disk cannot be read or written",
    Code.NOT_WRITABLE: "the program may not write there, or the place is no folder",
    Code.TOO_MANY_FILES: "the process has too many files open",
}


class StorageError(OSError):
    """What the program keeps cannot be stored: whatever the reason, no document's fault."""


@contextmanager
def storing() -> Iterator[None]:
    """Raise StorageError for whatever keeps the program from writing."""
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise StorageError(error.errno, error.strerror, error.filename) from error


def fault(error: BaseException, place: str) -> Finding | None:
    """Tell a fault of the machine; None for another error. `place`: where, unless it says so."""
    if not isinstance(error, OSError):
        return None
    code = FAULTS.get(error.errno or 0)
    if code is None and isinstance(error, StorageError):
        code = Code.NOT_WRITABLE
    if code is None:
        return None
    where = str(error.filename) if error.filename is not None else place
    return Finding(code, f"{WORDS[code]}: {where}", found=error.strerror or "")
