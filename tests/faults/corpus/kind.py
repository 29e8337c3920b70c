"""What a kind of fault is: how it is made, and what must become of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.sources.office import Shape, write

SOURCE = "kca_monatszahlen"
ARBEITSLOSE, QUOTE = "Arbeitslose SGB II", "Arbeitslosenquote SGB II"
SHEET, WORKBOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
RELATIONS, STYLES = "xl/_rels/workbook.xml.rels", "xl/styles.xml"
Change = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of faulty document.

    `make`: its bytes · `place`: puts at a path what is no plain file · `state`: what must become of it;
    empty where it never becomes a document · `code`, `cell`, `says`: of one of its findings ·
    `in_inbox`: the code where the inbox finds another one, since nobody said what it is ·
    `open`: why the product is not there yet.
    """

    group: str
    name: str
    make: Callable[[], bytes] | bytes
    state: str
    code: str = ""
    cell: str = ""
    says: str = ""
    file: str = ""
    source: str = SOURCE
    in_inbox: str = ""
    open: str = ""
    place: Callable[[Path], object] | None = None

    @property
    def file_name(self) -> str:
        """The name under which it comes."""
        plain = "".join(c if c.isalnum() else "-" for c in f"{self.group} {self.name}")
        return self.file or f"{plain}.xlsx"

    def put(self, path: Path) -> None:
        """Put the document at a path."""
        if self.place is not None:
            self.place(path)
        else:
            path.write_bytes(self.make if isinstance(self.make, bytes) else self.make())


def drawn(**changes: Any) -> bytes:
    """Draw the office's sheet of November 2020, with some things drawn differently."""
    with TemporaryDirectory() as folder:
        return write(Path(folder) / "x.xlsx", Shape(**changes)).read_bytes()


@cache
def plain() -> bytes:
    """The office's sheet as it should be."""
    return drawn()


def stated(value: Any, label: str = ARBEITSLOSE, column: str = "Monat") -> Callable[[], bytes]:
    """Make the sheet with another value in one cell: B6, where nothing else is said."""
    return lambda: drawn(cells={(label, column): value})


def repacked(
    changes: Mapping[str, Change | bytes], base: Callable[[], bytes] = plain
) -> Callable[[], bytes]:
    """Make the sheet with some parts of its archive changed or added."""

    def make() -> bytes:
        out, waiting = io.BytesIO(), dict(changes)
        with (
            zipfile.ZipFile(io.BytesIO(base())) as given,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
        ):
            for name in given.namelist():
                made.writestr(name, _changed(given.read(name), waiting.pop(name, None)))
            for name, change in waiting.items():
                made.writestr(name, _changed(b"", change))
        return out.getvalue()

    return make


def _changed(data: bytes, change: Change | bytes | None) -> bytes:
    if change is None:
        return data
    return change if isinstance(change, bytes) else change(data)


def instead(old: bytes, new: bytes) -> Change:
    """Change bytes that must be there."""

    def change(data: bytes) -> bytes:
        assert old in data, old
        return data.replace(old, new, 1)

    return change


def in_sheet(old: bytes, new: bytes) -> Callable[[], bytes]:
    """Make the sheet with other bytes in its XML."""
    return repacked({SHEET: instead(old, new)})
