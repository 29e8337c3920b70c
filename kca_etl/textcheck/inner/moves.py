"""Words of direction against the two levels that the same sentence prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kca_etl.textcheck import multiples
from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.directions import Direction
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.inner.relations import Relation, exact, printed
from kca_etl.textcheck.inner.topics import Said, is_level, near, same_topic
from kca_etl.textcheck.roles import BEFORE, CHANGE, LEVEL
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.times import shifted

_LIKEWISE = re.compile(r"(?<!\w)(?:ebenfalls|gleichfalls|ebenso) (?:bei|auf) \Z", re.IGNORECASE)
_STABLE = Decimal("0.01")


def moves(doc: Document, said: Said) -> Iterator[Relation]:
    """Yield `stieg auf 2,8 Prozent (Vormonat: 2,7 Prozent)`."""
    for word in doc.directions:
        if not word.compares and not word.denied and (pair := _levels(doc, said, word)):
            relation = _relation(said, word, *pair)
            if relation:
                yield relation


def _levels(doc: Document, said: Said, word: Direction) -> tuple[Amount, Amount] | None:
    """Return the level beside a word of direction and the one that it is compared with."""
    sentence = doc.sentence(word.start)
    figures = between(doc.figures, sentence.start, sentence.end)
    if not _is_alone(doc, word) or any(said[a].role.kind == CHANGE for a in figures):
        return None
    pair = [a for a in figures if exact(a) and a.unit in ("", "prozent")]
    pair.sort(key=lambda a: not is_level(said, a, a.unit))
    if [is_level(said, a, a.unit) for a in pair] != [True, False]:
        return None
    return (pair[0], pair[1]) if _comparable(doc, pair[0], pair[1]) else None


def _is_alone(doc: Document, word: Direction) -> bool:
    """Tell whether a sentence claims one direction only."""
    sentence = doc.sentence(word.start)
    words = between(doc.directions, sentence.start, sentence.end)
    return [d for d in words if not d.compares] == [word]


def _comparable(doc: Document, now: Amount, before: Amount) -> bool:
    # `von 2,6 auf 3,2 Prozent`
    shared = not before.unit and before.noun[0] == before.noun[1] and before.stop < now.start
    return (now.unit == before.unit or shared) and same_topic(doc, now, before)


def _relation(said: Said, word: Direction, now: Amount, before: Amount) -> Relation | None:
    moved = now.value - before.value
    if word.multiple:
        right = multiples.holds(word.multiple, now.value, before.value)
    elif word.sense == 0:
        right = _stands_still(said, word, now, before)
    else:
        right = None if word.sense is None else moved * word.sense > 0
    if right is None:
        return None
    text = f"{printed(now)} gegen {printed(before)}"
    return Relation(right, text, (word, now, before))


def _stands_still(said: Said, word: Direction, now: Amount, before: Amount) -> bool | None:
    """`unverändert` is doubted only by the level of the month before."""
    if now.value == before.value:
        return True
    if word.room and abs(now.value - before.value) <= max(_STABLE * now.value, Decimal("0.1")):
        return None
    months: set[date] = {m for m, _ in said[before].when.pairs}
    from_to = said[before].role.kind == BEFORE and before.start < now.start
    last = months == {shifted(said[now].report, -1)}
    return False if last or from_to else None


def likewise(doc: Document, said: Said) -> Iterator[Relation]:
    """Yield `Im Vorjahresmonat lag die Quote ebenfalls bei drei Prozent`."""
    for a in doc.figures:
        if not exact(a) or not _LIKEWISE.search(doc.text[max(0, a.start - 25) : a.start]):
            continue
        sentence = doc.sentence(a.start)
        start = near(doc, sentence, 1, 0)[0].start
        same = [b for b in between(doc.figures, start, a.start) if b.unit == a.unit and exact(b)]
        levels = [b for b in same if said[b].role.kind == LEVEL]
        if levels:
            text = f"{printed(levels[-1])} und {printed(a)}"
            yield Relation(levels[-1].value == a.value, text, (a, levels[-1]))
