"""Small made-up documents: what they state, as observations; and how they get into a warehouse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from typing import Any

import numpy as np
from sqlalchemy import Engine, text

from kca_etl.model.document import Document
from kca_etl.model.month import Month
from kca_etl.model.observations import Block, Footnote, Observations, Region, Series
from kca_etl.warehouse import writer
from kca_etl.warehouse.tables import metadata
from kca_etl.warehouse.views import frames, queries
from schemas.codelists import ZEICHEN

SOURCE = "probe"
JANUARY = Month.of(2020, 1)
KENNZAHLEN: dict[str, dict[str, Any]] = {
    code: {
        "label": code,
        "unit": unit,
        "kind": "bestand",
        "additive": True,
        "definition": code,
        "source": "made up",
    }
    for code, unit in (("kopf", "Personen"), ("quote", "Prozent"), ("geld", "Euro"))
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement: a number or, as text, a zeichen; where it stands; of which region."""

    value: float | str
    kennzahl: str = "kopf"
    month: int = JANUARY
    code: str = "06435"
    gliederung: str = "insgesamt"
    name: str = "Main-Kinzig-Kreis"
    row: int = 0
    col: int = 0
    block: int = 0


def observations(
    facts: Sequence[Fact], *stands: str, sheet: str = "Blatt", status: str = "endgueltig"
) -> Observations:
    """Put facts into columns; one block for each datenstand given."""
    series = {key: n for n, key in enumerate(sorted({(f.kennzahl, f.gliederung) for f in facts}))}
    regions = {key: n for n, key in enumerate(sorted({(f.code, f.name) for f in facts}))}
    return Observations(
        blocks=[
            Block(
                "tabelle",
                sheet if len(stands) == 1 else f"{sheet} {n}",
                date.fromisoformat(s),
                status,
            )
            for n, s in enumerate(stands)
        ],
        series_list=[Series(*s) for s in series],
        regions=[Region("ags", *r) for r in regions],
        month=np.array([f.month for f in facts], np.int32),
        series=np.array([series[f.kennzahl, f.gliederung] for f in facts], np.int32),
        region=np.array([regions[f.code, f.name] for f in facts], np.int32),
        block=np.array([f.block for f in facts], np.int32),
        value=np.array(
            [np.nan if isinstance(f.value, str) else f.value for f in facts], np.float64
        ),
        zeichen=np.array(
            [ZEICHEN.index(f.value) if isinstance(f.value, str) else 0 for f in facts], np.int8
        ),
        row=np.array([f.row for f in facts], np.int32),
        col=np.array([f.col for f in facts], np.int32),
    )


def document(name: str) -> Document:
    """Make up a document's identity from its name."""
    return Document(hashlib.sha256(name.encode()).hexdigest(), f"{name}.xlsx", len(name))


def load(
    engine: Engine, name: str, stand: str, facts: Sequence[Fact], source: str = SOURCE, **more: Any
) -> writer.LoadResult:
    """Load one document of one block."""
    return load_observations(engine, name, observations(facts, stand, **more), source)


def load_observations(
    engine: Engine,
    name: str,
    o: Observations,
    source: str = SOURCE,
    timeout: float = 10.0,
    notes: Iterable[Footnote] = (),
) -> writer.LoadResult:
    """Load one document's observations; its month is that of its first fact."""
    o = replace(o, footnotes=list(notes))
    month = int(o.month[0])
    given = writer.Load(source, document(name), month, o, [], f"run of {name}", KENNZAHLEN)
    return writer.load(engine, given, timeout)


def export(engine: Engine, *, history: bool = True, without: str = "run_id") -> str:
    """Return the figures as `kca figures --format csv` writes them, without what names the run."""
    out = StringIO()
    columns = [c for c in queries.COLUMNS if c not in without.split()]
    frames.write_csv(queries.found(engine, history=history), out, columns)
    return out.getvalue()


def values(engine: Engine, **wanted: Any) -> list[tuple[float | str, str, str | None]]:
    """Return (value or zeichen, known_from, known_to) of the figures that fit."""
    frame = queries.figures(engine, **wanted)
    return [
        (z or v, a, b)
        for v, z, a, b in zip(
            frame["value"], frame["zeichen"], frame["known_from"], frame["known_to"], strict=True
        )
    ]


def empty(engine: Engine) -> None:
    """Empty all tables."""
    with engine.connect() as plain, plain.execution_options(writer=True).begin():
        for table in reversed(metadata.sorted_tables):
            plain.execute(table.delete())


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    """Run a query; return its rows as tuples."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]
