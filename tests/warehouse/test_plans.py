"""No statement that people or our own readers make scans the facts: the plan is tried, no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from kca_etl.warehouse import statistics
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.conftest import NewWarehouse
from tests.warehouse.synthetic import JANUARY, Fact, load, rows

MONTHS, SERIES, REGIONS = 240, 12, 80
AGAIN = """INSERT INTO fact (month, series, region, block, value, zeichen, cell, next)
    SELECT :m, series, region, block, value, zeichen, cell, next FROM fact WHERE month = :first"""
KEY = "kennzahl = 'kopf' AND gliederung = 'insgesamt' AND region_system = 'ags'"
ONE = f"{KEY} AND region_code = '06010'"
LAST = str((JANUARY + MONTHS - 1).first_day)
BEFORE, YEAR_BEFORE = str((JANUARY + MONTHS - 2).first_day), str((JANUARY + MONTHS - 13).first_day)
THROUGH_THE_VIEWS = {
    "a month's figures of a region": f"figures WHERE {ONE} AND berichtsmonat = '{LAST}'",
    "all kennzahlen of a region's month": "figures WHERE region_system = 'ags'"
    f" AND region_code = '06010' AND source = 'probe' AND berichtsmonat = '{LAST}'",
    "a figure with both comparisons": f"figures WHERE {ONE}"
    f" AND berichtsmonat IN ('{LAST}', '{BEFORE}', '{YEAR_BEFORE}')",
    "a series": f"figures WHERE {ONE} ORDER BY berichtsmonat",
    "a series as of a day": f"figures_history WHERE {ONE} AND known_from <= '2024-06-30'"
    " AND (known_to IS NULL OR known_to > '2024-06-30')",
    "all versions of a figure": f"figures_history WHERE {ONE} AND berichtsmonat = '{LAST}'",
    "all regions of a month": f"figures WHERE {KEY} AND berichtsmonat = '{LAST}'",
    "the latest rows": "figures ORDER BY berichtsmonat DESC LIMIT 100",
}
BY_OUR_READERS: dict[str, dict[str, Any]] = {
    "a figure": {"kennzahl": "kopf", "region": "06010", "month": JANUARY + 7},
    "a series as of a day": {"kennzahl": "kopf", "region": "06010", "as_of": "2024-06-30"},
    "a report": {"source": "probe", "region": "ags:06010", "month_from": JANUARY + 90},
    "a range": {"kennzahl": "kopf", "month_from": JANUARY + 3, "month_to": JANUARY + 4},
    "a page's past": {"region": "Kreis 10", "month": JANUARY + 7, "history": True},
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A warehouse with twenty years of some series in many regions, and its statistics."""
    engine = new_engine(request, tmp_path_factory)
    load(engine, "first", "2021-02-01", [_fact(n) for n in range(SERIES * REGIONS)])
    months = [JANUARY + n for n in range(1, MONTHS)]
    with engine.connect() as plain, plain.execution_options(writer=True).begin():
        for month in months:
            values = {"m": int(month), "day": str(month.first_day), "first": int(JANUARY)}
            plain.execute(text("INSERT INTO month VALUES (:m, :day)"), values)
            plain.execute(text(AGAIN), values)
    assert statistics.keep_true(engine)
    return engine


def new_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("plans") / "warehouse.db"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        return open_engine(f"sqlite:///{path}")
    server = request.getfixturevalue("postgres")
    server.execute("CREATE DATABASE kca_plans TEMPLATE kca_template STRATEGY FILE_COPY")
    return open_engine(server.url("kca_plans"))


def _fact(n: int) -> Fact:
    region, of = n % REGIONS, n // REGIONS
    split = "insgesamt" if of < 3 else f"alter={of}"
    name = ("kopf", "quote", "geld")[of % 3]
    return Fact(float(region), name, JANUARY, f"060{region:02}", split, f"Kreis {region}")


def plan(engine: Engine, statement: str, values: dict[str, Any] | None = None) -> str:
    """Return how the database would run a statement."""
    asked = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        found = connection.execute(text(asked + statement), values or {}).all()
    return "\n".join(str(row[-1]) for row in found)


def scans(planned: str) -> list[str]:
    """Return the lines of a plan that read all facts."""
    marks = ("SCAN f", "Seq Scan on fact")
    return [line for line in planned.splitlines() if any(mark in line for mark in marks)]


@pytest.mark.parametrize("name", THROUGH_THE_VIEWS)
def test_a_statement_through_the_views_scans_no_facts(filled: Engine, name: str) -> None:
    statement = f"SELECT * FROM {THROUGH_THE_VIEWS[name]}"  # noqa: S608 - constants
    assert rows(filled, statement)
    planned = plan(filled, statement)
    assert scans(planned) == [], planned


@pytest.mark.parametrize("name", BY_OUR_READERS)
def test_our_readers_scan_no_facts(filled: Engine, name: str) -> None:
    planned = [plan(filled, *one) for one in said(filled, lambda: read(filled, name))]
    assert planned
    assert [line for one in planned for line in scans(one)] == [], planned


def read(engine: Engine, name: str) -> None:
    assert len(queries.found(engine, **BY_OUR_READERS[name]))


def said(engine: Engine, read_them: Callable[[], None]) -> list[tuple[str, dict[str, Any]]]:
    """Return the statements about facts that a reader makes, with their values."""
    met: list[tuple[str, dict[str, Any]]] = []

    def listen(_c: Any, clause: Any, _m: Any, params: Any, _o: Any) -> None:
        if "fact" in str(clause):
            met.append((str(clause), dict(params)))

    event.listen(engine, "before_execute", listen)
    try:
        read_them()
    finally:
        event.remove(engine, "before_execute", listen)
    return met


def test_a_scan_would_be_seen(filled: Engine) -> None:
    assert scans(plan(filled, "SELECT sum(f.value) FROM fact f"))


@pytest.mark.parametrize("view", ["sources", "kennzahlen", "regions", "months"])
def test_what_is_chosen_from_is_not_read_from_the_facts(filled: Engine, view: str) -> None:
    planned = plan(filled, f"SELECT * FROM {view}")  # noqa: S608 - our own names
    assert "fact" not in planned
    assert scans(planned) == []


def test_what_is_chosen_from(filled: Engine) -> None:
    (source,) = rows(filled, "SELECT * FROM sources")
    assert source == ("probe", 1, "2020-01-01", "2020-01-01", "2021-02-01")
    assert len(rows(filled, "SELECT region_code FROM regions")) == REGIONS
    assert {k for (k,) in rows(filled, "SELECT kennzahl FROM kennzahlen")} == {
        "kopf",
        "quote",
        "geld",
    }
    months = dict(rows(filled, "SELECT berichtsmonat, documents FROM months"))
    assert len(months) == MONTHS
    assert (months["2020-01-01"], months["2020-02-01"]) == (1, 0)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_statistics_follow_the_growth(new_warehouse: NewWarehouse, database: str) -> None:
    engine = open_engine(new_warehouse(database))
    assert not statistics.keep_true(engine)  # nothing is there
    known = 0
    for n in range(1, 31):
        load(engine, f"{n}", "2020-02-01", [Fact(1.0, month=JANUARY + n)])
        grown = n > known * statistics.MAX_GROWTH
        assert statistics.keep_true(engine) == grown, n
        known = n if grown else known
    assert not statistics.keep_true(engine)
