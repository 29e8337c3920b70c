"""A month that every issue states again costs the same each time, and loads as in any order."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import Engine

from kca_etl.warehouse import bulk
from tests.conftest import NewWarehouse
from tests.warehouse.synthetic import Fact, load, values

STANDS = ("2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30")


def test_the_latest_document_fetches_no_more_than_it_states(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[int] = []
    given = bulk.existing

    def counted(*about: object, **more: object) -> bulk.Stored:
        found = given(*about, **more)  # type: ignore[arg-type]  # handed on
        fetched.append(len(found.month))
        return found

    monkeypatch.setattr(bulk, "existing", counted)
    for number, stand in enumerate(STANDS):
        load(engine, stand, stand, [Fact(7), Fact(number, kennzahl="quote")])
    assert fetched == [0, 2, 2, 2]
    load(engine, "an older one", "2020-02-15", [Fact(7), Fact(9, kennzahl="quote")])
    assert fetched[-1] == 8
    assert [value for value, *_ in values(engine, kennzahl="quote", history=True)] == [
        0,
        9,
        1,
        2,
        3,
    ]


@pytest.mark.parametrize("database", ["sqlite"])
def test_values_that_drift_by_roundings_load_as_in_any_order(
    new_warehouse: NewWarehouse, database: str
) -> None:
    """Each statement rounds the one before; the last differs from the first by more than that."""
    from kca_etl.warehouse.engine import open_engine

    stated = [1.0, 1.0 + 1.5e-14, 1.0 + 3e-14]
    seen = []
    for order in itertools.permutations(range(3)):
        engine = open_engine(new_warehouse(database))
        for n in order:
            load(engine, STANDS[n], STANDS[n], [Fact(stated[n])])
        seen.append(values(engine, history=True))
    assert all(one == seen[0] for one in seen)
