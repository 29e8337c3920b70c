"""Which month a level is of.

The one named with it, the one at the head of its sentence, else the report's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.times import Time

# A month named in such a clause does not count for the clauses after it.
_SUBORDINATE = re.compile(
    (
        r"\s*(?:während|nachdem|wie|als|obwohl|war|waren|zählten?|lag|lagen|hatten?|noch"
        r"|nach|gegenüber|verglichen|im vergleich)\b"
    ),
    re.IGNORECASE,
)
_ASIDE = re.compile(r", (?:die|der|das|welche\w*)\b[^,]*\Z|\([^)]*\Z")
_AFTER_MONTH = re.compile(r"(?: von| mit| noch| insgesamt)? ?[(:|=\t]? ?")
_AFTER_BASE = re.compile(r" ?[(:|=\t] ?|\w* von | mit |, (?:als|in dem) (?:[\w-]+ ){0,5}")
_NEAR = 70  # days from the report's month to a day on which it was counted or published
_CLOSE = 45  # characters from a month to the number that it labels


@dataclass(frozen=True, slots=True)
class When:
    """(month, month compared with) that a statement may mean, the likeliest first.

    None if it names no month.
    """

    pairs: tuple[tuple[date, date | None], ...]
    sure: bool = True


def of_level(doc: Document, named: list[Time]) -> When | None:
    """Return the months of a level, None if none is named.

    A day near the report's month leaves that possible too.
    """
    if not named:
        return None
    named = [t for t in named if not t.open] or named
    months: dict[date, None] = {}
    for time in named:
        months.update(dict.fromkeys(time.resolve(doc.report)))
    if any(t.dated for t in named):
        months.setdefault(doc.report)
    return When(tuple((m, None) for m in months), all(_certain(t, doc.report) for t in named))


def _certain(time: Time, report: date) -> bool:
    """Tell whether a time means its month; a day far from the report's month may not."""
    far = time.dated and bool(time.months) and abs((time.months[0] - report).days) > _NEAR
    return time.sure and not far


def label(doc: Document, a: Amount) -> Time | None:
    """Return the month right before the number.

    `(Vormonat: 3,3 Prozent)`, `als im Oktober (7.346)`, `Vormonatswert von 3,2`.
    """
    for time in between(doc.times, a.start - _CLOSE, a.start):
        if (_AFTER_BASE if time.base else _AFTER_MONTH).fullmatch(doc.text[time.end : a.start]):
            return time
    return None


def inherited(doc: Document, a: Amount, clause: tuple[int, int]) -> When:
    """Return the month at the head of the sentence if it counts for all its clauses.

    Else the report's, or one named before.
    """
    head = [
        t
        for t in between(doc.times, doc.sentence(a.start).start, clause[0])
        if not t.base and not t.open
    ]
    if head and _leads(doc, head):
        return of_level(doc, head) or When(())
    return When(
        tuple(
            (m, None)
            for m in dict.fromkeys([doc.report, *(m for t in head for m in t.resolve(doc.report))])
        )
    )


def _leads(doc: Document, head: list[Time]) -> bool:
    sentence, first = doc.sentence(head[0].start), head[0]
    opens = (
        not between(doc.figures, sentence.start, first.start)
        and first.start < sentence.clauses[0][1]
    )
    aside = _ASIDE.search(doc.text[max(0, first.start - 40) : first.start])
    return (
        opens and len(head) == 1 and not aside and not _SUBORDINATE.match(doc.text, sentence.start)
    )
