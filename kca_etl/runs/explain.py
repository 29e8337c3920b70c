"""What stands around a cell of an archived document."""

from __future__ import annotations

from kca_etl.model.address import a1
from kca_etl.model.findings import KcaError
from kca_etl.runs.identify import tables_of
from kca_etl.settings import Settings
from kca_etl.sources import registry


def around(sha256: str, source: str, sheet: str, cell: str, settings: Settings) -> dict[str, str]:
    """Read the row's and the column's words around a cell from the archived document.

    Where it is gone, or its bytes are not those of its hash, one line says so.
    """
    from kca_etl.landing.archive.files import sound

    try:
        tables = tables_of(sound(sha256, settings.landing), registry.load(source))
    except KcaError as error:
        return {"row": f"(the archived document cannot be read: {error.findings[0].what})"}
    except FileNotFoundError:
        return {"row": "(the archived document is gone)"}
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
