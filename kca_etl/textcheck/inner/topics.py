"""Which level of the text a difference belongs to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.inner.relations import exact
from kca_etl.textcheck.roles import BEFORE, CHANGE, LEVEL
from kca_etl.textcheck.segments import Sentence
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.statements import Statement

_BACK, _AHEAD = 4, 1  # sentences in which the level of a difference may stand
_STEM = 6  # letters that tell two kennzahlen apart
_FROM = re.compile(r"(?<!\w)von \Z", re.IGNORECASE)
_ONTO = re.compile(r"(?<!\w)auf (?:\w+ ){0,2}\Z", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\W*(?:das|dies|damit|diese[rs]?|hier|im vergleich|verglichen|gegenüber|gegen|sie|er|es|auch"
    r"|im vor\w+|ein |vor einem)\b",
    re.IGNORECASE,
)
_NEW = re.compile(r"(?<!\w)(?:an)?zahl (?:der|von|an) ", re.IGNORECASE)
Said = Mapping[Amount, Statement]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A level that a difference may be of; `certain` if it can be of no other."""

    amount: Amount
    certain: bool


def near(doc: Document, sentence: Sentence, back: int, ahead: int) -> Sequence[Sentence]:
    """Return a sentence with some before and behind it."""
    at = bisect_right(doc.sentences, sentence.start, key=attrgetter("start")) - 1
    return doc.sentences[max(0, at - back) : at + ahead + 1]


def usable(said: Said, a: Amount) -> bool:
    """Tell whether a figure is stated, and exactly: no forecast, no `rund`."""
    return exact(a) and not said[a].scope.untestable


def is_level(said: Said, a: Amount, unit: str) -> bool:
    """Tell whether a figure is the report month's level in a unit."""
    return (
        said[a].role.kind == LEVEL and a.unit == unit and usable(said, a) and not _of_other(said, a)
    )


def _of_other(said: Said, a: Amount) -> bool:
    months = said[a].when.pairs
    return bool(months) and all(m != said[a].report for m, _ in months)


def levels(doc: Document, said: Said, a: Amount, unit: str) -> list[Candidate]:
    """Return the levels that a difference may be of, the likeliest first."""
    sentence = doc.sentence(a.start)
    own = _levels_in(doc, said, sentence, a, unit)
    found = [Candidate(b, certain=True) for b in own if _is_onto(doc, said, a, b)]
    before = [b for b in own if b.start < a.start][-1:]
    found += [Candidate(b, certain=not found) for b in before]
    found += [Candidate(b, certain=False) for b in own]
    return found + _elsewhere(doc, said, a, unit, certain=not own)


def _is_onto(doc: Document, said: Said, a: Amount, b: Amount) -> bool:
    """Tell whether the level follows its difference: `um 358 oder 8,3 Prozent auf 3.960`."""
    onto = b.start > a.stop and _ONTO.search(doc.text[a.stop : b.start]) is not None
    figures = between(doc.figures, a.start + 1, b.start)
    return onto and all(said[c].role.kind == CHANGE for c in figures)


def _elsewhere(
    doc: Document, said: Said, a: Amount, unit: str, *, certain: bool
) -> list[Candidate]:
    """Return the levels of the sentences around, those before first.

    Certain can only be one of the first sentence before that has figures at all.
    """
    sentence = doc.sentence(a.start)
    around = near(doc, sentence, _BACK, _AHEAD)
    found: list[Candidate] = []
    for other in sorted(around, key=lambda s: (s.start > sentence.start, -s.start)):
        if other.start == sentence.start:
            continue
        here = _levels_in(doc, said, other, a, unit)
        sure = certain and len(here) == 1 and _goes_on(doc, sentence, other)
        found += [Candidate(b, certain=sure) for b in here]
        certain = certain and not between(doc.figures, other.start, other.end)
    return found


def _levels_in(doc: Document, said: Said, where: Sentence, a: Amount, unit: str) -> list[Amount]:
    figures = between(doc.figures, where.start, where.end)
    return [b for b in figures if is_level(said, b, unit) and same_topic(doc, b, a)]


def _goes_on(doc: Document, sentence: Sentence, earlier: Sentence) -> bool:
    """Tell whether a sentence speaks of nothing but what the one before spoke of."""
    text = doc.text[sentence.start : sentence.end]
    words = between(doc.words, sentence.start, sentence.end)
    return (
        earlier.start < sentence.start
        and earlier.paragraph == sentence.paragraph
        and _GOES_ON.match(text) is not None
        and not _NEW.search(text)
        and {_stem(doc, w.start) for w in words} <= _stems(doc, earlier)
    )


def same_topic(doc: Document, level: Amount, a: Amount) -> bool:
    """Tell whether two figures may be of one thing: what the second counts, the first may, too."""
    counted = {_stem(doc, w.start) for w in between(doc.words, a.noun[0], a.noun[1])}
    if counted and not counted & _stems(doc, doc.sentence(level.start)):
        return False
    first, second = sorted((level, a), key=attrgetter("start"))
    if doc.sentence(first.start) != doc.sentence(second.start):
        return True
    gap = between(doc.words, max(first.stop, first.noun[1]), second.start)
    named = {_stem(doc, w.start) for w in gap}
    own = {_stem(doc, w.start) for w in between(doc.words, first.start, first.noun[1])}
    return not (own and named - own)


def _stem(doc: Document, start: int) -> str:
    return doc.text[start : start + _STEM].lower()


def _stems(doc: Document, sentence: Sentence) -> set[str]:
    return {_stem(doc, w.start) for w in between(doc.words, sentence.start, sentence.end)}


def bases(doc: Document, said: Said, a: Amount, unit: str) -> list[Candidate]:
    """Return the levels of other months that a difference may be against.

    Certain is one in the same sentence or the next that is of the month compared with.
    """
    sentence = doc.sentence(a.start)
    around = near(doc, sentence, 1, 1)
    figures = between(doc.figures, around[0].start, around[-1].end)
    found = [b for b in figures if b.unit == unit and _is_base(said, b) and same_topic(doc, b, a)]
    own = [b for b in found if doc.sentence(b.start) == sentence]
    sure = {b for b in own if _is_against(doc, said, a, b, only=len(own) == 1)}
    return [Candidate(b, certain=b in sure) for b in found]


def _is_against(doc: Document, said: Said, a: Amount, b: Amount, *, only: bool) -> bool:
    """Tell whether a difference is against this level: its month is named, or no other one is.

    `von 7.346 um 73 auf 7.273`, `um 73 auf 7.273 (Vormonat: 7.346)`.
    """
    if only and _FROM.search(doc.text[max(0, b.start - 10) : b.start]):
        return True
    months = {base for _, base in said[a].when.pairs if base}
    month = _month(said, b)
    if not said[a].when.sure or month not in months:
        return False
    return len(months) == 1 or only


def _is_base(said: Said, b: Amount) -> bool:
    role = said[b].role
    if not usable(said, b):
        return False
    return role.kind == BEFORE or (role.kind == LEVEL and _of_other(said, b)) or role.either != ""


def _month(said: Said, b: Amount) -> date | None:
    pairs = said[b].when.pairs
    return pairs[0][0] if len(pairs) == 1 and said[b].when.sure else None


def changes(said: Said, figures: Sequence[Amount]) -> list[Amount]:
    """Return the figures that are changes."""
    return [a for a in figures if said[a].role.kind == CHANGE and not said[a].scope.untestable]
