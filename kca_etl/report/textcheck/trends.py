"""What the text says by words of direction: those that go with a figure, and those that stand alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kca_etl.report.textcheck.amounts import Amount
from kca_etl.report.textcheck.directions import Direction
from kca_etl.report.textcheck.document import Document
from kca_etl.report.textcheck.linking import FOREIGN, Link, is_quote
from kca_etl.report.textcheck.months import When
from kca_etl.report.textcheck.placed import between
from kca_etl.report.textcheck.roles import BEFORE, CHANGE, LEVEL
from kca_etl.report.textcheck.scope import Scope, scope
from kca_etl.report.textcheck.statements import Statement
from kca_etl.report.textcheck.times import Time, shifted

# What makes a kennzahl the subject of a change: `Zahl der …`, `weniger …`, `Rückgang bei den …`, the clause's first words.
_SUBJECT = re.compile(r"(?:zahl|zahlen|anzahl|bestand|summe|menge|höhe)(?: (?:der|an|von|bei den))?(?: [\w-]+){0,2} \Z", re.IGNORECASE)
_OPENS = re.compile(r"[\s\W]*(?:(?:und|auch|aber|dagegen|hingegen|sowie|bei|die|der|den|zahl|alle)\s)*", re.IGNORECASE)
_OF = re.compile(r"(?: (?:der|die|bei den|bei der|an|von|in der|im bereich der)(?: [\w-]+)?)? ", re.IGNORECASE)

_PARTED = re.compile(r"[,;]|(?<!\w)(?:und|aber|doch)(?!\w)")
_APART = 200
_REFERS = re.compile(r"(?<!\w)(?:sie|er|es|die zahl|der wert|dieser wert|diese zahl|das ist)(?!\w)", re.IGNORECASE)


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
        trend = Trend(direction, bound.link, bound.scope, bound.when, bound.amount) if bound else _free(doc, direction, statements)
        if trend is not None and trend.link.names:
            found.append(trend)
    return found


def _free(doc: Document, direction: Direction, statements: Mapping[Amount, Statement]) -> Trend | None:
    """A direction without a difference: `unverändert bei 3,2 Prozent`, `Die Zahl der Neuanträge ist gestiegen`."""
    clause = doc.sentence(direction.start).clause(direction.start)
    inside = [statements[a] for a in between(doc.figures, *clause)]
    if any(s.role.word for s in inside):
        return None  # the clause's change is the figure's
    bases = [t for t in between(doc.times, *clause) if t.base]
    # `auf dem Niveau des Vormonats (555)`: the level there is the other month's.
    others = {m for t in bases for m in t.resolve(doc.report)}
    levels = [s for s in inside if s.role.kind == LEVEL and (s.link.names or s.link.why) and not {m for m, _ in s.when.pairs} <= others]
    if not levels and bases and (direction.compares or direction.room) and not between(doc.words, *clause):
        # `Die Zahl der Neuanträge (553) liegt auf dem Niveau des Vormonats.`
        earlier = [statements[a] for a in between(doc.figures, doc.sentence(direction.start).start, clause[0])]
        levels = [s for s in earlier if s.role.kind == LEVEL and s.link.names][-1:]
    if not levels and direction.compares and not bases and not _of_what(doc, direction):
        return None
    link = levels[0].link if levels else _subject(doc, direction, clause, compared=bool(bases))
    if link is None:
        return None
    whole = doc.sentence(direction.start)
    before = [s for s in inside if s.role.kind == BEFORE]
    # `gestiegen, nachdem sie im November 2019 bei 2,6 Prozent lag`
    after = [
        statements[a] for a in between(doc.figures, clause[1], whole.end) if levels and statements[a].link.names == levels[0].link.names
    ]
    before += [s for s in after if s.role.kind != CHANGE and len(s.when.pairs) == 1 and s.when.pairs != levels[0].when.pairs]
    months = tuple(m for m, _ in levels[0].when.pairs[:1]) if levels else (doc.report,)
    when = _when(doc, direction, months, before, loose=not levels)
    return None if when is None else Trend(direction, link, levels[0].scope if levels else scope(doc, clause, direction.start), when)


def _when(doc: Document, direction: Direction, months: Sequence[date], before: Sequence[Statement], *, loose: bool) -> When | None:
    """What the direction is against: what is named, the figure before, the month before. None over a longer time."""
    sentence = doc.sentence(direction.start)
    clause = sentence.clause(direction.start)
    base = _nearest(doc, direction, clause) or _nearest(doc, direction, (sentence.start, sentence.end))
    if base is not None:
        return When(tuple((m, b) for m in months for b in base.resolve(m) if b != m), base.sure)
    if before:
        return When(tuple((m, b) for m in months for b, _ in before[0].when.pairs), before[0].when.sure)
    if loose and (any(t.open for t in between(doc.times, *clause)) or between(doc.occasions, *clause)):
        return None
    named = [t for t in between(doc.times, *clause) if not t.base and not t.open] if loose else []
    spoken = tuple(dict.fromkeys(m for t in named for m in t.resolve(doc.report))) or tuple(months)
    return When(tuple((m, shifted(m, -1)) for m in spoken), all(t.sure for t in named))


def _nearest(doc: Document, direction: Direction, span: tuple[int, int]) -> Time | None:
    """Return the comparison nearest to the word; one behind a comma or an `und` is another statement's."""
    bases = [t for t in between(doc.times, *span) if t.base]
    return min(bases, key=lambda t: _distance(doc.text, direction, t), default=None)


def _distance(text: str, direction: Direction, time: Time) -> int:
    gap = text[direction.end : time.start] if time.start >= direction.end else text[time.end : direction.start]
    return len(gap) + (_APART if _PARTED.search(gap) else 0)


def _subject(doc: Document, direction: Direction, clause: tuple[int, int], *, compared: bool) -> Link | None:
    """The kennzahl whose change is claimed; None if the clause has none in a place where a subject stands."""
    words = between(doc.words, *clause)
    before, after = [w for w in words if w.end <= direction.start][-1:], [w for w in words if w.start >= direction.end][:1]
    noun = doc.text[direction.start].isupper() and not direction.compares  # `Rückgang bei den Neuanträgen`
    for word in after + before if noun else before + after:
        if word.name != FOREIGN and (is_quote(word.name) or _changes(doc, word.start, word.end, direction, clause)):
            return Link((word.name,))
        if word.name == FOREIGN:
            return None
    if words or not compared or not _refers(doc, clause):
        return None
    return _spoken_of(doc, clause[0])


def _changes(doc: Document, start: int, end: int, direction: Direction, clause: tuple[int, int]) -> bool:
    text = doc.text
    collective = re.match(r"\w*(?:losigkeit|zahl(?:en)?)\b", text[start:end], re.IGNORECASE) is not None
    opens = _OPENS.fullmatch(text[clause[0] : start]) is not None
    subject = _SUBJECT.search(text[max(0, start - 50) : start]) is not None
    return collective or opens or subject or _OF.fullmatch(text[direction.end : start]) is not None


def _of_what(doc: Document, direction: Direction) -> bool:
    return any(w.name != FOREIGN for w in between(doc.words, direction.end, direction.end + 3))


def _refers(doc: Document, clause: tuple[int, int]) -> bool:
    return _REFERS.search(doc.text[slice(*clause)]) is not None


def _spoken_of(doc: Document, at: int) -> Link | None:
    """The one kennzahl of the sentence before in the same paragraph."""
    here = doc.sentence(at)
    earlier = [s for s in doc.sentences if s.paragraph == here.paragraph and s.end <= here.start][-1:]
    names = {w.name for s in earlier for w in between(doc.words, s.start, s.end)}
    return Link(tuple(names)) if len(names) == 1 and FOREIGN not in names else None
