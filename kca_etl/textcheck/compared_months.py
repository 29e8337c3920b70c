"""Which month a figure is of, and which month it is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.months import When, inherited, label, of_level
from kca_etl.textcheck.roles import BEFORE, CHANGE, Role
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.times import Time, shifted

USUAL = (-1, -12)  # what a difference without a word for it is against
# A month with a level of its own: `(Oktober: 7.346)`, `7.346 im Oktober`.
_OF_OTHER = re.compile(r"[0-9](?: \w+)? im \Z|\(\Z")
_IN = re.compile(r"(?: [A-ZÄÖÜ]\w+)? im ")
_CLOSE = 12  # characters from a month to the number that it labels
_THAN = re.compile(r"(?<!\w)als (?:im |in )?\Z")
# Says of a level how far it is from the report's: `wurden 6.013 gezählt, also 1.260 weniger`.
_ALSO = re.compile(
    r"[\s,–-]*(?:also|mithin|somit|folglich|das (?:sind|waren)|und damit)\b", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\)(?: \([a-z](?:,[a-z])*\))? (?:(?:mehr|weniger) )?"
    r"(?:zum|zur|gegenüber|im vergleich|als|ggü)\b",
    re.IGNORECASE,
)
Span = tuple[int, int]
Pair = tuple[date, date | None]


def when(doc: Document, a: Amount, roles: Mapping[Amount, Role]) -> When:
    """Return the months of a figure."""
    start, end = doc.window(a)
    clause = doc.sentence(a.start).clause(a.start)
    stop = _behind_share(doc, a) or min(end, clause[1])
    near = between(doc.times, max(start, clause[0]), stop)
    here = [t for t in near if not _taken(doc, a, t, roles)]
    if roles[a].kind == CHANGE:
        return _change(doc, a, here, clause, roles)
    if roles[a].kind == BEFORE:
        return _before(doc, a, here, clause)
    return _level(doc, a, here, clause)


def _behind_share(doc: Document, a: Amount) -> int:
    """Return how far the words reach that follow the same change in per cent; 0 without one.

    `−613 (−8,9 %) zum Vorjahresmonat`.
    """
    for b in between(doc.figures, a.stop, a.stop + _CLOSE)[:1]:
        bracketed = doc.text[a.stop : b.start].strip() == "(" and b.unit == "prozent" != a.unit
        if bracketed and _AGAINST.match(doc.text, b.stop):
            sentence = doc.sentence(b.start)
            return min(doc.window(b)[1], sentence.clause(b.stop + 1)[1])
    return 0


def _level(doc: Document, a: Amount, here: list[Time], clause: Span) -> When:
    """Month of a level: its label, the nearest one, the one before its clause's first figure."""
    named = label(doc, a)
    near = [named] if named else [t for t in here if not t.base and not _labels_next(doc, a, t)]
    if near:
        near.sort(key=lambda t: min(abs(t.start - a.stop), abs(a.start - t.end)))
        return of_level(doc, near) or When(())
    # A month before the first figure of the clause belongs to all of them.
    shared = [
        t
        for t in between(doc.times, *clause)
        if not t.base and not between(doc.figures, clause[0], t.start)
    ]
    return of_level(doc, shared) or inherited(doc, a, clause)


def _labels_next(doc: Document, a: Amount, time: Time) -> bool:
    """Tell whether a month behind the number is the next one's: `das Vormonatsergebnis von 345`."""
    following = between(doc.figures, time.end, time.end + _CLOSE)[:1]
    return time.start >= a.stop and any(label(doc, b) == time for b in following)


def _taken(doc: Document, a: Amount, time: Time, roles: Mapping[Amount, Role]) -> bool:
    """Tell whether a month before the number belongs to the level before.

    `von 7.346 im Oktober auf 7.273`.
    """
    if time.start >= a.start or time.months == (doc.report,) or time == label(doc, a):
        return False
    earlier = [
        b
        for b in between(doc.figures, doc.sentence(a.start).start, a.start)
        if b.stop <= time.start
    ]
    return bool(earlier) and roles[earlier[-1]].kind == BEFORE


def _before(doc: Document, a: Amount, here: list[Time], clause: Span) -> When:
    """Months of the level before: named behind the number, or what its clause compares with."""
    named = [t for t in here if t.start >= a.stop] or [
        t for t in between(doc.times, *clause) if t.base
    ]
    if any(t.open for t in between(doc.times, *clause)):
        return When((), sure=False)
    if named:
        return of_level(doc, named[:1]) or When(())
    return When(tuple((shifted(doc.report, by), None) for by in USUAL))


def _change(
    doc: Document, a: Amount, here: list[Time], clause: Span, roles: Mapping[Amount, Role]
) -> When:
    """Months of a difference: the one spoken of, and the one compared with."""
    if a.sign is not None:
        here = _compared_by_label(doc, a, here)
    named = _spoken_of(doc, clause, {t.start for t in here if t.base})
    named = _right_behind(doc, a, here) or named
    months = named or _months_of(inherited(doc, a, clause))
    months = _months_before(doc, a, here, roles) or months
    bases = _bases(doc, a, _without_own_month(here, months), clause)
    if bases is None:
        return When((), sure=False)
    spoken = bool(named) or _ALSO.match(doc.text[clause[0] : a.start]) is not None
    return _paired(doc, bases, months, said=spoken)


def _right_behind(doc: Document, a: Amount, here: list[Time]) -> tuple[date, ...]:
    """Return the month that follows a difference at once: `um 64 im Oktober`."""
    for time in here:
        if not time.base and not time.open and _IN.fullmatch(doc.text[a.stop : time.start]):
            return time.resolve(doc.report)
    return ()


def _paired(doc: Document, bases: list[Time], months: tuple[date, ...], *, said: bool) -> When:
    pairs = _against(bases, months) if bases else _against_usual(doc, months, said=said)
    return When(tuple(p for p in pairs if p[0] != p[1]), all(t.sure for t in bases))


def _is_now(doc: Document, time: Time) -> bool:
    """Tell whether a text compares with the report's month: `283 mehr als jetzt`."""
    before = doc.text[max(0, time.start - 10) : time.start]
    return time.base and time.months == (doc.report,) and _THAN.search(before) is not None


def _months_before(
    doc: Document, a: Amount, here: list[Time], roles: Mapping[Amount, Role]
) -> tuple[date, ...]:
    """Return the months of which a difference against `jetzt` speaks; none without `jetzt`.

    They are those of the level before the figure, else those that texts compare with.
    """
    if not any(_is_now(doc, t) for t in here):
        return ()
    earlier = between(doc.figures, doc.sentence(a.start).start, a.start)
    levels = [b for b in earlier if roles[b].kind != CHANGE]
    named = _months_of(when(doc, levels[-1], roles)) if levels else ()
    others = tuple(m for m in named if m != doc.report)
    return others or tuple(shifted(doc.report, by) for by in USUAL)


def _months_of(when: When) -> tuple[date, ...]:
    return tuple(month for month, _ in when.pairs)


def _compared_by_label(doc: Document, a: Amount, here: list[Time]) -> list[Time]:
    """Take the month that labels a signed number for its comparison: `Vormonat: −73`."""
    named = label(doc, a)
    return [
        replace(t, base=True)
        if (t == named or t.shifts) and doc.report not in t.resolve(doc.report)
        else t
        for t in here
    ]


def _without_own_month(here: list[Time], months: tuple[date, ...]) -> list[Time]:
    """Tell that the month itself is no comparison: `um 73 auf nunmehr 7.273`."""
    return [
        replace(t, base=False)
        if t.base and months and set(t.resolve(months[0])) <= set(months)
        else t
        for t in here
    ]


def _against(bases: list[Time], months: tuple[date, ...]) -> list[Pair]:
    """Compare each month with each that is named for it."""
    pairs: list[Pair] = []
    for month in months:
        for time in bases:
            pairs += [(month, base) for base in time.resolve(month)]
    return pairs


def _against_usual(doc: Document, months: tuple[date, ...], *, said: bool) -> list[Pair]:
    """Compare with the month and the year before, as nothing is named; and with the report's.

    `Vor einem Jahr waren es 1.260 weniger`: the month spoken of is compared with the report's.
    `… lag vor einem Jahr bei 2,6 Prozent und ist seither um 0,6 Prozentpunkte gestiegen`: the
    other way round.
    """
    pairs: list[Pair] = []
    for month in months:
        pairs += [(month, shifted(month, by)) for by in USUAL]
    return pairs + [(m, doc.report) if said else (doc.report, m) for m in months]


def _bases(doc: Document, a: Amount, here: list[Time], clause: Span) -> list[Time] | None:
    """Return the comparison behind the number, before it, in its clause, in its sentence.

    None for one with no month.
    """
    behind = [t for t in here if t.start >= a.stop]
    before = [t for t in here if t.end <= a.start]
    based = _first_base(behind, before[::-1])
    if based:
        return based
    if any(t.open for t in here):
        return None
    later = between(doc.times, a.stop, clause[1])
    earlier = between(doc.times, doc.sentence(a.start).start, a.start)
    return _first_base(_others(later, here), _others(earlier, here)[::-1])


def _others(times: list[Time], here: list[Time]) -> list[Time]:
    places = {t.start for t in here}
    return [t for t in times if t.start not in places]


def _first_base(*groups: list[Time]) -> list[Time]:
    """Return the first comparison of the first group that has one."""
    for group in groups:
        if based := [t for t in group if t.base]:
            return based[:1]
    return []


def _spoken_of(doc: Document, clause: Span, bases: set[int]) -> tuple[date, ...]:
    """Return the months named in the clause that are not what it compares with."""
    here = [
        t for t in between(doc.times, *clause) if not t.base and not t.open and t.start not in bases
    ]
    here = [t for t in here if not _OF_OTHER.search(doc.text[max(0, t.start - 20) : t.start])]
    return tuple(dict.fromkeys(m for t in here for m in t.resolve(doc.report)))
