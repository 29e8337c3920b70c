"""Numbers with what stands around them.

Unit, hedge, the noun they count, or why they are no figure at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kca_etl.german.months import MONTHS
from kca_etl.offices import folder as offices
from kca_etl.textcheck.numerals import Numeral, numerals
from kca_etl.textcheck.plain import HARD
from kca_etl.textcheck.spans import Spanned, between
from kca_etl.textcheck.times import Time
from kca_etl.textcheck.vocabulary import Mention, vocabulary

YEARS = (1900, 2099)
_LINE = 250
_ORDINAL = 100  # `am 30. November`; larger numbers before a point end a sentence
_URL = re.compile(r"(?<!\S)\S{0,200}?(?:https?:|www\.|@|\.de\b|\.html?\b|\.pdf\b)\S*")
# A mark such as `(e)` may stand between.
_NOUN = re.compile(
    r"(?: \([a-z](?:,[a-z])*\))? ?"
    r"(?:(?!(?:in|der|den|dem|die|wurden|waren|werden) )[a-zäöüß-]+(?:e|en|er|es|em) ){0,2}"
    r"([A-ZÄÖÜ][\w:*-]+)"
)
# Capital letters that no number counts.
_NO_NOUNS = ("Ende", "Anfang", "Mitte", r"Vor\w+", "Zum", "Im", "Bei", "Bis", "SGB", *MONTHS)
_AFTER_MONTH = re.compile(rf"(?:{'|'.join(MONTHS)})s?,? \Z", re.IGNORECASE)
_DESCRIBED = re.compile(r" ([A-ZÄÖÜ][\w:*-]+)")
_SAID = re.compile(
    (
        r"(?:bei|beträgt|betrug|betragen|betrugen|waren es|sind es|exakt|genau|rund|knapp"
        r"|etwa|zahl von|quote von|um|auf) \Z"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of the text.

    `fault` says why it is no figure; else `noun` spans the noun that it counts, if any.
    """

    start: int
    end: int
    stop: int
    value: Decimal
    sign: int | None
    places: int
    step: Decimal
    unit: str
    hedge: str
    note: str
    fault: str
    noun: tuple[int, int]


@cache
def _no_noun() -> re.Pattern[str]:
    names = map(re.escape, offices.current().words.abbreviations)
    return re.compile(rf"(?:{'|'.join((*_NO_NOUNS, *names))})\b")


@cache
def _word(kind: str, name: str = "") -> re.Pattern[str]:
    entry = vocabulary()[kind]
    return re.compile(entry[name] if name else entry, re.IGNORECASE)


@cache
def _before(kind: str, name: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_word(kind, name).pattern}\s?\Z", re.IGNORECASE)


def amounts(text: str, times: list[Time], words: list[Mention]) -> list[Amount]:
    """Return all numbers of the text.

    `words` are the kennzahlen and nouns of people that it names.
    """
    spaced = text.replace(HARD, " ")
    urls = [Mention(hit.start(), hit.end(), "", "url") for hit in _URL.finditer(text)]
    found: list[Amount] = []
    for number in numerals(text):
        if (
            not found or number.start >= found[-1].stop
        ):  # the `Tausend` in `7,3 Tausend` is no number of its own
            found.append(_amount(spaced, number, times, words, urls))
    return found


def _amount(
    text: str, number: Numeral, times: list[Time], words: list[Mention], urls: list[Mention]
) -> Amount:
    scale, stop = _scale(text, number.end)
    unit, stop = _unit(text, stop)
    tenths = (
        Decimal("0.1")
        if unit == "punkte" and text[number.end : stop].strip().lower().startswith("zehntel")
        else Decimal(1)
    )
    value, step = number.value * scale * tenths, number.step * scale * tenths
    noun = _noun(text, stop, words) if not unit else (stop, stop)
    fault = _fault(text, number, unit, times, noun, urls)
    # `7,3 Tausend` is rounded by its unit.
    hedge = _hedge(text, number.start) or ("rund" if scale > 1 else "")
    places = max(
        0,
        number.places if scale == 1 and tenths == 1 else -int(step.normalize().as_tuple().exponent),
    )
    unit = "" if unit == "andere" else unit
    return Amount(
        number.start,
        number.end,
        stop,
        value,
        number.sign,
        places,
        step,
        unit,
        hedge,
        number.note,
        fault,
        noun,
    )


def _scale(text: str, end: int) -> tuple[Decimal, int]:
    for name, factor in (("tausend", 1000), ("million", 1_000_000)):
        hit = re.compile(rf"\s?(?:{_word('einheit', name).pattern})", re.IGNORECASE).match(
            text, end
        )
        if hit:
            return Decimal(factor), hit.end()
    return Decimal(1), end


def _unit(text: str, end: int) -> tuple[str, int]:
    for name in ("punkte", "prozent", "andere"):
        hit = re.compile(
            rf"\s?(?:volle[nrs]? |ganze[nrs]? )?(?:{_word('einheit', name).pattern})", re.IGNORECASE
        ).match(text, end)
        if hit:
            return name, hit.end()
    return "", end


def _noun(text: str, end: int, words: list[Mention]) -> tuple[int, int]:
    """Return where the noun stands that the number counts.

    A known word may begin with the adjective before it.
    """
    hit = _NOUN.match(text, end)
    known = between(words, end, (hit.end(1) if hit else end + 1) + 1)
    if known:
        described = _DESCRIBED.match(text, known[0].end)
        adjective = known[0].kind == "personen" and text[known[0].start].islower()
        return described.span(1) if adjective and described else (known[0].start, known[0].end)
    return hit.span(1) if hit and not _no_noun().match(hit[1]) else (end, end)


def _hedge(text: str, start: int) -> str:
    before = text[max(0, start - 40) : start]
    for _ in range(2):
        for name in ("unter", "ueber", "knapp", "rund"):
            if _before("vor_der_zahl", name).search(before):
                return name
        filler = _before("vor_der_zahl", "fuellwort").search(before)
        before = before[: filler.start()] if filler else ""
    return ""


def _fault(
    text: str,
    number: Numeral,
    unit: str,
    times: list[Time],
    noun: tuple[int, int],
    urls: list[Mention],
) -> str:
    start, end = number.start, number.end
    before, after = text[max(0, start - 30) : start], text[end : end + 30]
    if _glued(before, after) or _inside(urls, start, end):
        return "Bezeichnung, keine Menge"
    if _before("kennung").search(before):
        return "Paragraf, Nummer oder Bezeichnung"
    if _is_time(text, number, times, figure=_counts(text, start, noun, unit)):
        return "Jahreszahl, Datum oder Zeitangabe"
    if after.startswith(". ") and _is_ordinal(number, before, after):
        return "Ordnungszahl"
    if unit == "andere":
        return "andere Einheit"
    return "Bruchteil" if number.note == "Bruchteil" else ""


def _glued(before: str, after: str) -> bool:
    """Tell whether a number is part of a longer sign, as in `B2B` or `2/3`."""
    return (
        re.search(r"[\w/][-/]?\Z", before) is not None
        or re.match(r"(?!-?mal\b)[-/]?[A-Za-zäöüß]|:\d|/\d", after) is not None
    )


def _is_time(text: str, number: Numeral, times: list[Time], *, figure: bool) -> bool:
    """Tell whether a number is part of a time; what looks like a year may be a `figure`."""
    if _is_year(text, number) and not _AFTER_MONTH.search(
        text[max(0, number.start - 12) : number.start]
    ):
        return not figure
    return _inside(times, number.start, number.end)


def _is_year(text: str, number: Numeral) -> bool:
    digits = re.fullmatch(r"[0-9]{4}", text[number.start : number.end])
    return digits is not None and YEARS[0] <= number.value <= YEARS[1]


def _is_ordinal(number: Numeral, before: str, after: str) -> bool:
    """Tell whether a point behind a number makes it an ordinal: `am 30. November`."""
    if _word("ordnung_danach").match(after, 2):
        return True
    return number.value < _ORDINAL and _before("ordnung_davor").search(before) is not None


def _inside(items: Sequence[Spanned], start: int, end: int) -> bool:
    """Tell whether a number lies in one of these; none of them is longer than a line."""
    return any(
        item.start <= start and end <= item.end for item in between(items, start - _LINE, end)
    )


def _counts(text: str, start: int, noun: tuple[int, int], unit: str) -> bool:
    """Tell whether what looks like a year is a figure after all.

    `2020 Arbeitslose`, `lag bei 2020`.
    """
    return (
        noun[1] > noun[0]
        or unit != ""
        or _SAID.search(text[max(0, start - 12) : start]) is not None
    )
