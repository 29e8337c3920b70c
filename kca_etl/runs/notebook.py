"""The warehouse from Python: questions in, DataFrames out. Nothing here changes anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date
from kca_etl.report.data import COLUMNS as PAGE_COLUMNS
from kca_etl.report.data import records
from kca_etl.runs import plan as planning
from kca_etl.runs import reports
from kca_etl.runs.arguments import day, month_id
from kca_etl.runs.explain import explained, own_regions
from kca_etl.runs.names import refuse_unknown
from kca_etl.runs.record import reading
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["KcaError", "Warehouse", "open_warehouse"]
AROUND = ("row", "header", "shown")
PLANNED = ("file", "sha256", "source", "berichtsmonat", "state", "new", "revised", "unchanged")


def open_warehouse(home: str | Path | None = None) -> Warehouse:
    """Open the warehouse in a home folder, or the one that the settings name (`KCA_…`).

    Raises KcaError NO_FILE where there is none.
    """
    settings = Settings() if home is None else Settings(home=Path(home), database_url=None)
    if not settings.is_there:
        raise KcaError(Finding(Code.NO_FILE, f"no warehouse: {settings.whereabouts}"))
    return Warehouse(settings)


class Warehouse:
    """A warehouse that is read. Months are texts (`2020-11`), days too (`2020-12-10`)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine: Engine = reading(settings)

    @property
    def home(self) -> Path:
        """The folder of archive, inbox and reports."""
        return self._settings.home

    def figures(
        self,
        *,
        source: str | None = None,
        kennzahl: str | None = None,
        region: str | None = None,
        gliederung: str | None = None,
        month: str | None = None,
        month_from: str | None = None,
        month_to: str | None = None,
        as_of: str | None = None,
        history: bool = False,
    ) -> pd.DataFrame:
        """Return figures: the columns of the view `figures`, a row for each, in text order.

        `value` is float64, NaN where a sign stands in `zeichen`; `berichtsmonat` and the days are
        datetime64, all others text. `region`: a code, `system:code` or a name · `as_of`: as
        known that day · `history`: all versions, not only the current ones. Raises KcaError with
        the nearest names where no figure fits and a name is unknown; BAD_MONTH, BAD_DAY.
        """
        months = {"month": month, "month_from": month_from, "month_to": month_to}
        found = queries.figures(
            self._engine,
            source=source,
            kennzahl=kennzahl,
            region=region,
            gliederung=gliederung,
            **{name: month_id(text) for name, text in months.items() if text is not None},
            as_of=day(as_of),
            history=history,
        )
        if found.empty:
            refuse_unknown(self._engine, source=source, kennzahl=kennzahl, region=region)
        return _dated(found)

    def explain(
        self, kennzahl: str, month: str, *, region: str | None = None, gliederung: str = "insgesamt"
    ) -> pd.DataFrame:
        """Return all versions of a figure, the current one first, each with what stands around it.

        The columns of `figures`, and `row`, `header`, `shown`: the words of row and column and
        the cell itself, read anew from the archived document. `region`: the office's own if none
        is given. Raises KcaError as `figures` does.
        """
        wanted, whose = month_id(month), [region] if region else own_regions()
        about = (self._engine, self._settings, kennzahl, wanted)
        rows = explained(*about, regions=whose, gliederung=gliederung)
        if not rows:
            refuse_unknown(self._engine, kennzahl=kennzahl, region=region)
        told = [row | row["around"] for row in rows]
        return _dated(pd.DataFrame(told, columns=[*queries.COLUMNS, *AROUND]))

    def plan(self, *files: str | Path, source: str | None = None) -> pd.DataFrame:
        """Return what loading documents would change, a row for each document. Nothing is loaded.

        `state`: loaded, unchanged, quarantined or rejected · `new`, `revised`, `unchanged`: counts
        of figures · `findings`: sentences, one a line.
        """
        plans = planning.plan(map(Path, files), self._engine, self._settings, source)
        rows = [
            {key: value for key, value in planning.as_row(one).items() if key in PLANNED}
            | {"findings": "\n".join(map(sentence, one.findings))}
            for one in plans
        ]
        return pd.DataFrame(rows, columns=[*PLANNED, "findings"])

    def report(self, month: str, *, as_of: str | None = None) -> pd.DataFrame:
        """Return the numbers of a month's overview as its CSV has them; nothing is written.

        A row for each kennzahl and month of its series; `role` says how the page uses it: month,
        previous, year_before or series. Raises KcaError NO_FACTS where there is nothing to show.
        """
        page = reports.build(self._settings, month_date(month_id(month)), day(as_of))
        return pd.DataFrame(records(page), columns=[*PAGE_COLUMNS])


def _dated(found: pd.DataFrame) -> pd.DataFrame:
    """Turn months and days into dates."""
    dates = ("berichtsmonat", "datenstand", "known_from", "known_to")
    return found.assign(**{name: pd.to_datetime(found[name]) for name in dates})
