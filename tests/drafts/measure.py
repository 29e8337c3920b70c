"""How much of a document its draft reads, and how much of that wrongly."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.runs import drafts
from kca_etl.sources import registry
from schemas.codelists import ZEICHEN
from tests.drafts import oracle

FOLDERS = (
    "regionalstatistik/tables",
    "regionalstatistik/13111",
    "regionalstatistik/2017",
    "ba-arbeitsmarkt-kommunal",
    "destatis",
    "ba-bayern-br",
)
BYTES_PER_MB = 1_000_000


@dataclass(slots=True)
class Measured:
    """What the draft of one document reads.

    `cells`: its value cells · `read`: those that the draft reads · `wrong`: what it reads
    otherwise than they say, or reads where no value stands · `seconds`: for the draft alone ·
    `problems`: why it is no declaration, or what reading by it found.
    """

    name: str
    cells: int = 0
    read: int = 0
    lines: int = 0
    seconds: float = 0.0
    size: int = 0
    wrong: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def seconds_per_mb(self) -> float:
        """Seconds per megabyte, as if no file were smaller than one tenth of it."""
        return self.seconds / max(self.size / BYTES_PER_MB, 0.1)


def files(real: Path) -> list[Path]:
    """Return the documents that the share in the docs speaks of."""
    return [p for folder in FOLDERS for p in sorted((real / folder).iterdir()) if p.is_file()]


def measure(path: Path) -> Measured:
    """Draft a declaration for a document, read the document by it, and compare each cell."""
    out = Measured(path.name, size=path.stat().st_size)
    said = oracle.cells(path)
    out.cells = len(said)
    received = pipeline.open_document(document_of(path), path)
    start = time.perf_counter()
    drafted = drafts.draft_of(received, path.stem)
    out.seconds = time.perf_counter() - start
    out.lines = drafted.text.count("\n")
    out.problems = drafted.problems
    try:
        reading = pipeline.read(received, registry.parse(drafted.text))
    except ValueError:
        return out
    if reading.observations is not None and reading.verdict in (Verdict.ACCEPT, Verdict.WARN):
        _compare(reading, said, out)
    return out


def _compare(reading: pipeline.Reading, said: dict[oracle.Key, oracle.Said], out: Measured) -> None:
    o = reading.observations
    assert o is not None
    signs = {v: k for k, v in (reading.source.zeichen if reading.source else {}).items()}
    sheets = [o.blocks[b].sheet for b in o.block.tolist()]
    met = set()
    columns = zip(sheets, o.row.tolist(), o.col.tolist(), o.value, o.zeichen.tolist(), strict=True)
    for n, (sheet, row, col, number, sign) in enumerate(columns):
        want = said.get((sheet, row, col))
        value = signs[ZEICHEN[sign]] if np.isnan(number) else float(number)
        region, month = o.regions[o.region[n]].code, int(o.month[n])
        if want is None:
            out.wrong.append(f"{o.cell_of(n)}: {value} read where no value stands")
        elif value != want.value:
            out.wrong.append(f"{o.cell_of(n)}: {value}, not {want.value}")
        elif want.region and region != want.region.replace("DG", "D"):
            out.wrong.append(f"{o.cell_of(n)}: region {region}, not {want.region}")
        elif want.month is not None and month != want.month:
            out.wrong.append(f"{o.cell_of(n)}: month {month}, not {want.month}")
        else:
            met.add((sheet, row, col))
    out.read = len(met)
