"""What a figure is of when its own clause does not say.

The figure before, the rest of the sentence, the one before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

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
from kca_etl.textcheck.roles import BEFORE, CHANGE, LEVEL, Role
from kca_etl.textcheck.segments import Sentence
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.vocabulary import vocabulary

# What stands before the value of a subject named earlier: `die Quote, die …, sank auf 3,2 Prozent`.
_VALUE = re.compile(
    (
        r"(?<!\w)(?:bei|auf|von|nach|betrug|beträgt|betragen|lag|liegt|sind|waren|um)(?: "
        r"\w+)?(?: \w+)? \Z"
    ),
    re.IGNORECASE,
)
# Who enters or leaves a measure is not counted among those who are in it.
_ENTERED = re.compile(
    r"(?<!\w)(?:start\w+|beg[ao]nn\w*|begonn\w+|traten|eintr\w+|eingetreten|beend\w+|schlossen"
    r"|abgeschlossen|abgebrochen|brachen|wechsel\w+|neu)(?!\w)",
    re.IGNORECASE,
)
_SOME_RATE = re.compile(r"(?<!\w)eine[rm]? quote von (?:\w+ )?\Z", re.IGNORECASE)
_OF_THEM = re.compile(
    r"(?<!\w)von (?:den|diesen|allen|insgesamt|ihnen)(?: \w+)? [0-9]", re.IGNORECASE
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
            return replace(link, sure=False) if _is_other(case, link) else link
    if case.a.unit == "punkte":
        return _link(without_unit(case))
    return _share(case) or Link(why="keine Kennzahl genannt")


def _is_other(case: Case, link: Link) -> bool:
    """Tell whether a figure may be of less or of something else than what it is linked to."""
    name = link.names[0] if link.names else ""
    clause = case.doc.text[slice(*case.clause)]
    if name == "massnahmeteilnehmer" and _ENTERED.search(clause):
        return True
    before = case.doc.text[max(0, case.a.start - 30) : case.a.start]
    return (name == "arbeitslosenquote" and _SOME_RATE.search(before) is not None) or _is_part(case)


def _is_part(case: Case) -> bool:
    """Tell whether a figure is one of those before: `Von den 24.736 … waren 16.204 älter`."""
    if case.role.kind != LEVEL:
        return False
    return _OF_THEM.search(case.doc.text[case.sentence.start : case.a.start]) is not None


def _as_before(case: Case) -> Link | None:
    """A difference, or the level of another month, is of what the figure before it is of."""
    changes, timed = case.role.kind == CHANGE, _timed(case)
    for b in reversed(between(case.doc.figures, case.sentence.start, case.a.start)):
        link = case.found[b]
        names = tuple(n for n in link.names if fits(n, case.a, case.role))
        if not names and changes and link.why and (b.unit == case.a.unit or _is_share_of(case, b)):
            return link
        if names and (changes or timed):
            return Link(names, sure=link.sure, why=link.why)
    return None


def _is_share_of(case: Case, b: Amount) -> bool:
    """Tell whether a change in per cent stands right behind the figure that it restates.

    `9.018 Haushalte …, 58 weniger als im Vormonat (minus 0,6 Prozent)`.
    """
    nearest = not between(case.doc.figures, b.stop, case.a.start)
    return nearest and case.a.unit == "prozent" and b.unit == ""


def _timed(case: Case) -> bool:
    """Tell whether the clause places its figure in time, or refers to what was said."""
    return (
        bool(between(case.doc.times, *case.clause) or label(case.doc, case.a))
        or case.role.kind == BEFORE
        or _refers(case.doc, case.clause)
    )


def _in_sentence(case: Case) -> Link | None:
    """The nearest one before, else the first behind, in other clauses."""
    role, sentence = case.role, case.sentence
    before = case.fitting(sentence.start, case.a.start)
    names = before[-1:] or case.fitting(case.a.stop, _end_of_subject(case))[:1]
    if not names and role.kind == CHANGE:
        named = case.fitting(sentence.start, sentence.end)
        names = named[:1] if len(set(named)) == 1 else []
    if not names or names == [FOREIGN]:
        return Link(why=OTHER) if names else None
    valued = case.bare and _VALUE.search(case.doc.text[sentence.start : case.a.start]) is not None
    return Link(tuple(names), sure=role.kind != LEVEL or not before or valued)


def _end_of_subject(case: Case) -> int:
    """Return how far behind a figure its subject may stand.

    `7.273 Menschen, 73 weniger als im Oktober, waren arbeitslos`: differences between do not part
    them.
    """
    doc, sentence = case.doc, case.sentence
    if case.role.kind == BEFORE:
        return sentence.end
    later = between(doc.figures, case.a.stop, sentence.end)
    return next((b.start for b in later if not _differs(doc, b)), sentence.end)


def _differs(doc: Document, b: Amount) -> bool:
    return (
        b.sign is not None
        or b.unit == "punkte"
        or _DIFFERS.match(doc.text[b.stop : b.stop + 50]) is not None
    )


def _from_earlier(case: Case) -> Link | None:
    """What the sentence before spoke of, if this one refers to it: `Im Vormonat waren es 7.346`."""
    doc, sentence = case.doc, case.sentence
    if not _refers_back(case):
        return None
    for earlier in reversed(doc.paragraph_before(sentence)):
        figures = between(doc.figures, earlier.start, earlier.end)
        of = _subjects(case, earlier, figures)
        if of and of[-1] == FOREIGN:
            return Link(why=OTHER)
        names = _last_first(case, of)
        if names or figures:
            return Link(names, sure=len(names) == 1) if names else None
    return None


def _refers_back(case: Case) -> bool:
    """Tell whether a sentence goes on with what the one before spoke of."""
    span = (case.sentence.start, case.sentence.end)
    timed = any(t.shifts and not t.base for t in between(case.doc.times, *case.clause))
    refers = case.role.kind != LEVEL or _refers(case.doc, span) or (timed and case.bare)
    return refers and not _NEW_SUBJECT.search(case.doc.text[slice(*span)])


def _last_first(case: Case, names: list[str]) -> tuple[str, ...]:
    """Return the kennzahlen that the figure may be of, each once, the last named first."""
    fitting = [n for n in reversed(names) if n != FOREIGN and fits(n, case.a, case.role)]
    return tuple(dict.fromkeys(fitting))


def _subjects(case: Case, sentence: Sentence, figures: list[Amount]) -> list[str]:
    """Return what a sentence's figures are of; without such figures the kennzahlen it names."""
    of = [case.found[b].names[0] for b in figures if case.found[b].names]
    return of or [w.name for w in between(case.doc.words, sentence.start, sentence.end)]


def _under_label(case: Case) -> Link | None:
    """A line that starts with its figure, below a kennzahl's name or another such line."""
    doc, sentence = case.doc, case.sentence
    line = doc.line_above(sentence)
    opens = not doc.text[sentence.start : case.a.start].strip()
    if not opens or line is None or sentence.end - sentence.start > _SHORT_LINE:
        return None
    figures = between(doc.figures, line.start, line.end)
    if figures:
        return _as_line_above(case, line, figures[0])
    return _by_label_line(case, line)


def _as_line_above(case: Case, line: Sentence, first: Amount) -> Link | None:
    """Take over what the line above is of, if it starts with its figure, too."""
    names = case.found[first].names
    if not names or case.doc.text[line.start : first.start].strip():
        return None
    return Link(tuple(n for n in names if fits(n, case.a, case.role)))


def _by_label_line(case: Case, line: Sentence) -> Link | None:
    """Take the one kennzahl that a short line without figures names."""
    words = between(case.doc.words, line.start, line.end)
    if len(words) != 1:
        return None
    name, length = words[0].name, words[0].end - words[0].start
    if line.end - line.start >= length + _EXTRA:
        return None
    known = name != FOREIGN and fits(name, case.a, case.role)
    return Link((name,)) if known else Link(why=OTHER)


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
