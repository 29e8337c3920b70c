"""What a figure is of: the kennzahl that its noun, its clause or its sentence names for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.roles import CHANGE, LEVEL, Role
from kca_etl.textcheck.segments import Sentence
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.vocabulary import Mention, vocabulary

FOREIGN = "fremd"
OTHER = "andere Größe"
PEOPLE = ("arbeitslose", "leistungsbezieher")
_NEAR = 120  # characters; no name is longer
_THRESHOLD = re.compile(
    r"(?:schwelle|marke|grenze|hürde|mindestens) von (?:\w+ )?\Z", re.IGNORECASE
)
# Lower-case words that end as verbs of the past and participles do.
_VERB = re.compile(
    r"(?<![\w-])(?:ge[a-zäöüß]{3,}(?:t|en)|[a-zäöüß]{2,}(?:ten|te|tet|iert)"
    r"|(?:ver|be|ent|er|zer|ab|an|auf|aus|ein|teil|unter)[a-zäöüß]+(?:t|en)|fanden|nahmen|kamen|zogen"
    r"|verließen|gingen|schlossen)(?![\w-])"
)
_OUT_OF = re.compile(r"(?: [A-ZÄÖÜ][\w*:-]+)? von (?:insgesamt |den )?")
_LABEL = re.compile(r"[ :=|\t(–-]{1,3}")


@dataclass(frozen=True, slots=True)
class Link:
    """Kennzahlen that a figure may be of, the likeliest first; `sure` if it must be one of them.

    `why` if it is of none.
    """

    names: tuple[str, ...] = ()
    sure: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A figure to be linked, and the links of those before it."""

    doc: Document
    sentence: Sentence
    a: Amount
    role: Role
    found: Mapping[Amount, Link]

    @property
    def clause(self) -> tuple[int, int]:
        """The clause that holds the figure."""
        return self.sentence.clause(self.a.start)

    @property
    def bare(self) -> bool:
        """Whether no noun stands behind the number."""
        return self.a.noun[0] == self.a.noun[1]

    def fitting(self, start: int, end: int) -> list[str]:
        """Return the kennzahlen named in a piece of the text that fit the figure's unit."""
        return [
            w.name for w in between(self.doc.words, start, end) if fits(w.name, self.a, self.role)
        ]

    def next_figure(self, end: int) -> int:
        """Return where the next figure starts, at most `end`."""
        return min((b.start for b in between(self.doc.figures, self.a.start + 1, end)), default=end)


def is_quote(name: str) -> bool:
    """Tell whether a kennzahl is a rate."""
    return bool(vocabulary()["kennzahlen"][name].get("quote"))


def fits(name: str, a: Amount, role: Role) -> bool:
    """Tell whether a figure's unit can be a kennzahl's; what is none of ours fits always."""
    if name == FOREIGN:
        return True
    quote = is_quote(name)
    if a.unit == "punkte":
        return quote
    if a.unit == "prozent":
        return quote or role.kind == CHANGE
    return not quote or (
        a.noun[0] == a.noun[1] and (a.places > 0 or a.value <= 100 or bool(a.note))  # noqa: PLR2004 - per cent
    )


def counted(case: Case) -> Link | None:
    """Look at the noun right behind the number, and at a label right before it: `Neuanträge.

    553`.
    """
    doc, a = case.doc, case.a
    why = (
        "Schwellenwert"
        if _THRESHOLD.search(doc.text[max(0, a.start - 30) : a.start])
        else "Anteil"
        if _of_so_many(case)
        else ""
    )
    if why:
        return Link(why=why)
    names = tuple(
        w.name
        for w in between(doc.words, a.start - _NEAR, a.start)
        if w.name != FOREIGN and _labels(case, w)
    )
    if case.bare:
        return Link(names) if names else None
    return _of_noun(case, names)


def _of_noun(case: Case, labels: tuple[str, ...]) -> Link | None:
    """Return what the counted noun says; None for people of any kind and names of regions."""
    doc, (start, end) = case.doc, case.a.noun
    noun = _at(doc.words, start)
    if _at(doc.parts, start):
        return Link(why="Teilmenge")
    if noun is not None and noun.name != FOREIGN:
        deeds = _done_by(case, noun)
        if not deeds and noun.name in PEOPLE and (verb := _other_verb(case)):
            return Link((noun.name, *labels), sure=False, why=f"„{verb}“: vielleicht nur ein Teil")
        return Link((*deeds, noun.name, *labels))
    if noun is None and (_at(doc.persons, start) or _at(doc.regions.named, start)):
        return None
    return Link(labels if noun is None else (), sure=False, why=f"zählt „{doc.text[start:end]}“")


def _done_by(case: Case, noun: Mention) -> list[str]:
    """Return what the counted people did: `318 Arbeitslose wurden in Arbeit integriert`."""
    start, end = _own_words(case)
    deeds = ("integrationen", "massnahmeteilnehmer") if noun.name in PEOPLE else ()
    named = case.fitting(noun.end, end) + case.fitting(start, case.a.start)
    return [name for name in named if name in deeds][:1]


def _own_words(case: Case) -> tuple[int, int]:
    """Return the piece of the clause that no other figure claims."""
    start, end = case.clause
    earlier = between(case.doc.figures, start, case.a.start)[-1:]
    return (earlier[0].stop if earlier else start), case.next_figure(end)


def _other_verb(case: Case) -> str:
    """Return a verb that may tell of a part of the counted people, not of all of them.

    `beteiligten sich 934 Leistungsberechtigte`.
    """
    start, end = _own_words(case)
    for hit in _VERB.finditer(case.doc.text, start, end):
        if not any(_listed(kind).fullmatch(hit[0]) for kind in ("bestand_verb", "kein_verb")):
            return hit[0]
    return ""


@cache
def _listed(kind: str) -> re.Pattern[str]:
    return re.compile(vocabulary()[kind], re.IGNORECASE)


def _of_so_many(case: Case) -> bool:
    """Tell whether the figure is one of `12 von 20 Teilnehmenden`.

    `um 27 von 345 auf 318` is not.
    """
    doc, a = case.doc, case.a
    before, after = (
        between(doc.figures, a.start - _NEAR, a.start)[-1:],
        between(doc.figures, a.stop, a.stop + _NEAR)[:1],
    )
    gaps = [doc.text[b.stop : a.start] for b in before] + [
        doc.text[a.stop : b.start] for b in after
    ]
    return case.role.kind == LEVEL and any(_OUT_OF.fullmatch(gap) for gap in gaps)


def _at(mentions: Sequence[Mention], place: int) -> Mention | None:
    return next((m for m in between(mentions, place - _NEAR, place + 1) if place < m.end), None)


def _labels(case: Case, word: Mention) -> bool:
    gap = case.doc.text[word.end : case.a.start] if word.end <= case.a.start else ""
    return _LABEL.fullmatch(gap) is not None and fits(word.name, case.a, case.role)


def before_it(case: Case) -> Link | None:
    """Look before the number in its clause: where the subject of a difference stands."""
    names = case.fitting(case.clause[0], case.a.start)[-1:]
    return (Link(why=OTHER) if names == [FOREIGN] else Link(tuple(names))) if names else None


def in_clause(case: Case) -> Link | None:
    """Take the last one before the number and the first one behind it."""
    start, end = case.clause
    before, after = (
        case.fitting(start, case.a.start)[-1:],
        case.fitting(case.a.stop, case.next_figure(end))[:1],
    )
    names = before + [n for n in after if n not in before]
    known = tuple(n for n in names if n != FOREIGN)
    if not names:
        return None
    if not known or (case.role.kind != LEVEL and before == [FOREIGN]):
        return Link(why=OTHER)
    return Link(known, sure=names[0] != FOREIGN)


def without_unit(case: Case) -> Case:
    """Prozentpunkte said of a count are a contradiction, not another figure.

    Look as if no unit stood there.
    """
    return replace(case, a=replace(case.a, unit=""))
