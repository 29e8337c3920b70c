"""Whether a container is whole, told by its first and last bytes; the guard reads it closely."""

from __future__ import annotations

import struct
from typing import IO

ZIP = b"PK\x03\x04"
_END, _END_SIZE, _MAX_COMMENT = b"PK\x05\x06", 22, 65_535


def zip_is_whole(file: IO[bytes]) -> bool:
    """Tell whether a ZIP ends as it must.

    An end record that closes the file, a directory right before it (APPNOTE 4.3.16).
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _MAX_COMMENT))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        return False
    directory, start, comment = struct.unpack("<IIH", tail[at + 12 : at + 22])
    end = size - len(tail) + at
    if comment != len(tail) - at - _END_SIZE:
        return False
    if start == 0xFFFFFFFF:  # noqa: PLR2004 - APPNOTE 4.4.1.4
        return tail[max(0, at - 20) : at].startswith(
            b"PK\x06\x07"
        )  # ZIP64: its locator stands before
    if start + directory > end:
        return False
    file.seek(start)
    return file.read(4) == b"PK\x01\x02"


def ole_is_whole(file: IO[bytes]) -> bool:
    """Tell whether an OLE container holds all sectors its header names (MS-CFB 2.2).

    Allocation tables and directory.
    """
    size = file.seek(0, 2)
    file.seek(0)
    header = file.read(512)
    if len(header) < 512:  # noqa: PLR2004 - the header's size
        return False
    sector = 1 << min(struct.unpack_from("<H", header, 30)[0], 20)
    tables = struct.unpack_from("<109I", header, 76)
    named = [n for n in (*tables, struct.unpack_from("<I", header, 48)[0]) if n < 0xFFFFFFFA]  # noqa: PLR2004 - MS-CFB 2.1
    return all((n + 1) * sector < size for n in named)
