"""Code and database must agree about the schema.

Where they do not, a finding says so and nothing is touched.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from kca_etl.model.catalogue import catalogue
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.tables import metadata
from kca_etl.warehouse.views import ddl
from tests.faults import victim


def stamp(engine: Engine, revision: str) -> None:
    """Pretend that another version of the program made the schema."""
    with engine.connect() as plain, plain.execution_options(writer=True).begin():
        plain.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})


def refused(engine: Engine) -> Finding:
    with pytest.raises(KcaError) as caught:
        migrate.check(engine)
    (finding,) = caught.value.findings
    return finding


def test_missing(empty_url: str) -> None:
    finding = refused(open_engine(empty_url))
    assert (finding.code, finding.expected) == ("DB_MISSING", migrate._head())
    assert catalogue()[Code.DB_MISSING].next_step == "Run `kca db upgrade`."


def test_upgrade_then_check(empty_url: str) -> None:
    engine = open_engine(empty_url)
    assert migrate.upgrade(engine) == migrate.check(engine)
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    assert set(inspect(engine).get_view_names()) == set(ddl.NAMES)
    assert migrate.upgrade(engine) == migrate.check(engine)


def test_too_new(engine: Engine) -> None:
    stamp(engine, "9999")
    finding = refused(engine)
    assert (finding.code, finding.found) == ("DB_TOO_NEW", "9999")
    with pytest.raises(KcaError, match="DB_TOO_NEW"):
        migrate.upgrade(engine)
    assert refused(engine).found == "9999"


def test_outdated(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program knows one more version than the database."""
    now = migrate.check(engine)
    monkeypatch.setattr(migrate, "_known", lambda: ["9000", now])
    finding = refused(engine)
    assert (finding.code, finding.found, finding.expected) == ("DB_OUTDATED", now, "9000")


@pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)
def test_no_finding_prints_the_password(warehouse_url: str) -> None:
    engine = open_engine(warehouse_url.replace("postgres:@", "postgres:geheim@"))
    stamp(engine, "9999")
    assert "geheim" not in str(refused(engine))
    engine.dispose()


def test_two_upgrades_at_once(empty_url: str) -> None:
    assert victim.run(victim.upgrade, "never", empty_url, times=3) == [0, 0, 0]
    assert migrate.check(open_engine(empty_url))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.db"
    path.write_bytes(b"no database, but somebody's letter" * 99)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.raises(Exception, match="not a database"):
        migrate.upgrade(engine)
    engine.dispose()
    assert path.read_bytes() == b"no database, but somebody's letter" * 99


def test_sqlite_is_in_wal_mode_and_keeps_foreign_keys(
    sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "warehouse.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        query = (
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT"
            " strict"
        )
        loose = set(connection.exec_driver_sql(query).scalars())
    engine.dispose()
    assert loose == {"alembic_version", "sqlite_schema"}


def test_the_scripts_names_are_what_alembic_knows() -> None:
    from alembic.script import ScriptDirectory

    assert migrate._known() == [
        script.revision
        for script in ScriptDirectory.from_config(migrate._config()).walk_revisions()
    ]
