"""What stands around a cell of an archived document."""

from __future__ import annotations

from kca_etl import pipeline
from kca_etl.model.address import a1
from kca_etl.model.findings import KcaError
from kca_etl.settings import Settings
from kca_etl.sources import registry


def around(sha256: str, source: str, sheet: str, cell: str, settings: Settings) -> dict[str, str]:
    """Read the row's and the column's words around a cell from the archived document.

    Empty if it is gone.
    """
    from kca_etl.landing.archive.files import find

    try:
        tables = pipeline.tables_of(find(sha256, settings.landing), registry.load(source))
    except (KcaError, FileNotFoundError):
        return {"row": "(the archived document cannot be read)"}
    for raw in tables:
        for column in raw.columns:
            for row, labels in zip(raw.rows, raw.stub_cells, strict=True):
                if raw.grid.name == sheet and a1(row, column.col) == cell:
                    return {
                        "row": " | ".join(str(v) for v in labels),
                        "header": " > ".join(column.head.path),
                        "shown": repr(raw.grid.rows[row][column.col]),
                    }
    return {"row": "(the cell is not in a declared table any more)"}
