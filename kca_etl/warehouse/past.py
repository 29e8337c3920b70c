"""Fetching what the warehouse knows of the series that a document is about to state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine, bindparam, select, text

from kca_etl.model.observations import Observations
from kca_etl.validate.over_time.past import Past, Revisions
from kca_etl.validate.over_time.revised import size
from kca_etl.warehouse.tables import document, region, series

MONTHS = 24  # before the document's first and after its last month: two years show the seasons

# The small month table first (SQLite keeps to the order of a CROSS JOIN): the key of the facts
# begins with the month, so that
# each month and series is one seek. The rows found are sifted by region, which the `+ 0` says to
# SQLite.
QUERY = text(
    "SELECT f.month, f.series, f.region, f.value FROM month m CROSS JOIN fact f"
    " WHERE m.id BETWEEN :first AND :last AND f.month = m.id AND f.series IN :series AND"
    " f.region + 0 IN :regions"
    " AND f.next = 0 AND f.value IS NOT NULL"
).bindparams(bindparam("series", expanding=True), bindparam("regions", expanding=True))

# The facts of one month that a document states again; nothing where the month is new.
STATED = text(
    "SELECT month, series, region, value FROM fact WHERE month = :month"
    " AND series BETWEEN :first AND :last AND next = 0 AND value IS NOT NULL"
)
ANY_STATED = text(
    "SELECT 1 FROM month m CROSS JOIN fact f WHERE m.id IN :months AND f.month = m.id"
    " AND f.series BETWEEN (SELECT min(id) FROM series WHERE source = :source)"
    " AND (SELECT max(id) FROM series WHERE source = :source) LIMIT 1"
).bindparams(bindparam("months", expanding=True))
# Successive versions of the same fact; few facts have more than one.
REVISED = text(
    "SELECT f.series, f.value, g.value FROM month m CROSS JOIN fact f CROSS JOIN fact g"
    " WHERE m.id BETWEEN :first AND :last AND f.month = m.id AND f.series IN :series"
    " AND f.next > 0 AND g.month = f.month AND g.series = f.series AND g.region = f.region"
    " AND g.block = f.next AND f.value IS NOT NULL AND g.value IS NOT NULL"
).bindparams(bindparam("series", expanding=True))


def is_loaded(engine: Engine, sha256: str) -> bool:
    """Tell whether a document is in the warehouse already: then its own figures are its past."""
    with engine.connect() as connection:
        return (
            connection.execute(select(document.c.state).where(document.c.sha256 == sha256)).scalar()
            == "loaded"
        )


def past(engine: Engine, source: str, o: Observations) -> Past:
    """Return the current numbers of the document's series and regions around its months."""
    with engine.connect() as connection:
        ids = _ids(connection, source, o)
        around = {"first": int(o.month.min()) - MONTHS, "last": int(o.month.max()) + MONTHS}
        wanted = {"series": list(ids.series), "regions": list(ids.regions)}
        empty = not (ids.series and ids.regions)
        rows = [] if empty else connection.execute(QUERY, wanted | around).all()
    return _past([tuple(row) for row in rows], ids)


def stated(engine: Engine, source: str, o: Observations) -> Past:
    """Return the current numbers of the very facts that a document states, and no others."""
    rows: list[tuple[Any, ...]] = []
    months = {"months": np.unique(o.month).tolist(), "source": source}
    with engine.connect() as connection:
        if connection.execute(ANY_STATED, months).first() is None:
            return _past([], _Ids({}, {}))
        ids = _ids(connection, source, o)
        known = {i: n for n, i in ids.series.items()}
        for month in np.unique(o.month).tolist():
            own = [known[i] for i in np.unique(o.series[o.month == month]).tolist() if i in known]
            if own:
                bounds = {"month": month, "first": min(own), "last": max(own)}
                rows += map(tuple, connection.execute(STATED, bounds))
    return _past([row for row in rows if row[1] in ids.series and row[2] in ids.regions], ids)


def revisions(engine: Engine, source: str, o: Observations, known: Past) -> Revisions:
    """Return how far the series of known figures were revised around the document's months."""
    with engine.connect() as connection:
        ids = _ids(connection, source, o)
        first, last = int(o.month.min()), int(o.month.max())
        met = set(np.unique(known.series).tolist())
        wanted = [i for i, n in ids.series.items() if n in met]
        bounds = {"first": first - MONTHS, "last": last + MONTHS, "series": wanted}
        rows = connection.execute(REVISED, bounds).all() if wanted else []
    old, new = (np.array([row[i] for row in rows], np.float64) for i in (1, 2))
    return Revisions(np.array([ids.series[row[0]] for row in rows], np.int32), size(new, old))


class _Ids(NamedTuple):
    """The warehouse's ids of a document's series and regions → their place in its lists."""

    series: dict[int, int]
    regions: dict[int, int]


def _ids(connection: Connection, source: str, o: Observations) -> _Ids:
    own = {(s.kennzahl, s.gliederung): i for i, s in enumerate(o.series_list)}
    here = {(r.system, r.code): i for i, r in enumerate(o.regions)}
    stored = connection.execute(
        select(series.c.id, series.c.kennzahl, series.c.gliederung).where(series.c.source == source)
    )
    of_series = {i: own[k, g] for i, k, g in stored if (k, g) in own}
    known = connection.execute(select(region.c.id, region.c.system, region.c.code))
    return _Ids(of_series, {i: here[s, c] for i, s, c in known if (s, c) in here})


def _past(rows: Sequence[tuple[Any, ...]], ids: _Ids) -> Past:
    month, by_series, by_region, value = list(zip(*rows, strict=True)) or [()] * 4
    return Past(
        np.array(month, np.int32),
        np.array([ids.series[i] for i in by_series], np.int32),
        np.array([ids.regions[i] for i in by_region], np.int32),
        np.array(value, np.float64),
    )
