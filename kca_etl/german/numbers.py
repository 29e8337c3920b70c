"""Publishers' numbers: our own grammar, because general parsers read `7.273` as seven."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import lru_cache

# DESIGN: ASCII digits only; points group thousands, the comma is decimal. No number of thousands
# begins with 0: `0.032` is a decimal point, not 32.
_GERMAN = re.compile(r"[+\-−]?([1-9]\d{0,2}(\.\d{3})+|\d+)(,\d+)?", re.ASCII)
# Blanks of any width between groups of three digits: no-break, thin, narrow, figure, common.
_BLANKS = " \u00a0\u2007\u2009\u202f"
_SPACED = re.compile(rf"[+\-−]?[1-9]\d{{0,2}}([{_BLANKS}]\d{{3}})+(,\d+)?", re.ASCII)
_PERCENT = re.compile(rf"(.*?)[{_BLANKS}]*(?:%|v\. ?H\.|Prozent)", re.ASCII)


@lru_cache(maxsize=65536)
def german(text: str) -> float | None:
    """Read a German number text (`7.273`, `3,2`, `−73`).

    None if it is none (`7.2731`, `1e3`, `NaN`).
    """
    text = text.strip()
    if _SPACED.fullmatch(text):
        text = re.sub(rf"[{_BLANKS}]", "", text)
    text = text.replace("\u00a0", "")
    if not _GERMAN.fullmatch(text):
        return None
    return float(text.replace("−", "-").replace(".", "").replace(",", "."))


def german_percent(text: str) -> float | None:
    """Read a rate with its sign (`3,2 %`); None if it is none."""
    found = _PERCENT.fullmatch(text.strip())
    return None if found is None else german(found[1])


def is_value(cell: object, zeichen: AbstractSet[str]) -> bool:
    """Tell whether a cell could be a figure: a number, a number text, or a declared sign."""
    kind = cell.__class__
    if kind is float or kind is int:
        return True
    if kind is not str or not cell:
        return False
    text = str(cell).strip()
    return text in zeichen or german(text) is not None or german_percent(text) is not None


def percent(value: float) -> float:
    """Read 0.032 under a percent format as 3.2, exactly in decimal."""
    return float(Decimal(repr(value)) * 100)
