"""Values, signs, months and cell addresses come out of the warehouse as they went in.

Both databases.
"""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from kca_etl.model.address import SHEET_COLUMNS, a1
from kca_etl.model.month import Month, month_date, month_number
from kca_etl.model.observations import Observations
from kca_etl.warehouse import bulk
from kca_etl.warehouse.views import queries
from schemas.codelists import ZEICHEN
from tests.warehouse import synthetic
from tests.warehouse.synthetic import JANUARY, Fact, load, load_observations, observations, rows

LAST = (1_048_575, 16_383)  # XFD1048576
slow = settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
doubles = st.floats(allow_nan=False, allow_infinity=False, width=64)
# The smallest and largest doubles, a denormal, a negative zero, and what decimal notation makes of
# sums.
HARD = [
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    0.1 + 0.2,
    64447.261904037,
    1e22,
    2**53 + 1.0,
    -1 / 3,
    100.0,
]


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


@slow
@given(st.lists(doubles, min_size=1, max_size=60))
def test_doubles_are_exact_to_the_last_bit(engine: Engine, numbers: list[float]) -> None:
    synthetic.empty(engine)
    numbers += HARD
    load(engine, "a", "2020-02-29", [Fact(v, code=str(n).zfill(5)) for n, v in enumerate(numbers)])
    # SQLite keeps no sign of zero, so the writer keeps none anywhere.
    assert [bits(v) for (v,) in rows(engine, "SELECT value FROM figures ORDER BY region_code")] == [
        bits(v + 0.0) for v in numbers
    ]
    assert [bits(v) for v in queries.figures(engine)["value"]] == [bits(v + 0.0) for v in numbers]


def test_zero_has_no_sign(engine: Engine) -> None:
    load(engine, "a", "2020-02-29", [Fact(-0.0)])
    assert math.copysign(1, rows(engine, "SELECT value FROM figures")[0][0]) == 1
    assert load(engine, "b", "2020-03-31", [Fact(0.0)]).unchanged == 1


def test_signs_come_back_and_are_never_numbers(engine: Engine) -> None:
    load(
        engine,
        "a",
        "2020-02-29",
        [Fact(sign or 7.0, code=str(n).zfill(2)) for n, sign in enumerate(ZEICHEN)],
    )
    assert rows(engine, "SELECT zeichen, value FROM figures ORDER BY region_code") == [
        (None, 7.0)
    ] + [(s, None) for s in ZEICHEN[1:]]
    frame = queries.figures(engine)
    assert frame["zeichen"].tolist() == [None, *ZEICHEN[1:]]
    assert np.isnan(frame["value"][1:]).all()


@slow
@given(
    st.lists(st.tuples(st.integers(0, LAST[0]), st.integers(0, LAST[1])), min_size=1, max_size=60)
)
def test_cells_are_rendered_in_a1(engine: Engine, places: list[tuple[int, int]]) -> None:
    synthetic.empty(engine)
    places += [LAST, (0, 0), (9, 25), (99, 26), (131_071, 701), (131_072, 702), (524_288, 16_383)]
    load(
        engine,
        "a",
        "2020-02-29",
        [Fact(1.0, code=str(n).zfill(5), row=r, col=c) for n, (r, c) in enumerate(places)],
    )
    expected = [a1(r, c) for r, c in places]
    assert [c for (c,) in rows(engine, "SELECT cell FROM figures ORDER BY region_code")] == expected
    assert queries.figures(engine)["cell"].tolist() == expected
    assert expected[-7:] == [
        "XFD1048576",
        "A1",
        "Z10",
        "AA100",
        "ZZ131072",
        "AAA131073",
        "XFD524289",
    ]


def test_every_column_of_a_sheet(engine: Engine) -> None:
    wide = range(0, LAST[1] + 1, 7)
    load(engine, "a", "2020-02-29", [Fact(1.0, code=str(c).zfill(5), col=c) for c in wide])
    assert [c for (c,) in rows(engine, "SELECT cell FROM figures ORDER BY region_code")] == [
        a1(0, c) for c in wide
    ]


@pytest.mark.parametrize(
    ("year", "month"), [(1950, 1), (1999, 12), (2000, 1), (2020, 11), (2099, 12)]
)
def test_months(engine: Engine, year: int, month: int) -> None:
    number = month_number(year, month)
    load(engine, "a", "2100-01-31", [Fact(1.0, month=number)])
    iso = f"{year}-{month:02}-01"
    assert month_date(number).isoformat() == iso
    for view in ("figures", "documents", "coverage"):
        assert rows(engine, f"SELECT berichtsmonat FROM {view}") == [(iso,)]  # noqa: S608 - our own names
    assert len(queries.figures(engine, month=Month(number))) == 1
    assert len(queries.figures(engine, month_from=Month(number), month_to=Month(number))) == 1
    assert queries.figures(engine, month_from=Month(number + 1)).empty
    assert queries.figures(engine, month_to=Month(number - 1)).empty


@given(st.integers(1950 * 12, 2100 * 12), st.integers(0, 2**23 - 1), st.integers(0, 2**24 - 1))
def test_fact_keys_keep_their_parts_apart(month: int, series: int, region: int) -> None:
    key = int(bulk.fact_key(np.array([month]), np.array([series]), np.array([region]))[0])
    assert (key >> 47, key >> 24 & 0x7FFFFF, key & 0xFFFFFF) == (month, series, region)


def many() -> Observations:
    """Some thousand facts: signs, runs longer than one statement takes, two blocks."""
    facts = [
        Fact(
            "*" if n % 7 == 0 else n / 3,
            month=JANUARY + n % 3,
            code=str(n // 3).zfill(5),
            row=n,
            col=n % 99,
            block=n // 3 % 2,
        )
        for n in range(3000)
    ]
    return observations(facts, "2020-02-29", "2020-03-31")


def test_bulk_rows_equal_rows_bound_one_by_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """COPY and the many-row INSERT store what a plain INSERT of each row stores."""
    query = (
        "SELECT f.month, r.code, b.datenstand, f.next, f.value, f.zeichen, f.cell"
        " FROM fact f JOIN region r ON r.id = f.region JOIN block b ON b.id = f.block ORDER"
        " BY 1, 2, 3"
    )
    load_observations(engine, "a", many())
    in_bulk = rows(engine, query)
    assert len(in_bulk) == 3000
    synthetic.empty(engine)
    monkeypatch.setattr(bulk, "insert_facts", one_by_one)
    load_observations(engine, "a", many())
    assert rows(engine, query) == in_bulk


def one_by_one(
    connection: Connection,
    o: Observations,
    series: bulk.Ids,
    region: bulk.Ids,
    block: bulk.Ids,
    following: bulk.Ids,
    _order: bulk.Ids,
) -> None:
    """Insert each row by itself."""
    statement = text(f"INSERT INTO fact ({bulk.COLUMNS}) VALUES (:m, :s, :b, :n, :r, :v, :z, :c)")  # noqa: S608 - constants
    for i in range(len(o)):
        value = None if np.isnan(o.value[i]) else float(o.value[i])
        cell = int(o.row[i]) * SHEET_COLUMNS + int(o.col[i])
        row = {
            "m": int(o.month[i]),
            "s": int(series[i]),
            "b": int(block[i]),
            "n": int(following[i]),
            "r": int(region[i]),
        }
        connection.execute(statement, row | {"v": value, "z": int(o.zeichen[i]), "c": cell})
