"""What a text is about: its month and its region, read from the text itself."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from kca_etl.german.months import month_name
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.textcheck.book import book
from kca_etl.textcheck.plain import HARD, plain
from kca_etl.textcheck.regions import OWN_REGION, Regions, regions
from kca_etl.textcheck.times import NamedMonth, named_months, shifted

if TYPE_CHECKING:
    import pandas as pd

_OFTEN = 3  # times as often named as the own region: the text is about the other one
_YEAR = 12


def month_of_text(text: str) -> date | None:
    """Return the month that a text is about; None if it does not say so without doubt."""
    named = named_months(_flat(text))
    number = _main(named)
    year = _year(named, number) if number else None
    return date(year, number, 1) if number and year else None


def other_subject(text: str, month: date, figures: pd.DataFrame, region: str) -> list[Finding]:
    """Return findings if a text speaks of another month or region than it is checked for."""
    flat = _flat(text)
    known = book(figures, region)
    where = regions(flat, region, known.own_names, known.other_names)
    return [*_other_month(named_months(flat), month), *_other_region(where, flat, region)]


def _flat(text: str) -> str:
    return plain(text).text.replace(HARD, " ")


def _main(named: list[NamedMonth]) -> int | None:
    """Return the month named most often; of two equally often the later one, if it follows."""
    counted = Counter(n.month for n in named if _is_own(n)).most_common()
    best = [month for month, times in counted if times == counted[0][1]]
    if len(best) == 1:
        return best[0]
    return _follower(*best) if len(best) == 2 else None  # noqa: PLR2004 - a pair


def _follower(one: int, other: int) -> int | None:
    """Return the later of two months that follow each other."""
    if one == other % _YEAR + 1:
        return one
    return other if other == one % _YEAR + 1 else None


def _is_own(named: NamedMonth) -> bool:
    return not named.base and not named.dated


def _year(named: list[NamedMonth], number: int) -> int | None:
    """Return the year of the main month: said with it, or told by the month compared with."""
    own = [n.year for n in named if n.month == number and _is_own(n)]
    if own and own[0]:
        return own[0]
    return _year_told(named, number, {year for year in own if year})


def _year_told(named: list[NamedMonth], number: int, said: set[int]) -> int | None:
    """Return the year that the month compared with tells; `said` are those of levels."""
    before = _years(named, number, by=1)
    if len(before) == 1 and said <= before | {year - 1 for year in before}:
        return before.pop()
    if said:
        return None if before else _only(said)
    near = _years(named, (number - 2) % _YEAR + 1, by=int(number == 1))
    return _only(near) or _dated_year(named, number)


def _years(named: list[NamedMonth], month: int, *, by: int) -> set[int]:
    """Return the years of a month that the text compares with, `by` years later."""
    based = [n for n in named if n.base and not n.dated and n.month == month]
    return {n.year + by for n in based if n.year}


def _dated_year(named: list[NamedMonth], number: int) -> int | None:
    return _only({n.year for n in named if n.dated and n.month == number and n.year})


def _only(years: set[int]) -> int | None:
    return next(iter(years)) if len(years) == 1 else None


def _other_month(named: list[NamedMonth], month: date) -> list[Finding]:
    """A month may be left unnamed; another one in its place is another report's."""
    number = _main(named)
    if number is None:
        return []
    year = _year(named, number)
    same_name = number == month.month
    if _may_be_own(named, year, month) if same_name else not _instead_of(named, number, month):
        return []
    name = month_name(date(year or month.year, number, 1))
    said = name if year else name.split()[0]
    return [
        Finding(
            Code.TEXT_OTHER_MONTH,
            f"the text speaks of {said}",
            found=said,
            expected=month_name(month),
        )
    ]


def _may_be_own(named: list[NamedMonth], year: int | None, month: date) -> bool:
    return year in (None, month.year) or _is_year_before(named, year, month)


def _instead_of(named: list[NamedMonth], number: int, month: date) -> bool:
    """Tell whether a text names another main month and never the asked one."""
    own = any(n.month == month.month and _is_own(n) for n in named)
    return not own and _sure(named, number, month)


def _is_year_before(named: list[NamedMonth], year: int | None, month: date) -> bool:
    """Tell whether the year stands with a level of the year before only."""
    return year == month.year - 1 and any(
        n.month == month.month and n.year is None and not n.base for n in named
    )


def _sure(named: list[NamedMonth], number: int, month: date) -> bool:
    """Tell whether the main month cannot be one that a text of the asked month compares with."""
    usual = {shifted(month, -1).month, month.month}
    before = (number - 2) % _YEAR + 1
    times = sum(n.month == number and _is_own(n) for n in named)
    return number not in usual or times > 1 or any(n.month == before and n.base for n in named)


def _other_region(where: Regions, text: str, region: str) -> list[Finding]:
    """A text that names another Kreis and never the own one, or that one far more often."""
    own = sum(m.name == OWN_REGION for m in where.named)
    kinds = [text[m.start : m.end] for m in where.named if m.name == "kreis"]
    name, times = Counter(kinds).most_common(1)[0] if kinds else ("", 0)
    if not name or not (where.foreign or (own and times >= _OFTEN * own and times >= _OFTEN)):
        return []
    return [
        Finding(Code.TEXT_OTHER_REGION, f"the text speaks of {name}", found=name, expected=region)
    ]
