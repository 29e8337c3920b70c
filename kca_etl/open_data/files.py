"""The views as CSV and Parquet: the same rows in both, the same bytes from the same warehouse."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kca_etl.model.foreign import FORMULA
from kca_etl.warehouse.views.contract import Column
from kca_etl.warehouse.views.frames import Versions

WITHHELD = Column(
    "withheld",
    "boolean",
    (
        "the number is withheld here, lest a `*` follow from it by subtraction, or since "
        "it became secret later"
    ),
    (
        "wahr, wo die Zahl erst in dieser Ausgabe zurückgehalten wird, damit aus ihr keine "
        "geheime Zahl zu errechnen ist"
    ),
    "false",
)
KINDS = {
    "text": pl.String,
    "month": pl.Date,
    "day": pl.Date,
    "time": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
    "boolean": pl.Boolean,
}
ROW_GROUP = 262_144
FOREIGN_TEXTS = ("file_name", "sheet", "region_name")  # as senders and publishers wrote them
PARQUET: dict[str, Any] = {"compression": "zstd", "compression_level": 3, "statistics": True}


def figures(
    every: Versions, withheld: NDArray[np.bool_], columns: Sequence[Column], until: str | None
) -> pl.DataFrame:
    """Lay out versions as the view's columns and `withheld`.

    `until`: the day up to which the end of a version is known.
    """
    found = {c.name: _text(every, c) for c in columns if c.name != "value"}
    frame = pl.DataFrame(
        {
            c.name: found[c.name]
            if c.name != "value"
            else pl.Series(every.ids["value"], nan_to_null=True)
            for c in columns
        }
    )
    hidden = pl.Series(WITHHELD.name, withheld)
    frame = frame.with_columns(
        hidden,
        value=pl.when(hidden).then(None).otherwise(pl.col("value")),
        zeichen=pl.when(hidden).then(pl.lit("*")).otherwise(pl.col("zeichen")),
    )
    if until is None:
        return frame
    day = pl.lit(until).str.to_date()
    return frame.with_columns(
        known_to=pl.when(pl.col("known_to") > day).then(None).otherwise(pl.col("known_to"))
    )


def _text(every: Versions, column: Column) -> pl.Series:
    """Make each distinct text once, then one of them for each version.

    An empty one is none: CSV knows no difference.
    """
    texts, codes = every.column(column.name)
    words = pl.Series([text or None for text in texts.tolist()], dtype=pl.String)
    return _typed(words, column).gather(pl.Series(codes, dtype=pl.UInt32))


def rows(given: Sequence[dict[str, Any]], columns: Sequence[Column]) -> pl.DataFrame:
    """Lay out some rows as columns; an empty text is no text."""
    made = {}
    for c in columns:
        plain = pl.String if KINDS[c.kind] == pl.Date else KINDS[c.kind]
        made[c.name] = _typed(
            pl.Series([None if row[c.name] == "" else row[c.name] for row in given], dtype=plain), c
        )
    return pl.DataFrame(made)


def _typed(words: pl.Series, column: Column) -> pl.Series:
    return words.str.to_date("%Y-%m-%d") if KINDS[column.kind] == pl.Date else words


def _for_spreadsheets(frame: pl.DataFrame) -> pl.DataFrame:
    """Put `'` before what senders named so that a spreadsheet would calculate it."""
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(FORMULA))
        .then(pl.concat_str(pl.lit("'"), name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in FOREIGN_TEXTS
        if name in frame.columns
    )


def write(frame: pl.DataFrame, folder: Path, name: str) -> None:
    """Write `name.csv` (UTF-8, comma, ISO days, no formulas) and `name.parquet` (zstd)."""
    _for_spreadsheets(frame).write_csv(folder / f"{name}.csv")
    frame.write_parquet(
        folder / f"{name}.parquet",
        **PARQUET,
        row_group_size=ROW_GROUP,
    )


class Growing:
    """A table that is written piece by piece, with the bytes that `write` gives all of it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._pieces = folder / f".{name}"
        self._pieces.mkdir()
        self.rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Append rows, in the order in which they come."""
        made = list(self._pieces.iterdir())
        with (self._folder / f"{self._name}.csv").open("ab") as out:
            _for_spreadsheets(frame).write_csv(out, include_header=not made)
        frame.write_parquet(self._pieces / f"{len(made):06}.parquet", compression="lz4")
        self.rows += len(frame)

    def close(self) -> None:
        """Join the pieces of the Parquet file, a group of rows at a time."""
        pieces = sorted(self._pieces.iterdir())
        pl.scan_parquet(pieces).sink_parquet(
            self._folder / f"{self._name}.parquet", **PARQUET, row_group_size=ROW_GROUP
        )
        shutil.rmtree(self._pieces)
