"""Months and days as German texts write them: `November 2020`, `30.11.2020`."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


def month_name(month: date) -> str:
    """Return `November 2020`."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def day(iso: str) -> str:
    """Return `30.11.2020` for `2020-11-30`."""
    return ".".join(reversed(iso[:10].split("-")))
