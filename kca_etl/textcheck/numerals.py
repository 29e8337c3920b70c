"""Numerals in a German text: `7.273`, `7 273`, `3,2`, `−73`, `drei Komma zwei`, `achtzig`.

What they count comes later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kca_etl.textcheck.numberwords import FRACTION, SPELLED, WORD, number_word

# A plain blank groups thousands only after one or two digits and away from other numbers: `318 345
# −27 392` is a row of four.
_BLANKS = r"(?<![0-9] )(?<![+\-−–])[0-9]{1,2}(?: [0-9]{3})+(?! ?[+\-−–]?[0-9])"
_DIGITS = rf"(?:[0-9]{{1,3}}(?:\u00a0[0-9]{{3}})+|{_BLANKS}|[0-9]+)(?![0-9])(?:[.,'’][0-9]+)*"
# A point or comma in front is part of a damaged number.
_TOKEN = re.compile(rf"(?<![0-9])(?<![0-9][.,'’])(?:(?<![\w.,)])[.,](?=[0-9]))?{_DIGITS}")
_GERMAN = re.compile(
    r"(?P<whole>[1-9][0-9]{0,2}(?:(?P<mark>[.\u00a0 "
    r"'’])[0-9]{3})(?:(?P=mark)[0-9]{3})*|0|[1-9][0-9]*)(?:,(?P<part>[0-9]+))?"
)
_SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1, "±": 0, "plus": 1, "minus": -1}
_TIGHT = re.compile(r"(?:(?<=[\s(\[:;/|„\"\u00a0])|^)([+\-−–±])\Z")
_LOOSE = re.compile(
    r"(?<=[(\[\t|])\s?([+\-−–±])\s\Z|(?<!\S)([+−±])\s\Z|\b(plus|minus)\s\Z", re.IGNORECASE
)
_COMMA = re.compile(
    rf"(?<!\w)(?P<whole>[0-9]+|{SPELLED}) Komma (?P<part>[0-9]+|[a-zäöüß]+)(?!\w)", re.IGNORECASE
)
_ONE = re.compile(
    (
        r"(?<!\w)(?P<one>ein|eine[nmrs]?)(?: (?P<half>halbe[nrms]?))?(?= (?:volle[nrms]? "
        r"|ganze[nrms]? )?(?:prozent|zehntel|%))"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written.

    Its place (with the sign), value, sign (None if none stands there) and printed precision.

    `note` says why it can not be read as a figure; its value then means nothing.
    """

    start: int
    end: int
    value: Decimal
    sign: int | None = None
    places: int = 0
    step: Decimal = Decimal(1)
    note: str = ""


def numerals(text: str) -> list[Numeral]:
    """Return the numerals in the order of the text."""
    found: list[Numeral] = []
    taken: set[int] = set()
    for more in (_with_comma(text), _fractions(text), _ones(text), _digits(text), _words(text)):
        new = [n for n in more if n.end - 1 not in taken and n.start not in taken]
        for numeral in new:
            taken.update(range(numeral.start, numeral.end))
        found += new
    return sorted(found, key=lambda n: n.start)


def _with_comma(text: str) -> list[Numeral]:
    spoken = (_spoken(hit) for hit in _COMMA.finditer(text))
    return [numeral for numeral in spoken if numeral]


def _digits(text: str) -> list[Numeral]:
    return [_written(text, hit) for hit in _TOKEN.finditer(text)]


def _written(text: str, hit: re.Match[str]) -> Numeral:
    start, sign = _sign(text, hit.start())
    plain = _GERMAN.fullmatch(hit[0])
    if plain is None:
        return Numeral(start, hit.end(), Decimal(0), sign, note="keine deutsche Zahlenschreibweise")
    whole, part = re.sub(r"[^0-9]", "", plain["whole"]), plain["part"] or ""
    return Numeral(
        start,
        hit.end(),
        Decimal(f"{whole}.{part}" if part else whole),
        sign,
        len(part),
        _step(whole, part),
    )


def _step(whole: str, part: str) -> Decimal:
    """Return the worth of the last digit that says something: 100 for `7.300`, 0.1 for `3,2`."""
    if part:
        return Decimal(1).scaleb(-len(part))
    return Decimal(1).scaleb(len(whole) - len(whole.rstrip("0")) if whole.strip("0") else 0)


def _sign(text: str, start: int) -> tuple[int, int | None]:
    """Return where the number starts, its sign included; a dash between words is no sign."""
    before = text[max(0, start - 12) : start]
    hit = _TIGHT.search(before) or _LOOSE.search(before)
    if hit is None:
        return start, None
    group = next(i for i in range(1, (hit.lastindex or 1) + 1) if hit[i])
    return start - len(before) + hit.start(group), _SIGNS[hit[group].lower()]


def _words(text: str) -> list[Numeral]:
    found = []
    for hit in WORD.finditer(text):
        value = number_word(hit[0])
        if value is not None:
            start, sign = _sign(text, hit.start())
            places = 1 if value % 1 else 0
            found.append(
                Numeral(
                    start,
                    hit.end(),
                    value,
                    sign,
                    places,
                    _step(str(int(value)), "5" if places else ""),
                )
            )
    return found


def _spoken(hit: re.Match[str]) -> Numeral | None:
    whole = hit["whole"] if hit["whole"].isdigit() else number_word(hit["whole"])
    part = hit["part"] if hit["part"].isdigit() else number_word(hit["part"])
    if whole is None or part is None:
        return None
    return Numeral(
        hit.start(),
        hit.end(),
        Decimal(f"{whole}.{part}"),
        None,
        len(str(part)),
        Decimal(1).scaleb(-len(str(part))),
    )


def _ones(text: str) -> list[Numeral]:
    out = []
    for hit in _ONE.finditer(text):
        value = Decimal("0.5") if hit["half"] else Decimal(1)
        out.append(Numeral(hit.start(), hit.end(), value, None, 1 if hit["half"] else 0, value))
    return out


def _fractions(text: str) -> list[Numeral]:
    return [
        Numeral(hit.start(), hit.end(), Decimal(0), note="Bruchteil")
        for hit in FRACTION.finditer(text)
    ]
