"""German number words.

`acht`, `dreiundsiebzig`, `siebentausendzweihundertdreiundsiebzig`, `ein halber`, `zwei Drittel`.
"""

from __future__ import annotations

import re
from decimal import Decimal

_ONES = {
    "ein": 1,
    "zwei": 2,
    "zwo": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
}
_TEENS = {"zehn": 10, "elf": 11, "zwölf": 12, "sechzehn": 16, "siebzehn": 17} | {
    f"{word}zehn": 10 + n for word, n in _ONES.items() if n in (3, 4, 5, 8, 9)
}
_TENS = {
    "zwanzig": 20,
    "dreißig": 30,
    "dreissig": 30,
    "vierzig": 40,
    "fünfzig": 50,
    "sechzig": 60,
    "siebzig": 70,
    "achtzig": 80,
}
_TENS["neunzig"] = 90
_HALVES = {"anderthalb": Decimal("1.5"), "eineinhalb": Decimal("1.5"), "einhalb": Decimal("0.5")}
_FRACTIONS = {
    "hälfte": 2,
    "drittel": 3,
    "viertel": 4,
    "fünftel": 5,
    "sechstel": 6,
    "siebtel": 7,
    "achtel": 8,
    "neuntel": 9,
}

_WORD = re.compile(r"(?P<tausend>.*?tausend)?(?:und)?(?P<hundert>.*?hundert)?(?:und)?(?P<rest>.*)")
# What a number word can be made of; the parser below decides.
_PIECE = "|".join(
    sorted(
        {*_ONES, *_TEENS, *_TENS, "hundert", "tausend", "und", "eins", "null", "einhalb"},
        key=len,
        reverse=True,
    )
)
SPELLED = rf"(?:(?:{_PIECE})+|anderthalb)"
WORD = re.compile(rf"(?<![\w-]){SPELLED}(?![\w-])", re.IGNORECASE)
FRACTION = re.compile(
    (
        r"(?<!\w)(?:(?P<n>ein|einem|eines|zwei|drei|vier|fünf) )?(?:gute[nsm]? "
        rf"|knappe[nsm]? )?(?P<d>{'|'.join(_FRACTIONS)})s?(?!\w)"
    ),
    re.IGNORECASE,
)


def number_word(word: str) -> Decimal | None:
    """Read a number word; None if it is none, or one that is mostly an article (`ein`)."""
    word = word.lower()
    if word in _HALVES:
        return _HALVES[word]
    if word.endswith("einhalb"):
        whole = number_word(word.removesuffix("einhalb"))
        return None if whole is None else whole + Decimal("0.5")
    if word in ("null", "eins"):
        return Decimal(word == "eins")
    return None if word in ("ein", "und", "") else _whole(word)


def _whole(word: str) -> Decimal | None:
    found = _WORD.fullmatch(word)
    if found is None:
        return None
    parts = (
        _scaled(found["tausend"], "tausend", 1000),
        _scaled(found["hundert"], "hundert", 100),
        _below_hundred(found["rest"]),
    )
    return None if None in parts else Decimal(sum(p for p in parts if p is not None))


def _scaled(text: str | None, unit: str, factor: int) -> int | None:
    if text is None:
        return 0
    before = text.removesuffix(unit)
    count = 1 if before == "" else _below_thousand(before)
    return None if count is None else count * factor


def _below_thousand(word: str) -> int | None:
    hundreds, mark, rest = word.rpartition("hundert")
    if not mark:
        return _below_hundred(word)
    ones, below = (
        _ONES.get(hundreds, 1 if hundreds == "" else None),
        _below_hundred(rest.removeprefix("und")),
    )
    return None if ones is None or below is None else ones * 100 + below


def _below_hundred(word: str) -> int | None:
    if word == "":
        return 0
    if word == "eins":
        return 1
    for table in (_ONES, _TEENS, _TENS):
        if word in table:
            return table[word]
    ones, mark, tens = word.partition("und")
    return _ONES[ones] + _TENS[tens] if mark and ones in _ONES and tens in _TENS else None
