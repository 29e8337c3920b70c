"""A figure led back to its cell: all its versions, and what stands around each in its document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.model.address import place
from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.offices import folder as offices
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.cells import RawTable

MAX_OPEN_DOCUMENTS = 4

Tables = Callable[[str, str], "list[RawTable]"]  # of an archived document's hash and its source


def explained(
    engine: Engine,
    settings: Settings,
    kennzahl: str,
    month: Month,
    *,
    regions: Sequence[str | None],
    gliederung: str | None = None,
) -> list[dict[str, Any]]:
    """Return all versions of the figures of some regions, the current ones of each first.

    `regions`: codes, `system:code` or names; None stands for every region.

    Keys are those of the view `figures_history`, and `was_empty` (the cell was empty and means
    0) and `around` (the words around the cell in the archived document).
    """
    tables = archived_tables(settings)
    return [
        _with_its_cell(row, engine, tables)
        for region in regions
        for row in queries.explain(engine, kennzahl, month, region=region, gliederung=gliederung)
    ]


def own_regions() -> list[str]:
    """Return the office's own regions as `system:code`: its overview's, its Träger, its Kreise."""
    office = offices.current()
    own = [office.region_key, *(f"ags:{ags}" for ags in office.kreise)]
    if office.traeger:
        own.append(f"traeger:{office.traeger}")
    return list(dict.fromkeys(own))


def _with_its_cell(row: dict[str, Any], engine: Engine, tables: Tables) -> dict[str, Any]:
    sha256, sheet, cell = row["document_sha256"], row["sheet"], row["cell"]
    return row | {
        "was_empty": queries.was_empty(engine, sha256, sheet, cell),
        "around": around(sha256, row["source"], sheet, cell, tables),
    }


def around(sha256: str, source: str, sheet: str, cell: str, tables: Tables) -> dict[str, str]:
    """Read the row's and the column's words around a cell from the archived document.

    Where it is gone, or its bytes are not those of its hash, one line says so.
    """
    try:
        found = tables(sha256, source)
    except KcaError as error:
        return {"row": f"(the archived document cannot be read: {error.findings[0].what})"}
    except FileNotFoundError:
        return {"row": "(the archived document is gone)"}
    row, col = place(cell)
    for raw in found:
        heads = [column.head for column in raw.columns if column.col == col]
        if raw.grid.name == sheet and row in raw.rows and heads:
            labels = raw.stub_cells[list(raw.rows).index(row)]
            return {
                "row": " | ".join(str(v) for v in labels),
                "header": " > ".join(heads[0].path),
                "shown": repr(raw.grid.rows[row][col]),
            }
    return {"row": "(the cell is not in a declared table any more)"}


def archived_tables(settings: Settings) -> Tables:
    """Return what reads archived documents' tables, each once for all of its figures."""
    return lru_cache(MAX_OPEN_DOCUMENTS)(partial(_tables, settings.landing))


def _tables(landing: Path, sha256: str, source: str) -> list[RawTable]:
    from kca_etl.landing.archive.files import sound
    from kca_etl.runs.identify import tables_of

    return tables_of(sound(sha256, landing), registry.load(source))
