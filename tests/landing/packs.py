"""Workbooks taken apart and put together again with one thing changed.

How hostile files are made.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from openpyxl import Workbook

SHEET, WORKBOOK, RELATIONS = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Change = Callable[[bytes], bytes] | bytes


def plain() -> bytes:
    """A harmless workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Merkmal", "Monat"], ["Arbeitslose", 7273], ["Quote", 3.2]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(
    changes: dict[str, Change], *, members: Iterable[tuple[str | zipfile.ZipInfo, bytes]] = ()
) -> bytes:
    """Return the harmless workbook with some parts changed or added.

    `members` may repeat a name.
    """
    out = io.BytesIO()
    waiting = dict(changes)
    with (
        zipfile.ZipFile(io.BytesIO(plain())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            change = waiting.pop(name, source.read(name))
            target.writestr(
                name, change if isinstance(change, bytes) else change(source.read(name))
            )
        for name, change in waiting.items():
            target.writestr(name, change if isinstance(change, bytes) else change(b""))
        for member, data in members:
            target.writestr(member, data)
    return out.getvalue()


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change: other bytes in the place of some that must be there."""

    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new)

    return change


def sheet(cells: str) -> bytes:
    """A worksheet part around the content of its sheetData."""
    return (
        '<?xml version="1.0"?><worksheet'
        f' xmlns="{NAMESPACE}"><sheetData>{cells}</sheetData></worksheet>'
    ).encode()


def with_sheet(part: bytes | str) -> bytes:
    """A workbook whose only sheet is this."""
    return changed({SHEET: part if isinstance(part, bytes) else sheet(part)})


def write(folder: Path, data: bytes, name: str = "probe.xlsx") -> Path:
    """Write a file to be guarded."""
    path = folder / name
    path.write_bytes(data)
    return path
