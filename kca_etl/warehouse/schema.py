"""Compare the live database with the code: tables, columns, keys, indexes, views and signs."""

from __future__ import annotations

from sqlalchemy import Connection, Dialect, Engine, MetaData, Table, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import ColumnCollectionConstraint, UniqueConstraint

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.warehouse.tables import metadata, zeichen
from kca_etl.warehouse.views import ddl
from schemas import codelists

Schema = dict[str, dict[str, str]]  # a table, a view or the signs → its parts → what each is
MAX_EXCERPT_CHARS = 80
CHARS_BEFORE_DIFFERENCE = 20


def differences(engine: Engine) -> list[Finding]:
    """Return a finding for each part that the database lacks, has more or has otherwise.

    Tables and views that the program does not know are left alone.
    """
    with engine.connect() as connection:
        there = live(connection)
        wanted = expected(connection)
        connection.rollback()
    out = []
    for thing, parts in wanted.items():
        if thing not in there:
            out.append(Finding(Code.DB_DIFFERS, f"{thing} is missing", expected=thing))
            continue
        for part in sorted(parts.keys() | there[thing].keys()):
            found, right = there[thing].get(part, ""), parts.get(part, "")
            if found != right:
                out.append(_finding(f"{part} of {thing}", found, right))
    return out


def expected(connection: Connection) -> Schema:
    """Return the schema of the code in the words of a connection's database.

    PostgreSQL is asked by temporary views: roll the transaction back.
    """
    signs = {str(n): sign for n, sign in enumerate(codelists.ZEICHEN) if sign}
    queries = ddl.selects(connection.dialect.name)
    normal = _normal_sqlite if connection.dialect.name == "sqlite" else _normal_postgresql
    views = {
        f"view {name}": {"definition": normal(connection, query)} for name, query in queries.items()
    }
    return _tables(metadata, connection.dialect) | views | {"table of signs": signs}


def live(connection: Connection) -> Schema:
    """Return the schema that a database has, with tables and views of others in it."""
    there = MetaData()
    there.reflect(connection)
    if (versions := there.tables.get("alembic_version")) is not None:
        there.remove(versions)
    out = _tables(there, connection.dialect) | _live_views(connection)
    if zeichen.name in there.tables:
        rows = connection.execute(select(zeichen.c.id, zeichen.c.text))
        out["table of signs"] = {str(number): sign for number, sign in rows}
    return out


def _tables(of: MetaData, dialect: Dialect) -> Schema:
    return {f"table {name}": _parts(table, dialect) for name, table in sorted(of.tables.items())}


def _parts(table: Table, dialect: Dialect) -> dict[str, str]:
    """Describe a table's columns, keys and indexes."""
    parts = {}
    for column in table.columns:
        null = "NULL" if column.nullable else "NOT NULL"
        parts[f"column {column.name}"] = f"{column.type.compile(dialect)} {null}"
    parts["primary key"] = _names(table.primary_key)
    for index in table.indexes:
        columns = ", ".join(column.name for column in index.columns)
        parts[f"index {index.name}"] = f"{'unique ' * bool(index.unique)}({columns})"
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            parts[f"unique {_names(constraint)}"] = "unique"
    for key in table.foreign_key_constraints:
        parts[f"foreign key {_names(key)}"] = key.elements[0].target_fullname
    return parts


def _names(constraint: ColumnCollectionConstraint) -> str:
    return f"({', '.join(column.name for column in constraint.columns)})"


def _live_views(connection: Connection) -> Schema:
    """Return each view with its SELECT: as it was written (SQLite), or as PostgreSQL tells it."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'view'"
        rows = [(name, sql.partition(" AS")[2]) for name, sql in connection.execute(text(query))]
    else:
        query = "SELECT viewname, definition FROM pg_views WHERE schemaname = current_schema()"
        rows = [(name, definition) for name, definition in connection.execute(text(query))]
    return {f"view {name}": {"definition": _one_line(sql)} for name, sql in sorted(rows)}


def _normal_sqlite(_connection: Connection, query: str) -> str:
    return _one_line(query)


def _normal_postgresql(connection: Connection, query: str) -> str:
    """Return a SELECT as PostgreSQL tells it of a view; why it cannot be one, if it cannot."""
    try:
        with connection.begin_nested():
            connection.execute(text(f"CREATE TEMPORARY VIEW kca_expected AS {query}"))
            definition_of = text("SELECT pg_get_viewdef('pg_temp.kca_expected'::regclass)")
            definition = str(connection.execute(definition_of).scalar_one())
            connection.execute(text("DROP VIEW pg_temp.kca_expected"))
            return _one_line(definition)
    except DBAPIError as error:
        return _one_line(str(error.orig))


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


def _finding(what: str, found: str, right: str) -> Finding:
    """Make a finding; of two long texts it shows the place where they begin to differ."""
    same = 0
    while same < min(len(found), len(right)) and found[same] == right[same]:
        same += 1
    start = max(0, same - CHARS_BEFORE_DIFFERENCE) if len(right) > MAX_EXCERPT_CHARS else 0
    excerpts = [one[start : start + MAX_EXCERPT_CHARS] or "(nothing)" for one in (found, right)]
    return Finding(Code.DB_DIFFERS, f"{what} differs from the program", "", "", *excerpts)
