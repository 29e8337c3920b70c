"""The use case of a comparison: a kennzahl of a month over all Jobcenter or Kreise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import MONTHS_PER_YEAR, Month
from kca_etl.offices import folder as offices
from kca_etl.report.comparison import model
from kca_etl.runs.names import refuse_unknown
from kca_etl.runs.record import reading
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse.views import areas, queries

if TYPE_CHECKING:
    import pandas as pd


def build(
    settings: Settings,
    kennzahl: str,
    month: date,
    *,
    gliederung: str = "insgesamt",
    source: str | None = None,
    land: str | None = "",
    region: str | None = None,
    as_of: str | None = None,
) -> model.Comparison:
    """Build the comparison from the warehouse.

    `land`: two digits; the office's own where it is empty, all of Germany for None.

    Raises KcaError NO_COMPARISON, also where two sources have the figure.
    """
    engine = reading(settings)
    wanted: dict[str, Any] = {"kennzahl": kennzahl, "gliederung": gliederung}
    last = Month.of_day(month)
    refuse_unknown(engine, source=source, kennzahl=kennzahl, region=region)
    stated = queries.figures(engine, source=source, month=last, as_of=as_of, **wanted)
    wanted["source"] = _only_source(stated, f"{kennzahl} [{gliederung}] {last}")
    step = _step(queries.months(engine, wanted["source"]))
    wanted |= {"month_from": last - (model.MAX_POINTS - 1) * step, "month_to": last}
    found, history = (
        queries.figures(engine, as_of=as_of, **wanted),
        queries.figures(engine, history=True, **wanted),
    )
    declared = registry.kennzahlen(registry.load(wanted["source"]))[kennzahl]
    about = model.Kennzahl(
        kennzahl, gliederung, declared["label"], declared["unit"], declared["definition"]
    )
    land = offices.current().land if land == "" else land
    own = (region,) if region else offices.current().own_regions
    made = model.build(
        found, history, areas.laender(engine), about, month, land=land, own=own, step=step
    )
    if region and made.own is None:
        what = f"{region} is not among the {made.kind} compared"
        raise KcaError(
            Finding(
                Code.NO_COMPARISON,
                what,
                expected="system:code, e.g. traeger:43502; --all for all of Germany",
            )
        )
    return made


def _only_source(stated: pd.DataFrame, name: str) -> str:
    """Return the one source that states a figure; raises KcaError NO_COMPARISON."""
    there: list[str] = sorted(set(stated["source"]))
    if len(there) == 1:
        return there[0]
    what = f"{name} stands in {len(there)} sources of the warehouse"
    expected = "exactly one; choose with --source"
    raise KcaError(Finding(Code.NO_COMPARISON, what, found=", ".join(there), expected=expected))


def _step(months: list[Month]) -> int:
    """Return the months between two values of a source.

    12 if it has Decembers only, as annual values have.
    """
    decembers = all(month.month == MONTHS_PER_YEAR for month in months)
    return MONTHS_PER_YEAR if len(months) > 1 and decembers else 1
