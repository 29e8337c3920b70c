"""Sums: parts that make up a whole that the text prints, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from kca_etl.german.notation import number, signed
from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.inner.relations import Claim, Relation, exact, printed
from kca_etl.textcheck.inner.topics import Said, near, usable
from kca_etl.textcheck.roles import CHANGE, LEVEL
from kca_etl.textcheck.scope import SGB2, SGB3
from kca_etl.textcheck.spans import between, first_hit

_MOST_PARTS = 5
_BACK = 3  # sentences between the parts and their sum
_FAR_BACK = 8  # sentences back to a whole that its halves make up to a unit
_SLIP = Decimal("0.1")  # of the whole: parts further off are of another whole
_SLIP_ADDED = Decimal("0.25")  # where the text says that one part is added to the other
_WHOLE = re.compile(
    r"(?<!\w)(?:insgesamt|zusammen(?:gerechnet|genommen)?|in (?:der )?summe"
    r"|alles in allem|unterm strich"
    r"|summiert\w*|gesamt\w*)(?!\w)",
    re.IGNORECASE,
)
_ADDED = re.compile(r"(?<!\w)(?:hinzu|weitere[nrs]?|dazu|zuzüglich|plus)(?!\w)", re.IGNORECASE)
_PARTED = re.compile(
    r"(?<!\w)(?:davon|darunter|hiervon|aufgeteilt|verteil\w+|setzt sich|gliedert|unterteilt)(?!\w)",
    re.IGNORECASE,
)
# Halves that leave nobody out.
_HALVES = (
    (
        re.compile(r"frauen\b|weiblich", re.IGNORECASE),
        re.compile(r"männern?\b|männlich", re.IGNORECASE),
    ),
    (
        re.compile(r"deutsche\b|deutschen\b", re.IGNORECASE),
        re.compile(r"ausländer|nichtdeutsche|nicht-deutsche", re.IGNORECASE),
    ),
)
_NEAR = 40
_THEY_WERE = re.compile(r"(?<!\w)(?:waren|sind) es (?:\w+ )?\Z", re.IGNORECASE)


def sums(doc: Document, said: Said) -> Iterator[Relation]:
    """Yield every whole of the text with its parts."""
    for whole in doc.figures:
        if _is_count(said, whole) and (relation := _stated(doc, said, whole)):
            yield relation
    yield from _halves(doc, said)
    yield from _by_law(doc, said)


def _is_count(said: Said, a: Amount) -> bool:
    return said[a].role.kind == LEVEL and a.unit == "" and usable(said, a)


def _stated(doc: Document, said: Said, whole: Amount) -> Relation | None:
    """A whole that is called so, and the figures before or behind it that make it up."""
    around = near(doc, doc.sentence(whole.start), _BACK, 1)
    behind = _parted(doc, said, whole, around[-1].end)
    if parts := _adding_up(behind, whole):
        return _sum(parts, whole)
    if not _called_whole(doc, whole):
        return None
    before = _counts(doc, said, (around[0].start, whole.start))
    if parts := _adding_up(before[::-1], whole):
        return _sum(parts[::-1], whole)
    added = before and _ADDED.search(doc.text, before[0].start, whole.start)
    return _missed(before, whole) if added else None


def _counts(doc: Document, said: Said, span: tuple[int, int]) -> list[Amount]:
    return [a for a in between(doc.figures, *span) if _is_count(said, a)]


def _parted(doc: Document, said: Said, whole: Amount, end: int) -> list[Amount]:
    """Return the figures behind `davon`."""
    hit = first_hit(_PARTED, doc.text, whole.stop, end)
    return [] if hit is None else _counts(doc, said, (hit, end))


def _called_whole(doc: Document, whole: Amount) -> bool:
    """Tell whether `insgesamt` stands with a figure, and no other figure between."""
    clause = doc.sentence(whole.start).clause(whole.start)
    return any(
        not between(doc.figures, min(hit.end(), whole.stop), max(hit.start(), whole.start))
        for hit in _WHOLE.finditer(doc.text, *clause)
    )


def _adding_up(parts: Sequence[Amount], whole: Amount) -> list[Amount]:
    """Return the first two or more figures that make up the whole; none if none do."""
    total = Decimal(0)
    for number_of, part in enumerate(parts[:_MOST_PARTS], 1):
        total += part.value
        if total >= whole.value:
            return list(parts[:number_of]) if total == whole.value and number_of > 1 else []
    return []


def _missed(before: Sequence[Amount], whole: Amount) -> Relation | None:
    """Two parts, one added to the other, that do not make up what is called their whole."""
    if len(before) != 2:  # noqa: PLR2004 - a pair
        return None
    total = before[0].value + before[1].value
    near_by = abs(total - whole.value) <= _SLIP_ADDED * max(total, whole.value)
    return _sum(before, whole) if near_by and total != whole.value else None


def _sum(parts: Sequence[Amount], whole: Amount) -> Relation:
    total = sum((p.value for p in parts), Decimal(0))
    text = f"{' + '.join(printed(p) for p in parts)} = {number(total, 0)}"
    return Relation(total == whole.value, text, (whole, *parts))


def _halves(doc: Document, said: Said) -> Iterator[Relation]:
    """`3.110 Arbeitslose: 1.406 Frauen und 1.704 Männer`."""
    counts = [a for a in doc.figures if _is_count(said, a)]
    for number_of, (one, other) in enumerate(pairwise(counts)):
        if doc.sentence(one.start) == doc.sentence(other.start) and _are_halves(doc, one, other):
            earlier, later = counts[:number_of], counts[number_of + 2 : number_of + 4]
            yield from _whole_of(doc, (one, other), earlier, later)


def _whole_of(
    doc: Document, parts: Sequence[Amount], earlier: Sequence[Amount], later: Sequence[Amount]
) -> Iterator[Relation]:
    """Yield the whole of two halves; one far above them only if they make it up to a unit."""
    sentence = doc.sentence(parts[0].start)
    far, back = near(doc, sentence, _FAR_BACK, 0)[0], near(doc, sentence, 1, 1)
    right = [w for w in earlier if far.start <= w.start and _is_whole(parts, w)]
    if right:
        yield _sum(parts, right[-1])
        return
    around = [*earlier[-3:], *later]
    yield from _best_whole(parts, [w for w in around if back[0].start <= w.start < back[-1].end])


def _is_whole(parts: Sequence[Amount], whole: Amount) -> bool:
    return sum((p.value for p in parts), Decimal(0)) == whole.value


def _are_halves(doc: Document, one: Amount, other: Amount) -> bool:
    first, second = (doc.text[a.stop : a.stop + _NEAR].split(",")[0] for a in (one, other))
    first = first[: max(0, other.start - one.stop)]
    return any(
        (a.search(first) and b.search(second)) or (b.search(first) and a.search(second))
        for a, b in _HALVES
    )


def _best_whole(parts: Sequence[Amount], wholes: Sequence[Amount]) -> Iterator[Relation]:
    """Yield the whole that the parts make up, else the one that they miss by a slip."""
    total = sum((p.value for p in parts), Decimal(0))
    right = [w for w in wholes if w.value == total]
    close = [w for w in wholes if abs(w.value - total) <= _SLIP * total]
    if right or len(close) == 1:
        yield _sum(parts, (right or close)[0])


def _by_law(doc: Document, said: Said) -> Iterator[Relation]:
    """All unemployed are those of the one Rechtskreis and those of the other."""
    parts = {circle: _first_level(doc, said, circle) for circle in (SGB2, SGB3)}
    two, three = parts[SGB2], parts[SGB3]
    if two is None or three is None:
        return
    first = min(two.start, three.start)
    wholes = [
        a
        for a in between(doc.figures, 0, first)
        if _is_count(said, a) and _circle_said(doc, a) not in (SGB2, SGB3)
    ]
    yield from _best_whole((two, three), wholes)
    if wholes:
        yield from _moved_by_law(doc, said, (wholes[-1], two, three))


def _circle_said(doc: Document, a: Amount) -> str:
    """Return the Rechtskreis that a figure's own sentence names."""
    sentence = doc.sentence(a.start)
    names = {m.name for m in between(doc.circles, sentence.start, sentence.end)}
    two, three = names & {SGB2, "traeger2"}, names & {SGB3, "traeger3"}
    if two and three:
        return "beide"
    if two:
        return SGB2
    return SGB3 if three else ""


def _first_level(doc: Document, said: Said, circle: str) -> Amount | None:
    """Return the one level of unemployed of a Rechtskreis that the text opens a sentence with."""
    found = [
        a
        for a in doc.figures
        if _is_count(said, a) and _circle_said(doc, a) == circle and _of_unemployed(doc, a)
    ]
    return found[0] if len(found) == 1 else None


def _of_unemployed(doc: Document, a: Amount) -> bool:
    sentence = doc.sentence(a.start)
    words = between(doc.words, sentence.start, sentence.end)
    if not words and _THEY_WERE.search(doc.text[sentence.start : a.start]):
        above = doc.line_above(sentence)
        words = between(doc.words, above.start, above.end) if above else []
    return bool(words) and {w.name for w in words} <= {"arbeitslose", "arbeitslosenquote"}


def _moved_by_law(
    doc: Document, said: Said, levels: tuple[Amount, Amount, Amount]
) -> Iterator[Relation]:
    """The changes of the whole and of both parts against the same month."""
    moved = [_changes_of(doc, said, level) for level in levels]
    for months in set(moved[0]) & set(moved[1]) & set(moved[2]):
        whole, two, three = (m[months] for m in moved)
        total = _signed(said, two) + _signed(said, three)
        text = f"{_shown(said, two)} {_shown(said, three)} = {signed(total, 0)}"
        words = [w for a in (whole, two, three) if (w := said[a].role.word)]
        claims: tuple[Claim, ...] = (whole, two, three, *words)
        yield Relation(total == _signed(said, whole), text, claims)


def _changes_of(doc: Document, said: Said, level: Amount) -> dict[object, Amount]:
    """Return the changes that follow a level, by the month that they are against."""
    sentence = doc.sentence(level.start)
    end = near(doc, sentence, 0, 1)[-1]
    stop = end.end if end.paragraph == sentence.paragraph else sentence.end
    found: dict[object, Amount] = {}
    for a in between(doc.figures, level.stop, stop):
        if _is_count(said, a):
            break
        known = said[a].role.kind == CHANGE and a.unit == "" and exact(a) and said[a].role.sense
        if known and len(said[a].when.pairs) == 1:
            found.setdefault(said[a].when.pairs[0], a)
    return found


def _signed(said: Said, a: Amount) -> Decimal:
    return a.value * (said[a].role.sense or 0)


def _shown(said: Said, a: Amount) -> str:
    return signed(_signed(said, a), 0)
