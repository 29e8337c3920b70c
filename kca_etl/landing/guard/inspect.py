"""What a received file is, decided before any spreadsheet reader touches it.

Foreign files are data (DESIGN, promise 8).
"""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kca_etl.landing.guard import biff, ole, ooxml
from kca_etl.landing.guard.notes import MAX_BYTES, SheetNotes, refuse, refuse_size
from kca_etl.landing.guard.walk import MAX_CELLS
from kca_etl.model.codes import Code

PICTURES_AND_SUCH = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rt": "a text document",
    b"\x1f\x8b": "a gzip archive",
}


@dataclass(frozen=True, slots=True)
class Guarded:
    """A file that may be read.

    Its kind (`xlsx`, `xls`, `csv`), and notes by sheet name on what the reader cannot tell.
    """

    kind: str
    notes: dict[str, SheetNotes] = field(default_factory=dict)


def inspect(path: Path) -> Guarded:
    """Check a file.

    Raises KcaError NOT_A_WORKBOOK, ENCRYPTED, MACROS, HOSTILE or TRUNCATED (verdict REJECT).
    """
    size = path.stat().st_size
    if size == 0:
        refuse(Code.TRUNCATED, "the file is empty")
    if size > MAX_BYTES:
        refuse_size(size)
    with path.open("rb") as file:
        head = file.read(16)
    if head[:4] == b"PK\x03\x04":
        return Guarded("xlsx", ooxml.inspect(path))
    if head[:8] == ole.SIGNATURE:
        return Guarded("xls", biff.inspect(path))
    for magic, what in PICTURES_AND_SUCH.items():
        if head.startswith(magic):
            refuse(Code.NOT_A_WORKBOOK, f"the file is {what}, whatever its name says")
    _check_text(path.read_bytes())
    return Guarded("csv")


def _check_text(data: bytes) -> None:
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        refuse(
            Code.NOT_A_WORKBOOK,
            "the file is a web page or XML, whatever its name says",
            repr(start[:40].decode("latin-1")),
        )
    if b"\x00" in data or data.count(b"\x1a"):
        refuse(Code.NOT_A_WORKBOOK, "the file is neither a workbook nor text")
    if not any(mark in start for mark in (b";", b",", b"\t")) or b"\n" not in data:
        refuse(
            Code.NOT_A_WORKBOOK,
            "the text holds no table",
            expected="lines with cells separated by ; , or tab",
        )
    _check_width(_decoded(data))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError as error:
            refuse(
                Code.NOT_A_WORKBOOK,
                f"the text is neither UTF-8 nor Windows-1252 (byte {error.start})",
            )


def _check_width(text: str) -> None:
    """Refuse lines that the reader could not fill up to the widest, whatever the delimiter."""
    for delimiter in ";\t,":
        rows = widest = 0
        with suppress(csv.Error):  # with another delimiter it may read well
            for rows, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):  # noqa: B007 - counts
                widest = max(widest, len(row))
        if rows * widest > MAX_CELLS:
            refuse(
                Code.HOSTILE,
                "the table is far too large",
                f"{rows} lines of up to {widest} cells",
                f"at most {MAX_CELLS} cells",
            )
