"""The types that pass between the stages; data only, no behaviour beyond small derivations.

Tables are columnar: an `Observations` holds arrays, never an object per cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Verdict(StrEnum):
    """What becomes of a document (DESIGN: verdicts)."""

    ACCEPT = "accept"
    WARN = "warn"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    WAIT = "wait"
    RETRY = "retry"


_ORDER = list(Verdict)


def worst(verdicts: list[Verdict]) -> Verdict:
    """Return the gravest verdict; ACCEPT for none."""
    return max(verdicts, key=_ORDER.index, default=Verdict.ACCEPT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the reader should know: what, where, found and expected.

    `code` stands in the catalogue (`kca_etl.errors`); it gives severity and next step.
    `cell` is in A1 notation; for CSV column and row likewise.
    """

    code: str
    what: str
    sheet: str = ""
    cell: str = ""
    found: str = ""
    expected: str = ""


class KcaError(Exception):
    """A document or a command cannot go on; carries the findings that say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f"[{f.code}] {f.what}" for f in findings))
        self.findings = list(findings)


@dataclass(frozen=True, slots=True)
class Document:
    """A received file: its bytes' identity, the name it came under and the place it was taken from."""

    sha256: str
    file_name: str
    size: int
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A kennzahl in a gliederung, e.g. `elb`, `geschlecht=maenner` (`insgesamt` when none)."""

    kennzahl: str
    gliederung: str = "insgesamt"


@dataclass(frozen=True, slots=True)
class Region:
    """A code in a code system (`ags`, `traeger`, `agentur`, …); `parent` is `system:code` or empty."""

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
    · row, col: int32, counted from 0.
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

    def __len__(self) -> int:
        return len(self.value)


def month_number(year: int, month: int) -> int:
    """Months as one integer: year * 12 + month - 1, so that differences count months."""
    return year * 12 + month - 1


def month_date(number: int) -> date:
    """Return the first day of a month number."""
    return date(number // 12, number % 12 + 1, 1)


def a1(row: int, col: int) -> str:
    """Render 0-based row and column as Excel prints it: (0, 0) is A1."""
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
