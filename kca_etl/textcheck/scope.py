"""For whom a figure is stated.

The Rechtskreis, the region, all or a part, and whether it is stated at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kca_etl.textcheck.document import Document
from kca_etl.textcheck.regions import OWN_REGION
from kca_etl.textcheck.segments import Sentence
from kca_etl.textcheck.spans import between, first_hit
from kca_etl.textcheck.vocabulary import Mention

_YEARLY = re.compile(
    r"(?<!\w)(?:jahres(?:durchschnitt|mittel|bericht|bilanz|verlauf)|durchschnittlich)",
    re.IGNORECASE,
)
SGB2, SGB3, BOTH = "sgb2", "sgb3", "beide"


@dataclass(frozen=True, slots=True)
class Scope:
    """Rechtskreis of a statement, and whether that and the region are certain.

    `why` says why the warehouse has nothing on it; `untestable` that nothing is stated at all.
    """

    circle: str = SGB2
    sure: bool = True
    why: str = ""
    untestable: bool = False


def scope(doc: Document, own: tuple[int, int], at: int) -> Scope:
    """Return the scope of a statement at a place.

    `own` bounds the words that belong to it alone.
    """
    sentence = doc.sentence(at)
    clause = sentence.clause(at)
    doubt = next((m for m in doc.doubts if clause[0] <= m.start < clause[1]), None)
    if doubt is not None:
        said = doc.text[doubt.start : doubt.end]
        return Scope(why=f"„{said}“: keine Aussage über einen Monat", untestable=True)
    circle, known = _circle(doc, sentence, clause, own[1])
    home, named = _home(doc, sentence, clause)
    if home is not True and named:
        return Scope(circle, why="anderes Gebiet" if home is False else "Gebiet nicht eindeutig")
    return Scope(
        circle,
        sure=known
        and home is True
        and not _part(doc, own, clause)
        and not _yearly(doc, sentence, clause),
    )


def _decided(names: set[str]) -> str:
    """Explicit names count more than those of the bodies in charge."""
    if BOTH in names or {SGB2, SGB3} <= names:
        return BOTH
    for name, circle in ((SGB2, SGB2), (SGB3, SGB3), ("traeger3", SGB3), ("traeger2", SGB2)):
        if name in names:
            return circle
    return ""


def _part(doc: Document, own: tuple[int, int], clause: tuple[int, int]) -> bool:
    """Tell whether a group is meant.

    `davon entfallen … auf das SGB II` names the whole of our own.
    """
    groups = [doc.text[m.start : m.end].lower() for m in between(doc.parts, *own)]
    stated = _decided({m.name for m in between(doc.circles, *clause)}) == SGB2
    return any(not (stated and group in ("davon", "darunter", "hiervon")) for group in groups)


def _yearly(doc: Document, sentence: Sentence, clause: tuple[int, int]) -> bool:
    """Tell whether the paragraph speaks of yearly averages and the sentence of no month."""
    if any(t.months for t in between(doc.times, sentence.start, sentence.end)):
        return False
    opening = (*doc.paragraph_before(sentence), sentence)[0].start
    return first_hit(_YEARLY, doc.text, opening, clause[0]) is not None


def _circle(
    doc: Document, sentence: Sentence, clause: tuple[int, int], end: int
) -> tuple[str, bool]:
    """Look in the clause, the sentence, the paragraph up to here; else the document decides.

    What stands behind the next figure is that one's: `Von 9.177 Arbeitslosen sind 5.979 im SGB II`.
    """
    here = between(doc.circles, *clause)
    if here and all(m.start >= end for m in here):
        return _decided({m.name for m in here}), False
    spans = [clause, (sentence.start, clause[0]), (clause[1], sentence.end)]
    spans += [(s.start, s.end) for s in reversed(doc.paragraph_before(sentence))]
    for span in spans:
        circle = _decided({m.name for m in between(doc.circles, *span)})
        if circle:
            return circle, True
    return SGB2, not doc.mixed


def _home(doc: Document, sentence: Sentence, clause: tuple[int, int]) -> tuple[bool | None, bool]:
    """Return whether a statement is of the own region, and whether its sentence says so.

    The first is None where it may be.
    """
    here, before = doc.regions.within(*clause), doc.regions.within(sentence.start, clause[0])
    if here or before:
        return _is_home(here or before[-1:]), True
    for earlier in reversed(doc.paragraph_before(sentence)):
        named = doc.regions.within(earlier.start, earlier.end)
        if named:
            return (True if _is_home(named) else None), False
    return not doc.regions.foreign, doc.regions.foreign


def _is_home(named: list[Mention]) -> bool:
    return any(m.name == OWN_REGION for m in named)
