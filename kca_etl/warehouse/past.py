"""Fetching what the warehouse knows of the series that a document is about to state."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Engine, bindparam, select, text

from kca_etl.model.observations import Observations
from kca_etl.validate.over_time.past import Past
from kca_etl.warehouse.tables import document, region, series

MONTHS = 24  # before the document's first and after its last month: two years show the seasons

# The small month table first (SQLite keeps to the order of a CROSS JOIN): the key of the facts
# begins with the month, so that
# each month and series is one seek. The rows found are sifted by region, which the `+ 0` says to
# SQLite.
QUERY = text(
    "SELECT f.month, f.series, f.region, f.value FROM month m CROSS JOIN fact f"
    " WHERE m.id BETWEEN :first AND :last AND f.month = m.id AND f.series IN :series AND f.region + 0 IN :regions"
    " AND f.next = 0 AND f.value IS NOT NULL"
).bindparams(bindparam("series", expanding=True), bindparam("regions", expanding=True))


def is_loaded(engine: Engine, sha256: str) -> bool:
    """Tell whether a document is in the warehouse already: then its own figures are its past."""
    with engine.connect() as connection:
        return (
            connection.execute(select(document.c.state).where(document.c.sha256 == sha256)).scalar()
            == "loaded"
        )


def past(engine: Engine, source: str, o: Observations) -> Past:
    """Return the current numbers of the document's series and regions around its months."""
    own = {(s.kennzahl, s.gliederung): i for i, s in enumerate(o.series_list)}
    here = {(r.system, r.code): i for i, r in enumerate(o.regions)}
    with engine.connect() as connection:
        stored = connection.execute(
            select(series.c.id, series.c.kennzahl, series.c.gliederung).where(
                series.c.source == source
            )
        )
        of_series = {
            row.id: own[row.kennzahl, row.gliederung]
            for row in stored
            if (row.kennzahl, row.gliederung) in own
        }
        known = connection.execute(select(region.c.id, region.c.system, region.c.code))
        of_region = {
            row.id: here[row.system, row.code] for row in known if (row.system, row.code) in here
        }
        wanted = {"series": list(of_series), "regions": list(of_region)}
        around = {"first": int(o.month.min()) - MONTHS, "last": int(o.month.max()) + MONTHS}
        rows = connection.execute(QUERY, wanted | around).all() if of_series and of_region else []
    month, by_series, by_region, value = list(zip(*rows, strict=True)) or [()] * 4
    return Past(
        np.array(month, np.int32),
        np.array([of_series[i] for i in by_series], np.int32),
        np.array([of_region[i] for i in by_region], np.int32),
        np.array(value, np.float64),
    )
