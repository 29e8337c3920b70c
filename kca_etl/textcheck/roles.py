"""What a figure is in its sentence.

A level, the level before, a difference, or a change in per cent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.directions import Direction
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.vocabulary import vocabulary

LEVEL, BEFORE, CHANGE = "stand", "vorwert", "änderung"
_COORDINATE = (
    r"(?:oder|bzw\.|beziehungsweise|/|und damit(?: um)?|oder um|bzw\. um|das (?:sind"
    r"|entspricht)(?: einem \w+ von)?|entsprechend)"
)
# `ein Plus gegenüber dem Vorjahr von`, but not `ein Rückgang der Zahl von`.
_CHANGE_OF = (
    r"(?<!\w)<aenderung>(?!\w)(?:(?!(?:zahl|wert|stand|quote) von)[^.;]){0,70}?"
    r"(?<!\w)(?:von|um|in höhe von|beträgt|betrug|:)(?: <fill>| <hedge>| eine[rmn]?)* ?\Z"
)
_PARTICLE = re.compile(
    r"^[^,;()]{0,50}?(?<!\w)(zu|hinzu|ab|zurück)(?= *(?:[.,;)]|\Z)| und\b| auf\b)"
)
_THUS = re.compile(r"(?<!\w)(?:damit|das)(?!\w)", re.IGNORECASE)
_AT_LEVEL = re.compile(
    r"(?<!\w)(?:bei|auf|mit|beträgt|betrug|betragen|lag|liegt|zählte?)(?: \w+){0,2} \Z",
    re.IGNORECASE,
)
# Nouns and adjectives between a number and `mehr` or `weniger`.
_COUNTED = re.compile(r"\)?(?: \(?(?:[A-ZÄÖÜ][\w*:/-]*\)?|und|noch|[a-zäöüß]+(?:e|en|er)))* ")


@dataclass(frozen=True, slots=True)
class Role:
    """A figure's part in its sentence.

    `sense` is the direction claimed with it, `word` the word that claims it.
    """

    kind: str
    sense: int | None = None
    word: Direction | None = None
    # What it may be as well: the level before (`Rückgang von 7.346 auf 7.273`), or the level itself
    # (`7.273 Arbeitslose und damit 1,0 Prozent weniger`).
    either: str = ""


@cache
def _regex(source: str) -> re.Pattern[str]:
    """Compile a pattern with the vocabulary's lists in place of their names in <>."""
    words = vocabulary()
    hedges = (words["vor_der_zahl"][name] for name in ("rund", "knapp", "ueber", "unter"))
    lists = {"fill": words["vor_der_zahl"]["fuellwort"], "hedge": f"(?:{'|'.join(hedges)})"}
    lists |= {name: words[name] for name in ("aenderung", "vorwert", "hilfsverb")}
    return re.compile(re.sub(r"<(\w+)>", lambda name: lists[name[1]], source), re.IGNORECASE)


def roles(doc: Document) -> dict[Amount, Role]:
    """Return the role of every figure.

    Two figures of one change (`um 73 oder 1,0 Prozent`) share their direction.
    """
    found = {a: _role(doc, a) for a in doc.figures}
    for order in (1, -1):
        for first, second in list(pairwise(doc.figures))[::order]:
            known, other = (first, second) if order == 1 else (second, first)
            if (
                found[known].kind == CHANGE
                and found[other].kind == LEVEL
                and _coordinated(doc, first, second, forward=order == -1)
            ):
                either = LEVEL if order == -1 and _THUS.search(_gap(doc, first, second)) else ""
                found[other] = Role(CHANGE, found[known].sense, found[known].word, either)
    return found


def _role(doc: Document, a: Amount) -> Role:
    start, end = doc.window(a)
    left, right = doc.text[start : a.start], doc.text[a.stop : end]
    compared = _compared(doc, a, end)
    if a.sign is not None:
        return Role(CHANGE, a.sign, compared)
    if compared is not None:
        return Role(CHANGE, compared.sense, compared)
    noun = _regex(_CHANGE_OF).search(left)
    if noun and not re.search(r"(?<!\w)damals \Z", left, re.IGNORECASE):
        return _change_of(doc, a, start + noun.start(), right)
    return _unnamed_role(doc, a, left, right)


def _unnamed_role(doc: Document, a: Amount, left: str, right: str) -> Role:
    """Return the role of a figure beside which no word names a change."""
    plain = _stripped(left)
    if re.search(r"(?<!\w)von \Z", plain, re.IGNORECASE) and _goes_on(doc, a, right):
        return Role(BEFORE)
    # `bei 3,2 Prozentpunkten` is a level all the same.
    points = a.unit == "punkte" and re.search(r"(?<!\w)bei \Z", plain) is None
    if points or _regex(r"(?<!\w)um(?: <fill>| <hedge>)* \Z").search(left):
        return _by(doc, a, right)
    return Role(BEFORE if _regex(r"(?<!\w)<vorwert> \Z").search(plain) else LEVEL)


def _change_of(doc: Document, a: Amount, noun: int, right: str) -> Role:
    """`ein Plus gegenüber dem Vorjahr von 73`: the noun at this place says where to."""
    words = between(doc.directions, noun, a.start)
    # `nach dem Anstieg im Sommer sinkt die Zahl: um 73`
    later = [d for d in words if d.start > noun and not d.compares and d.sense]
    word = later[-1] if later else next((d for d in words if d.start == noun), None)
    either = BEFORE if _goes_on(doc, a, right) else ""
    return Role(CHANGE, word.sense if word else None, word, either)


def _by(doc: Document, a: Amount, right: str) -> Role:
    """`um 73`: the verb says where to, or the particle that closes it.

    `nahm … um 73 ab, … um 1.260 zu`.
    """
    word, particle = _nearest(doc, a), _PARTICLE.search(right)
    if particle is None:
        return Role(CHANGE, word.sense if word else None, word)
    sense = 1 if particle[1] in ("zu", "hinzu") else -1
    return Role(CHANGE, sense, word if word and word.sense == sense else None)


def _stripped(left: str) -> str:
    return _regex(r"(?:(?<!\w)(?:<fill>|<hedge>) )+\Z").sub("", left)


def _goes_on(doc: Document, a: Amount, right: str) -> bool:
    """Tell whether the next figure is the new level.

    `von 7.346 … auf 7.273`, also with the difference between.
    """
    later = between(doc.figures, a.stop, doc.sentence(a.start).end)[:2]
    reached = any(re.search(r"(?<!\w)auf \Z", _stripped(doc.text[a.stop : b.start])) for b in later)
    return reached or re.fullmatch(r"\W*auf\W*", right) is not None


def _compared(doc: Document, a: Amount, end: int) -> Direction | None:
    """Return the comparative that the figure measures.

    `73 weniger`, `73 Personen mehr`, `0,1 Punkte unter dem Wert`.
    """
    for word in between(doc.directions, a.stop, end):
        gap = doc.text[a.stop : word.start]
        if (
            word.compares
            and _COUNTED.fullmatch(gap)
            and not _regex(r"(?<!\w)<hilfsverb>(?!\w)").search(gap)
        ):
            return word
    return None


def _nearest(doc: Document, a: Amount) -> Direction | None:
    """Return the word of direction nearest to `um 73`, within the clause before the sentence."""
    sentence = doc.sentence(a.start)
    for start, end in (sentence.clause(a.start), (sentence.start, sentence.end)):
        words = [
            d
            for d in between(doc.directions, start, end)
            if d.sense is not None or d.start < a.start
        ]
        if words:
            return min(words, key=lambda d: min(abs(d.start - a.stop), abs(a.start - d.end)))
    return None


def _coordinated(doc: Document, first: Amount, second: Amount, *, forward: bool) -> bool:
    bracketed = doc.text[second.stop : second.stop + 2] == ") "
    link = _COORDINATE if forward and not bracketed else rf"(?:{_COORDINATE}|\(|,)"
    joined = _regex(rf"[ \w*-]{{0,40}}? ?{link} ?(?:(?:<fill>|<hedge>) )*")
    if first.unit == second.unit or (first.unit, second.unit) == ("punkte", "prozent"):
        return False
    if forward and _is_level(doc, first, second):
        return False
    return joined.fullmatch(_gap(doc, first, second)) is not None


def _gap(doc: Document, first: Amount, second: Amount) -> str:
    return doc.text[first.stop : second.start]


def _is_level(doc: Document, first: Amount, second: Amount) -> bool:
    """Tell whether the first of two figures can be no change.

    `bei 3,2 Prozent und damit 0,6 Punkte höher`, `auf 7.273 und damit um 1,0 Prozent`.
    """
    rate = first.unit == "prozent" and second.unit == "punkte"
    return rate or _AT_LEVEL.search(doc.text[max(0, first.start - 30) : first.start]) is not None
