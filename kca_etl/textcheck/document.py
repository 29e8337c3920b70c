"""A text with everything that is named in it, each once.

Numbers, months, kennzahlen, directions, regions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from kca_etl.textcheck.amounts import Amount, amounts
from kca_etl.textcheck.directions import Direction, directions
from kca_etl.textcheck.plain import HARD, Plain, plain
from kca_etl.textcheck.regions import Regions, regions
from kca_etl.textcheck.segments import Sentence, sentences
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.times import Time, times
from kca_etl.textcheck.vocabulary import Mention, mentions

# `§ 45 SGB III` names a rule, not whose figures these are.
_PARAGRAPH = re.compile(
    r"§[^§]*\d\w?(?: (?:abs|satz|nr|ff?)\.?(?: \d+)?)* (?:des )?\Z", re.IGNORECASE
)


_LOOK_BACK = 20  # sentences; what stands further up says nothing of a figure


@dataclass(frozen=True, slots=True)
class Document:
    """A text and its marks, each list in the order of the text.

    `figures` are the amounts without fault.
    """

    plain: Plain
    text: str
    report: date
    amounts: Sequence[Amount]
    figures: Sequence[Amount]
    times: Sequence[Time]
    words: Sequence[Mention]  # kennzahlen and what is taken for them
    persons: Sequence[Mention]
    parts: Sequence[Mention]
    circles: Sequence[Mention]  # Rechtskreis
    doubts: Sequence[Mention]  # what may come, averages
    occasions: Sequence[Mention]  # of longer times
    directions: Sequence[Direction]
    regions: Regions
    sentences: Sequence[Sentence]
    mixed: bool  # speaks of both Rechtskreise

    def sentence(self, at: int) -> Sentence:
        """Return the sentence that holds a place."""
        return self.sentences[self._number(at)]

    def paragraph_before(self, sentence: Sentence) -> list[Sentence]:
        """Return the sentences of a paragraph before one of its sentences, the nearest ones."""
        first = self._number(sentence.start)
        before = self.sentences[max(0, first - _LOOK_BACK) : first]
        return [s for s in before if s.paragraph == sentence.paragraph]

    def line_above(self, sentence: Sentence) -> Sentence | None:
        """Return the sentence or line before one."""
        number = self._number(sentence.start)
        return self.sentences[number - 1] if number else None

    def _number(self, at: int) -> int:
        return bisect_right(self.sentences, at, key=attrgetter("start")) - 1

    def window(self, amount: Amount) -> tuple[int, int]:
        """Return the piece of the sentence that no other figure claims.

        From the one before to the one after.
        """
        sentence = self.sentence(amount.start)
        before = between(self.figures, sentence.start, amount.start)[-1:]
        after = between(self.figures, amount.start + 1, sentence.end)[:1]
        return (before[0].stop if before else sentence.start), (
            after[0].start if after else sentence.end
        )


def read(
    text: str, report: date, region: str, own_names: Iterable[str], other_names: Iterable[str]
) -> Document:
    """Mark everything that a text names."""
    spelled = plain(text)
    flat = spelled.text.replace(HARD, " ")
    when = times(flat, report)
    words, persons = mentions(flat, "kennzahlen", "fremd"), mentions(flat, "personen")
    numbers = amounts(
        spelled.text, when, sorted([*words, *persons], key=lambda m: (m.start, -m.end))
    )
    figures = [a for a in numbers if not a.fault]
    when = [
        t for t in when if not any(t.end <= a.stop for a in between(figures, t.start, t.start + 1))
    ]  # `2020 Arbeitslose`
    circles = [
        m
        for m in mentions(flat, "rechtskreis")
        if not _PARAGRAPH.search(flat[max(0, m.start - 30) : m.start])
    ]
    pieces = sentences(flat, figures, [a for a in numbers if a.fault])
    where = regions(flat, region, own_names, other_names)
    return Document(
        plain=spelled,
        text=flat,
        report=report,
        amounts=numbers,
        figures=figures,
        times=when,
        words=words,
        persons=persons,
        parts=mentions(flat, "teil"),
        circles=circles,
        doubts=mentions(flat, "ungewiss", "durchschnitt"),
        occasions=mentions(flat, "anlass"),
        directions=directions(flat, figures, when),
        regions=where,
        sentences=pieces,
        mixed=_is_mixed(circles, figures, pieces)
        or any(
            m.name == "teil" and "agentur" in flat[m.start : m.end].lower() for m in where.named
        ),
    )


def _is_mixed(
    circles: Sequence[Mention], figures: Sequence[Amount], pieces: Sequence[Sentence]
) -> bool:
    """Tell whether a text speaks of the other Rechtskreis, or of figures of its body."""
    if any(m.name in ("sgb3", "beide") for m in circles):
        return True
    others = [m for m in circles if m.name == "traeger3"]
    return any(between(figures, s.start, s.end) and between(others, s.start, s.end) for s in pieces)
