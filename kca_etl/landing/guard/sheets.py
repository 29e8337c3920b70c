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
from kca_etl.landing.guard.walk import Styles, Walk, check_range, is_uncached, refuse_doubt

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)")
_CALCULATED = re.compile(
    _CELL.pattern + rb"([^<>]*)>" + _FORMULA.pattern + rb"(?:<v>([^<]*)</v>|<v\s*/>)?</c>"
)
# The tags of a plain sheet's body, by their first letter; any other tag is unusual.
_TAGS = {b"c": b"c r=", b"r": b"row r=", b"v": b"v>", b"i": b"is>", b"t": b"t", b"/": b"/"}
_USUAL = np.isin(np.arange(256), [tag[0] for tag in _TAGS])
_LT, _GT, _EQ, _QUOTE, _BLANK, _LETTER = b'<>=" A'
_BEFORE_A, _LETTERS, _ZERO, _NINE = np.uint8(ord("@")), 26, np.uint8(ord("0")), 9
_TWO_LETTERS = _LETTERS * _LETTERS + _LETTERS  # columns with at most two letters
MAX_DIGITS, COLUMN_BITS = 7, 15
_REFERENCE = re.compile(rb"<v>[^<&]*&")

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
    places = None if body is None else _places(body)
    if body is None or places is None:
        return Walk(name, styles).run(data)
    size = (int(places[0].max()), int(places[1].max())) if len(body.cells) else (0, 0)
    check_range(name, *size)
    _check_once(name, *places)
    uncached = {
        _place(*cell)
        for *cell, kind, value in calculated
        if is_uncached(b't="str"' in kind, value.strip(), styles)
    }
    return SheetNotes(uncached=uncached, percent=_percent(body, styles.percent), size=size)


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
    body = Body(data, start, end, array, at[b"c"])
    return None if _is_doubtful(body, first) else body


def _is_doubtful(body: Body, first: NDArray[np.uint8]) -> bool:
    """Tell whether a cell has two values or one with a reference, by the tags' first letters."""
    value, cell = b"vc"
    order = first[(first == cell) | (first == value)]
    if ((order[1:] == value) & (order[:-1] == value)).any():
        return True
    has_reference = body.data.find(b"&", body.start, body.end) >= 0
    return has_reference and _REFERENCE.search(body.data, body.start, body.end) is not None


def _places(body: Body) -> tuple[Places, Places] | None:
    """Return row and column of every cell, from 1; None if an address is unusual."""
    array, at = body.array, body.cells + len('c r="')
    letters = array[at] - _BEFORE_A
    column = letters.astype(np.int64)
    usual = letters <= _LETTERS
    more = np.ones(len(at), bool)
    for n in (1, 2):
        more = more & (array[at + n] >= _LETTER)
        if not more.any():
            break
        letters = array[at + n] - _BEFORE_A
        usual &= ~more | (letters <= _LETTERS)
        column = np.where(more, column * _LETTERS + letters, column)
    row, at = np.zeros(len(at), np.int64), at + 1 + (column > _LETTERS) + (column > _TWO_LETTERS)
    is_open = np.ones(len(at), bool)
    for n in range(MAX_DIGITS + 1):
        digit = array[at + n]
        is_open = is_open & (digit != _QUOTE)
        if not is_open.any():
            return (row, column) if usual.all() and row.all() else None
        usual &= ~is_open | (digit - _ZERO <= _NINE)
        row = np.where(is_open, row * 10 + (digit - _ZERO), row)
    return None


def _check_once(name: str, rows: Places, columns: Places) -> None:
    """Refuse a sheet on which a cell stands twice: which one counts is each program's own."""
    key = rows << COLUMN_BITS | columns
    if (key[1:] > key[:-1]).all():
        return
    found, counts = np.unique(key, return_counts=True)
    if (counts > 1).any():
        twice = int(found[counts > 1][0])
        place = (twice >> COLUMN_BITS) - 1, (twice & ((1 << COLUMN_BITS) - 1)) - 1
        refuse_doubt("a cell stands twice", name, place)


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
