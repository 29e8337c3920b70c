"""`kca db`: the warehouse's schema, and who may read it."""

from __future__ import annotations

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

LOCKS = "possible; a superuser's `kca db grant-readers` forbids them"


def upgrade(as_json: AsJson = False) -> None:
    """Create the warehouse or bring it to this version's schema.

    Example: kca db upgrade
    """
    from kca_etl.settings import Settings
    from kca_etl.warehouse import migrate
    from kca_etl.warehouse.engine import open_engine

    engine = open_engine(Settings().url)
    revision = migrate.upgrade(engine)
    console.listing(
        [{"database": engine.url.render_as_string(hide_password=True), "revision": revision}],
        as_json=as_json,
    )


def check(as_json: AsJson = False) -> None:
    """Tell whether the database is sound, and agrees with the code.

    Example: kca db check
    """
    from kca_etl.settings import Settings
    from kca_etl.warehouse import migrate
    from kca_etl.warehouse.engine import open_engine

    settings = Settings()
    if not settings.is_there:
        what = f"there is no {settings.whereabouts}"
        raise KcaError(Finding(Code.DB_MISSING, what))
    engine = open_engine(settings.url)
    revision = migrate.check_schema(engine)
    console.listing(
        [
            {
                "database": engine.url.render_as_string(hide_password=True),
                "revision": revision,
                "state": "current",
            }
        ],
        as_json=as_json,
    )


def grant(role: str, as_json: AsJson = False) -> None:
    """Let ROLE read the published views and nothing else (PostgreSQL).

    With KCA_READER_PASSWORD it may log in.

    Example: kca db grant-readers kca_readers
    """
    from kca_etl.runs.record import warehouse
    from kca_etl.settings import Settings
    from kca_etl.warehouse.roles import grant_readers
    from kca_etl.warehouse.views import ddl
    from kca_etl.warehouse.views.contract import READER_TIMEOUT

    settings = Settings()
    password = settings.reader_password.get_secret_value() if settings.reader_password else None
    locks = grant_readers(warehouse(settings), role, ddl.NAMES, READER_TIMEOUT, password)
    made = {"role": role, "reads": ", ".join(ddl.NAMES), "login": "yes" if password else "no"}
    console.listing([made | {"locks": LOCKS if locks else "no"}], as_json=as_json)
