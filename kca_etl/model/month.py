"""Months: one type for the Berichtsmonat everywhere, an integer that counts months."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

MONTHS_PER_YEAR = 12


class Month(int):
    """A month as `year * 12 + month - 1`, so that differences count months.

    It is an integer: it goes into arrays and database columns as it is, and an element of such
    a column becomes a month again by `Month(number)`. As text it is written `2020-11`.
    """

    __slots__ = ()

    @classmethod
    def of(cls, year: int, month: int) -> Month:
        """Make the month of a year; `month` counts from 1. Raises ValueError outside 1 to 12."""
        if not 1 <= month <= MONTHS_PER_YEAR:
            raise ValueError(f"there is no month {month}")
        return cls(year * MONTHS_PER_YEAR + month - 1)

    @classmethod
    def of_day(cls, day: date) -> Month:
        """Make the month in which a day lies."""
        return cls.of(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2020-11`, or a day of it as `2020-11-01`; raises ValueError."""
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})(?:-[0-9]{2})?", text)
        if found is None:
            raise ValueError(f"{text!r} is no month")
        return cls.of(int(found[1]), int(found[2]))

    @property
    def year(self) -> int:
        """The year, e.g. 2020."""
        return self // MONTHS_PER_YEAR

    @property
    def month(self) -> int:
        """The month of the year, from 1 to 12."""
        return self % MONTHS_PER_YEAR + 1

    @property
    def first_day(self) -> date:
        """The day by which the warehouse names the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def since(self, other: int) -> int:
        """Count the months from another month to this one."""
        return int(self) - int(other)

    def __add__(self, months: int) -> Month:
        """Return the month so many months later."""
        return Month(int(self) + months)

    def __sub__(self, months: int) -> Month:
        """Return the month so many months earlier; see `since` for the distance of two months."""
        return Month(int(self) - months)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    def __repr__(self) -> str:
        return f"Month({self})"


def month_number(year: int, month: int) -> int:
    """Months as one integer: year * 12 + month - 1, so that differences count months."""
    return Month.of(year, month)


def month_date(number: int) -> date:
    """Return the first day of a month number."""
    return Month(number).first_day


def earlier(month: date, by: int) -> date:
    """Return the first day of the month `by` months before."""
    return Month(Month.of_day(month) - by).first_day
