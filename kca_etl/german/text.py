"""Publishers' words.

Comparing them whatever the line breaks, and patterns that read periods out of them.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache

from kca_etl.model.month import MONTHS_PER_YEAR, Month

SHORT_YEAR_DIGITS = 2

MONTHS = (
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
)
_SHORT = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_NUMBER_OF = {name: i for i, name in enumerate(MONTHS, 1)} | {
    name: i for i, name in enumerate(_SHORT, 1)
}
_NUMBER_OF |= {"mrz": 3, "maerz": 3, "sept": 9, "jänner": 1}

MONTH_NAME = "(?:" + "|".join(sorted(_NUMBER_OF, key=len, reverse=True)) + r")\.?"
# A month with its year, as offices write it; whitespace is already gone.
# A number before or behind makes it part of a date: `11/01/2020` names no January.
_MONTH = (
    rf"(?:{MONTH_NAME}['’]?(?:\d{{4}}|\d{{2}})|(?<!\d)(?<!\d[./-])(?:\d{{4}}-\d{{2}}(?:-\d{{2}})?"
    r"|(?:0?[1-9]|1[0-2])[./]\d{4}|(?:0?[1-9]|1[0-2])/\d{2}"
    r"|(?:28|29|30|31)\.(?:0?[1-9]|1[0-2])\.\d{4})(?![./-]?\d))"
)
PLACEHOLDERS = {
    "monat": _MONTH,
    "von": _MONTH,
    "monatsname": MONTH_NAME,
    "monatszahl": r"0?[1-9]|1[0-2]",
    "jahr": r"(?:19|20)\d{2}",
    # A school year or a semester: `2015/16`, `WS 2015/2016`.
    "schuljahr": r"(?:WS|SS|Wintersemester|Schuljahr)?(?:19|20)\d{2}/(?:\d{4}|\d{2})",
    "quartal": r"[1-4](?=\.?Quartal)",
    "code": r"[0-9A-Za-z]{1,8}",
    "name": r".+?",
    "datum": r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}|"
    rf"\d{{1,2}}\.{MONTH_NAME}\d{{4}}|{_MONTH}",
    # What is written like a day, whether or not there is such a day.
    "daylike": r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.?[A-Za-zÄÖÜäöü]+\.?\d{2,4}",
    "wz": r"(?-i:[A-U](?=[A-ZÄÖÜ]))|\d{2}(?=\D)",
}
_BAR = re.compile(r"(?<!\\)\|")
_TOKENS = re.compile(r"(\\[\\*|{}]|\{\w+\}|\*)")
_BLANK = re.compile(r"[\s\u00a0\u00ad\u200b\ufeff]+")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011](?=[^\W\d_])")
_FOOTNOTE = re.compile(r"\s*((?:\d{1,2}|\*)\)(?:\s*,?\s*(?:\d{1,2}|\*)\))*)\s*$")


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """Return the text without blanks, line breaks and the hyphens of broken words.

    What two headers are compared by.
    """
    return _HYPHEN.sub("", _BLANK.sub("", text))


def show(value: object) -> str:
    """Return a cell as a person reads it.

    Whole floats without `.0`, dates as ISO, blanks folded.
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return " ".join(str(value).split())


@lru_cache(maxsize=65536)
def split_footnote(text: str) -> tuple[str, str]:
    """Split trailing marks off a label: `April 2020 1)` gives (`April 2020`, `1)`); `(Sp.

    6 an 5)` has none.
    """
    found = _FOOTNOTE.search(text)
    if found is None or found.start() == 0 or text.count("(") >= text.count(")"):
        return text, ""
    return text[: found.start()], found.group(1)


_GROUP, _OF_PART = re.compile(r"\(\?P<(\w+)>"), "__"


@dataclass(frozen=True)
class Pattern:
    """A declared text: literal but for `*` (anything) and placeholders such as `{monat}`."""

    source: str
    regex: re.Pattern[str]
    literal: bool

    @cached_property
    def wordy(self) -> bool:
        """Whether each of its alternatives holds more than digits: then no number fits it."""
        return all(
            re.search(r"[^\d.,*\s]", re.sub(r"\{\w+\}", "", part))
            for part in self.source.split("|")
        )

    def match(self, text: str) -> dict[str, str] | None:
        """Return the placeholders' texts if the whole text fits, else None."""
        found = self.regex.fullmatch(squeeze(text))
        if found is None:
            return None
        return {k.partition(_OF_PART)[0]: v for k, v in found.groupdict().items() if v}


@lru_cache(maxsize=8192)
def pattern(source: str) -> Pattern:
    r"""Compile a declared text; `|` parts alternatives, a `\` takes a sign's meaning away.

    Raises ValueError for an unknown placeholder.
    """
    if len(alternatives := _BAR.split(source)) > 1:
        parts = [pattern(part).regex.pattern for part in alternatives]
        # Two alternatives may have the same placeholder; a group has one name.
        named = [_GROUP.sub(rf"(?P<\1{_OF_PART}{n}>", part) for n, part in enumerate(parts)]
        together = "|".join(f"(?:{part})" for part in named)
        return Pattern(source, re.compile(together, re.DOTALL), literal=False)
    out = []
    for part in _TOKENS.split(source):
        if part.startswith("\\"):
            out.append(re.escape(part[1:]))
        elif part == "*":
            out.append(".*?")
        elif part.startswith("{") and part.endswith("}"):
            name = part[1:-1]
            if name not in PLACEHOLDERS:
                raise ValueError(
                    f"unknown placeholder {part} in {source!r}; known: {', '.join(PLACEHOLDERS)}"
                )
            out.append(f"(?P<{name}>(?i:{PLACEHOLDERS[name]}))")
        else:
            out.append(re.escape(squeeze(part)))
    return Pattern(source, re.compile("".join(out), re.DOTALL), not _TOKENS.search(source))


def literal(text: str) -> str:
    """Return the pattern that fits a text alone, whatever signs it holds."""
    return re.sub(r"([\\*|{}])", r"\\\1", text)


def literal_sheet(name: str) -> str:
    """Return the declared name that fits a sheet's name alone."""
    return re.sub(r"([\[*?])", r"[\1]", name.strip()).replace("|", "?")


@lru_cache(maxsize=65536)
def matches(source: str, text: str) -> bool:
    """Tell whether a text fits a declared one.

    Remembered, since the same labels stand on every sheet.
    """
    return pattern(source).match(text) is not None


def names_sheet(declared: str, sheet: str) -> bool:
    """Tell whether a sheet's name is a declared one: `Tab-01*`, with `|` between alternatives."""
    return any(fnmatchcase(sheet.strip(), part) for part in declared.split("|"))


def month_of(text: str) -> Month | None:
    """Read a month written with its year; None if it is none."""
    key = squeeze(text).lower()
    if found := re.fullmatch(rf"({MONTH_NAME})['’]?(\d{{4}}|\d{{2}})", key):
        year = int(found[2]) + (2000 if len(found[2]) == SHORT_YEAR_DIGITS else 0)
        return Month.of(year, _NUMBER_OF[found[1].rstrip(".")])
    if found := re.fullmatch(r"(\d{4})-(\d{2})(?:-\d{2})?", key):
        return _valid(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{1,2})[./](\d{4})|(\d{1,2})/(\d{2})", key):
        return _valid(int(found[2] or 2000 + int(found[4])), int(found[1] or found[3]))
    return _ended(key)


def _ended(key: str) -> Month | None:
    """Return the month whose last day is written; another day of it names no month."""
    found = re.fullmatch(r"(\d{2})\.(\d{1,2})\.(\d{4})", key)
    month = _valid(int(found[3]), int(found[2])) if found else None
    return month if found and month and month.last_day.day == int(found[1]) else None


def month_name(text: str) -> int:
    """Read a month's number from its name alone or from itself: `Januar`, `Jan.`, `1`, `01`.

    Raises KeyError.
    """
    key = squeeze(text).lower().rstrip(".")
    if key.isascii() and key.isdigit() and 1 <= int(key) <= MONTHS_PER_YEAR:
        return int(key)
    return _NUMBER_OF[key]


def date_of(text: str) -> date | None:
    """Read a day.

    A month alone means its last day (when a publisher states `Datenstand Mai 2013`).
    """
    key = squeeze(text)
    try:
        if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", key):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", key):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(rf"(\d{{1,2}})\.({MONTH_NAME})(\d{{4}})", key, re.IGNORECASE):
            return date(int(found[3]), month_name(found[2]), int(found[1]))
    except ValueError:
        return None
    month = month_of(text)
    return None if month is None else month.last_day


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _valid(year: int, month: int) -> Month | None:
    return Month.of(year, month) if 1 <= month <= MONTHS_PER_YEAR else None
