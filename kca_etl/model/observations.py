"""The facts of one document, as columns: arrays, never an object per cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kca_etl.model.address import a1
from kca_etl.model.month import Month

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Series:
    """A kennzahl in a gliederung, e.g. `elb`, `geschlecht=maenner` (`insgesamt` when none)."""

    kennzahl: str
    gliederung: str = "insgesamt"

    @property
    def name(self) -> str:
        """The series as findings name it, e.g. `elb[geschlecht=maenner]`, or `elb`."""
        return self.kennzahl + ("" if self.gliederung == "insgesamt" else f"[{self.gliederung}]")


@dataclass(frozen=True, slots=True)
class Region:
    """A code in a code system (`ags`, `traeger`, `agentur`, …).

    `parent` is `system:code` or empty.
    """

    system: str
    code: str
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One table as it stands in a document: which sheet, from when, how final."""

    table: str
    sheet: str
    datenstand: date
    status: str = "unbekannt"


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note a publisher attached to one cell; `row`, `col` count from 0."""

    block: int
    row: int
    col: int
    text: str


@dataclass(slots=True)
class Observations:
    """All facts of one document. Arrays share one length n; ids index the lists beside them.

    month: int32, year * 12 + month - 1 · series, region, block: int32 · value: float64, NaN where a
    zeichen stands · zeichen: int8, 0 = a number, else an index into `schemas.codelists.ZEICHEN`
    · row, col: int32, counted from 0 · blank: bool, a 0 that was read from an empty cell; None
    where there is none.
    """

    blocks: list[Block]
    series_list: list[Series]
    regions: list[Region]
    month: NDArray[np.int32]
    series: NDArray[np.int32]
    region: NDArray[np.int32]
    block: NDArray[np.int32]
    value: NDArray[np.float64]
    zeichen: NDArray[np.int8]
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    footnotes: list[Footnote] = field(default_factory=list)
    blank: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.value)

    def sheet_of(self, n: int) -> str:
        """Return the sheet that observation n stands on."""
        return self.blocks[int(self.block[n])].sheet

    def cell_of(self, n: int) -> str:
        """Return the cell of observation n as a spreadsheet prints it, e.g. `C14`."""
        return a1(int(self.row[n]), int(self.col[n]))

    def month_of(self, n: int) -> Month:
        """Return the month that observation n refers to."""
        return Month(int(self.month[n]))

    def name_of(self, n: int) -> str:
        """Name observation n by series and region, e.g. `elb of Fulda`."""
        return (
            f"{self.series_list[int(self.series[n])].name} of"
            f" {self.regions[int(self.region[n])].name}"
        )

    def name_and_month_of(self, n: int) -> str:
        """Name observation n in full, e.g. `elb of Fulda in 2020-11`."""
        return f"{self.name_of(n)} in {self.month_of(n)}"
