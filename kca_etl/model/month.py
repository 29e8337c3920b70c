"""Months as one integer, so that differences count months."""

from __future__ import annotations

from datetime import date


def month_number(year: int, month: int) -> int:
    """Months as one integer: year * 12 + month - 1, so that differences count months."""
    return year * 12 + month - 1


def month_date(number: int) -> date:
    """Return the first day of a month number."""
    return date(number // 12, number % 12 + 1, 1)
