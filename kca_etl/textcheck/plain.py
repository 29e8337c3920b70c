"""A text in one spelling, with the way back to the text as it was given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from kca_etl.textcheck.linebreaks import joined

HARD = "\u00a0"  # stands for every blank that keeps a number together
_GONE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SAME = dict.fromkeys("\u2007\u2008\u2009\u200a\u202f", HARD) | dict.fromkeys(
    "\u2010\u2011\ufe63\uff0d", "-"
)
_SAME |= dict.fromkeys(
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u205f\u3000", " "
) | dict.fromkeys("\r\v\f\u0085\u2028\u2029", "\n")

# `arbeits-/los` is one word, `Main-/Kinzig` keeps its hyphen, `Leistungs-/und` stays as it is.
_HYPHENATED = re.compile(
    r"(?<=[a-zäöüß])(?P<syllable>-\n ?)(?=[a-zäöüß])(?!(?:und|oder|bzw|sowie)\b)"
    r"|(?<=\w-)(?P<compound>\n ?)(?=[A-ZÄÖÜ0-9])"
)


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

    Compose letters and accents, drop invisible characters and the marks of quoted mail, give
    blanks one form, undo hyphenation and join lines that belong together.
    """
    out: list[str] = []
    origin: list[int] = []
    for at, given in _without_quote_marks(text):
        char = _SAME.get(given, given)
        if char in _GONE or (char in " \u00a0" and out and out[-1] in " \u00a0"):
            continue
        out.append(char)
        origin.append(at)
    kept = _without_hyphenation("".join(out))
    return Plain(joined("".join([out[i] for i in kept])), (*[origin[i] for i in kept], len(text)))


def _without_hyphenation(text: str) -> list[int]:
    """Return the places of a text that stay when words parted at line ends are made whole."""
    gone: set[int] = set()
    for hit in _HYPHENATED.finditer(text):
        gone.update(range(*hit.span(hit.lastgroup or 0)))
    return [i for i in range(len(text)) if i not in gone]


def _without_quote_marks(text: str) -> Iterator[tuple[int, str]]:
    """Leave out blanks and `>` before lines, and the first half of a line end of two characters."""
    opens = True
    composed = _composed(text)
    for number, (at, char) in enumerate(composed):
        if char == "\r" and composed[number + 1 : number + 2] == [(at + 1, "\n")]:
            continue
        if opens and char in "> ":
            continue
        opens = char == "\n"
        yield at, char


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
