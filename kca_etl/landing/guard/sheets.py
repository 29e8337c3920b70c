"""What stands in the XML of one worksheet.

Its used range under a limit, and notes on cells whose meaning the reader drops.

A sheet as every usual program writes it is checked as an array of bytes. Anything unusual
(formulas, errors, single quotes, prefixes, comments, cells without an address) sends it through an
XML parser: ten times slower, and never fooled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kca_etl.landing.guard.notes import SheetNotes, column
from kca_etl.landing.guard.walk import Styles, Walk, check_range, is_uncached

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)")
_CALCULATED = re.compile(
    _CELL.pattern + rb"([^<>]*)>" + _FORMULA.pattern + rb"(?:<v>([^<]*)</v>|<v\s*/>)?</c>"
)
# The tags of a plain sheet's body, by their first letter; any other tag is unusual.
_TAGS = {b"c": b"c r=", b"r": b"row r=", b"v": b"v>", b"i": b"is>", b"t": b"t", b"/": b"/"}
_USUAL = np.isin(np.arange(256), [tag[0] for tag in _TAGS])
_LT, _GT, _EQ, _QUOTE, _BLANK, _LETTER = b'<>=" A'

Places = NDArray[np.int64]


@dataclass(slots=True)
class Body:
    """A plain sheet's cells.

    The bytes start..end of the part, as an array too, and where cells begin in it.
    """

    data: bytes
    start: int
    end: int
    array: NDArray[np.uint8]
    cells: Places


def scan(name: str, data: bytes, styles: Styles) -> SheetNotes:
    """Check a sheet's used range and note its unusual cells.

    Raises KcaError HOSTILE or TRUNCATED.
    """
    body = _plain(data)
    calculated: list[tuple[bytes, ...]] = []
    if body is None and b"<f" in data:  # perhaps plain but for its formulas
        rest, formulas = _FORMULA.subn(b"", data)
        calculated = _CALCULATED.findall(data)
        body = _plain(rest) if len(calculated) == formulas else None
    size = None if body is None else _size(body)
    if body is None or size is None:
        return Walk(name, styles).run(data)
    check_range(name, *size)
    uncached = {
        _place(*cell)
        for *cell, kind, value in calculated
        if is_uncached(b't="str"' in kind, value.strip(), styles)
    }
    return SheetNotes(uncached=uncached, percent=_percent(body, styles.percent))


def _plain(data: bytes) -> Body | None:
    """Find the cells of a plain sheet; None if anything about it is unusual."""
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    if (
        start < 0 or end < start or data.find(b"#", start, end) >= 0
    ):  # error values and character references have a #
        return None
    start += len(b"<sheetData>")
    array = np.frombuffer(data, np.uint8, end + len(b"</sheetData>") - start, start)
    equals = np.flatnonzero(array == _EQ)
    if not ((array[equals + 1] == _QUOTE) & (array[equals - 1] >= _LETTER)).all():
        return None
    tags = np.flatnonzero(array == _LT) + 1
    first = array[tags]
    if not _USUAL[first].all():
        return None
    at = {letter: tags[first == letter[0]] for letter in _TAGS}
    if not all(
        (array[at[letter] + n] == byte).all()
        for letter, tag in _TAGS.items()
        for n, byte in enumerate(tag)
    ):
        return None
    after_t = array[at[b"t"] + 1]
    if not ((after_t == _GT) | (after_t == _BLANK)).all():
        return None
    return Body(data, start, end, array, at[b"c"])


def _size(body: Body) -> tuple[int, int] | None:
    """Return rows and columns of the used range, or a bound that is near enough.

    None if an address is unusual.
    """
    if _near(body):
        return 9999, 702
    cells = _CELL.findall(body.data, body.start, body.end)
    if len(cells) != len(body.cells):
        return None
    letters = {c for c, _ in cells}
    return max(int(r) for _, r in cells), max(column(c.decode()) + 1 for c in letters)


def _near(body: Body) -> bool:
    """Tell whether every address has at most two letters and four digits: `c r="AB1234"`."""
    array, cells = body.array, body.cells
    two = array[cells + 6] >= _LETTER
    three = two & (array[cells + 7] >= _LETTER)
    closed = two & (array[cells + 11] == _QUOTE)
    for n in range(7, 11):
        closed |= array[cells + n] == _QUOTE
    return bool(closed.all() and not three.any())


def _percent(body: Body, styles: frozenset[int]) -> set[tuple[int, int]]:
    used = [b"%d" % s for s in styles if body.data.find(b's="%d"' % s, body.start, body.end) >= 0]
    patterns = [rb'[^>]*?\ss="(?:' + b"|".join(used) + rb')"'] if used else []
    patterns += [rb"(?![^>]*\ss=)"] if 0 in styles else []  # a cell without a style has the first
    found = [
        re.compile(_CELL.pattern + p).findall(body.data, body.start, body.end) for p in patterns
    ]
    return {_place(*cell) for cells in found for cell in cells}


def _place(letters: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, column(letters.decode())
