"""The warehouse's schema, by Alembic: upgrade it, or refuse to work with another version's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.warehouse.dimensions import add_signs
from kca_etl.warehouse.integrity import faults
from kca_etl.warehouse.schema import differences

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Engine

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_264_999_999  # PostgreSQL advisory lock: two upgrades at once wait for each other


def upgrade(engine: Engine) -> str:
    """Bring the schema to this version's; safe to repeat and to run twice at once.

    Returns the revision.
    """
    from alembic import command

    with engine.connect() as plain:
        connection = plain.execution_options(writer=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            found = _current(connection)
            if found is not None and found not in _known():
                raise _disagrees(Code.DB_TOO_NEW, engine, found)
            if found != _head():
                command.upgrade(_config(connection), "head")
            add_signs(connection)
    return _head()


def check(engine: Engine) -> str:
    """Return the revision if the database has the program's; cheap enough for every start.

    Raises KcaError DB_MISSING, DB_OUTDATED or DB_TOO_NEW.
    """
    with engine.connect() as connection:
        found = _current(connection)
    if found == _head():
        return found
    if found is None:
        raise KcaError(
            Finding(
                Code.DB_MISSING,
                f"the database {_name(engine)} holds no warehouse",
                expected=_head(),
            )
        )
    raise _disagrees(Code.DB_OUTDATED if found in _known() else Code.DB_TOO_NEW, engine, found)


def check_schema(engine: Engine) -> str:
    """Return the revision if the file is sound, and tables, indexes, views, signs the program's.

    Raises KcaError as `check` does, DB_DAMAGED, and DB_DIFFERS with a finding for each difference.
    """
    if found := faults(engine):
        raise KcaError(*found)
    revision = check(engine)
    if found := differences(engine):
        raise KcaError(*found)
    return revision


def _disagrees(code: Code, engine: Engine, found: str) -> KcaError:
    return KcaError(
        Finding(
            code,
            f"the warehouse {_name(engine)} has another version than this program",
            found=found,
            expected=_head(),
        )
    )


def _name(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _head() -> str:
    return _known()[0]


def _known() -> list[str]:
    """Return the revisions, the latest first, from the scripts' names.

    Asking Alembic costs 0.2 s at every start.
    """
    return sorted(
        (path.name[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py")), reverse=True
    )


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
