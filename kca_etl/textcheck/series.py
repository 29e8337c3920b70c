"""Claims about a series against the warehouse's months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from kca_etl.german.months import month_name
from kca_etl.german.notation import places, quantity, rounded
from kca_etl.textcheck.book import Book, Truth, level
from kca_etl.textcheck.history import HistoryClaim
from kca_etl.textcheck.results import PROVEN, UNKNOWN, WRONG, Judgement
from kca_etl.textcheck.statements import code
from kca_etl.textcheck.times import shifted


def judge_history(claim: HistoryClaim, report: date, figures: Book) -> Judgement:
    """Hold an extreme or a streak against the months that it is about."""
    if claim.why:
        return Judgement(UNKNOWN, claim.why)
    kennzahl = code(claim.name, claim.circle)
    now = level(figures, kennzahl, report)
    if now is None:
        return Judgement(UNKNOWN, "kein Wert zum Vergleichen")
    if claim.count:
        return _streak(claim, now, figures)
    return _extreme(claim, now, figures)


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = shifted(first, 1)


def _printed(figures: Book, now: Truth, month: date) -> Decimal | None:
    """Return a month's figure as printed; None if there is none or the territory was another."""
    value = figures.value(now.kennzahl, month)
    comparable = month == now.month or figures.comparable(now.month, month)
    return rounded(value, places(now.unit)) if value is not None and comparable else None


def _extreme(claim: HistoryClaim, now: Truth, figures: Book) -> Judgement:
    own = _printed(figures, now, now.month)
    months = list(_months(claim.first or now.month, shifted(now.month, -1)))
    values = {m: _printed(figures, now, m) for m in months}
    known = {m: v for m, v in values.items() if v is not None}
    if own is None or not months:
        return Judgement(UNKNOWN, "kein Wert zum Vergleichen")
    most = _most(known, high=claim.high)
    if most and _beyond(known[most], own, high=claim.high):
        kind = "höchste" if claim.high else "niedrigste"
        expected = f"{quantity(known[most], now.unit)} im {month_name(most)}"
        return Judgement(WRONG, f"nicht der {kind} Wert", now, expected)
    if len(known) < len(months):
        return Judgement(UNKNOWN, "nicht alle Monate im Bestand", now)
    if own in known.values():
        return Judgement(UNKNOWN, "ein anderer Monat hat denselben Wert", now)
    return _since(claim, own, now, figures)


def _most(known: dict[date, Decimal], *, high: bool) -> date | None:
    """Return the month with the highest or the lowest figure."""
    return (max if high else min)(known, key=known.__getitem__) if known else None


def _beyond(value: Decimal, own: Decimal, *, high: bool) -> bool:
    return value > own if high else value < own


def _since(claim: HistoryClaim, own: Decimal, now: Truth, figures: Book) -> Judgement:
    """`niedrigster seit März` says that März was as low; if not, it says too little."""
    then = _printed(figures, now, claim.since) if claim.since else None
    if claim.since and then is None:
        return Judgement(UNKNOWN, "nicht alle Monate im Bestand", now)
    if then is not None and (then < own if claim.high else then > own):
        return Judgement(
            UNKNOWN, f"auch {month_name(claim.since or now.month)} lag nicht darüber hinaus", now
        )
    return Judgement(PROVEN, "", now, now.text)


def _streak(claim: HistoryClaim, now: Truth, figures: Book) -> Judgement:
    months = list(_months(shifted(now.month, -claim.count - 1), now.month))
    values = [_printed(figures, now, m) for m in months]
    last = values[1:]
    senses = [_sense(a, b) for a, b in pairwise(last)]
    for month, sense in zip(months[2:], senses, strict=True):
        if sense is not None and sense != claim.sense:
            return Judgement(WRONG, f"nicht im {month_name(month)}", now, now.text)
    if None in senses:
        return Judgement(UNKNOWN, "nicht alle Monate im Bestand", now)
    if _sense(values[0], values[1]) == claim.sense:
        return Judgement(UNKNOWN, "die Folge ist länger", now)
    return Judgement(PROVEN, "", now, now.text)


def _sense(before: Decimal | None, after: Decimal | None) -> int | None:
    if before is None or after is None:
        return None
    return (after > before) - (after < before)
