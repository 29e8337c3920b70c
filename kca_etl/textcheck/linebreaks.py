"""Line breaks that end nothing: mail cut at 72 columns, the lines of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_PARAGRAPH = 130  # characters; a longer line is a paragraph of its own
_COLUMN = 45  # characters; shorter lines are wrapped only if most of them are full
_NARROW = 28  # characters; no column of prose is narrower
_BLOCK = 3  # lines that tell how wide their column is
_FULL, _NEARLY = 0.9, 0.72  # of the width
_MOST = 0.6  # of a column's lines
_ENDS = '.!?…:“”"»)'
_OWN_LINE = re.compile(r"\s*(?:[-•*·–—▪●#|]\s|\d{1,2}[.)]\s)|\s*$|.*\t")
# `Arbeitslose 7.273 7.346 −73`, `Neuanträge: 553`.
_NUMBER = r"[+\-−–±]?\d[\d.,]*(?: ?%)?"
_ROW = re.compile(
    rf"\D{{0,80}}(?:{_NUMBER}\s+){{1,}}{_NUMBER}\s*|[^.:]{{1,60}}[:=|]\s*{_NUMBER}\s*"
)
# No sentence ends with such a word.
_GOES_ON = re.compile(
    r"(?:,|;|\b(?:der|die|das|dem|den|des|ein|eine[mnrs]?|im|in|am|an|auf|aus|bei|beim|bis|durch|für"
    r"|gegen|gegenüber|mit|nach|ohne|seit|über|um|unter|vom|von|vor|zu|zum|zur|und|oder|sowie|als"
    r"|wie|dass|rund|etwa|knapp|exakt|genau|insgesamt|sind|waren|wurden|lag|liegt|betrug|beträgt"
    r"|noch|bzw\.|ca\.))\Z"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """How wide a line's column is, and whether its lines are cut where the column ends."""

    width: float
    wrapped: bool


def joined(text: str) -> str:
    """Turn the line breaks inside a paragraph into blanks; the length stays."""
    lines = text.split("\n")
    columns = _columns(lines)
    out = [lines[0]]
    for (before, line), column in zip(pairwise(lines), columns, strict=False):
        out += [" " if _continues(before, line, column) else "\n", line]
    return "".join(out)


def _columns(lines: Sequence[str]) -> list[_Column]:
    """Return the column of every line: that of its block, or that of the text."""
    blocks = _blocks([line.strip() for line in lines])
    wide = [
        _width(block) for block in blocks if len(block) >= _BLOCK and _width(block) <= _PARAGRAPH
    ]
    usual = median(wide) if wide else max(map(len, lines), default=0)
    out: list[_Column] = []
    for block in blocks:
        own = _column(block) if len(block) >= _BLOCK else _Column(usual, usual <= _PARAGRAPH)
        out += [own] * max(1, len(block))
    return out


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Cut at empty lines; each of those is a block of its own."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if not line:
            blocks += [[], []] if blocks[-1] else [[]]
        else:
            blocks[-1].append(line)
    return blocks if blocks[-1] else blocks[:-1]


def _width(block: Sequence[str]) -> int:
    """Return the longest line's length; an address alone on its line says nothing."""
    return max((len(line) for line in block if " " in line), default=0)


def _column(block: Sequence[str]) -> _Column:
    width = _width(block)
    full = [len(a) + 1 + len(b.split(" ", 1)[0]) > _FULL * width for a, b in pairwise(block)]
    narrow = width < _COLUMN
    wrapped = width <= _PARAGRAPH and (not narrow or (width >= _NARROW and _mostly(full)))
    return _Column(width, wrapped)


def _mostly(found: Sequence[bool]) -> bool:
    return len(found) >= _BLOCK and sum(found) > _MOST * len(found)


def _continues(before: str, line: str, column: _Column) -> bool:
    """Tell whether a line goes on in the next one."""
    end, start = before.strip(), line.strip()
    if _stands_alone(before, line):
        return False
    if _GOES_ON.search(end) or (start[0].islower() and end[-1] not in _ENDS):
        return True
    reached = len(end) + 1 + len(start.split(" ", 1)[0])
    enough = _FULL if column.width < _COLUMN else _NEARLY
    return column.wrapped and reached > enough * column.width and len(end) >= _least(column)


def _stands_alone(before: str, line: str) -> bool:
    """Tell whether one of two lines is empty, a label, a cell, a row or an item of a list."""
    if not before.strip() or not line.strip() or before.rstrip().endswith(":"):
        return True
    cells = "\t" in before or _OWN_LINE.match(line) is not None
    return cells or any(_ROW.fullmatch(part.strip()) for part in (before, line))


def _least(column: _Column) -> float:
    return min(_COLUMN, _NEARLY * column.width) if column.width < _COLUMN else _COLUMN
