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

    def sentence(self, at: int) -> Sentence:
        """Return the sentence that holds a place."""
        return self.sentences[bisect_right(self.sentences, at, key=attrgetter("start")) - 1]

    def paragraph_before(self, sentence: Sentence) -> list[Sentence]:
        """Return the sentences of a paragraph that end before one of its sentences begins."""
        return [
            s
            for s in self.sentences
            if s.paragraph == sentence.paragraph and s.end <= sentence.start
        ]

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
        circles=[
            m
            for m in mentions(flat, "rechtskreis")
            if not _PARAGRAPH.search(flat[max(0, m.start - 30) : m.start])
        ],
        doubts=mentions(flat, "ungewiss", "durchschnitt"),
        occasions=mentions(flat, "anlass"),
        directions=directions(flat, figures, when),
        regions=regions(flat, region, own_names, other_names),
        sentences=sentences(flat, figures, [a for a in numbers if a.fault]),
    )
