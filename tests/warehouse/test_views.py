"""The published views: what readers may rely on, the same on both databases."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import frames, queries
from tests.conftest import Server
from tests.warehouse.synthetic import (
    JANUARY,
    Fact,
    document,
    export,
    load,
    load_observations,
    observations,
    rows,
)

FEBRUARY = JANUARY + 1
HISTORY = [
    *(
        "source",
        "berichtsmonat",
        "kennzahl",
        "gliederung",
        "region_system",
        "region_code",
        "region_name",
        "value",
        "zeichen",
        "unit",
    ),
    *(
        "status",
        "datenstand",
        "known_from",
        "known_to",
        "document_sha256",
        "file_name",
        "sheet",
        "cell",
        "run_id",
    ),
]
PUBLISHED = {
    "figures": HISTORY,
    "figures_history": HISTORY,
    "documents": [
        "sha256",
        "file_name",
        "source",
        "berichtsmonat",
        "datenstand",
        "verdict",
        "state",
        "size",
        "origin",
        "received_at",
        "run_id",
        "findings",
    ],
    "runs": ["run_id", "command", "source", "started_at", "finished_at", "state", "counts"],
    "findings": [
        "document_sha256",
        "file_name",
        "source",
        "run_id",
        "code",
        "verdict",
        "what",
        "sheet",
        "cell",
        "found",
        "expected",
        "id",
    ],
    "coverage": ["source", "berichtsmonat", "state", "documents", "datenstand"],
}


@pytest.fixture
def stored(engine: Engine) -> Engine:
    """Hold figures of two sources and three months, with signs and texts that CSV must quote."""
    load(
        engine,
        "a",
        "2020-02-29",
        [
            Fact(5.0),
            Fact("*", "quote"),
            Fact(1.5, code="06", name="Hessen"),
            Fact(5.0, month=JANUARY + 1),
        ],
        status="vorlaeufig",
    )
    load(
        engine,
        "b",
        "2020-03-31",
        [Fact(6.0), Fact("*", "quote"), Fact(1.25, "geld", JANUARY + 2, gliederung="alter=u25")],
    )
    load(
        engine,
        "c, „neu“",
        "2020-04-30",
        [Fact(6.0, name='Kreis "Main", Kinzig'), Fact(1 / 3, "quote")],
        sheet="1. a\nb",
    )
    load(engine, "d", "2020-04-30", [Fact(7.0, row=99, col=26)], "andere")
    return engine


def view(engine: Engine, name: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        result = connection.execute(text(f"SELECT * FROM {name}"))  # noqa: S608 - our own names
        return list(result.keys()), [tuple(row) for row in result]


@pytest.mark.parametrize("name", PUBLISHED)
def test_columns(engine: Engine, name: str) -> None:
    assert view(engine, name)[0] == PUBLISHED[name]


def plain(rows_: list[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    """Make rows comparable: missing values as empty text."""
    return sorted(tuple("" if v is None or v != v else repr(v) for v in row) for row in rows_)


@pytest.mark.parametrize(("name", "history"), [("figures", False), ("figures_history", True)])
def test_frame_is_the_view(stored: Engine, name: str, history: bool) -> None:
    frame = queries.figures(stored, history=history)
    columns, expected = view(stored, name)
    assert list(frame.columns) == columns
    assert plain(list(frame.itertuples(index=False, name=None))) == plain(expected)
    assert len(frame) == (8 if history else 6)
    assert frame["value"].dtype == "float64"


@pytest.mark.parametrize(
    ("wanted", "condition", "count"),
    [
        ({"source": "andere"}, "source = 'andere'", 1),
        ({"kennzahl": "quote"}, "kennzahl = 'quote'", 1),
        ({"gliederung": "alter=u25"}, "gliederung = 'alter=u25'", 1),
        ({"region": "06"}, "region_code = '06'", 1),
        ({"region": "ags:06435"}, "region_system = 'ags' AND region_code = '06435'", 5),
        ({"region": "Hessen"}, "region_name = 'Hessen'", 1),
        ({"region": "traeger:06435"}, "1 = 0", 0),
        ({"month": FEBRUARY}, "berichtsmonat = '2020-02-01'", 1),
        ({"month_from": FEBRUARY}, "berichtsmonat >= '2020-02-01'", 2),
        ({"month_to": FEBRUARY}, "berichtsmonat <= '2020-02-01'", 5),
        ({"kennzahl": "'; DROP TABLE fact; --"}, "1 = 0", 0),
    ],
)
def test_filters_mean_what_they_say(
    stored: Engine, wanted: dict[str, Any], condition: str, count: int
) -> None:
    frame = queries.figures(stored, **wanted)
    assert plain(list(frame.itertuples(index=False, name=None))) == plain(
        view(stored, f"figures WHERE {condition}")[1]
    )
    assert len(frame) == count


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-02-28", []),
        ("2020-02-29", [5.0]),
        ("2020-03-30", [5.0]),
        ("2020-03-31", [6.0]),
        ("2020-04-30", [6.0, 7.0]),
        ("2030-01-01", [6.0, 7.0]),
    ],
)
def test_as_of(stored: Engine, day: str, expected: list[float]) -> None:
    frame = queries.figures(stored, kennzahl="kopf", region="06435", month=JANUARY, as_of=day)
    assert sorted(frame["value"]) == expected


def test_figures_are_in_text_order(stored: Engine) -> None:
    frame = queries.figures(stored, history=True)
    order = [
        "source",
        "berichtsmonat",
        "kennzahl",
        "gliederung",
        "region_system",
        "region_code",
        "datenstand",
    ]
    assert frame[order].to_numpy().tolist() == sorted(frame[order].to_numpy().tolist())


def test_explain_gives_the_current_version_first(stored: Engine) -> None:
    found = queries.explain(stored, "kopf", JANUARY, region="06435")
    assert [(r["value"], r["known_to"], r["status"]) for r in found] == [
        (7.0, None, "endgueltig"),
        (6.0, None, "endgueltig"),
        (5.0, "2020-03-31", "vorlaeufig"),
    ]
    sign = queries.explain(stored, "quote", JANUARY)[1]
    assert (sign["value"], sign["zeichen"], sign["unit"]) == (None, "*", "Prozent")


def test_lineage_stands_in_every_figure(stored: Engine) -> None:
    (row,) = rows(
        stored,
        "SELECT document_sha256, file_name, sheet, cell, run_id FROM figures WHERE value = 7",
    )
    assert row == (document("d").sha256, "d.xlsx", "Blatt", "AA100", "run of d")


def test_csv_is_what_the_csv_module_reads(stored: Engine) -> None:
    out = StringIO()
    frame = queries.figures(stored, history=True)
    frames.write_csv(queries.found(stored, history=True), out, queries.COLUMNS)
    back = pd.read_csv(StringIO(out.getvalue()), dtype=str, keep_default_na=False)
    assert list(back.columns) == HISTORY
    assert back["region_name"].tolist() == frame["region_name"].tolist()
    assert 'Kreis "Main", Kinzig' in set(back["region_name"])
    assert "1. a\nb" in set(back["sheet"])
    assert [float(v) if v else None for v in back["value"]] == [
        None if v != v else v for v in frame["value"]
    ]
    assert [v or None for v in back["known_to"]] == frame["known_to"].tolist()


def fill(engine: Engine) -> None:
    """Load what tells databases apart.

    Fractions, signs, umlauts, capitals, codes of different length.
    """
    codes = ["1", "10", "2", "a", "B", "ä", "Z", "06435", "-"]
    load(
        engine,
        "a",
        "2020-02-29",
        [Fact(n / 3, code=c, name=c.upper()) for n, c in enumerate(codes)],
    )
    load(
        engine,
        "b",
        "2020-03-31",
        [Fact("." if n % 2 else n / 3, code=c, name=c) for n, c in enumerate(codes)],
    )
    load(
        engine,
        "c",
        "2020-03-31",
        [Fact(1e-7, "quote", gliederung=g) for g in ("a=Z", "a=b", "a=ä", "insgesamt")],
    )


def test_exports_have_the_same_bytes_on_both_databases(
    sqlite_template: Path, postgres: Server, tmp_path: Path
) -> None:
    path = tmp_path / "warehouse.db"
    path.write_bytes(sqlite_template.read_bytes())
    postgres.execute("CREATE DATABASE kca_twin TEMPLATE kca_template")
    engines = [open_engine(f"sqlite:///{path}"), open_engine(postgres.url("kca_twin"))]
    exports = []
    for engine in engines:
        fill(engine)
        exports.append((export(engine, without=""), export(engine, history=False, without="")))
        engine.dispose()
    postgres.execute("DROP DATABASE kca_twin")
    assert exports[0] == exports[1]
    assert exports[0][0].count("\n") == 1 + 9 + 4 + 4


def test_empty_warehouse(engine: Engine) -> None:
    assert queries.figures(engine).empty
    assert list(queries.figures(engine).columns) == HISTORY
    assert export(engine, without="") == ",".join(HISTORY) + "\n"
    assert [
        queries.documents(engine),
        queries.findings(engine),
        queries.runs(engine),
        queries.coverage(engine),
    ] == [[], [], [], []]


def test_confirmations_are_not_shown(engine: Engine) -> None:
    load_observations(engine, "a", observations([Fact(5.0)], "2020-02-29"))
    load_observations(engine, "b", observations([Fact(5.0)], "2020-03-31"))
    assert rows(engine, "SELECT count(*) FROM figures_history") == [(1,)]
