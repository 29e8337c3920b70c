"""What the text says by words of direction.

Those that go with a figure, and those that stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.directions import Direction
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import Link
from kca_etl.textcheck.months import When
from kca_etl.textcheck.movers import mover, names_its_own
from kca_etl.textcheck.results import UNKNOWN, UNTESTABLE, Judgement
from kca_etl.textcheck.roles import BEFORE, CHANGE, LEVEL
from kca_etl.textcheck.scope import Scope, scope
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.statements import Statement
from kca_etl.textcheck.times import Time, shifted

_SINCE_THEN = re.compile(r"(?<!\w)(?:seitdem|seither)(?!\w)", re.IGNORECASE)
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

    @property
    def sure(self) -> bool:
        """Whether it can mean nothing but what was understood."""
        return self.link.sure and self.scope.sure and self.when.sure


def trends(doc: Document, statements: Mapping[Amount, Statement]) -> list[Trend]:
    """Return the claims of direction that are about a kennzahl."""
    found = []
    of_words = {s.role.word: s for s in reversed(list(statements.values())) if s.role.word}
    for direction in doc.directions:
        bound = of_words.get(direction)
        trend = (
            Trend(direction, bound.link, bound.scope, bound.when, bound.amount)
            if bound
            else _unbound(doc, direction, statements)
        )
        if trend is not None and trend.link.names:
            found.append(trend)
    return found


def unlinked(doc: Document, direction: Direction) -> Judgement:
    """Say why a word of direction is about no kennzahl."""
    sentence = doc.sentence(direction.start)
    about = scope(doc, sentence.clause(direction.start), direction.start)
    if about.untestable:
        return Judgement(UNTESTABLE, about.why)
    if between(doc.words, sentence.start, sentence.end):
        return Judgement(UNKNOWN, about.why or "keiner Kennzahl zuzuordnen")
    return Judgement(UNTESTABLE, "keine Kennzahl genannt")


def _unbound(
    doc: Document, direction: Direction, statements: Mapping[Amount, Statement]
) -> Trend | None:
    """A direction that goes with no difference; `seitdem` may begin anywhere."""
    clause = doc.sentence(direction.start).clause(direction.start)
    since = _SINCE_THEN.search(doc.text, *clause)
    return None if since else _free(doc, direction, statements)


def _free(
    doc: Document, direction: Direction, statements: Mapping[Amount, Statement]
) -> Trend | None:
    """A direction without a difference.

    `unverändert bei 3,2 Prozent`, `Die Zahl der Neuanträge ist gestiegen`.
    """
    clause = doc.sentence(direction.start).clause(direction.start)
    inside = [statements[a] for a in between(doc.figures, *clause)]
    compared = bool(_comparisons(doc, clause))
    level = _level(doc, direction, inside, statements)
    if any(s.role.word for s in inside):  # the clause's change is the figure's
        return None
    if level is None and direction.compares and not (compared or names_its_own(doc, direction)):
        return None
    link = level.link if level else mover(doc, direction, clause, compared=compared)
    if not link:
        return None
    when = _when(doc, direction, level, _before(doc, inside, level, statements))
    if not when:
        return None
    about = level.scope if level else scope(doc, clause, direction.start)
    return Trend(direction, link, about, when)


def _comparisons(doc: Document, span: Span) -> list[Time]:
    """Return the times in a piece of the text that it compares with."""
    return [t for t in between(doc.times, *span) if t.base]


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
    bases = _comparisons(doc, clause)
    levels = [s for s in inside if _is_level(s, _resolved(bases, doc.report))]
    measures = direction.compares or direction.room
    if levels:
        return levels[0]
    if not bases or not measures or between(doc.words, *clause):
        return None
    earlier = [statements[a] for a in between(doc.figures, sentence.start, clause[0])]
    return _last_level(earlier)


def _last_level(statements: Sequence[Statement]) -> Statement | None:
    levels = [s for s in statements if s.role.kind == LEVEL and s.link.names]
    return levels[-1] if levels else None


def _is_level(said: Statement, others: set[date]) -> bool:
    """Tell whether a figure is a level of its own, not that of a month compared with."""
    linked = said.link.names or said.link.why
    return (
        said.role.kind == LEVEL and bool(linked) and not {m for m, _ in said.when.pairs} <= others
    )


def _resolved(times: Sequence[Time], report: date) -> set[date]:
    months: set[date] = set()
    for time in times:
        months.update(time.resolve(report))
    return months


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
    rest = (sentence.clause(level.amount.start)[1], sentence.end)
    later = [statements[a] for a in between(doc.figures, *rest)]
    same = [s for s in later if s.role.kind != CHANGE and s.link.names == level.link.names]
    return [s for s in same if _AFTER.match(doc.text, sentence.clause(s.amount.start)[0])]


def _when(
    doc: Document, direction: Direction, level: Statement | None, before: Sequence[Statement]
) -> When | None:
    """What the direction is against: what is named, the figure before, the month before.

    None over a longer time.
    """
    sentence = doc.sentence(direction.start)
    clause = sentence.clause(direction.start)
    months: tuple[date, ...] = tuple(m for m, _ in level.when.pairs[:1]) if level else (doc.report,)
    if direction.sense == 0 and _speaks_of_another(level, before):
        return When(tuple((m, shifted(m, -1)) for m in months))
    base = _nearest(doc, direction, clause) or _nearest(
        doc, direction, (sentence.start, sentence.end)
    )
    if base is not None:
        return _against_named(base, months)
    if before:
        return _against_figure(before[0], months)
    return _unnamed(doc, direction, clause if level is None else None, months)


def _unnamed(
    doc: Document, direction: Direction, clause: Span | None, months: tuple[date, ...]
) -> When | None:
    """Compare with the month before; but `hat sich verdoppelt` may tell of years."""
    found = _against_month_before(doc, clause, months)
    return replace(found, sure=False) if found and direction.multiple else found


def _speaks_of_another(level: Statement | None, before: Sequence[Statement]) -> bool:
    """Tell whether `unverändert` cannot be said of the level before that is printed.

    `unverändert bei 3,2 Prozent gegenüber 2,6 Prozent im Vorjahr` says nothing of the year.
    """
    if level is None or not before or before[0].amount.start < level.amount.start:
        return False
    return before[0].amount.value != level.amount.value


def _against_named(base: Time, months: tuple[date, ...]) -> When:
    pairs: list[tuple[date, date | None]] = []
    for month in months:
        pairs += [(month, other) for other in base.resolve(month) if other != month]
    return When(tuple(pairs), base.sure)


def _against_figure(before: Statement, months: tuple[date, ...]) -> When:
    pairs: list[tuple[date, date | None]] = []
    for month in months:
        pairs += [(month, other) for other, _ in before.when.pairs]
    return When(tuple(pairs), before.when.sure)


def _against_month_before(
    doc: Document, clause: Span | None, months: tuple[date, ...]
) -> When | None:
    """Compare with the month before; `clause` is None where a level says which month is meant."""
    times = between(doc.times, *clause) if clause else []
    over_longer = any(t.open for t in times) or (clause and between(doc.occasions, *clause))
    if over_longer:
        return None
    named: dict[date, None] = {}
    for time in times:
        if not time.base:
            named.update(dict.fromkeys(time.resolve(doc.report)))
    spoken = tuple(named) or months
    return When(tuple((m, shifted(m, -1)) for m in spoken), all(t.sure for t in times))


def _nearest(doc: Document, direction: Direction, span: Span) -> Time | None:
    """Return the comparison nearest to the word.

    One behind a comma or an `und` is another statement's.
    """
    return min(
        _comparisons(doc, span), key=lambda t: _distance(doc.text, direction, t), default=None
    )


def _distance(text: str, direction: Direction, time: Time) -> int:
    gap = (
        text[direction.end : time.start]
        if time.start >= direction.end
        else text[time.end : direction.start]
    )
    return len(gap) + (_APART if _PARTED.search(gap) else 0)
