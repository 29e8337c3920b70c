"""Claims about a series of months.

`höchster Stand des Jahres`, `niedrigster Wert seit März`, `zum vierten Mal in Folge`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from kca_etl.german.months import MONTHS
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import FOREIGN
from kca_etl.textcheck.numberwords import number_word
from kca_etl.textcheck.scope import scope
from kca_etl.textcheck.segments import Sentence
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.times import shifted
from kca_etl.textcheck.vocabulary import vocabulary

_NAMES = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_LONGEST = 240  # months; no release looks further back
_ORDINALS = {
    "zweiten": 2, "dritten": 3, "vierten": 4, "fünften": 5, "sechsten": 6, "siebten": 7,
    "siebenten": 7, "achten": 8, "neunten": 9, "zehnten": 10, "elften": 11, "zwölften": 12,
}  # fmt: skip
_NOT_THE_ONE = re.compile(
    r"(?<!\w)(?:nicht|kein\w*|eine[rsmn]? der|fast|beinahe|nahezu)(?: \w+){0,2} \Z"
)
_IN_A_ROW = r"(?:in (?:Folge|Serie)|hintereinander|nacheinander)"


@dataclass(frozen=True, slots=True)
class HistoryClaim:
    """A claim about a kennzahl's months up to the report's; `name` is empty if it names none.

    An extreme: `high` or low among the months from `first` on; `since` is the month that was more
    extreme, if one is named. A streak: `count` changes in a row with a `sense`.
    """

    start: int
    end: int
    name: str
    circle: str
    why: str = ""
    high: bool = False
    first: date | None = None
    since: date | None = None
    count: int = 0
    sense: int | None = None


@cache
def _extreme() -> re.Pattern[str]:
    words = vocabulary()["verlauf"]
    month = "|".join(MONTHS)
    return re.compile(
        rf"(?<!\w)(?:(?P<high>{words['hoch']})|(?P<low>{words['tief']}))(?:,? [\w-]+){{0,4}}?,? "
        rf"(?:(?P<year>{words['jahr']})(?: (?P<of>20\d\d))?(?!\w)"
        rf"|seit (?:dem )?(?P<month>{month})(?: (?P<in>20\d\d))?(?!\w)"
        r"|seit (?P<n>\w+) (?P<unit>Monaten|Jahren)(?!\w)|seit (?P<since>20\d\d)(?!\w))",
        re.IGNORECASE,
    )


_STREAK = re.compile(
    rf"(?<!\w)(?:(?:zum|im|den) (?P<nth>\w+|\d{{1,2}}\.)(?: Mal| Monat)"
    rf"|(?:seit )?(?P<n>\w+) Monaten?) {_IN_A_ROW}(?!\w)",
    re.IGNORECASE,
)


def history_claims(doc: Document) -> list[HistoryClaim]:
    """Return the claims about series, in the order of the text."""
    found = [_about(doc, hit, _horizon(doc, hit)) for hit in _extreme().finditer(doc.text)]
    found += list(_streaks(doc))
    return sorted(found, key=lambda c: c.start)


def _about(doc: Document, hit: re.Match[str], claim: HistoryClaim) -> HistoryClaim:
    """Add whose series it is, and why it cannot be said."""
    sentence = doc.sentence(hit.start())
    clause = sentence.clause(hit.start())
    about = scope(doc, clause, hit.start())
    name = _named(doc, clause, hit) or _named(doc, (sentence.start, sentence.end), hit)
    unsure = "" if name and about.sure else "nicht eindeutig zuzuordnen"
    why = about.why or claim.why or _doubt(doc, hit) or unsure or _other_month(doc, sentence, hit)
    return replace(claim, name=name, circle=about.circle, why=why)


def _other_month(doc: Document, sentence: Sentence, hit: re.Match[str]) -> str:
    times = between(doc.times, sentence.start, hit.start())
    named = [t for t in times if t.months and not t.base]
    other = any(t.months != (doc.report,) for t in named)
    return "spricht von einem anderen Monat" if other else ""


def _doubt(doc: Document, hit: re.Match[str]) -> str:
    """Say why a claim is another than it seems: `einer der höchsten`, `höchster November-Wert`."""
    if _NOT_THE_ONE.search(doc.text[max(0, hit.start() - 25) : hit.start()]):
        return "verneint oder einer von mehreren"
    words = hit[0].lower().split(" seit ")[0]
    if any(name in words for name in _NAMES):
        return "vergleicht nur einen Monat je Jahr"
    return ""


def _named(doc: Document, span: tuple[int, int], hit: re.Match[str]) -> str:
    """Return the one kennzahl of a piece of the text; `Höchststand` itself is none."""
    words = [
        w
        for w in between(doc.words, *span)
        if not (hit.start() <= w.start < hit.end() and w.name == FOREIGN)
    ]
    names = {w.name for w in words}
    return names.pop() if len(names) == 1 and FOREIGN not in names else ""


def _horizon(doc: Document, hit: re.Match[str]) -> HistoryClaim:
    """Return the months among which the report's is the extreme."""
    high, report, why = hit["high"] is not None, doc.report, ""
    first, since = date(report.year, 1, 1), None
    if hit["month"]:
        since = _month_before(report, _NAMES[hit["month"].lower()], hit["in"])
        first = shifted(since, 1)
    elif hit["since"]:
        first = date(int(hit["since"]) + 1, 1, 1)
    elif hit["n"]:
        first, why = _months_back(report, hit["n"], hit["unit"].lower())
    elif hit["of"] and int(hit["of"]) != report.year:
        why = "spricht von einem anderen Jahr"
    return HistoryClaim(*hit.span(), "", "", why, high, first, since)


def _month_before(report: date, month: int, year: str | None) -> date:
    if year:
        return date(int(year), month, 1)
    return date(report.year - (month >= report.month), month, 1)


def _months_back(report: date, words: str, unit: str) -> tuple[date, str]:
    count = Decimal(words) if words.isdigit() else number_word(words) or Decimal(0)
    months = int(count) * (12 if unit == "jahren" else 1)
    known = 0 < months <= _LONGEST
    return shifted(report, -months if known else -1), "" if known else "ohne Anfang"


def _streaks(doc: Document) -> Iterator[HistoryClaim]:
    for hit in _STREAK.finditer(doc.text):
        count = _count(hit)
        sentence = doc.sentence(hit.start())
        clause = sentence.clause(hit.start())
        senses = {d.sense for d in between(doc.directions, *clause) if not d.compares}
        sense = senses.pop() if len(senses) == 1 else None
        monthly = all(t.shifts == (-1,) or t.months for t in between(doc.times, *clause))
        why = "" if count and sense is not None and monthly else "nicht eindeutig zuzuordnen"
        claim = HistoryClaim(*hit.span(), "", "", why, count=count, sense=sense)
        yield _about(doc, hit, claim)


def _count(hit: re.Match[str]) -> int:
    if hit["nth"]:
        nth = hit["nth"].lower()
        return int(nth[:-1]) if nth[:-1].isdigit() else _ORDINALS.get(nth, 0)
    word = hit["n"]
    return int(word) if word.isdigit() else int(number_word(word) or 0)
