"""What a cell looks like: a figure, a sign, a period, a region's code, a unit."""

from __future__ import annotations

import re
from functools import lru_cache

from kca_etl.cells import Cell
from kca_etl.german.numbers import german, german_percent
from kca_etl.german.text import date_of, month_of, pattern, show

SIGNS = frozenset({"*", ".", "-", "–", "x", "X", "...", "…", "/", "•"})
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEAR_DIGITS = 4
UNITS = frozenset(
    {
        "%", "anzahl", "prozent", "v.h.", "eur", "euro", "tsd. eur", "tsd. euro", "mill. eur",
        "mill. euro", "mio. euro", "1000", "1 000", "ha", "qm", "qkm", "km2", "km²", "m2", "m²",
        "1000 qm", "1000 m2", "1000 m³", "cbm", "kwh", "mwh", "tj", "kg", "t", "dt", "dt/ha", "hl",
        "jahre", "monate", "tage", "stunden", "personen", "fälle", "einwohner", "stück",
        "eur je einwohner", "euro je einwohner",
    }
)  # fmt: skip
_CODE = re.compile(r"\d{1,12}|DG")
_CODED = re.compile(r"(?:\d{2,8}|DG)\s\D")
_SCHOOL_YEAR = pattern("{schuljahr}")
_MONTH_NAME = pattern("{monatsname}")
_QUARTER = re.compile(r"[1-4]\. ?Quartal")


def is_value(cell: Cell) -> bool:
    """A number, a number's text, a rate, or a usual sign."""
    if isinstance(cell, str):
        return _is_value_text(cell)
    return isinstance(cell, int | float) and not isinstance(cell, bool)


@lru_cache(maxsize=65536)
def _is_value_text(cell: str) -> bool:
    text = cell.strip()
    return text in SIGNS or german(text) is not None or german_percent(text) is not None


def is_year(cell: Cell) -> bool:
    """Tell whether a cell is a year."""
    text = show(cell)
    return len(text) == YEAR_DIGITS and text.isdigit() and FIRST_YEAR <= int(text) <= LAST_YEAR


def is_school_year(cell: Cell) -> bool:
    """Tell whether a cell is a school year or a semester: `2015/16`."""
    return _SCHOOL_YEAR.match(show(cell)) is not None


def is_day(cell: Cell) -> bool:
    """Tell whether a cell is a day or a month."""
    return date_of(show(cell)) is not None or month_of(show(cell)) is not None


def is_quarter(cell: Cell) -> bool:
    """Tell whether a cell is a quarter of a year."""
    return _QUARTER.fullmatch(show(cell)) is not None


def is_month_name(cell: Cell) -> bool:
    """Tell whether a cell is a month's name alone."""
    return _MONTH_NAME.match(show(cell)) is not None


@lru_cache(maxsize=65536)
def _is_period_text(text: str) -> bool:
    return is_year(text) or is_day(text) or is_school_year(text)


def is_period(cell: Cell) -> bool:
    """Tell whether a cell is a year, a month, a day or a school year."""
    return _is_period_text(show(cell))


def is_code(cell: Cell) -> bool:
    """Tell whether a cell looks like a region's code."""
    return bool(_CODE.fullmatch(show(cell))) and not is_year(cell)


def is_coded(cell: Cell) -> bool:
    """Tell whether a cell looks like a region's code and name in one."""
    return bool(_CODED.match(show(cell)))


def is_unit(text: str) -> bool:
    """Tell whether a text is the unit of figures and nothing else."""
    return text.lower().strip("()") in UNITS


def is_key(cell: Cell) -> bool:
    """Tell whether a cell is a period or a region's code."""
    return is_period(cell) or is_code(cell)
