"""Paragraphs, sentences and clauses of a text.

`§ 16 Abs. 2`, `30. November` and `1.260` end no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.vocabulary import vocabulary

_END = re.compile(r"[.!?…][\"“”’«»)\]]*(?=\s+[\"„“»«(]?[A-ZÄÖÜ0-9+−])|\n")
_BREAK = re.compile(
    (
        r"[,;:](?=\s)|[()\[\]|\t]|\s[–—-]\s|(?<!\w)(?:und|sowie|während|wohingegen|wobei"
        r"|doch|aber|jedoch|nach|von wo)(?!\w)"
    ),
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\s*(?:die|der|das|was|wie|so|weil|da|womit|wodurch|teilte?|sagte?|erläuterte?|obwohl|dank)\b",
    re.IGNORECASE,
)
_LONGEST = 1_000  # characters of a sentence
_LONG = 60  # characters; no number with its unit is longer
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its paragraph's number, and its clauses: pieces with one statement each."""

    start: int
    end: int
    paragraph: int
    clauses: tuple[Span, ...]

    def clause(self, at: int) -> Span:
        """Return the clause that holds a place."""
        return next((c for c in self.clauses if c[0] <= at < c[1]), (self.start, self.end))


def sentences(text: str, figures: Sequence[Amount], ordinals: Sequence[Amount]) -> list[Sentence]:
    """Cut the text.

    Only `figures` make a clause of its own; a point after one of `ordinals` is no end.
    """
    out, start, paragraph = [], 0, 0
    dotted = {a.end for a in ordinals}
    for hit in [*_END.finditer(text), None]:
        end = len(text) if hit is None else hit.end()
        if (
            hit is not None
            and hit[0] != "\n"
            and (hit.start() in dotted or _abbreviated(text, hit.start()))
        ):
            continue
        for piece in _readable(text, start, end):
            out.append(  # noqa: PERF401 - clearer so
                Sentence(*piece, paragraph, _clauses(text, *piece, between(figures, *piece)))
            )
        paragraph += hit is not None and hit[0] == "\n"
        start = end
    return out


def _readable(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the piece if it says anything.

    Nobody writes longer sentences, but a file may hold anything.
    """
    while end - start > _LONGEST:
        cut = max(text.rfind(" ", start, start + _LONGEST), start + _LONGEST // 2)
        yield start, cut
        start = cut
    if text[start:end].strip():
        yield start, end


def _abbreviated(text: str, point: int) -> bool:
    word = re.search(r"(?<![\w])([A-Za-zäöüßÄÖÜ]+)\Z", text[max(0, point - 12) : point])
    return (
        text[point] == "."
        and word is not None
        and re.fullmatch(vocabulary()["abkuerzung"], word[1], re.IGNORECASE) is not None
    )


def _clauses(text: str, start: int, end: int, figures: list[Amount]) -> tuple[Span, ...]:
    cuts = [
        start,
        *(h.start() if h[0].isalpha() else h.end() for h in _BREAK.finditer(text, start, end)),
        end,
    ]
    # A sign, a decimal comma or a hedge inside a number breaks nothing.
    cuts = [c for c in cuts if not any(c < a.stop for a in between(figures, c - _LONG, c))]
    pieces = [(a, b) for a, b in pairwise(cuts) if b > a]
    return tuple(_merged(text, pieces, figures))


def _merged(text: str, pieces: list[Span], figures: list[Amount]) -> list[Span]:
    """Join pieces without a figure to their neighbour.

    Asides backwards, others to the statement that follows.
    """
    out: list[Span] = []
    carried: int | None = None
    holds = [bool(between(figures, *piece)) for piece in pieces]
    last = len(pieces) - 1 - (holds[::-1].index(True) if any(holds) else 0)
    for i, piece in enumerate(pieces):
        begins = piece[0] if carried is None else carried
        ends_before = bool(out) and carried is None and (i > last or _is_aside(text, piece))
        if holds[i] or (i >= last and not ends_before):
            out.append((begins, piece[1]))
            carried = None
        elif ends_before:
            out[-1] = (out[-1][0], piece[1])
        else:
            carried = begins
    return out


def _is_aside(text: str, piece: Span) -> bool:
    """Tell whether a piece belongs to what it follows; `(Vormonat: 3,3 Prozent)` is a label."""
    if text[piece[0] : piece[1]].rstrip().endswith(":"):
        return False
    bracketed = text[max(0, piece[0] - 1) : piece[0]] in "(["
    return bracketed or _RELATIVE.match(text, piece[0], piece[1]) is not None
