"""Differences and percentages against the levels that the same text prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, product

from kca_etl.german.notation import number, signed
from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.inner.relations import Relation, agrees, exact, is_share, printed
from kca_etl.textcheck.inner.topics import Candidate, Said, bases, changes, levels
from kca_etl.textcheck.statements import Statement

# `38 Personen oder 0,9 Prozent`, `58 weniger als im Vormonat (minus 0,6 Prozent)`
_SAME = re.compile(
    r"[^.;:]{0,60}?(?:\boder\b|\bbzw\.|\bbeziehungsweise\b|\(|/|\bentspr\w+|\bund damit\b|das sind)"
    r"[^.;:,()\d]{0,40}",
    re.IGNORECASE,
)
_POINT = Decimal("0.1")


def shares(doc: Document, said: Said) -> Iterator[Relation]:
    """Yield `38 oder 0,9 Prozent` against the level of which both are said."""
    moved = changes(said, doc.figures)
    for one, other in pairwise(moved):
        pair = sorted((one, other), key=lambda a: a.unit)
        if [a.unit for a in pair] == ["", "prozent"] and _is_same(doc, one, other):
            relation = _share(doc, said, *pair)
            if relation:
                yield relation


def _is_same(doc: Document, one: Amount, other: Amount) -> bool:
    gap = doc.text[one.stop : other.start]
    same_sentence = doc.sentence(one.start) == doc.sentence(other.start)
    return same_sentence and _SAME.fullmatch(gap) is not None


def _share(doc: Document, said: Said, moved: Amount, share: Amount) -> Relation | None:
    """Return the percentage that a difference makes of the level before."""
    if not exact(moved) or moved.value == 0:
        return None
    sense = said[moved].role.sense or said[share].role.sense
    found = levels(doc, said, moved, "")
    right = next((r for c in found if (r := _right_share(moved, share, c.amount, sense))), None)
    return right or _wrong_share(moved, share, found, sense)


def _right_share(moved: Amount, share: Amount, level: Amount, sense: int | None) -> Relation | None:
    """Return the calculation if it comes out; without a known direction it may be either."""
    for way in (sense,) if sense else (1, -1):
        before = level.value - way * moved.value
        if is_share(share, moved.value, before):
            text = _share_text(moved, level, before)
            return Relation(holds=True, calculation=text, claims=(share, moved, level))
    return None


def _wrong_share(
    moved: Amount, share: Amount, found: list[Candidate], sense: int | None
) -> Relation | None:
    level = _certain(found)
    if level is None or not sense or is_share(share, moved.value, level.value):
        return None
    before = level.value - sense * moved.value
    text = _share_text(moved, level, before) if before > 0 else ""
    return Relation(holds=False, calculation=text, claims=(share, moved, level)) if text else None


def _certain(found: list[Candidate]) -> Amount | None:
    return next((c.amount for c in found if c.certain), None)


def _share_text(moved: Amount, level: Amount, before: Decimal) -> str:
    sign = "+" if before > level.value else "−"
    share = number(moved.value * 100 / before, 1)
    return (
        f"{printed(moved)} von {number(before, 0)} ({printed(level)} {sign} {printed(moved)})"
        f" sind {share} %"
    )


def differences(doc: Document, said: Said) -> Iterator[Relation]:
    """Yield level minus level before against the printed difference."""
    for a in changes(said, doc.figures):
        if a.unit == "prozent" or not exact(a):
            continue
        unit = "prozent" if a.unit == "punkte" else ""
        relation = _difference(said[a], levels(doc, said, a, unit), bases(doc, said, a, unit))
        if relation:
            yield relation


def _difference(said: Statement, now: list[Candidate], before: list[Candidate]) -> Relation | None:
    for level, base in product(now, before):
        if _moved(said, level.amount, base.amount):
            return _relation(said, level.amount, base.amount, holds=True)
    sure_now, sure_before = _certain(now), _certain(before)
    if sure_now is None or sure_before is None or _nearly(said, sure_now, sure_before):
        return None
    return _relation(said, sure_now, sure_before, holds=False)


def _moved(said: Statement, level: Amount, base: Amount) -> bool:
    moved = level.value - base.value
    sense = said.role.sense
    if sense is not None and sense * moved < 0:
        return False
    return agrees(said.amount, abs(moved))


def _nearly(said: Statement, level: Amount, base: Amount) -> bool:
    """Tell whether a difference of rates is off by what rounding explains."""
    moved = level.value - base.value
    claimed = said.amount.value * (said.role.sense or (1 if moved > 0 else -1))
    return said.amount.unit == "punkte" and abs(moved - claimed) <= _POINT


def _relation(said: Statement, level: Amount, base: Amount, *, holds: bool) -> Relation:
    moved = level.value - base.value
    digits = max(level.places, base.places)
    text = f"{printed(level)} gegen {printed(base)} sind {signed(moved, digits)}"
    word = (said.role.word,) if said.role.word else ()
    return Relation(holds, text, (said.amount, *word, level, base))
