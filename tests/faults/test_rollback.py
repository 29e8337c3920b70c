"""Promise.

A document loads completely or not at all, also with a full disk or a lost connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.warehouse import bulk, dimensions, writer
from tests.conftest import Server
from tests.warehouse.synthetic import JANUARY, Fact, document, export, load, rows

NEW = [
    Fact(6.0, name="Neu"),
    Fact("*", "quote"),
    Fact(1.0, "geld", JANUARY + 5, "06", name="Hessen"),
]
TABLES = (
    "document",
    "finding",
    "kennzahl",
    "series",
    "region",
    "month",
    "block",
    "fact",
    "footnote",
    "run",
)


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    return {table: sorted(rows(engine, f"SELECT * FROM {table}"), key=repr) for table in TABLES}  # noqa: S608 - our own names


class Broken(Exception):  # noqa: N818 - stands for any
    """Whatever may go wrong."""


def breaking(original: Callable[..., Any]) -> Callable[..., Any]:
    def broken(*args: Any, **more: Any) -> Any:
        original(*args, **more)
        raise Broken

    return broken


STEPS = [
    (writer, "_document"),
    (dimensions, "series_ids"),
    (dimensions, "region_ids"),
    (dimensions, "months"),
    (writer, "_blocks"),
    (bulk, "existing"),
    (bulk, "insert_facts"),
    (bulk, "update_versions"),
    (writer, "_facts"),
]


@pytest.mark.parametrize(("module", "name"), STEPS)
def test_an_error_at_any_step_leaves_every_table_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    load(engine, "old", "2020-02-29", [Fact(5.0, name="Alt")])
    before = everything(engine)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, breaking(getattr(module, name)))
        with pytest.raises(Broken):
            load(engine, "new", "2020-03-31", NEW)
    assert everything(engine) == before
    assert load(engine, "new", "2020-03-31", NEW).inserted == 2


def test_an_error_while_putting_aside_leaves_every_table_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(engine)
    monkeypatch.setattr(writer, "_document", breaking(writer._document))
    with pytest.raises(Broken):
        writer.quarantine(
            engine, "probe", document("a"), [Finding(Code.SUM_MISMATCH, "")], "r", "quarantined"
        )
    assert everything(engine) == before


@pytest.mark.parametrize("warehouse_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("spare", [0, 1, 5, 20])
def test_a_full_disk(engine: Engine, spare: int) -> None:
    """SQLite is told that the disk has only so many more pages."""
    load(engine, "old", "2020-02-29", [Fact(5.0)])
    before = everything(engine)
    big = [Fact(n / 3, code=f"x{n}") for n in range(5_000)]
    pages = rows(engine, "PRAGMA page_count")[0][0]
    engine.dispose()

    def limit(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + spare}")

    event.listen(engine, "connect", limit)
    with pytest.raises(OperationalError, match="full"):
        load(engine, "big", "2020-03-31", big)
    assert everything(engine) == before
    event.remove(engine, "connect", limit)
    engine.dispose()
    assert load(engine, "big", "2020-03-31", big).inserted == 5_000


@pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)
def test_a_lost_connection(
    engine: Engine, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(engine, "old", "2020-02-29", [Fact(5.0)])
    before = everything(engine)
    insert = bulk.insert_facts

    def cut(connection: Any, *args: Any) -> None:
        insert(connection, *args)
        postgres.execute(
            "SELECT"
            f" pg_terminate_backend({connection.connection.driver_connection.info.backend_pid})"
        )

    with monkeypatch.context() as patch:
        patch.setattr(bulk, "insert_facts", cut)
        with pytest.raises(OperationalError):
            load(engine, "new", "2020-03-31", NEW)
    assert everything(engine) == before
    assert load(engine, "new", "2020-03-31", NEW).revised == 1
    assert export(engine) != ""
