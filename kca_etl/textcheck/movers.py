"""Whose change a word of direction claims: the kennzahl that stands where a subject stands."""

from __future__ import annotations

import re

from kca_etl.textcheck.directions import Direction
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import FOREIGN, Link, is_quote
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.vocabulary import Mention

# What makes a kennzahl the subject of a change: `Zahl der …`, `weniger …`, `Rückgang bei den …`,
# the clause's first words.
_NUMBER_OF = re.compile(
    (
        r"(?:zahl|zahlen|anzahl|bestand|summe|menge|höhe)(?: (?:der|an|von|bei den))?(?: "
        r"[\w-]+){0,2} \Z"
    ),
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"[\s\W]*(?:(?:und|auch|aber|dagegen|hingegen|sowie|bei|die|der|den|zahl|alle)\s)*",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(?: (?:der|die|bei den|bei der|an|von|in der|im bereich der)(?: [\w-]+)?)? ", re.IGNORECASE
)
_COLLECTIVE = re.compile(r"\w*(?:losigkeit|zahl(?:en)?)\b", re.IGNORECASE)
_REFERS = re.compile(
    r"(?<!\w)(?:sie|er|es|die zahl|der wert|dieser wert|diese zahl|das ist)(?!\w)", re.IGNORECASE
)
Span = tuple[int, int]


def mover(doc: Document, direction: Direction, clause: Span, *, compared: bool) -> Link | None:
    """Return the kennzahl whose change is claimed.

    None if the clause has none in a place where a subject stands.
    """
    words = between(doc.words, *clause)
    if not words:
        refers = compared and _REFERS.search(doc.text[slice(*clause)])
        return _spoken_of(doc, clause[0]) if refers else None
    for word in _candidates(doc, direction, words):
        if word.name == FOREIGN:
            return None
        if is_quote(word.name) or _moves(doc, word, direction, clause):
            return Link((word.name,))
    return None


def _candidates(doc: Document, direction: Direction, words: list[Mention]) -> list[Mention]:
    """Return the kennzahlen beside a word of direction, the likelier one first.

    Behind a noun stands what it is of: `Rückgang bei den Neuanträgen`.
    """
    before = [w for w in words if w.end <= direction.start][-1:]
    after = [w for w in words if w.start >= direction.end][:1]
    noun = doc.text[direction.start].isupper() and not direction.compares
    return after + before if noun else before + after


def names_its_own(doc: Document, direction: Direction) -> bool:
    """Tell whether a kennzahl follows the word at once: `weniger Arbeitslose`."""
    return any(w.name != FOREIGN for w in between(doc.words, direction.end, direction.end + 3))


def _moves(doc: Document, word: Mention, direction: Direction, clause: Span) -> bool:
    text = doc.text
    if _COLLECTIVE.match(text[word.start : word.end]) or _OPENS.fullmatch(
        text[clause[0] : word.start]
    ):
        return True
    counted = _NUMBER_OF.search(text[max(0, word.start - 50) : word.start])
    return counted is not None or _OF.fullmatch(text[direction.end : word.start]) is not None


def _spoken_of(doc: Document, at: int) -> Link | None:
    """Return the one kennzahl of the sentence before in the same paragraph."""
    here = doc.sentence(at)
    earlier = doc.paragraph_before(here)[-1:]
    names = {w.name for s in earlier for w in between(doc.words, s.start, s.end)}
    return Link(tuple(names)) if len(names) == 1 and FOREIGN not in names else None
