"""Guard for .xls: an OLE container whose workbook stream is walked record by record (MS-XLS.

BIFF8 and BIFF5).

A VBA project beside it does not matter: real BA issues carry one, and nothing here could run it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kca_etl.landing.guard import ole
from kca_etl.landing.guard.notes import SheetNotes, is_percent, refuse
from kca_etl.landing.guard.ole import STREAM, Container
from kca_etl.landing.guard.walk import check_range, check_total
from kca_etl.model.codes import Code

SIGNATURE = ole.SIGNATURE
MAX_RECORDS = 5_000_000
MAX_ROWS, MAX_COLUMNS = 65_536, 256  # of the format
BIFF8 = 0x0600
BOUNDSHEET, BOF, EOF, FILEPASS, FORMAT, XF, CODEPAGE, DIMENSIONS = (
    0x0085,
    0x0809,
    0x000A,
    0x002F,
    0x041E,
    0x00E0,
    0x0042,
    0x0200,
)
BOOLERR, FORMULA, NUMBER, RK, MULRK = 0x0205, 0x0006, 0x0203, 0x027E, 0x00BD
LABEL, LABELSST, RSTRING, BLANK, MULBLANK = 0x0204, 0x00FD, 0x00D6, 0x0201, 0x00BE
CELLS = {BOOLERR, FORMULA, NUMBER, RK, MULRK, LABEL, LABELSST, RSTRING, BLANK, MULBLANK}
BUILTIN_PERCENT = {9, 10}
ENCRYPTED_STREAM = "encryptedpackage"
STREAMS = ("workbook", "book", ENCRYPTED_STREAM)
ERROR_RESULT = 2
SST, SMALLEST_TEXT = 0x00FC, 3  # a length and flags


def inspect(path: Path) -> dict[str, SheetNotes]:
    """Check an .xls; return notes by sheet name. Raises KcaError (see guard.inspect)."""
    try:
        container = Container(path.read_bytes())
        streams = [e for e in container.entries if e.name.lower() in STREAMS]
        if any(e.name.lower() == ENCRYPTED_STREAM for e in streams):
            refuse(Code.ENCRYPTED, "the workbook is protected by a password")
        # Files of two generations hold both streams; the reader takes one, by its exact name.
        exact = {e.name: e for e in reversed(streams) if e.kind == STREAM}
        wanted = exact.get("Workbook") or exact.get("Book")
        if wanted is None:
            refuse(Code.NOT_A_WORKBOOK, "the file is an Office document, but no workbook")
        found = {id(e): _Stream(container.read(e)).read() for e in streams}
    except (struct.error, IndexError):
        refuse(Code.TRUNCATED, "a record of the workbook is cut short or points beyond the file")
    return found[id(wanted)]


@dataclass(slots=True)
class _Stream:
    """A workbook stream.

    Its globals first, then each sheet from where the globals say it begins.
    """

    data: bytes
    count: int = 0
    biff8: bool = True
    encoding: str = "cp1252"
    starts: list[tuple[str, int]] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)

    def read(self) -> dict[str, SheetNotes]:
        """Walk the globals, then every sheet."""
        for kind, body in self._records(0):
            self._global(kind, body)
            _check_strings(kind, body, len(self.data))
        shown = {
            i
            for i, f in enumerate(self.styles)
            if f in BUILTIN_PERCENT or is_percent(self.formats.get(f, ""))
        }
        notes = [(name, self._sheet(name, at, shown)) for name, at in self.starts]
        check_total(notes)
        return dict(notes)

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        """Yield the records of a substream, from its BOF to its EOF; others may be nested in it."""
        depth = 0
        while True:
            kind, size = struct.unpack_from("<HH", self.data, at)  # struct.error past the end
            body = self.data[at + 4 : at + 4 + size]
            depth += (kind == BOF) - (kind == EOF)
            yield kind, body
            if depth <= 0:
                return
            at += 4 + size
            self.count += 1
            if self.count > MAX_RECORDS:
                refuse(
                    Code.HOSTILE,
                    "the workbook has too many records",
                    str(self.count),
                    f"at most {MAX_RECORDS}",
                )

    def _global(self, kind: int, body: bytes) -> None:
        if kind == FILEPASS:
            refuse(Code.ENCRYPTED, "the workbook is protected by a password")
        elif kind == BOF:
            self.biff8 = struct.unpack_from("<H", body)[0] == BIFF8
        elif kind == CODEPAGE and not self.biff8:
            page = struct.unpack_from("<H", body)[0]
            self.encoding = (
                f"cp{page}" if page in (437, 850, 1250, 1251, 1252, 1253, 1254) else "cp1252"
            )
        elif kind == BOUNDSHEET:
            self.starts.append((self._text(body, 6, "<B"), struct.unpack_from("<I", body)[0]))
        elif kind == FORMAT:
            self.formats[struct.unpack_from("<H", body)[0]] = self._text(
                body, 2, "<H" if self.biff8 else "<B"
            )
        elif kind == XF:
            self.styles.append(struct.unpack_from("<H", body, 2)[0])

    def _text(self, body: bytes, at: int, length: str) -> str:
        """Read a length, in BIFF8 a flag, and characters."""
        count, at = struct.unpack_from(length, body, at)[0], at + struct.calcsize(length)
        if not self.biff8:
            return body[at : at + count].decode(self.encoding, "replace")
        wide, at = body[at] & 1 if at < len(body) else 0, at + 1
        return (
            body[at : at + 2 * count].decode("utf-16-le", "replace")
            if wide
            else body[at : at + count].decode("latin-1")
        )

    def _sheet(self, name: str, at: int, percent: set[int]) -> SheetNotes:
        notes = SheetNotes()
        rows = columns = 0
        for kind, body in self._records(at):
            if kind == DIMENSIONS:
                _check_dimensions(name, body)
            elif kind in CELLS:
                row, first = struct.unpack_from("<HH", body)
                rows, columns = (
                    max(rows, row + 1),
                    max(columns, first + 1, first + (len(body) - 6) // 6 if kind == MULRK else 0),
                )
                _note(kind, body, notes, percent)
        if columns > MAX_COLUMNS:
            refuse(
                Code.HOSTILE,
                "a cell stands where no cell can be",
                f"{columns} columns",
                f"at most {MAX_COLUMNS}",
                name,
            )
        check_range(name, rows, columns)
        notes.size = rows, columns
        return notes


def _check_strings(kind: int, body: bytes, size: int) -> None:
    """Refuse a table of texts that claims more than its stream could hold."""
    if kind != SST:
        return
    claimed = struct.unpack_from("<I", body, 4)[0]
    most = size // SMALLEST_TEXT
    if claimed > most:
        what = "the workbook's table of texts claims more than it holds"
        refuse(Code.HOSTILE, what, f"{claimed} texts", f"at most {most}")


def _check_dimensions(name: str, body: bytes) -> None:
    """Refuse a declared range that cannot be; the reader sets it aside before it reads a cell."""
    wide = len(body) >= struct.calcsize("<IIHH")
    _, rows, _, columns = struct.unpack_from("<IIHH" if wide else "<HHHH", body)
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        limit = f"at most {MAX_ROWS} × {MAX_COLUMNS}"
        refuse(
            Code.HOSTILE,
            "the sheet's used range cannot be",
            f"{rows} rows × {columns} columns",
            limit,
            name,
        )


def _note(kind: int, body: bytes, notes: SheetNotes, percent: set[int]) -> None:
    row, col, style = struct.unpack_from("<HHH", body)
    if _is_error(kind, body):
        notes.errors.add((row, col))
    if kind == MULRK:
        for i in range((len(body) - 6) // 6):
            if struct.unpack_from("<H", body, 4 + 6 * i)[0] in percent:
                notes.percent.add((row, col + i))
    elif kind in (FORMULA, NUMBER, RK) and style in percent:
        notes.percent.add((row, col))


def _is_error(kind: int, body: bytes) -> bool:
    if kind == FORMULA:
        return body[12:14] == b"\xff\xff" and body[6] == ERROR_RESULT
    return kind == BOOLERR and bool(body[7])
