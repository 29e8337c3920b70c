"""One kennzahl of one month for all Jobcenter or Kreise of a Land or of Germany, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import earlier
from kca_etl.report.facts import Figure, Origin, figure
from kca_etl.warehouse.views.areas import compared
from kca_etl.warehouse.views.gebietsstand import breaks_between
from schemas.codelists import LAENDER

if TYPE_CHECKING:
    import pandas as pd

MAX_POINTS = 25  # of a course, as on the overview
COUNTS = ("Anzahl", "Personen", "km²")  # grow with the region: put in order, never called a rank
GERMANY = "D"
WITHHELD = "*"
Rows = dict[str, dict[date, dict[str, Any]]]  # region → month → row of `figures`


@dataclass(frozen=True, slots=True)
class Kennzahl:
    """What is compared: code, gliederung, and the catalogue's label, unit and definition."""

    code: str
    gliederung: str
    label: str
    unit: str
    definition: str

    @property
    def counted(self) -> bool:
        """Whether it is a count, which says more about a region's size than about anything else."""
        return self.unit in COUNTS


@dataclass(frozen=True, slots=True)
class Area:
    """A region with its figure and the months up to it.

    `place` counts from 1 at the highest; equal figures share it, a sign has none.
    """

    key: str
    name: str
    figure: Figure
    series: tuple[Figure, ...]
    place: int | None = None
    own: bool = False

    @property
    def value(self) -> Decimal:
        """The month's figure; raises ValueError where a sign stands."""
        if self.figure.value is None:
            raise ValueError(f"{self.key} has no figure")
        return self.figure.value


@dataclass(frozen=True, slots=True)
class Comparison:
    """All areas of one kind: those with a figure, the highest first, and those without.

    `land` is None for all of Germany.
    """

    kennzahl: Kennzahl
    month: date
    source: str
    land: str | None
    ranked: tuple[Area, ...]
    unpublished: tuple[Area, ...]
    whole: tuple[Area, ...]  # the Land and Germany, as far as published
    courses: tuple[Area, ...]  # whose course over the months is drawn
    datenstand: str
    step: int  # months between two points of a course; 12 for annual values

    @property
    def own(self) -> Area | None:
        """The highlighted area."""
        return next((a for a in (*self.ranked, *self.unpublished) if a.own), None)

    @property
    def middle(self) -> Decimal:
        """The median of the published figures; each area counts once, whatever its size."""
        return median([a.value for a in self.ranked])

    @property
    def documents(self) -> tuple[Origin, ...]:
        """The sheets that the month's figures stand in."""
        return tuple(
            dict.fromkeys(
                a.figure.origin
                for a in (*self.ranked, *self.unpublished, *self.whole)
                if a.figure.origin
            )
        )

    @property
    def kind(self) -> str:
        """`Jobcenter` or `Kreise`."""
        return "Jobcenter" if self.ranked[0].key.startswith("traeger:") else "Kreise"


def build(
    figures: pd.DataFrame,
    history: pd.DataFrame,
    laender: Mapping[str, str],
    kennzahl: Kennzahl,
    month: date,
    *,
    land: str | None,
    own: tuple[str, ...],
    step: int = 1,
) -> Comparison:
    """Compare the regions of one source.

    `figures` and `history`: rows of the published views for one kennzahl and gliederung.

    `laender` gives the Land of each region, `own` the regions to highlight, the first that is
    there; `step` the months from one point of a course to the next. Raises KcaError
    NO_COMPARISON.
    """
    table = _Table(
        _by_region(figures),
        _versions(history),
        [earlier(month, by * step) for by in reversed(range(MAX_POINTS))],
        laender,
    )
    found = _areas(table, land, own)
    ranked = _ranked(a for a in found if a.figure.value is not None)
    if not ranked:
        what = f"the warehouse has no figures of {kennzahl.code} for {month:%Y-%m}"
        raise KcaError(Finding(Code.NO_COMPARISON, f"{what} in {land or GERMANY}"))
    return Comparison(
        kennzahl=kennzahl,
        month=month,
        source=str(figures["source"].iloc[0]),
        land=land,
        ranked=ranked,
        unpublished=_unpublished(found),
        whole=_wholes(table, land, counted=kennzahl.counted),
        courses=ranked if land else _of_laender(table, counted=kennzahl.counted),
        datenstand=max(a.figure.origin.datenstand for a in found if a.figure.origin),
        step=step,
    )


def _areas(table: _Table, land: str | None, own: tuple[str, ...]) -> list[Area]:
    """Return the areas to compare: those of one kind with a row for the month."""
    keys = [k for k in table.parts_of(land) if table.has_month(k)]
    mine = next((k for k in own if k in keys), None)
    return [table.area(k, own=k == mine) for k in _of_one_kind(keys, mine)]


def _ranked(published: Iterable[Area]) -> tuple[Area, ...]:
    """Put areas with a figure in order, the highest first, and count their places."""
    ordered = sorted(published, key=lambda a: (-a.value, a.name, a.key))
    return tuple(replace(a, place=1 + sum(b.value > a.value for b in ordered)) for a in ordered)


def _unpublished(areas: Iterable[Area]) -> tuple[Area, ...]:
    return tuple(sorted((a for a in areas if a.figure.value is None), key=lambda a: a.name))


def _wholes(table: _Table, land: str | None, *, counted: bool) -> tuple[Area, ...]:
    """Return the Land and Germany as far as published.

    Beside a Land its parts alone are listed, so that nothing follows from Germany's sum.
    """
    of_land = table.total(land, counted=counted) if land else None
    germany = table.total(None, counted=counted and land is None)
    return tuple(a for a in (of_land, germany) if a is not None)


def _of_laender(table: _Table, *, counted: bool) -> tuple[Area, ...]:
    totals = (table.total(land, counted=counted) for land in LAENDER)
    return tuple(a for a in totals if a is not None)


@dataclass(frozen=True, slots=True)
class _Table:
    """The figures at hand by region and month, their versions, and the months to show."""

    rows: Rows
    versions: dict[tuple[str, date], list[dict[str, Any]]]
    months: list[date]
    laender: Mapping[str, str]

    def has_month(self, key: str) -> bool:
        """Tell whether a region has a row for the comparison's month."""
        return self.months[-1] in self.rows.get(key, {})

    def parts_of(self, land: str | None) -> list[str]:
        """Return the compared regions of a Land, or of Germany for None."""
        return [k for k in self.rows if compared(k) and land in (None, self.laender.get(k))]

    def area(self, key: str, *, own: bool = False) -> Area:
        series = tuple(self._figure(key, month) for month in self.months)
        name = str(self.rows[key][self.months[-1]]["region_name"])
        return Area(
            key,
            name.removeprefix("JC ") if key.startswith("traeger:") else name,
            series[-1],
            series,
            own=own,
        )

    def total(self, land: str | None, *, counted: bool) -> Area | None:
        """Return a Land, or Germany for None; None without a row for the month.

        A count is left out in each month in which one of its parts is secret: the others and the
        sum would give it away.
        """
        key = f"ags:{land or GERMANY}"
        if not self.has_month(key):
            return None
        made = self.area(key)
        secret = self._secret_months(self.parts_of(land)) if counted else set()
        series = tuple(
            Figure(f.month, comparable=f.comparable) if f.month in secret else f
            for f in made.series
        )
        return replace(made, figure=series[-1], series=series)

    def _secret_months(self, parts: Iterable[str]) -> set[date]:
        secret: set[date] = set()
        for part in parts:
            rows = self.rows[part].items()
            secret |= {month for month, row in rows if row["zeichen"] == WITHHELD}
        return secret

    def _figure(self, key: str, month: date) -> Figure:
        same = not breaks_between(key, month, self.months[-1])
        return figure(
            self.rows[key].get(month),
            month,
            self.versions.get((key, month), []),
            invented=False,
            comparable=same,
        )


def _by_region(figures: pd.DataFrame) -> Rows:
    found: Rows = {}
    for row in figures.to_dict("records"):
        region = found.setdefault(f"{row['region_system']}:{row['region_code']}", {})
        region[date.fromisoformat(str(row["berichtsmonat"]))] = {str(k): v for k, v in row.items()}
    return found


def _versions(history: pd.DataFrame) -> dict[tuple[str, date], list[dict[str, Any]]]:
    found: dict[tuple[str, date], list[dict[str, Any]]] = {}
    for row in sorted(history.to_dict("records"), key=lambda r: str(r["known_from"])):
        key = (
            f"{row['region_system']}:{row['region_code']}",
            date.fromisoformat(str(row["berichtsmonat"])),
        )
        found.setdefault(key, []).append({str(k): v for k, v in row.items()})
    return found


def _of_one_kind(keys: list[str], mine: str | None) -> list[str]:
    """Jobcenter or Kreise, never both.

    The kind of the highlighted region, else Jobcenter where there are any.
    """
    kinds = {k.split(":")[0] for k in keys}
    usual = "traeger" if "traeger" in kinds else "ags"
    kind = mine.split(":")[0] if mine else usual
    return [k for k in keys if k.startswith(f"{kind}:")]
