"""A PostgreSQL role that reads the published views and nothing else."""

from __future__ import annotations

from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

MAX_CONNECTIONS = 20
LONGEST = 63  # bytes of a name; PostgreSQL cuts longer ones
DENIED = {"42501", "25006"}  # insufficient_privilege; we are ourselves a reader


def grant_readers(
    engine: Engine, role: str, views: tuple[str, ...], timeout: int, password: str | None
) -> bool:
    """Make a role, or bring it up to date; return whether it may take advisory locks.

    SELECT on the views of schema public, read-only, a statement for `timeout` seconds, at most
    MAX_CONNECTIONS at once. PostgreSQL lets every role change its own `statement_timeout`. Only a
    superuser can take the advisory locks from all but those who may write.

    It may log in with a password only. Raises KcaError NOT_POSTGRESQL, BAD_ROLE for a role that
    can do more already, or ROLE_DENIED when we may not make one.
    """
    if engine.dialect.name != "postgresql":
        raise KcaError(
            Finding(Code.NOT_POSTGRESQL, "only PostgreSQL knows roles", found=engine.dialect.name)
        )
    if not role or len(role.encode()) > LONGEST:
        raise KcaError(
            Finding(Code.BAD_ROLE, f"{role!r} cannot name a role", expected=f"1 to {LONGEST} bytes")
        )
    try:
        with engine.begin() as connection:
            _create(connection, role)
            for statement in _grants(connection, role, views, timeout, password):
                _run(connection, statement)
            return _may_lock(connection, role)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in DENIED:
            raise
        found = str(error.orig).splitlines()[0]
        raise KcaError(
            Finding(
                Code.ROLE_DENIED,
                f"the database does not let us make the role {role!r}",
                found=found,
            )
        ) from None


def _create(connection: Connection, role: str) -> None:
    """Create the role if there is none; refuse one that reads more than its grants."""
    known = connection.exec_driver_sql(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
        " OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR r.rolname = current_user"
        " OR EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)"
        " FROM pg_roles r WHERE rolname = %(role)s",
        {"role": role},
    ).scalar()
    if known:
        raise KcaError(
            Finding(
                Code.BAD_ROLE,
                (
                    f"the role {role!r} owns tables, is a member of another role or may do more"
                    " than read"
                ),
            )
        )
    if known is None:
        _run(connection, sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))


def _grants(
    connection: Connection, role: str, views: tuple[str, ...], timeout: int, password: str | None
) -> list[sql.Composed]:
    name, database = sql.Identifier(role), sql.Identifier(str(connection.engine.url.database))
    texts = [
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "REVOKE ALL ON SCHEMA public FROM {role}",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "ALTER ROLE {role} SET default_transaction_read_only = on",
        "ALTER ROLE {role} SET statement_timeout = {timeout}",
        "ALTER ROLE {role} SET idle_in_transaction_session_timeout = {timeout}",
        "ALTER ROLE {role} CONNECTION LIMIT {connections}",
        "GRANT SELECT ON {views} TO {role}",
        "ALTER ROLE {role} NOLOGIN PASSWORD NULL"
        if password is None
        else "ALTER ROLE {role} LOGIN PASSWORD {verifier}",
    ]
    words = {
        "role": name,
        "database": database,
        "timeout": sql.Literal(f"{timeout}s"),
        "connections": sql.Literal(MAX_CONNECTIONS),
        "views": sql.SQL(", ").join(sql.Identifier("public", view) for view in views),
        "verifier": sql.Literal(_verifier(connection, role, password or "")),
    }
    return [sql.SQL(text).format(**words) for text in texts]


def _may_lock(connection: Connection, role: str) -> bool:
    """Take the advisory locks from the role, where we may; tell whether it still has them.

    Whoever holds a lock of ours keeps documents waiting.
    """
    if connection.exec_driver_sql("SELECT rolsuper FROM pg_roles WHERE rolname = user").scalar():
        writers = connection.exec_driver_sql(
            "SELECT DISTINCT grantee FROM information_schema.role_table_grants"
            " WHERE table_schema = 'public' AND table_name = 'fact' AND privilege_type = 'INSERT'"
        ).scalars()
        allowed = sql.SQL(", ").join(map(sql.Identifier, writers))
        functions = connection.exec_driver_sql(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = 'pg_catalog'::regnamespace AND proname LIKE '%%advisory%%'"
        ).scalars()
        for function in list(functions):
            named = sql.SQL(function)  # the server's own spelling
            _run(connection, sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(named))
            allow = sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}")
            _run(connection, allow.format(named, allowed))
    asked = "SELECT has_function_privilege(%(role)s, 'pg_advisory_lock(bigint)', 'EXECUTE')"
    return bool(connection.exec_driver_sql(asked, {"role": role}).scalar())


def _verifier(connection: Connection, role: str, password: str) -> str:
    """Turn a password into what the server keeps of it, so that no server log can show it."""
    driver: Any = connection.connection.driver_connection
    return str(
        driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    )


def _run(connection: Connection, statement: sql.Composed) -> None:
    driver: Any = connection.connection.driver_connection
    connection.exec_driver_sql(statement.as_string(driver).replace("%", "%%"))
