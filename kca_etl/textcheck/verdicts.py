"""Figures and words of direction of a text against the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kca_etl.german.months import month_name
from kca_etl.textcheck import multiples
from kca_etl.textcheck.agreement import agrees, holds, points
from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.book import Book, Truth, level, moved, relative
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import is_quote
from kca_etl.textcheck.results import PROVEN, UNKNOWN, UNTESTABLE, WRONG, Judgement, Verdict
from kca_etl.textcheck.roles import BEFORE, CHANGE
from kca_etl.textcheck.statements import Statement, code
from kca_etl.textcheck.trends import Trend
from kca_etl.warehouse.views.gebietsstand import NOT_COMPARABLE

_FAR = 3  # `über 88.000 Vermittlungen` are not those of a month with 300
_SIGNED = "steht als Veränderung da"
_DOUBTFUL = "nicht eindeutig zuzuordnen"


def judge(said: Statement, figures: Book) -> Judgement:
    """Compare a figure with the warehouse."""
    if said.scope.untestable:
        return Judgement(UNTESTABLE, said.scope.why)
    why = _unassigned(said)
    if why:
        return Judgement(UNKNOWN, why)
    readings = list(_readings(said, figures))
    for truth in (t for t in readings if t is not None):
        if _right(said, truth, figures):
            return Judgement(PROVEN, "", truth, _printed(said, truth, figures))
    return _not_proven(said, _meant(said, readings), figures)


def _not_proven(said: Statement, first: Truth | None, figures: Book) -> Judgement:
    """Judge a figure that is none of those that it may mean; `first` is the likeliest."""
    if first is None:
        return _without_figure(said, figures)
    if _of_other_size(said.amount, first):
        return Judgement(UNKNOWN, "andere Größenordnung", first)
    if not said.sure:
        return Judgement(UNKNOWN, said.link.why or _DOUBTFUL, first)
    return Judgement(WRONG, _reason(said, first), first, _printed(said, first, figures))


def _meant(said: Statement, readings: list[Truth | None]) -> Truth | None:
    """Return the likeliest reading; of a level or a change the one of the figure's size."""
    known = [t for t in readings if t is not None]
    if said.role.either and known:
        return min(known, key=lambda t: abs(abs(t.value) - said.amount.value))
    return readings[0] if readings else None


def _unassigned(said: Statement) -> str:
    """Say why a figure cannot be compared at all; empty if it can."""
    if not said.link.names:
        return said.link.why
    if said.scope.why:
        return said.scope.why
    return "" if said.when.pairs else "kein einzelner Monat"


def _of_other_size(a: Amount, truth: Truth) -> bool:
    """Tell whether a hedged number is too far from a level to be meant for it."""
    size = abs(truth.value)
    return bool(a.hedge) and truth.base is None and not size / _FAR < a.value < size * _FAR


def _printed(said: Statement, truth: Truth, figures: Book) -> str:
    """The right figure as the text should print it.

    A change in per cent if it speaks of one, but never of a rate.
    """
    if said.amount.unit != "prozent" or truth.base is None or truth.unit == "Prozent":
        return truth.text
    share = relative(figures, truth.kennzahl, truth.month, truth.base)
    return share.text if share else truth.text


def _readings(said: Statement, figures: Book) -> Iterator[Truth | None]:
    """All that the figure may mean.

    Months after the report's count only if the warehouse has them.
    """
    for name in said.link.names:
        kennzahl = code(name, said.scope.circle)
        for number, (month, base) in enumerate(said.when.pairs):
            truth = (
                level(figures, kennzahl, month)
                if base is None
                else moved(figures, kennzahl, month, base)
            )
            if truth is not None or number == 0 or said.role.kind == CHANGE:
                yield truth
        if said.role.either:
            yield from (level(figures, kennzahl, month) for month in _levels(said))


def _levels(said: Statement) -> list[date]:
    """Return the months whose level a change may be as well."""
    before = said.role.either == BEFORE
    return [base if before and base else month for month, base in said.when.pairs]


def _right(said: Statement, truth: Truth, figures: Book) -> bool:
    a, role = said.amount, said.role
    if truth.base is None:
        return a.sign is None and a.unit != "punkte" and agrees(a, truth)
    # `+1 (±0 %)`: what is printed as nothing may have a direction.
    if not points(truth, role.sense) and not (a.unit == "prozent" and a.sign == 0):
        return False
    if a.unit == "prozent":
        share = relative(figures, truth.kennzahl, truth.month, truth.base)
        return share is not None and agrees(a, share, share=True)
    return (a.unit != "punkte" or truth.unit == "Prozent") and agrees(a, truth)


def _without_figure(said: Statement, figures: Book) -> Judgement:
    """No figure to compare with: say why, unless the number is wrong whatever that figure is."""
    (month, base), kennzahl = said.when.pairs[0], code(said.link.names[0], said.scope.circle)
    now = level(figures, kennzahl, said.report) if said.sure else None
    reason = _wrong_anyway(said, now) if now else ""
    if reason and now:
        return Judgement(WRONG, reason, now, now.text)
    if not kennzahl or not any(k == kennzahl for k, _ in figures.facts):
        return Judgement(UNKNOWN, "nicht im Bestand")
    if base is not None and not figures.comparable(month, base):
        return Judgement(UNKNOWN, NOT_COMPARABLE)
    return Judgement(UNKNOWN, _why_missing(figures, kennzahl, month, base))


def _why_missing(figures: Book, kennzahl: str, month: date, base: date | None) -> str:
    """Name the sign that stands in a figure's place, else the months without a value."""
    for needed in (month, base):
        fact = figures.fact(kennzahl, needed) if needed else None
        if fact and fact.zeichen:
            return f"dort steht „{fact.zeichen}“"
    against = f" oder {month_name(base)}" if base else ""
    return f"kein Wert für {month_name(month)}{against}"


def _wrong_anyway(said: Statement, now: Truth) -> str:
    """The report month's own figure under another month's name.

    A sign before what is as large as a level.
    """
    month, quote = said.when.pairs[0][0], is_quote(said.link.names[0])
    if _signed_level(said, now, quote=quote):
        return _SIGNED
    a = said.amount
    same = said.role.kind != CHANGE and not quote and not a.note and a.value == now.value
    if not same or month == said.report:
        return ""
    return (
        f"{now.text} ist der Wert für {month_name(said.report)}; "
        f"für {month_name(month)} liegt kein Wert vor"
    )


def _signed_level(said: Statement, now: Truth, *, quote: bool) -> bool:
    """Tell whether a sign stands before a number that is as large as a level."""
    a = said.amount
    if a.sign is None or said.role.word is not None or a.value * _FAR <= now.value:
        return False
    return quote or a.unit != "prozent"


def _reason(said: Statement, truth: Truth) -> str:
    a = said.amount
    if a.note:
        return a.note
    if truth.base is None and a.sign is not None:
        return _SIGNED
    if truth.base is None:
        return "Prozentpunkte statt Prozent" if a.unit == "punkte" else ""
    if a.unit == "prozent" and truth.unit == "Prozent":
        return "Prozent statt Prozentpunkte"
    if a.unit == "punkte" and truth.unit != "Prozent":
        return "Prozentpunkte bei einer Anzahl"
    return "falsche Richtung" if not points(truth, said.role.sense) else ""


def said_before(doc: Document, numbers: Mapping[Amount, Judgement]) -> dict[Amount, Judgement]:
    """Take back what contradicts a count that the same sentence has already proved.

    `318 Menschen wurden integriert: 250 in Arbeit, 68 in Ausbildung`: 250 is another figure.
    """
    proven = {_stated(doc, a, found.truth) for a, found in numbers.items() if _is(found, PROVEN)}
    return {
        a: Judgement(UNKNOWN, "ein Teil oder eine andere Größe", found.truth)
        for a, found in numbers.items()
        if _is(found, WRONG) and _stated(doc, a, found.truth) in proven
    }


def _is(found: Judgement, verdict: Verdict) -> bool:
    """Tell whether a count was judged so, no difference and no rate."""
    truth = found.truth
    if found.verdict != verdict or truth is None:
        return False
    return truth.base is None and truth.unit != "Prozent"


def _stated(doc: Document, a: Amount, truth: Truth | None) -> tuple[int, str, date | None]:
    sentence = doc.sentence(a.start).start
    return (sentence, truth.kennzahl, truth.month) if truth else (sentence, "", None)


def judge_trend(trend: Trend, figures: Book, numbers: Mapping[Amount, Judgement]) -> Judgement:
    """Compare a word of direction with the warehouse.

    A figure that it goes with says what is compared.
    """
    if (
        trend.direction.multiple is None
        and trend.of is not None
        and numbers[trend.of].verdict == PROVEN
    ):
        return numbers[trend.of]
    if trend.scope.untestable:
        return Judgement(UNTESTABLE, trend.scope.why)
    why = trend.scope.why or ("" if trend.when.pairs else "kein einzelner Vergleichsmonat")
    if why:
        return Judgement(UNKNOWN, why)
    if trend.direction.multiple is not None:
        return _judge_multiple(trend, trend.direction.multiple, figures)
    return _judge_free_trend(trend, figures)


def _judge_multiple(trend: Trend, said: multiples.Multiple, figures: Book) -> Judgement:
    """Hold `verdoppelt` against the quotient of the two figures that it may be about."""
    readings = [t for t in _trend_readings(trend, figures) if t is not None]
    if not readings:
        return Judgement(UNKNOWN, "kein Wert zum Vergleichen")
    found = {_quotient(said, t, figures): t for t in reversed(readings)}
    right = found.get(True)
    if not trend.sure or (right is None and None in found):
        return Judgement(UNKNOWN, _DOUBTFUL, readings[0])
    if right is not None:
        return Judgement(PROVEN, "", right, right.text)
    return _wrong_multiple(readings[0], figures)


def _wrong_multiple(truth: Truth, figures: Book) -> Judgement:
    share = relative(figures, truth.kennzahl, truth.month, truth.base or truth.month)
    expected = f"{truth.text} ({share.text})" if share else truth.text
    return Judgement(WRONG, "falsches Vielfaches", truth, expected)


def _quotient(said: multiples.Multiple, truth: Truth, figures: Book) -> bool | None:
    now = figures.value(truth.kennzahl, truth.month)
    then = figures.value(truth.kennzahl, truth.base or truth.month)
    return None if now is None or then is None else multiples.holds(said, now, then)


def _judge_free_trend(trend: Trend, figures: Book) -> Judgement:
    """Compare a word of direction with every change that it may mean."""
    readings = _trend_readings(trend, figures)
    known = [t for t in readings if t is not None]
    right = [t for t in known if _trend_holds(trend, t, figures)]
    # A direction is right by chance every other time: a doubtful one proves nothing.
    if not trend.sure:
        return Judgement(UNKNOWN, _DOUBTFUL, known[0] if known else None)
    if right:
        return Judgement(PROVEN, "", right[0], right[0].text)
    if not readings or readings[0] is None:
        return Judgement(UNKNOWN, "kein Wert zum Vergleichen")
    return Judgement(WRONG, "falsche Richtung", readings[0], readings[0].text)


def _trend_holds(trend: Trend, truth: Truth, figures: Book) -> bool:
    size = abs(figures.value(truth.kennzahl, truth.month) or truth.value)
    return holds(trend.direction, truth, size)


def _trend_readings(trend: Trend, figures: Book) -> list[Truth | None]:
    """Return every difference that a word of direction may mean, the likeliest first."""
    readings: list[Truth | None] = []
    for name in trend.link.names:
        kennzahl = code(name, trend.scope.circle)
        readings += [
            moved(figures, kennzahl, month, base)
            for month, base in trend.when.pairs
            if base is not None
        ]
    return readings
