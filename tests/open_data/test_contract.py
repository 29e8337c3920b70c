"""The SQL contract: the page, the live views of both databases and the version say the same.

Readers read the views and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, inspect, make_url, text

from kca_etl.model.decision import Decision
from kca_etl.model.findings import KcaError
from kca_etl.runs import record as runs
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse import decisions
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.roles import grant_readers
from kca_etl.warehouse.tables import metadata
from kca_etl.warehouse.views import ddl, page
from kca_etl.warehouse.views.contract import VERSION, VIEWS, Column
from tests.runs.world import kca
from tests.warehouse.synthetic import Fact, load, rows

SHAPES = {
    "month": r"\d{4}-\d\d-01",
    "day": r"\d{4}-\d\d-\d\d",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00",
}
WORDS = {"number": ("real", "double precision"), "integer": ("integer", "bigint", "smallint")}
# A change of names, kinds or NULLs needs another VERSION; then put its digest here.
KNOWN = {"1.2": "b6cf", "1.1": "3bb1", "1.0": "5531"}


def digest() -> str:
    said = [
        [name, [[c.name, c.kind, c.nullable] for c in columns]]
        for name, (_, columns) in VIEWS.items()
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:4]


def test_a_changed_contract_has_a_new_version() -> None:
    assert digest() == KNOWN[VERSION]


@pytest.mark.project
def test_the_page_is_current() -> None:
    written = (Path(__file__).parents[2] / "docs/sql-contract.md").read_text(encoding="utf-8")
    assert written == page.page(), "run `make docs`"


def test_the_live_views_are_those_of_the_contract(engine: Engine) -> None:
    assert set(VIEWS) == set(ddl.NAMES) == set(inspect(engine).get_view_names())
    for name, (_, columns) in VIEWS.items():
        assert [c["name"] for c in inspect(engine).get_columns(name)] == [
            c.name for c in columns
        ], name


def test_what_stands_in_them_is_of_its_kind(engine: Engine, settings: Settings) -> None:
    """Every column of every view with rows of all sorts.

    Loaded, replaced, quarantined, of no known month.
    """
    samples = write_samples(settings.home / "samples")
    (settings.home / "leer.csv").write_text("a;b\n1;2\n")
    for _ in runs.load_all(samples, engine, settings, "kca_monatszahlen"):
        pass
    for _ in runs.load_all([settings.home / "leer.csv"], engine, settings):
        pass
    load(engine, "eins", "2020-02-01", [Fact(1.0), Fact("*", code="06")])
    load(engine, "zwei", "2020-05-01", [Fact(9.0)])
    one = Decision("a", "eins", "b", "2020-02", "q", "a", (), "N", "R", "2020-02-02T10:00:00+00:00")
    decisions.store(engine, [one])
    for name, (_, columns) in VIEWS.items():
        for column in columns:
            _held(engine, name, column)


def _held(engine: Engine, view: str, column: Column) -> None:
    kind = "typeof" if engine.dialect.name == "sqlite" else "pg_typeof"
    found = rows(
        engine,
        f"SELECT CAST({column.name} AS TEXT), CAST({kind}({column.name}) AS TEXT) FROM {view}",  # noqa: S608 - our own names
    )
    given = [value for value, _ in found if value is not None]
    assert given or (view, column.name) == ("figures", "known_to"), (view, column.name)
    assert column.nullable or len(given) == len(found), (view, column.name)
    kinds = {name for value, name in found if value is not None}
    assert kinds <= set(WORDS.get(column.kind, ("text",))), (view, column.name, kinds)
    if column.kind in SHAPES:
        assert all(re.fullmatch(SHAPES[column.kind], value) for value in given), (view, column.name)


@pytest.fixture
def warehouse(engine: Engine) -> Iterator[Engine]:
    """A warehouse on PostgreSQL with figures; roles made in it are gone afterwards."""
    load(engine, "eins", "2020-02-01", [Fact(1.0)])
    yield engine
    with engine.begin() as connection:
        for role in ("kca_test_readers", "kca_test_login", 'weird "name%s'):
            if connection.execute(
                text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": role}
            ).scalar():
                quoted = connection.dialect.identifier_preparer.quote_identifier(role)
                connection.exec_driver_sql(f"DROP OWNED BY {quoted}")
                connection.exec_driver_sql(f"DROP ROLE {quoted}")


ON_POSTGRESQL = pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)


def as_role(engine: Engine, role: str, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement as a role does that just logged in."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(make_conninfo(url, user=role)) as connection:
        return connection.execute(statement).fetchall()


@ON_POSTGRESQL
def test_readers_read_the_views_and_nothing_else(warehouse: Engine) -> None:
    role = "kca_test_login"
    for _ in range(2):  # it may be repeated
        grant_readers(warehouse, role, ddl.NAMES, 60, "geheim")
    for view in ddl.NAMES:
        assert as_role(warehouse, role, f"SELECT count(*) FROM {view}")[0][0] >= 0  # noqa: S608 - our own names
    assert as_role(warehouse, role, "SELECT value FROM figures") == [(1.0,)]
    for table in [*metadata.tables, "alembic_version", "pg_authid"]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role(warehouse, role, f"SELECT * FROM {table}")  # noqa: S608 - our own names
    for statement in (
        "DELETE FROM fact",
        "INSERT INTO run VALUES ('x')",
        "UPDATE document SET state = 'x'",
        "DROP VIEW figures",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role(
                warehouse, role, f"SET default_transaction_read_only = off; COMMIT; {statement}"
            )
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        as_role(warehouse, role, "CREATE TABLE public.eigene (a int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role(
            warehouse,
            role,
            "SET default_transaction_read_only = off; COMMIT; CREATE TABLE public.eigene (a int)",
        )
    assert as_role(warehouse, role, "SHOW statement_timeout") == [("1min",)]


@ON_POSTGRESQL
def test_without_a_password_it_is_a_group(warehouse: Engine) -> None:
    grant_readers(warehouse, "kca_test_readers", ddl.NAMES, 60, None)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        as_role(warehouse, "kca_test_readers", "SELECT 1")
    grant_readers(warehouse, 'weird "name%s', ddl.NAMES, 60, "x'%s--")
    assert as_role(warehouse, 'weird "name%s', "SELECT count(*) FROM figures") == [(1,)]


@ON_POSTGRESQL
def test_grants_of_earlier_days_are_taken_back(warehouse: Engine) -> None:
    grant_readers(warehouse, "kca_test_login", ddl.NAMES, 60, "x")
    with warehouse.begin() as connection:
        connection.exec_driver_sql("GRANT SELECT, DELETE ON fact TO kca_test_login")
    grant_readers(warehouse, "kca_test_login", ddl.NAMES, 60, "x")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_role(warehouse, "kca_test_login", "SELECT * FROM fact")


@ON_POSTGRESQL
@pytest.mark.parametrize("role", ["postgres", "", "ä" * 32])
def test_a_role_that_may_do_more_is_refused(warehouse: Engine, role: str) -> None:
    with pytest.raises(KcaError, match="BAD_ROLE"):
        grant_readers(warehouse, role, ddl.NAMES, 60, None)


@ON_POSTGRESQL
def test_who_may_not_make_roles_is_told(warehouse: Engine) -> None:
    grant_readers(warehouse, "kca_test_login", ddl.NAMES, 60, "x")
    weak = open_engine(
        make_url(str(warehouse.url))
        .set(username="kca_test_login")
        .render_as_string(hide_password=False)
    )
    with pytest.raises(KcaError, match="ROLE_DENIED"):
        grant_readers(weak, "kca_test_readers", ddl.NAMES, 60, None)
    weak.dispose()


@ON_POSTGRESQL
def test_a_writer_as_the_page_grants_it_can_load(warehouse: Engine) -> None:
    grants = re.findall(r"^GRANT .* TO kca_writer;$", page.page(), re.MULTILINE)
    assert len(grants) == 3
    with warehouse.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE kca_test_login LOGIN")
        for grant in grants:
            connection.exec_driver_sql(grant.replace("kca_writer", "kca_test_login"))
    writer = open_engine(
        warehouse.url.set(drivername="postgresql", username="kca_test_login").render_as_string(
            hide_password=False
        )
    )
    assert load(writer, "zwei", "2020-05-01", [Fact(9.0)]).revised == 1
    writer.dispose()


@ON_POSTGRESQL
def test_the_password_stands_nowhere(
    warehouse: Engine, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = "canary-5b7f"  # noqa: S105 - stands for a secret
    url = warehouse.url.render_as_string(hide_password=False)
    said = kca(
        settings.home,
        "--debug",
        "db",
        "grant-readers",
        "kca_test_login",
        KCA_DATABASE_URL=url,
        KCA_READER_PASSWORD=secret,
    )
    assert "yes" in said
    assert secret not in said + "".join(capfd.readouterr())
    (verifier,) = rows(
        warehouse, "SELECT rolpassword FROM pg_authid WHERE rolname = 'kca_test_login'"
    )[0]
    assert verifier.startswith("SCRAM-SHA-256$")


def test_sqlite_knows_no_roles(tmp_path: Path) -> None:
    assert "[NOT_POSTGRESQL]" in kca(tmp_path, "db", "grant-readers", "wer", code=4)
