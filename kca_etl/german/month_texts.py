"""Which months a title names, what it only mentions, and whether it speaks of several."""

from __future__ import annotations

import re
from functools import lru_cache

from kca_etl.german.text import MONTH_NAME, month_name, month_of
from kca_etl.model.month import Month

_LETTER = r"[^\W\d_]"
_NAMED = rf"(?<!{_LETTER})(?:{MONTH_NAME})(?!{_LETTER})"
_NAME = re.compile(rf"{_NAMED}", re.IGNORECASE)
_WITH_YEAR = re.compile(rf"{_NAMED}\s*['’]?\s*(?:\d{{4}}|\d{{2}})(?!\d)", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?<![\d./-])(?:(?:19|20)\d{2}[-_](?:0[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[./](?:19|20)\d{2})"
    r"(?![./_-]?\d)"
)
_JOINED = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")
_RANGE = re.compile(
    rf"{_NAMED}\s*(?:\d{{2,4}})?\s*(?:bis|und|[-–/+&])\s*(?:einschließlich\s+)?{_NAMED}"
    rf"|(?<!{_LETTER})bis\s+(?:einschließlich\s+|Ende\s+)?{_NAMED}",
    re.IGNORECASE,
)
_SUM = re.compile(r"kumul|aufgelaufen|seit\s+jahresbeginn|jahressumme", re.IGNORECASE)
# From such a word on, a text speaks of another day than the month of its figures.
_ASIDE = re.compile(
    rf"(?<!{_LETTER})(?:(?:daten|gebiets|bearbeitungs|druck)?stand|erstell\w*|gedruckt|druckdatum"
    r"|veröffentlich\w*|aktualisier\w*|redaktion\w*|abgerufen|abruf\w*)(?![^\W\d_])",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def without_asides(text: str) -> str:
    """Cut off what is said of a day of printing or of the data: `…, erstellt im Dezember 2020`."""
    found = _ASIDE.search(text)
    return text[: found.start()].rstrip(" ,;:(–-|/") if found else text


@lru_cache(maxsize=8192)
def spans_months(text: str) -> bool:
    """Tell whether a text names several months, or a sum over months."""
    names = {month_name(found[0]) for found in _NAME.finditer(text)}
    return len(names | {m.month for m in months_in(text)}) > 1 or is_range(text)


@lru_cache(maxsize=8192)
def is_range(text: str) -> bool:
    """Tell whether a text joins two months (`Januar bis November`) or speaks of a sum so far."""
    return _RANGE.search(text) is not None or _SUM.search(text) is not None


@lru_cache(maxsize=8192)
def months_in(text: str) -> frozenset[Month]:
    """Return the months that a text names with their year; days are none."""
    written = [found[0] for found in (*_WITH_YEAR.finditer(text), *_WRITTEN.finditer(text))]
    read = (month_of(one.replace("_", "-")) for one in written)
    return frozenset(month for month in read if month is not None)


def months_in_name(name: str) -> frozenset[Month]:
    """Return the months that a file's or sheet's name states: `2020-11`, `202011`, `Nov 2020`."""
    plain = without_asides(name)
    joined = {Month.of(int(f[1]), int(f[2])) for f in _JOINED.finditer(plain)}
    spaced = plain.replace("_", " ")
    return months_in(plain) | months_in(spaced) | joined
