"""One worksheet's XML read element by element.

For the sheets that are not plain, and for what all sheets have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from kca_etl.landing.guard.notes import SheetNotes, column, refuse
from kca_etl.model.address import a1
from kca_etl.model.codes import Code

MAX_CELLS = 5_000_000  # rows × columns of all used ranges; the reader allocates all of them
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of the format
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Styles:
    """percent: cell styles that show percent · stale.

    Stored results do not count, the file asks to be calculated anew.
    """

    percent: frozenset[int] = frozenset()
    stale: bool = False


def check_range(name: str, rows: int, columns: int) -> None:
    """Refuse a used range that the reader could not hold."""
    if rows * columns > MAX_CELLS or rows > MAX_ROWS or columns > MAX_COLUMNS:
        refuse(
            Code.HOSTILE,
            "the sheet's used range is far too large",
            f"{rows} rows × {columns} columns",
            f"at most {MAX_CELLS} cells",
            name,
        )


def check_total(notes: Iterable[tuple[str, SheetNotes]]) -> None:
    """Refuse used ranges that the reader could not hold together."""
    cells = {name: n.size[0] * n.size[1] for name, n in notes}
    if sum(cells.values()) > MAX_CELLS:
        refuse(
            Code.HOSTILE,
            "the sheets' used ranges are far too large together",
            f"{sum(cells.values())} cells on {len(cells)} sheets",
            f"at most {MAX_CELLS} cells",
            max(cells, key=lambda name: cells[name]),
        )


def refuse_doubt(what: str, sheet: str, place: tuple[int, int] | None) -> NoReturn:
    """Refuse a sheet that another program might read otherwise than the reader does."""
    cell = "" if place is None else a1(*place)
    refuse(Code.TWO_MEANINGS, what, "what no spreadsheet program writes", sheet=sheet, cell=cell)


def is_uncached(text: bool, value: bytes | str, styles: Styles) -> bool:  # noqa: FBT001 - told from its cell's type
    """Tell whether a formula has no stored result.

    An empty text is one, the 0 that a file asks to be calculated anew is none.
    """
    return not text and (not value or (styles.stale and value in (b"0", "0")))


@dataclass(slots=True)
class _Cell:
    """The cell being read."""

    place: tuple[int, int]
    kind: str
    style: int
    formula: bool = False
    values: int = 0
    value: str = ""


@dataclass(slots=True)
class Walk:
    """Reads a sheet element by element, counting what has no address as the reader does."""

    name: str
    styles: Styles
    notes: SheetNotes = field(default_factory=SheetNotes)
    inside: bool = False  # sheetData
    row: int = 0
    col: int = 0
    most: tuple[int, int] = (0, 0)
    cell: _Cell | None = None
    in_value: bool = False
    value_at: int = 0  # where the value begins among the bytes
    seen: set[tuple[int, int]] = field(default_factory=set)
    data: bytes = b""
    parser: Any = None

    def run(self, data: bytes) -> SheetNotes:
        """Walk the whole part."""
        self.data, self.parser = data, (parser := expat.ParserCreate())
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
            self._start,
            self._end,
            self._text,
        )
        parser.CommentHandler = lambda _: self._strange("a comment")
        parser.ProcessingInstructionHandler = lambda *_: self._strange("an instruction")
        parser.StartCdataSectionHandler = lambda: self._strange("a CDATA section")
        try:
            parser.Parse(data, True)  # noqa: FBT003 - expat's own signature
        except expat.ExpatError as error:
            refuse(Code.TRUNCATED, "a sheet's XML is damaged", str(error), sheet=self.name)
        check_range(self.name, *self.most)
        self.notes.size = self.most
        return self.notes

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "sheetData":
            self.inside = True
        elif self.inside and local == "row":
            self.row = self._number(attributes["r"]) if "r" in attributes else self.row
        elif self.inside and local == "c":
            self._begin(attributes)
        elif self.cell is not None:
            if self.in_value:
                self._doubt("a cell's value holds an element")
            self.cell.formula |= local == "f"
            if local == "v":
                self._begin_value(self.cell)

    def _begin_value(self, cell: _Cell) -> None:
        cell.values += 1
        if cell.values > 1:
            self._doubt("a cell has two values")
        self.in_value, self.value_at = True, self.parser.CurrentByteIndex

    def _strange(self, what: str) -> None:
        if self.inside:
            self._doubt(f"{what} stands among the cells")

    def _doubt(self, what: str) -> None:
        refuse_doubt(what, self.name, None if self.cell is None else self.cell.place)

    def _begin(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            found = _ADDRESS.fullmatch(attributes["r"])
            if found is None:
                refuse(
                    Code.HOSTILE,
                    "a cell's address cannot be read",
                    attributes["r"][:40],
                    sheet=self.name,
                )
            place = self._number(found[2]), column(found[1].upper())
        else:
            place = self.row, self.col
        self.col = place[1] + 1
        self.most = max(self.most[0], place[0] + 1), max(self.most[1], place[1] + 1)
        if place in self.seen:
            refuse_doubt("a cell stands twice", self.name, place)
        self.seen.add(place)
        style = attributes.get("s", "0")
        self.cell = _Cell(place, attributes.get("t", ""), int(style) if style.isdecimal() else 0)

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= MAX_ROWS):
            refuse(
                Code.HOSTILE, "a row's number cannot be", text[:40], f"1 to {MAX_ROWS}", self.name
            )
        return int(text) - 1

    def _text(self, text: str) -> None:
        if self.in_value and self.cell is not None:
            self.cell.value += text

    def _end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if self.in_value and self.cell is not None and self.cell.kind not in ("str", "e"):
            raw = self.data[self.value_at : self.parser.CurrentByteIndex]
            if b"&" in raw:
                self._doubt("a cell's value is written with character references")
        self.in_value = False
        if local == "sheetData":
            self.inside = False
        elif self.inside and local == "row":
            self.row, self.col = self.row + 1, 0
        elif local == "c" and self.cell is not None:
            self._note(self.cell)
            self.cell = None

    def _note(self, cell: _Cell) -> None:
        if cell.kind == "e":
            self.notes.errors.add(cell.place)
        if cell.formula and is_uncached(cell.kind == "str", cell.value.strip(), self.styles):
            self.notes.uncached.add(cell.place)
        if cell.style in self.styles.percent:
            self.notes.percent.add(cell.place)
