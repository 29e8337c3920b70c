"""What a figure is of when its own clause does not say.

The figure before, the rest of the sentence, the one before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import (
    FOREIGN,
    OTHER,
    Case,
    Link,
    before_it,
    counted,
    fits,
    in_clause,
    without_unit,
)
from kca_etl.textcheck.months import label
from kca_etl.textcheck.placed import between
from kca_etl.textcheck.roles import BEFORE, CHANGE, LEVEL, Role
from kca_etl.textcheck.vocabulary import vocabulary

# What stands before the value of a subject named earlier: `die Quote, die …, sank auf 3,2 Prozent`.
_VALUE = re.compile(
    r"(?<!\w)(?:bei|auf|von|nach|betrug|beträgt|betragen|lag|liegt|sind|waren|um)(?: \w+)?(?: \w+)? \Z",
    re.IGNORECASE,
)
_DIFFERS = re.compile(r"(?: [\w*-]+){0,3} (?:mehr|weniger|höher|niedriger|geringer)\b")
_NEW_SUBJECT = re.compile(r"(?<!\w)(?:an)?zahl (?:der|von|an) ", re.IGNORECASE)
_LOOK_BACK = 150  # characters
_SHORT_LINE, _EXTRA = 60, 20
Step = Callable[[Case], Link | None]


def links(doc: Document, roles: Mapping[Amount, Role]) -> dict[Amount, Link]:
    """Return for every figure what it is of."""
    found: dict[Amount, Link] = {}
    for a in doc.figures:
        found[a] = _link(Case(doc, doc.sentence(a.start), a, roles[a], found))
    return found


def _link(case: Case) -> Link:
    near: tuple[Step, ...] = (
        (before_it, _as_before, in_clause) if case.role.kind == CHANGE else (in_clause, _as_before)
    )
    for step in (counted, *near, _in_sentence, _from_earlier, _under_label):
        link = step(case)
        if link is not None:
            return link
    if case.a.unit == "punkte":
        return _link(without_unit(case))
    return _share(case) or Link(why="keine Kennzahl genannt")


def _as_before(case: Case) -> Link | None:
    """A difference, or the level of another month, is of what the figure before it is of."""
    doc, a, role = case.doc, case.a, case.role
    timed = (
        bool(between(doc.times, *case.clause) or label(doc, a))
        or role.kind == BEFORE
        or _refers(doc, case.clause)
    )
    for b in reversed(between(doc.figures, case.sentence.start, a.start)):
        names = tuple(n for n in case.found[b].names if fits(n, a, role))
        if not names and role.kind == CHANGE and case.found[b].why and b.unit == a.unit:
            return case.found[b]
        if names and (role.kind == CHANGE or timed):
            return Link(names, sure=case.found[b].sure, why=case.found[b].why)
    return None


def _in_sentence(case: Case) -> Link | None:
    """The nearest one before, else the first behind, in other clauses."""
    doc, a, role, sentence = case.doc, case.a, case.role, case.sentence
    before = case.fitting(sentence.start, a.start)
    # `7.273 Menschen, 73 weniger als im Oktober, waren arbeitslos`: differences between do not part
    # them.
    levels = (b.start for b in between(doc.figures, a.stop, sentence.end) if not _differs(doc, b))
    end = sentence.end if role.kind == BEFORE else next(levels, sentence.end)
    names = before[-1:] or case.fitting(a.stop, end)[:1]
    if (
        not names
        and role.kind == CHANGE
        and len(set(case.fitting(sentence.start, sentence.end))) == 1
    ):
        names = case.fitting(sentence.start, sentence.end)[:1]
    if not names or names == [FOREIGN]:
        return Link(why=OTHER) if names else None
    valued = case.bare and _VALUE.search(doc.text[sentence.start : a.start]) is not None
    return Link(tuple(names), sure=role.kind != LEVEL or not before or valued)


def _differs(doc: Document, b: Amount) -> bool:
    return (
        b.sign is not None
        or b.unit == "punkte"
        or _DIFFERS.match(doc.text[b.stop : b.stop + 50]) is not None
    )


def _from_earlier(case: Case) -> Link | None:
    """What the sentence before spoke of, if this one refers to it, as `Im Vormonat waren es 7.346` does."""
    doc, sentence, span = case.doc, case.sentence, (case.sentence.start, case.sentence.end)
    timed = any(t.shifts and not t.base for t in between(doc.times, *case.clause))
    refers = case.role.kind != LEVEL or _refers(doc, span) or (timed and case.bare)
    if not refers or _NEW_SUBJECT.search(doc.text[slice(*span)]):
        return None
    for earlier in reversed(
        [s for s in doc.sentences if s.paragraph == sentence.paragraph and s.end <= sentence.start]
    ):
        figures = between(doc.figures, earlier.start, earlier.end)
        of = [case.found[b].names[0] for b in figures if case.found[b].names]
        of = of or [w.name for w in between(doc.words, earlier.start, earlier.end)]
        if of and of[-1] == FOREIGN:
            return Link(why=OTHER)
        names = tuple(
            dict.fromkeys(n for n in reversed(of) if n != FOREIGN and fits(n, case.a, case.role))
        )
        if names or figures:
            return Link(names, sure=len(names) == 1) if names else None
    return None


def _under_label(case: Case) -> Link | None:
    """A line that starts with its figure, below a line that is a kennzahl's name, or below another such line."""
    doc, a, sentence = case.doc, case.a, case.sentence
    above = [s for s in doc.sentences if s.end <= sentence.start][-1:]
    if (
        doc.text[sentence.start : a.start].strip()
        or sentence.end - sentence.start > _SHORT_LINE
        or not above
    ):
        return None
    line = above[0]
    figures, words = (
        between(doc.figures, line.start, line.end),
        between(doc.words, line.start, line.end),
    )
    if (
        figures
        and case.found[figures[0]].names
        and not doc.text[line.start : figures[0].start].strip()
    ):
        return Link(tuple(n for n in case.found[figures[0]].names if fits(n, a, case.role)))
    if (
        figures
        or len(words) != 1
        or line.end - line.start >= words[0].end - words[0].start + _EXTRA
    ):
        return None
    return (
        Link((words[0].name,))
        if words[0].name != FOREIGN and fits(words[0].name, a, case.role)
        else Link(why=OTHER)
    )


def _share(case: Case) -> Link | None:
    """A percentage beside the unemployed is the rate, or any share of them.

    `Arbeitslosigkeit … bei 3,2 Prozent` is the rate.
    """
    if case.a.unit != "prozent" or case.role.kind == CHANGE:
        return None
    text, sentence = case.doc.text, case.sentence
    words = [
        w
        for w in between(case.doc.words, sentence.start - _LOOK_BACK, sentence.end)
        if w.name == "arbeitslose"
    ]
    inside = any(
        sentence.start <= w.start < case.a.start
        and text[w.start : w.end].lower() == "arbeitslosigkeit"
        for w in words
    )
    return Link(("arbeitslosenquote",), sure=inside) if words else None


def _refers(doc: Document, span: tuple[int, int]) -> bool:
    return (
        re.search(rf"(?<!\w){vocabulary()['verweis']}(?!\w)", doc.text[slice(*span)], re.IGNORECASE)
        is not None
    )
