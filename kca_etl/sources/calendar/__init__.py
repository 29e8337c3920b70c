"""When a source's month is due, when overdue, and what state it is in.

Pure: nothing here reads the clock or the warehouse.

Rules, known dates and their sources stand in `calendar.yaml` beside this module. A month is `year *
12 + month - 1`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, model_validator

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date, month_number
from kca_etl.offices import folder as offices
from kca_etl.sources import registry

BERLIN = ZoneInfo("Europe/Berlin")
# The Länder as the library of holidays names them.
HOLIDAYS = {
    "01": "SH",
    "02": "HH",
    "03": "NI",
    "04": "HB",
    "05": "NW",
    "06": "HE",
    "07": "RP",
    "08": "BW",
    "09": "BY",
    "10": "SL",
    "11": "BE",
    "12": "BB",
    "13": "MV",
    "14": "SN",
    "15": "ST",
    "16": "TH",
}
State = Literal[
    "not due", "due", "waiting", "overdue", "loaded", "revised", "quarantined", "withheld"
]


class Part(BaseModel):
    """Base of all parts: frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Office(Part):
    """Whose working days count.

    The Länder whose holidays it keeps, and its closed days as month-day.
    """

    holidays: tuple[str, ...]
    closed: tuple[str, ...] = ()


class Day(Part):
    """A day in the month that lies `after` months later.

    Its n-th working day, or day d or the next working day.
    """

    after: int
    working_day: int = 0
    day: int = 0

    @model_validator(mode="after")
    def _one_way(self) -> Day:
        if bool(self.working_day) == bool(self.day):
            raise ValueError("give either working_day or day")
        return self


class Rule(Day):
    """How a publisher keeps time; `overdue` counts working days after the due day."""

    basis: str
    office: str
    time: time
    overdue: int
    months: dict[int, Day] = {}
    only: tuple[int, ...] = ()


class Calendar(Part):
    """The whole of calendar.yaml."""

    offices: dict[str, Office]
    rules: dict[str, Rule]
    sources: dict[str, str]
    known: dict[str, dict[str, date]] = {}
    withheld: dict[str, dict[str, str]] = {}

    @model_validator(mode="after")
    def _names_fit(self) -> Calendar:
        unknown = ({r.office for r in self.rules.values()} - self.offices.keys()) | (
            {*self.sources.values(), *self.known} - self.rules.keys()
        )
        if unknown:
            raise ValueError(f"not declared: {', '.join(sorted(unknown))}")
        return self


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a source's month.

    Vintages loaded, a quarantined document, held back by somebody, last asked in vain.
    """

    versions: int = 0
    quarantined: bool = False
    withheld: bool = False
    asked: datetime | None = None


@lru_cache(maxsize=16384)
def due(source: str, month: int) -> datetime:
    """Return when the month is expected, in Europe/Berlin.

    Raises KcaError NO_CALENDAR for a source without a rule.
    """
    name, rule = _rule(source)
    known = calendar().known.get(name, {}).get(f"{month_date(month):%Y-%m}")
    return datetime.combine(known or _by_rule(rule, month), rule.time, BERLIN)


@lru_cache(maxsize=16384)
def overdue(source: str, month: int) -> datetime:
    """Return when the month counts as late.

    Working days of grace after the due day, at the same time of day.
    """
    rule = _rule(source)[1]
    day = due(source, month).date()
    for _ in range(rule.overdue):
        day = _next_working(day + timedelta(1), rule.office)
    return datetime.combine(day, rule.time, BERLIN)


def expected(source: str, month: int) -> bool:
    """Tell whether the source is followed and has an issue for this month.

    Annual values have one in December only.
    """
    followed = registry.is_followed(source) and _name(source) is not None
    only = _rule(source)[1].only if followed else (0,)
    return not only or month % 12 + 1 in only


def state(source: str, month: int, now: datetime, facts: Facts) -> State:
    """Return the state of a source's month. `now` must know its time zone.

    `due`: the time has come, nobody has asked since; `waiting`: asked since, not there yet,
    still in time.
    """
    if facts.withheld or f"{month_date(month):%Y-%m}" in calendar().withheld.get(source, {}):
        return "withheld"
    if facts.quarantined:
        return "quarantined"
    if facts.versions:
        return "revised" if facts.versions > 1 else "loaded"
    if not expected(source, month) or now < due(source, month):
        return "not due"
    if now >= overdue(source, month):
        return "overdue"
    return "waiting" if facts.asked is not None and facts.asked >= due(source, month) else "due"


def year(number: int, sources: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what is due in a calendar year, in order of time, for printing."""
    months = range(month_number(number - 2, 1), month_number(number + 1, 1))
    rows = [
        _row(s, m) for s in sources for m in months if expected(s, m) and due(s, m).year == number
    ]
    return sorted(rows, key=lambda row: (row["due"], row["source"]))


def _row(source: str, month: int) -> dict[str, Any]:
    name, rule = _rule(source)
    by = (
        "announced"
        if f"{month_date(month):%Y-%m}" in calendar().known.get(name, {})
        else rule.basis
    )
    return {
        "source": source,
        "berichtsmonat": f"{month_date(month):%Y-%m}",
        "due": due(source, month),
        "overdue": overdue(source, month),
        "by": by,
    }


def working_day(day: date, office: str) -> bool:
    """Tell whether an office works on a day.

    No weekend, no holiday it keeps, none of its closed days.
    """
    kept = calendar().offices[office]
    return (
        day.weekday() < 5  # noqa: PLR2004 - Saturday
        and f"{day:%m-%d}" not in kept.closed
        and not any(day in _holidays(land) for land in kept.holidays)
    )


@cache
def calendar() -> Calendar:
    """Read calendar.yaml, and when the office itself works."""
    text = Path(__file__).with_name("calendar.yaml").read_text(encoding="utf-8")
    given = offices.load_yaml(text)
    ours = offices.current()
    given["offices"]["eigenes"] = {"holidays": [HOLIDAYS[ours.land]], "closed": ours.closed}
    return Calendar.model_validate(given)


@cache
def _name(source: str) -> str | None:
    own = registry.load(source).calendar if source in registry.names() else ""
    return own or next(
        (name for pattern, name in calendar().sources.items() if fnmatchcase(source, pattern)), None
    )


def _rule(source: str) -> tuple[str, Rule]:
    name = _name(source)
    if name is None:
        raise KcaError(
            Finding(
                Code.NO_CALENDAR,
                f"calendar.yaml has no rule for {source!r}",
                expected=", ".join(calendar().sources),
            )
        )
    return name, calendar().rules[name]


def _by_rule(rule: Rule, month: int) -> date:
    day = rule.months.get(month % 12 + 1, rule)
    first = month_date(month + day.after)
    if day.day:
        return _next_working(first.replace(day=day.day), rule.office)
    days = [d for d in _days(month + day.after) if working_day(d, rule.office)]
    return days[day.working_day - 1 if day.working_day > 0 else day.working_day]


def _days(month: int) -> list[date]:
    first, last = month_date(month), month_date(month + 1)
    return [first + timedelta(n) for n in range((last - first).days)]


def _next_working(day: date, office: str) -> date:
    while not working_day(day, office):
        day += timedelta(1)
    return day


@cache
def _holidays(land: str) -> Any:  # noqa: ANN401 - holidays.HolidayBase, imported late
    import holidays

    return holidays.country_holidays("DE", subdiv=land)
