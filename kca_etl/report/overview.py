"""The overview of a month as data.

The office's kennzahlen, their neighbours in time, and where each figure stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kca_etl.german.notation import difference, share
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import earlier, month_number
from kca_etl.offices import folder as offices
from kca_etl.report.catalogue import catalogued
from kca_etl.report.facts import Figure, Origin, figure, select, versions
from kca_etl.report.season import Season, season
from kca_etl.sources import calendar
from kca_etl.sources.registry import jobcenter_source
from kca_etl.warehouse.views.gebietsstand import breaks_between
from schemas.regions import Change

if TYPE_CHECKING:
    import pandas as pd

SERIES_MONTHS = 25  # months: the same month stands at the beginning, in the middle and at the end


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A kennzahl: its figure, the month before, the year before.

    Changes are exact, None where there is no comparison.

    `series` holds the last months in order; the overview's month is its last. `season` is what
    the same step from month to month was in every earlier year, where it points one way.
    """

    kennzahl: str
    label: str
    unit: str
    current: Figure
    previous: Figure
    year_before: Figure
    series: tuple[Figure, ...] = ()
    season: Season | None = None

    @property
    def value(self) -> Decimal | None:
        """The month's figure."""
        return self.current.value

    @property
    def zeichen(self) -> str | None:
        """The sign that stands in its place."""
        return self.current.zeichen

    @property
    def revised(self) -> bool:
        """Whether the month's figure replaced an earlier one."""
        return self.current.revised

    @property
    def change_previous(self) -> Decimal | None:
        """Change against the month before."""
        return _change(self.current, self.previous)

    @property
    def change_year(self) -> Decimal | None:
        """Change against the same month of the year before."""
        return _change(self.current, self.year_before)

    @property
    def used(self) -> tuple[Figure, ...]:
        """Every figure that the page is made of: the series, and those of the season."""
        return (*self.series, *(self.season.figures if self.season else ()))

    @property
    def percent_previous(self) -> Decimal | None:
        """Change against the month before in per cent; None for a rate."""
        return self._percent(self.change_previous, self.previous)

    @property
    def percent_year(self) -> Decimal | None:
        """Change against the year before in per cent; None for a rate."""
        return self._percent(self.change_year, self.year_before)

    def _percent(self, changed: Decimal | None, then: Figure) -> Decimal | None:
        if changed is None or not then.value or self.unit == "Prozent":
            return None
        return share(changed, then.value)

    @property
    def figures(self) -> tuple[Figure, Figure, Figure]:
        """The three figures in the order they are printed."""
        return self.current, self.previous, self.year_before


@dataclass(frozen=True, slots=True)
class Overview:
    """A month's overview. `documents` are numbered from 1 in the order they are first used.

    `breaks` are changes of territory within the months shown; `released` and `next_release` are
    the days on which the calendar expects the month and the next one, never the clock's.
    """

    month: date
    region_name: str
    rows: tuple[OverviewRow, ...]
    datenstand: str
    documents: tuple[Origin, ...]
    notes: tuple[str, ...]
    breaks: tuple[Change, ...]
    released: date
    next_release: date

    @property
    def previous_month(self) -> date:
        """The month before."""
        return earlier(self.month, 1)

    @property
    def year_before(self) -> date:
        """The same month of the year before."""
        return earlier(self.month, 12)


def build(
    figures: pd.DataFrame,
    month: date,
    region: str | None = None,
    *,
    history: pd.DataFrame | None = None,
    invented: Collection[tuple[str, str]] = (),
    notes: Sequence[str] = (),
) -> Overview:
    """Build the overview from rows of the view `figures`; further rows and columns are passed over.

    `region` (`system:code`) is the office's own if none is given. `history` (rows of
    `figures_history`) gives the marks of revision. `invented` holds (kennzahl, `YYYY-MM`) of
    sample values to be marked as such. Raises KcaError NO_FACTS if the month has none of the
    figures, ValueError if one stands twice.
    """
    month, region = month.replace(day=1), region or offices.current().region_key
    kennzahlen = tuple(f.kennzahl for f in offices.current().figures)
    current = select(figures, region)
    if not any((k, month.isoformat()) in current for k in kennzahlen):
        raise KcaError(
            Finding(
                Code.NO_FACTS,
                (
                    f"the warehouse has no figures of {jobcenter_source()} for {month:%Y-%m} in"
                    f" {region}"
                ),
            )
        )
    known = versions(history, region)

    def of(kennzahl: str, when: date) -> Figure:
        key, made = (kennzahl, when.isoformat()), (kennzahl, f"{when:%Y-%m}") in invented
        return figure(
            current.get(key),
            when,
            known.get(key, []),
            invented=made,
            comparable=not breaks_between(region, when, month),
        )

    months = [earlier(month, by) for by in reversed(range(SERIES_MONTHS))]
    seasons = {k: season(k, month, of, region) for k in kennzahlen}
    rows = tuple(_row(k, tuple(of(k, m) for m in months), seasons[k]) for k in kennzahlen)
    name = next(str(r["region_name"]) for (_, m), r in current.items() if m == month.isoformat())
    breaks = breaks_between(region, months[0], month)
    return Overview(
        month,
        name,
        rows,
        _datenstand(rows),
        _documents(rows),
        tuple(notes),
        breaks,
        *_releases(month),
    )


def _datenstand(rows: Sequence[OverviewRow]) -> str:
    """Return the latest datenstand of the month's figures."""
    return max(row.current.origin.datenstand for row in rows if row.current.origin)


def _documents(rows: Sequence[OverviewRow]) -> tuple[Origin, ...]:
    """Return the sheets that the figures stand in, in the order they are first used."""
    found: dict[Origin, None] = {}
    for row in rows:
        found.update(dict.fromkeys(f.origin for f in row.figures if f.origin))
    return tuple(found)


def _row(kennzahl: str, series: tuple[Figure, ...], usual: Season | None) -> OverviewRow:
    now, previous, year_before = series[-1], series[-2], series[-13]
    return OverviewRow(kennzahl, *catalogued(kennzahl), now, previous, year_before, series, usual)


def _releases(month: date) -> tuple[date, date]:
    """Return when the calendar expects the Jobcenter's own figures of the month and the next."""
    number = month_number(month.year, month.month)
    return calendar.due(jobcenter_source(), number).date(), calendar.due(
        jobcenter_source(), number + 1
    ).date()


def _change(now: Figure, then: Figure) -> Decimal | None:
    if now.value is None or then.value is None or not then.comparable:
        return None
    return difference(now.value, then.value)
