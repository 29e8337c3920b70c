"""Which facts a reader wants: small tables are asked for ids first, then the facts by their key.

The key of the facts is month, series, region, block. With the ids of all three at hand a fact is
one seek, however many facts there are. `+ 0` keeps a planner from beginning with the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from kca_etl.model.month import Month

# Nothing of it was stated later than that day, or what replaced it was.
_AS_OF = """ AND f.block + 0 IN (SELECT id FROM block WHERE datenstand <= :day)
    AND (f.next = 0 OR f.next + 0 NOT IN (SELECT id FROM block WHERE datenstand <= :day))"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for; None asks for all.

    `region` is a code (`41110`), `system:code` or a name, `regions` are several `system:code`.
    `as_of` (ISO day) gives what was current that day; `history` all versions; `statements` also
    what only confirms the version before it (its `next` is -1).
    """

    source: str | None = None
    kennzahl: str | None = None
    gliederung: str | None = None
    region: str | None = None
    month: Month | None = None
    month_from: Month | None = None
    month_to: Month | None = None
    as_of: str | None = None
    history: bool = False
    regions: tuple[str, ...] | None = None
    statements: bool = False

    @property
    def first(self) -> Month | None:
        """The first month asked for."""
        given = [m for m in (self.month, self.month_from) if m is not None]
        return max(given, default=None)

    @property
    def last(self) -> Month | None:
        """The last month asked for."""
        given = [m for m in (self.month, self.month_to) if m is not None]
        return min(given, default=None)


def query(connection: Connection, wanted: Wanted, columns: str) -> tuple[str, dict[str, Any]]:
    """Return the statement that reads columns of the facts `f`, and its parameters."""
    series, regions = _series(connection, wanted), _regions(connection, wanted)
    past = wanted.history or wanted.as_of
    conditions, parameters = ["f.next >= 0" if past else "f.next = 0"], {}
    if wanted.statements:
        conditions = ["f.next >= -1"]
    for name, ids in (("series", series), ("region", regions)):
        if ids is not None:  # an empty list fits nothing
            conditions.append(f"f.{name} IN ({', '.join(map(str, ids)) or 'NULL'})")
    by_key = series is not None
    for name, sign, month in (("first", ">=", wanted.first), ("last", "<=", wanted.last)):
        if month is not None:
            conditions.append(f"{'m.id' if by_key else 'f.month'} {sign} :{name}")
            parameters[name] = int(month)
    facts = "month m CROSS JOIN fact f WHERE f.month = m.id AND" if by_key else "fact f WHERE"
    text_ = f"SELECT {columns} FROM {facts} {' AND '.join(conditions)}"  # noqa: S608 - numbers and constants; texts are bound
    if wanted.as_of is None:
        return text_, parameters
    return text_ + _AS_OF, parameters | {"day": wanted.as_of}


def _series(connection: Connection, wanted: Wanted) -> list[int] | None:
    """Return the ids of the series asked for; all of them where only the region is given."""
    given = {
        name: value
        for name in ("source", "kennzahl", "gliederung")
        if (value := getattr(wanted, name)) is not None
    }
    if not given and wanted.region is None and wanted.regions is None:
        return None
    fits = " AND ".join(f"{name} = :{name}" for name in given) or "1 = 1"
    found = connection.execute(text(f"SELECT id FROM series WHERE {fits}"), given)  # noqa: S608 - names of columns; values are bound
    return sorted(found.scalars())


def _regions(connection: Connection, wanted: Wanted) -> list[int] | None:
    if wanted.regions is not None:
        rows = connection.execute(text("SELECT id, system, code FROM region"))
        return sorted(n for n, system, code in rows if f"{system}:{code}" in wanted.regions)
    if wanted.region is None:
        return None
    system, colon, code = wanted.region.partition(":")
    fits = "system = :system AND code = :code" if colon else "code = :region OR name = :region"
    values = {"system": system, "code": code} if colon else {"region": wanted.region}
    found = connection.execute(text(f"SELECT id FROM region WHERE {fits}"), values)  # noqa: S608 - constants; values are bound
    return sorted(found.scalars())
