"""A document that loads, and copies of it in which one thing is changed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from kca_etl import pipeline
from kca_etl.cells import Grid
from kca_etl.extract.reader import Workbook
from kca_etl.landing.archive.files import document_of
from kca_etl.model.document import Document
from kca_etl.model.observations import Observations

TRIES = 30
Cells = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a sheet; rows and columns count from 0."""

    sheet: str
    row: int
    col: int


@dataclass(slots=True)
class Original:
    """A document as it was published, read once; `before`: the issue before it."""

    document: Document
    path: Path
    grids: dict[str, Grid]
    observations: Observations
    before: Original | None = None

    @property
    def sheets(self) -> list[str]:
        """The sheets that hold figures."""
        return list(dict.fromkeys(block.sheet for block in self.observations.blocks))

    def facts(self, sheet: str) -> list[int]:
        """The facts of a sheet."""
        o = self.observations
        blocks = [i for i, block in enumerate(o.blocks) if block.sheet == sheet]
        return [int(n) for n in np.flatnonzero(np.isin(o.block, blocks))]

    def place(self, n: int) -> Place:
        """Where a fact stands."""
        o = self.observations
        return Place(o.sheet_of(n), int(o.row[n]), int(o.col[n]))


def original(path: Path, before: Original | None = None) -> Original:
    """Read a document that is to be changed."""
    received = pipeline.open_document(document_of(path), path)
    assert received.book is not None, received.findings
    reading = pipeline.read(received)
    assert reading.observations is not None, reading.findings
    grids = {grid.name: grid for grid in received.book}
    return Original(received.document, path, grids, reading.observations, before)


@dataclass(slots=True)
class Mutant:
    """A copy of a document in which a kind changes something, by chance where it may choose."""

    of: Original
    chance: random.Random
    names: list[str]
    changed: dict[str, Cells] = field(default_factory=dict)
    file_name: str = ""

    def cells(self, sheet: str) -> Cells:
        """A sheet's cells, to be changed."""
        if sheet not in self.changed:
            grid = self.of.grids[sheet]
            self.changed[sheet] = [list(row) for row in grid.rows]
        return self.changed[sheet]

    def get(self, place: Place) -> Any:
        """What stands in a cell."""
        rows = self.changed.get(place.sheet) or self.of.grids[place.sheet].rows
        return rows[place.row][place.col]

    def put(self, place: Place, content: Any) -> None:
        """Write into a cell."""
        self.cells(place.sheet)[place.row][place.col] = content

    def received(self) -> pipeline.Received:
        """The copy as it is received."""

        def read(name: str) -> Grid:
            grid = self.of.grids[name]
            return replace(grid, rows=self.changed[name]) if name in self.changed else grid

        known = self.of.document
        document = replace(known, sha256="f" * 64, file_name=self.file_name or known.file_name)
        return pipeline.Received(document, self.of.path, Workbook(self.names, read), [])

    def sheet(self) -> str:
        """One of the sheets with figures."""
        return self.chance.choice(self.of.sheets)

    def some_facts(self) -> Iterator[int]:
        """Facts by chance, from each sheet equally."""
        for _ in range(TRIES):
            yield self.chance.choice(self.of.facts(self.sheet()))

    def number(self, n: int) -> float | None:
        """A fact's number as the cell holds it; None for signs."""
        raw, value = self.get(self.of.place(n)), float(self.of.observations.value[n])
        if isinstance(raw, float | int) and not isinstance(raw, bool):
            return float(raw)
        return None if np.isnan(value) else value

    def rows_of(self, sheet: str) -> dict[int, list[int]]:
        """The facts of each row."""
        found: dict[int, list[int]] = {}
        for n in self.of.facts(sheet):
            found.setdefault(int(self.of.observations.row[n]), []).append(n)
        return found

    def columns_of(self, sheet: str) -> dict[int, list[int]]:
        """The facts of each column."""
        found: dict[int, list[int]] = {}
        for n in self.of.facts(sheet):
            found.setdefault(int(self.of.observations.col[n]), []).append(n)
        return found


Change = Callable[[Mutant], bool]  # whether there was anything to change


def mutant(of: Original, change: Change, seed: str) -> Mutant | None:
    """Change a copy; None where the kind finds nothing to change."""
    copy = Mutant(of, random.Random(seed), list(of.grids))
    return copy if change(copy) else None


def like(old: Any, number: float) -> Any:
    """A number as the cell wrote its old one: as a number, or as German text."""
    if not isinstance(old, str):
        return float(number)
    if re.search(r"\d\.\d{3}", old) and number == int(number):
        return f"{int(number):,}".replace(",", ".")
    return f"{number:.10g}".replace(".", ",")


def same(one: pipeline.Reading, other: pipeline.Reading) -> bool:
    """Tell whether two readings state the same facts, of the same day."""
    a, b = one.observations, other.observations
    if a is None or b is None or (one.month, one.datenstand) != (other.month, other.datenstand):
        return False
    return _stated(a) == _stated(b)


def _stated(o: Observations) -> dict[tuple[Any, ...], tuple[float | None, int]]:
    series = [s.name for s in o.series_list]
    regions = [(r.system, r.code) for r in o.regions]
    values = [None if np.isnan(v) else v for v in o.value.tolist()]
    days: list[date] = [block.datenstand for block in o.blocks]
    keys = zip(
        o.month.tolist(), o.series.tolist(), o.region.tolist(), o.block.tolist(), strict=True
    )
    said = zip(values, o.zeichen.tolist(), strict=True)
    return {
        (month, series[s], regions[r], days[b]): fact
        for (month, s, r, b), fact in zip(keys, said, strict=True)
    }
