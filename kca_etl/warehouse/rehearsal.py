"""What a load would change: the load itself, seen from within its transaction, then undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, bindparam, select, text

from kca_etl.model.address import SHEET_COLUMNS, a1
from kca_etl.model.decision import Decision
from kca_etl.model.document import Document
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.warehouse import decisions, writer
from kca_etl.warehouse.engine import writing
from kca_etl.warehouse.tables import block, document
from schemas.codelists import ZEICHEN

MAX_CHANGES = 1000
MAX_RANGES = 100  # changes whose series' usual range is looked up
RANGE_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that a load would revise, or that a document of its month no longer states.

    `kind`: revised, withheld (a figure gives way to `*`), vanished · `before`, `after`: values
    as text, or the sign · `percent`: the difference, None without two numbers · `usual`: the
    least and greatest value of the series in the three years around, None where unknown.
    """

    kind: str
    kennzahl: str
    gliederung: str
    region: str
    region_name: str
    month: Month
    before: str
    after: str
    percent: float | None
    before_at: str
    after_at: str
    usual: tuple[float, float] | None = None

    @property
    def unusual(self) -> bool:
        """Tell whether the new value lies outside the series' usual range."""
        if self.usual is None or self.percent is None:
            return False
        return not self.usual[0] <= float(self.after) <= self.usual[1]


@dataclass(slots=True)
class Rehearsal:
    """What a load would do: its counts, and the figures it would change."""

    result: writer.LoadResult
    changes: list[Change] = field(default_factory=list)
    more: int = 0  # changes beyond those listed


def rehearse(
    engine: Engine,
    source: str,
    doc: Document,
    month: Month | None,
    observations: Observations,
    kennzahlen: dict[str, dict[str, Any]],
    lock_timeout: float,
    decided: Sequence[Decision] = (),
) -> Rehearsal:
    """Load a document, look at what changed, and undo it all.

    Raises KcaError CONFLICT and DECIDED_BEFORE, and Busy if another run writes.
    """
    with writing(engine, source, lock_timeout) as connection:
        undo = connection.begin_nested()
        try:
            decisions.record(connection, decided)
            given = writer.Load(source, doc, month, observations, [], "plan", kennzahlen)
            done = Rehearsal(writer.load_into(connection, given))
            if not done.result.already:
                months = np.unique(observations.month).tolist()
                revised = done.result.revised > 0
                changes = _changes(connection, source, doc, month, months, revised=revised)
                done.more = max(0, len(changes) - MAX_CHANGES)
                done.changes = changes[:MAX_CHANGES]
            return done
        finally:
            undo.rollback()


_COLUMNS = """s.kennzahl, s.gliederung, r.system, r.code, r.name, f.month,
    o.value AS was, o.zeichen AS was_sign, f.value AS now, f.zeichen AS now_sign,
    od.file_name, ob.sheet AS was_sheet, o.cell AS was_cell, fb.sheet AS now_sheet,
    f.cell AS now_cell, f.series AS series_id, f.region AS region_id"""
_REVISED = text(
    f"""SELECT {_COLUMNS} FROM month m CROSS JOIN fact o
    JOIN fact f ON f.month = o.month AND f.series = o.series AND f.region = o.region
        AND f.block = o.next
    JOIN series s ON s.id = f.series JOIN region r ON r.id = f.region
    JOIN block ob ON ob.id = o.block JOIN document od ON od.id = ob.document
    JOIN block fb ON fb.id = f.block
    WHERE o.month = m.id AND m.id IN :months AND s.source = :source
        AND o.next IN :blocks AND o.block NOT IN :blocks
    ORDER BY f.month, s.kennzahl, s.gliederung, r.system, r.code"""  # noqa: S608 - constants only
).bindparams(bindparam("blocks", expanding=True), bindparam("months", expanding=True))
# Figures of the document's own month that another issue of it states, and this one does not.
_VANISHED = text("""SELECT s.kennzahl, s.gliederung, r.system, r.code, r.name, o.month,
    o.value AS was, o.zeichen AS was_sign, od.file_name, ob.sheet AS was_sheet, o.cell AS was_cell
    FROM fact o JOIN series s ON s.id = o.series JOIN region r ON r.id = o.region
    JOIN block ob ON ob.id = o.block JOIN document od ON od.id = ob.document
    WHERE o.month = :month AND o.next = 0 AND s.source = :source AND od.month = :month
        AND o.block NOT IN :blocks AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.month = o.month
            AND f.series = o.series AND f.region = o.region AND f.block IN :blocks)
    ORDER BY s.kennzahl, s.gliederung, r.system, r.code""").bindparams(
    bindparam("blocks", expanding=True)
)
_RANGE = text("""SELECT min(f.value), max(f.value) FROM month m CROSS JOIN fact f
    WHERE m.id BETWEEN :first AND :last AND m.id <> :month AND f.month = m.id
        AND f.series = :series AND f.region = :region AND f.next = 0""")


def _changes(
    connection: Connection,
    source: str,
    doc: Document,
    month: Month | None,
    months: list[int],
    *,
    revised: bool,
) -> list[Change]:
    mine = select(block.c.id).join_from(block, document).where(document.c.sha256 == doc.sha256)
    blocks = list(connection.execute(mine).scalars())
    given = {"blocks": blocks, "months": months, "source": source}
    rows = connection.execute(_REVISED, given).mappings().all() if revised else []
    out = [_revised(row, _usual(connection, row)) for row in rows[:MAX_RANGES]]
    out += [_revised(row, None) for row in rows[MAX_RANGES:]]
    if month is not None:
        asked = {"blocks": blocks, "month": int(month), "source": source}
        out += [_vanished(row) for row in connection.execute(_VANISHED, asked).mappings()]
    return out


def _usual(connection: Connection, row: Any) -> tuple[float, float] | None:  # noqa: ANN401 - a row as a mapping
    """Return the least and greatest value of a series in the months around."""
    asked = {"month": row["month"], "series": row["series_id"], "region": row["region_id"]}
    asked |= {"first": row["month"] - RANGE_MONTHS, "last": row["month"] + RANGE_MONTHS}
    low, high = connection.execute(_RANGE, asked).one()
    return None if low is None else (low, high)


def _revised(row: Any, usual: tuple[float, float] | None) -> Change:  # noqa: ANN401 - a row as a mapping
    was, now = _shown(row["was"], row["was_sign"]), _shown(row["now"], row["now_sign"])
    percent = None
    if row["was"] and row["now"] is not None:
        percent = 100 * (row["now"] - row["was"]) / abs(row["was"])
    kind = "withheld" if now == "*" and row["was"] is not None else "revised"
    at = f"{row['now_sheet']}!{_cell(row['now_cell'])}"
    return Change(kind, *_name(row), was, now, percent, _was_at(row), at, usual)


def _vanished(row: Any) -> Change:  # noqa: ANN401 - a row as a mapping
    was = _shown(row["was"], row["was_sign"])
    return Change("vanished", *_name(row), was, "", None, _was_at(row), "")


def _name(row: Any) -> tuple[str, str, str, str, Month]:  # noqa: ANN401 - a row as a mapping
    region = f"{row['system']}:{row['code']}"
    return row["kennzahl"], row["gliederung"], region, row["name"], Month(row["month"])


def _was_at(row: Any) -> str:  # noqa: ANN401 - a row as a mapping
    return f"{row['file_name']}: {row['was_sheet']}!{_cell(row['was_cell'])}"


def _cell(number: int) -> str:
    return a1(*divmod(number, SHEET_COLUMNS))


def _shown(value: float | None, sign: int) -> str:
    return ZEICHEN[sign] if value is None else f"{value:.10g}"
