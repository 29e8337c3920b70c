"""What the text says by words of direction.

Those that go with a figure, and those that stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.directions import Direction
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import Link
from kca_etl.textcheck.months import When
from kca_etl.textcheck.movers import mover, names_its_own
from kca_etl.textcheck.placed import between
from kca_etl.textcheck.roles import BEFORE, CHANGE, LEVEL
from kca_etl.textcheck.scope import Scope, scope
from kca_etl.textcheck.statements import Statement
from kca_etl.textcheck.times import Time, shifted

_PARTED = re.compile(r"[,;]|(?<!\w)(?:und|aber|doch)(?!\w)")
_APART = 200
_AFTER = re.compile(r"\W*(?:nachdem|während|wohingegen)\b", re.IGNORECASE)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trend:
    """A word of direction with all that its sentence says about it."""

    direction: Direction
    link: Link
    scope: Scope
    when: When
    of: Amount | None = None  # the figure that it goes with


def trends(doc: Document, statements: Mapping[Amount, Statement]) -> list[Trend]:
    """Return the claims of direction that are about a kennzahl."""
    found = []
    of_words = {s.role.word: s for s in reversed(list(statements.values())) if s.role.word}
    for direction in doc.directions:
        bound = of_words.get(direction)
        trend = (
            Trend(direction, bound.link, bound.scope, bound.when, bound.amount)
            if bound
            else _free(doc, direction, statements)
        )
        if trend is not None and trend.link.names:
            found.append(trend)
    return found


def _free(
    doc: Document, direction: Direction, statements: Mapping[Amount, Statement]
) -> Trend | None:
    """A direction without a difference.

    `unverändert bei 3,2 Prozent`, `Die Zahl der Neuanträge ist gestiegen`.
    """
    clause = doc.sentence(direction.start).clause(direction.start)
    inside = [statements[a] for a in between(doc.figures, *clause)]
    bases = [t for t in between(doc.times, *clause) if t.base]
    level = _level(doc, direction, inside, statements)
    vague = level is None and direction.compares and not bases and not names_its_own(doc, direction)
    if vague or any(s.role.word for s in inside):  # the clause's change is the figure's
        return None
    link = level.link if level else mover(doc, direction, clause, compared=bool(bases))
    when = _when(doc, direction, level, _before(doc, inside, level, statements)) if link else None
    return (
        Trend(direction, link, level.scope if level else scope(doc, clause, direction.start), when)
        if link and when
        else None
    )


def _level(
    doc: Document,
    direction: Direction,
    inside: Sequence[Statement],
    statements: Mapping[Amount, Statement],
) -> Statement | None:
    """Return the level that is said to have moved.

    In `auf dem Niveau des Vormonats (555)` that is the figure before.
    """
    sentence = doc.sentence(direction.start)
    clause = sentence.clause(direction.start)
    bases = [t for t in between(doc.times, *clause) if t.base]
    others = {m for t in bases for m in t.resolve(doc.report)}
    levels = [
        s
        for s in inside
        if s.role.kind == LEVEL
        and (s.link.names or s.link.why)
        and not {m for m, _ in s.when.pairs} <= others
    ]
    if (
        not levels
        and bases
        and (direction.compares or direction.room)
        and not between(doc.words, *clause)
    ):
        earlier = [statements[a] for a in between(doc.figures, sentence.start, clause[0])]
        levels = [s for s in earlier if s.role.kind == LEVEL and s.link.names][-1:]
    return levels[0] if levels else None


def _before(
    doc: Document,
    inside: Sequence[Statement],
    level: Statement | None,
    statements: Mapping[Amount, Statement],
) -> list[Statement]:
    """Return the levels before.

    `von 2,6 Prozent auf`, `gestiegen, nachdem sie im November 2019 bei 2,6 Prozent lag`.
    """
    found = [s for s in inside if s.role.kind == BEFORE]
    if level is None or found:
        return found
    sentence = doc.sentence(level.amount.start)
    later = [
        statements[a]
        for a in between(doc.figures, sentence.clause(level.amount.start)[1], sentence.end)
    ]
    later = [s for s in later if s.role.kind != CHANGE and s.link.names == level.link.names]
    return [s for s in later if _AFTER.match(doc.text, sentence.clause(s.amount.start)[0])]


def _when(
    doc: Document, direction: Direction, level: Statement | None, before: Sequence[Statement]
) -> When | None:
    """What the direction is against: what is named, the figure before, the month before.

    None over a longer time.
    """
    sentence = doc.sentence(direction.start)
    clause = sentence.clause(direction.start)
    months: tuple[date, ...] = tuple(m for m, _ in level.when.pairs[:1]) if level else (doc.report,)
    base = _nearest(doc, direction, clause) or _nearest(
        doc, direction, (sentence.start, sentence.end)
    )
    if base is not None:
        return When(tuple((m, b) for m in months for b in base.resolve(m) if b != m), base.sure)
    if before:
        return When(
            tuple((m, b) for m in months for b, _ in before[0].when.pairs), before[0].when.sure
        )
    times = between(doc.times, *clause) if level is None else []
    if any(t.open for t in times) or (level is None and between(doc.occasions, *clause)):
        return None
    spoken = (
        tuple(dict.fromkeys(m for t in times if not t.base for m in t.resolve(doc.report)))
        or months
    )
    return When(tuple((m, shifted(m, -1)) for m in spoken), all(t.sure for t in times))


def _nearest(doc: Document, direction: Direction, span: Span) -> Time | None:
    """Return the comparison nearest to the word.

    One behind a comma or an `und` is another statement's.
    """
    bases = [t for t in between(doc.times, *span) if t.base]
    return min(bases, key=lambda t: _distance(doc.text, direction, t), default=None)


def _distance(text: str, direction: Direction, time: Time) -> int:
    gap = (
        text[direction.end : time.start]
        if time.start >= direction.end
        else text[time.end : direction.start]
    )
    return len(gap) + (_APART if _PARTED.search(gap) else 0)
