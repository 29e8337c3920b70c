"""A month compared with itself: `mehr als im April` in a report of April."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kca_etl.german.months import MONTHS, month_name
from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.directions import Direction
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.inner.relations import Relation
from kca_etl.textcheck.inner.topics import Said
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.times import Time

_THAN = re.compile(
    r"(?<!\w)(?:als|gegenüber|verglichen mit)(?: noch| im| dem| in| zum){0,3} \Z", re.IGNORECASE
)
_NAMED = re.compile(rf"(?:{'|'.join(MONTHS)})", re.IGNORECASE)
_OTHER_YEAR = re.compile(
    r"[^.;]{0,30}\b(?:jahr\w*|zuvor|davor|vorher|früher|damals)", re.IGNORECASE
)


def same_months(doc: Document, said: Said) -> Iterator[Relation]:
    """Yield the comparisons of a month with itself."""
    for time in doc.times:
        if (
            time.base
            and len(time.months) == 1
            and _is_named(doc, time)
            and _is_spoken_of(doc, time)
        ):
            claims = _compared(doc, said, time)
            name = month_name(time.months[0])
            if claims:
                text = f"vergleicht {name} mit sich selbst"
                yield Relation(holds=False, calculation=text, claims=claims)


def _is_named(doc: Document, time: Time) -> bool:
    """Tell whether a month stands there by its name alone, right behind `als im`."""
    before = doc.text[max(0, time.start - 30) : time.start]
    named = _NAMED.fullmatch(doc.text[time.start : time.end].strip())
    later = _OTHER_YEAR.match(doc.text, time.end)
    return named is not None and _THAN.search(before) is not None and later is None


def _is_spoken_of(doc: Document, time: Time) -> bool:
    """Tell whether the sentence speaks of that month only; else the report does."""
    sentence = doc.sentence(time.start)
    others = [
        t for t in between(doc.times, sentence.start, time.start) if not t.base and not t.open
    ]
    if others:
        return others[-1].resolve(doc.report) == time.months
    return time.months == (doc.report,)


def _compared(doc: Document, said: Said, time: Time) -> tuple[Amount | Direction, ...]:
    """Return the comparative before a month, if no other comparison stands between."""
    sentence = doc.sentence(time.start)
    words = [d for d in between(doc.directions, sentence.start, time.start) if d.compares][-1:]
    if not words or between(doc.times, words[0].end, time.start):
        return ()
    figures = [
        a for a in between(doc.figures, sentence.start, time.start) if said[a].role.word == words[0]
    ]
    return (*figures, *words)
