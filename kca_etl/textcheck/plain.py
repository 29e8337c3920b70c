"""A text in one spelling, with the way back to the text as it was given."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

HARD = "\u00a0"  # stands for every blank that keeps a number together
_GONE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SAME = dict.fromkeys("\u2007\u2008\u2009\u200a\u202f", HARD) | dict.fromkeys(
    "\u2010\u2011\ufe63\uff0d", "-"
)
_SAME |= dict.fromkeys(
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u205f\u3000", " "
) | dict.fromkeys("\r\v\f\u0085\u2028\u2029", "\n")
# Lines are taken as cut by a typewriter if all of them are this short; else every line break ends a
# paragraph.
_WRAPPED = 130
_SHORT_LINE = 45
_FULL = 0.72  # a line that goes on in the next one is nearly as long as the longest
_OWN_LINE = re.compile(r"\s*(?:[-•*·–—▪●#|]\s|\d{1,2}[.)]\s)|\s*$|.*\t")


@dataclass(frozen=True, slots=True)
class Plain:
    """The text in one spelling.

    `origin[i]` is where its character i stands in the text as given.
    """

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a piece stands in the text as given."""
        return self.origin[start], self.origin[end - 1] + 1 if end > start else self.origin[start]


def plain(text: str) -> Plain:
    """Write a text in one form.

    Compose letters and accents, drop invisible characters, give blanks one form, and join lines
    that belong together.
    """
    out: list[str] = []
    origin: list[int] = []
    for at, given in _composed(text):
        char = _SAME.get(given, given)
        if char in _GONE or (char in " \u00a0" and out and out[-1] in " \u00a0"):
            continue
        out.append(char)
        origin.append(at)
    return Plain(_joined("".join(out)), (*origin, len(text)))


def _composed(text: str) -> list[tuple[int, str]]:
    if unicodedata.is_normalized("NFC", text):
        return list(enumerate(text))
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        found += [(at, char) for char in unicodedata.normalize("NFC", text[at:end])]
        at = end
    return found


def _joined(text: str) -> str:
    """Turn the line breaks inside a paragraph into blanks; the length stays."""
    lines = text.split("\n")
    longest = max(map(len, lines))
    out = [lines[0]]
    for before, line in pairwise(lines):
        ends = (
            longest > _WRAPPED
            or len(before) < max(_FULL * longest, _SHORT_LINE)
            or "\t" in before
            or before.rstrip().endswith(":")
        )
        out += ["\n" if ends or _OWN_LINE.match(line) else " ", line]
    return "".join(out)
