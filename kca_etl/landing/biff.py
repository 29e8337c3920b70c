"""Guard for .xls: an OLE container whose workbook stream is walked record by record (MS-XLS, BIFF8).

A VBA project beside it does not matter: real BA issues carry one, and nothing here could run it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from kca_etl.landing.notes import SheetNotes, is_percent, refuse

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_RECORDS = 5_000_000
BOUNDSHEET, BOF, FILEPASS, FORMAT, XF = 0x0085, 0x0809, 0x002F, 0x041E, 0x00E0
BOOLERR, FORMULA, NUMBER, RK, MULRK = 0x0205, 0x0006, 0x0203, 0x027E, 0x00BD
BUILTIN_PERCENT = {9, 10}


def inspect(path: Path) -> dict[str, SheetNotes]:
    """Check an .xls; return notes by sheet name. Raises KcaError (see guard.inspect)."""
    import olefile  # noqa: PLC0415 - needed for .xls only

    try:
        with olefile.OleFileIO(str(path)) as container:
            names = {"/".join(entry).lower() for entry in container.listdir(streams=True, storages=True)}
            if "encryptedpackage" in names:
                refuse("ENCRYPTED", "the workbook is protected by a password")
            stream = next((n for n in ("Workbook", "Book") if container.exists(n)), None)
            if stream is None:
                refuse("NOT_A_WORKBOOK", "the file is an Office document, but no workbook")
            data = container.openstream(stream).read()
    except OSError as error:
        refuse("TRUNCATED", f"the workbook's container is damaged: {error}")
    return _walk(data)


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at, count = 0, 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield at, kind, data[at + 4 : at + 4 + size]
        at += 4 + size
        count += 1
        if count > MAX_RECORDS:
            refuse("HOSTILE", "the workbook has too many records", str(count), f"at most {MAX_RECORDS}")


def _walk(data: bytes) -> dict[str, SheetNotes]:
    starts: dict[int, str] = {}
    formats: dict[int, str] = {}
    xfs: list[int] = []
    notes: dict[str, SheetNotes] = {}
    current: SheetNotes | None = None
    percent: set[int] | None = None
    for at, kind, body in _records(data):
        if kind == FILEPASS:
            refuse("ENCRYPTED", "the workbook is protected by a password")
        elif kind == BOUNDSHEET and len(body) > 8:  # noqa: PLR2004 - MS-XLS 2.4.28
            starts[struct.unpack_from("<I", body)[0]] = _name(body[6:])
        elif kind == FORMAT and len(body) > 5:  # noqa: PLR2004 - MS-XLS 2.4.126
            formats[struct.unpack_from("<H", body)[0]] = _wide(body[2:])
        elif kind == XF and len(body) >= 4:  # noqa: PLR2004 - MS-XLS 2.4.353
            xfs.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == BOF and at in starts:
            current = notes.setdefault(starts[at], SheetNotes())
            percent = {i for i, f in enumerate(xfs) if f in BUILTIN_PERCENT or is_percent(formats.get(f, ""))}
        elif current is not None and percent is not None:
            _cell(kind, body, current, percent)
    return notes


def _cell(kind: int, body: bytes, notes: SheetNotes, percent: set[int]) -> None:
    if kind not in (BOOLERR, FORMULA, NUMBER, RK, MULRK) or len(body) < 8:  # noqa: PLR2004 - the shortest cell record
        return
    row, col, xf = struct.unpack_from("<HHH", body)
    if (kind == BOOLERR and body[7]) or (kind == FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2):  # noqa: PLR2004 - MS-XLS 2.5.133
        notes.errors.add((row, col))
    if kind == MULRK:
        for i in range((len(body) - 6) // 6):
            if struct.unpack_from("<H", body, 4 + 6 * i)[0] in percent:
                notes.percent.add((row, col + i))
    elif xf in percent:
        notes.percent.add((row, col))


def _name(body: bytes) -> str:
    """A short string: length, flag, characters."""
    length, wide = body[0], body[1] & 1
    return body[2 : 2 + length * 2].decode("utf-16-le", "replace") if wide else body[2 : 2 + length].decode("latin-1")


def _wide(body: bytes) -> str:
    length, wide = struct.unpack_from("<H", body)[0], body[2] & 1
    return body[3 : 3 + length * 2].decode("utf-16-le", "replace") if wide else body[3 : 3 + length].decode("latin-1")
