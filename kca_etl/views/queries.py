"""Reading the published views: every parameter bound, every answer in one order on every database."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Engine, MetaData, Select, Table, and_, column, or_, select, table

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source berichtsmonat kennzahl gliederung region_system region_code region_name value zeichen unit status datenstand"
    " known_from known_to document_sha256 file_name sheet cell run_id"
).split()
ORDER = ("source", "berichtsmonat", "kennzahl", "gliederung", "region_system", "region_code", "datenstand")
_HISTORY = table("figures_history", *map(column, COLUMNS))


def figures(  # noqa: PLR0913 - one argument per filter
    engine: Engine,
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
    """Return figures (columns of the view, `value` float64, the rest text) in text order.

    Months are `YYYY-MM`. `region` is a code (`43102`), `system:code` or a name. `as_of` (ISO day) gives what was
    current that day; `history` all versions.
    """
    import pandas as pd  # noqa: PLC0415 - start-up time of the command line

    view = _HISTORY
    query = select(*view.c)
    for name, wanted in (("source", source), ("kennzahl", kennzahl), ("gliederung", gliederung)):
        if wanted is not None:
            query = query.where(view.c[name] == wanted)
    if region is not None:
        query = _in_region(query, region)
    for wanted, compare in ((month, "__eq__"), (month_from, "__ge__"), (month_to, "__le__")):
        if wanted is not None:
            query = query.where(getattr(view.c.berichtsmonat, compare)(f"{wanted[:7]}-01"))
    if as_of is not None:
        query = query.where(and_(view.c.known_from <= as_of, or_(view.c.known_to.is_(None), view.c.known_to > as_of)))
    elif not history:
        query = query.where(view.c.known_to.is_(None))
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    frame = pd.DataFrame({name: pd.Series([row[i] for row in rows], dtype=object) for i, name in enumerate(COLUMNS)})
    frame["value"] = frame["value"].astype("float64")
    return frame.sort_values(list(ORDER), kind="stable", ignore_index=True)


def _in_region(query: Select[Any], region: str) -> Select[Any]:
    system, colon, code = region.partition(":")
    if colon:
        return query.where(_HISTORY.c.region_system == system, _HISTORY.c.region_code == code)
    return query.where(or_(_HISTORY.c.region_code == region, _HISTORY.c.region_name == region))


def explain(engine: Engine, kennzahl: str, month: str, *, region: str | None = None, gliederung: str | None = None) -> list[dict[str, Any]]:
    """Return all versions of the figures that fit, the current one first; keys are the view's columns."""
    frame = figures(engine, kennzahl=kennzahl, month=month, region=region, gliederung=gliederung, history=True)
    rows: list[dict[str, Any]] = [{k: None if v != v else v for k, v in row.items()} for row in frame.to_dict("records")]
    return sorted(rows, key=lambda r: r["known_to"] is not None)


def documents(engine: Engine) -> list[dict[str, Any]]:
    """Return all documents, the latest received last."""
    return _rows(engine, "documents", "received_at", "sha256")


def findings(engine: Engine, sha256: str | None = None, run_id: str | None = None) -> list[dict[str, Any]]:
    """Return findings in the order they were made, of one document or one run."""
    rows = _rows(engine, "findings", "id")
    return [r for r in rows if (sha256 is None or r["document_sha256"] == sha256) and (run_id is None or r["run_id"] == run_id)]


def runs(engine: Engine) -> list[dict[str, Any]]:
    """Return all runs, the latest last."""
    return _rows(engine, "runs", "started_at")


def coverage(engine: Engine) -> list[dict[str, Any]]:
    """Return source × month with its state."""
    return _rows(engine, "coverage", "source", "berichtsmonat")


def _rows(engine: Engine, view: str, *order: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        known = Table(view, MetaData(), autoload_with=connection)
        return [dict(row._mapping) for row in connection.execute(select(known).order_by(*(known.c[name] for name in order)))]  # noqa: SLF001 - SQLAlchemy's documented way


def write_csv(frame: pd.DataFrame, out: IO[str]) -> None:
    """Write figures as CSV: UTF-8, `,`, values by their shortest exact text, the same bytes from every database."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [[repr(v) if v == v else "" for v in frame[c].tolist()] if c == "value" else ["" if v is None or v != v else v for v in frame[c].tolist()] for c in frame]
    writer.writerows(zip(*columns, strict=True))
