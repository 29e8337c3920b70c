"""The schema cannot drift.

Every way to today's revision gives one schema, and `kca db check` names each difference from the
code, on a fresh warehouse and on an old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Index, insert, text

from kca_etl.model.findings import KcaError
from kca_etl.warehouse import migrate, schema, tables
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.tables import metadata
from kca_etl.warehouse.views import ddl, queries
from schemas import codelists
from tests.conftest import TEMPLATE, _database
from tests.warehouse import synthetic
from tests.warehouse.synthetic import Fact, rows

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"
SCRATCH_SIGN = "§"
EARLIER = tuple(sorted(migrate._known()))[:-1]
DOCUMENTS = {
    "first": ("2020-02-01", [Fact(318.0), Fact("*", "quote", row=1), Fact("...", "geld", row=2)]),
    "second": ("2020-03-01", [Fact(319.0), Fact(".", "quote", row=1, col=700)]),
}


def execute(engine: Engine, *statements: str) -> None:
    with engine.connect() as plain, plain.execution_options(writer=True).begin():
        for statement in statements:
            plain.execute(text(statement))


def upgrade_to(engine: Engine, revision: str) -> None:
    from alembic import command

    with engine.connect() as plain, plain.execution_options(writer=True).begin() as transaction:
        command.upgrade(migrate._config(transaction.connection), revision)


def live(engine: Engine) -> schema.Schema:
    with engine.connect() as connection:
        return schema.live(connection)


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables and views."""
    names = [*metadata.tables, *ddl.NAMES]
    return {name: sorted(rows(engine, f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608 - constants


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy the rows of all tables that the target has."""
    there = live(target)
    for table in metadata.sorted_tables:
        with source.connect() as connection:
            found = [dict(row) for row in connection.execute(table.select()).mappings()]
        known = {"zeichen"}  # its rows came with a migration
        if not found or table.name in known or f"table {table.name}" not in there:
            continue
        with target.connect() as plain, plain.execution_options(writer=True).begin():
            plain.execute(insert(table), found)
    if target.dialect.name == "postgresql":  # the next id follows the copied ones
        for name in ("document", "finding", "series", "region", "block"):
            sequence = f"pg_get_serial_sequence('{name}', 'id')"
            execute(target, f"SELECT setval({sequence}, 1 + max(id)) FROM {name}")  # noqa: S608 - constants


def findings(engine: Engine) -> set[str]:
    """Return what `kca db check` reports."""
    if not schema.differences(engine):
        assert migrate.check_schema(engine) == migrate._head()
        return set()
    with pytest.raises(KcaError) as caught:
        migrate.check_schema(engine)
    assert {f.code for f in caught.value.findings} == {"DB_DIFFERS"}
    return {f.what for f in caught.value.findings}


@pytest.fixture
def warehouse_url(empty_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a fresh warehouse in the kind of database that `empty_url` is."""
    if not empty_url.startswith("sqlite"):
        yield from _database(request.getfixturevalue("postgres"), TEMPLATE)
        return
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    migrate.upgrade(open_engine(url))
    yield url
    open_engine(url).dispose()


@pytest.fixture
def loaded(engine: Engine) -> Engine:
    """Load two documents, the second with revisions, into a fresh warehouse."""
    for name, (stand, facts) in DOCUMENTS.items():
        synthetic.load(engine, name, stand, facts)
    return engine


@pytest.fixture(params=EARLIER)
def old(request: pytest.FixtureRequest, loaded: Engine, empty_url: str) -> Engine:
    """Return a warehouse of an earlier revision that holds the documents of `loaded`."""
    engine = open_engine(empty_url)
    upgrade_to(engine, request.param)
    copy_rows(loaded, engine)
    return engine


@pytest.fixture
def scratch_index() -> Iterator[None]:
    """Add an index to the code, without a migration."""
    index = Index("scratch", tables.document.c.origin)
    yield
    tables.document.indexes.discard(index)


def add_scratch_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a sign to the code list."""
    monkeypatch.setattr(codelists, "ZEICHEN", (*codelists.ZEICHEN, SCRATCH_SIGN))


def test_migrations_are_frozen() -> None:
    scripts = sorted(VERSIONS.glob("[0-9]*.py"))
    assert [s.name for s in scripts if "kca_etl" in s.read_text(encoding="utf-8")] == []
    for script in scripts:
        for dialect in ("sqlite", "postgresql"):
            assert script.with_suffix(f".{dialect}.sql").stat().st_size


def test_an_upgraded_warehouse_equals_a_fresh_one(old: Engine, loaded: Engine) -> None:
    assert live(old) != live(loaded)
    migrate.upgrade(old)
    assert live(old) == live(loaded)
    assert contents(old) == contents(loaded)
    assert synthetic.export(old) == synthetic.export(loaded)
    assert findings(old) == set()
    synthetic.load(old, "third", "2020-04-01", [Fact(320.0)])
    synthetic.load(loaded, "third", "2020-04-01", [Fact(320.0)])
    assert synthetic.export(old) == synthetic.export(loaded)


def test_a_fresh_warehouse_equals_the_code(engine: Engine, empty_url: str) -> None:
    made = open_engine(empty_url)
    with made.connect() as plain, plain.execution_options(writer=True).begin():
        metadata.create_all(plain)
        for statement in ddl.statements(engine.dialect.name):
            plain.execute(text(statement))
    signs = live(engine).pop("table of signs")
    assert signs == {str(n): sign for n, sign in enumerate(codelists.ZEICHEN) if sign}
    assert live(engine) == live(made) | {"table of signs": signs}
    if engine.dialect.name == "sqlite":
        query = (
            "SELECT name, sql FROM sqlite_master WHERE type <> 'view' AND name <> 'alembic_version'"
        )
        texts = [
            {name: "".join((sql or "").split()) for name, sql in rows(one, query)}
            for one in (engine, made)
        ]
        texts[0].pop("sqlite_autoindex_alembic_version_1", None)
        assert texts[0] == texts[1]


@pytest.mark.usefixtures("scratch_index")
def test_an_index_without_a_migration_is_found(old: Engine, loaded: Engine) -> None:
    migrate.upgrade(old)  # the code's index breaks no upgrade
    expected = {"index scratch of table document differs from the program"}
    assert findings(old) == findings(loaded) == expected
    for engine in (old, loaded):
        execute(engine, "CREATE INDEX scratch ON document (origin)")
        assert findings(engine) == set()


@pytest.mark.usefixtures("scratch_index")
def test_an_index_breaks_no_fresh_installation(empty_url: str) -> None:
    engine = open_engine(empty_url)
    migrate.upgrade(engine)
    assert findings(engine) == {"index scratch of table document differs from the program"}


def test_a_new_sign_is_found_and_added(
    old: Engine, loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = len(codelists.ZEICHEN)
    add_scratch_sign(monkeypatch)
    assert findings(loaded) == {f"{number} of table of signs differs from the program"}
    for engine in (old, loaded):
        migrate.upgrade(engine)
        assert findings(engine) == set()
        execute(engine, f"UPDATE fact SET zeichen = {number} WHERE zeichen = 1")  # noqa: S608 - a number
        query = "SELECT count(*) FROM figures_history WHERE zeichen = '§'"
        assert rows(engine, query) == [(1,)]
        assert SCRATCH_SIGN in set(queries.figures(engine, history=True)["zeichen"])


def test_a_load_adds_a_new_sign(loaded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    add_scratch_sign(monkeypatch)
    assert findings(loaded)
    synthetic.load(loaded, "third", "2020-04-01", [Fact(320.0)])
    assert findings(loaded) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("DROP INDEX ix_block_document", "index ix_block_document of table block"),
        ("CREATE INDEX more ON document (origin)", "index more of table document"),
        ("ALTER TABLE footnote DROP COLUMN text", "column text of table footnote"),
        ("ALTER TABLE region ADD COLUMN more INTEGER", "column more of table region"),
        ("DROP TABLE report_file", "table report_file is missing"),
        ("DROP VIEW runs", "view runs is missing"),
        ("DROP VIEW runs; CREATE VIEW runs AS SELECT run_id FROM run", "definition of view runs"),
        ("UPDATE zeichen SET text = '?' WHERE id = 2", "2 of table of signs"),
    ],
)
def test_a_change_by_hand_is_found(engine: Engine, change: str, expected: str) -> None:
    assert findings(engine) == set()
    execute(engine, *change.split("; "))
    (found,) = findings(engine)
    assert found.removesuffix(" differs from the program") == expected


def test_tables_of_others_are_left_alone(engine: Engine) -> None:
    execute(engine, "CREATE TABLE theirs (id INTEGER)", "CREATE VIEW also AS SELECT 1 AS one")
    assert findings(engine) == set()
