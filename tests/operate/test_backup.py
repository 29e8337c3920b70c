"""Backup and restore as docs/operating.md tells it.

Dumped, restored elsewhere, every view is the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from kca_etl.runs.record import load_all
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views.ddl import NAMES
from tests.flows.debian import debian
from tests.sources.office import Shape, write
from tests.warehouse.synthetic import export

pytestmark = pytest.mark.long


def views(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every published view, its rows in an order of their own."""
    with engine.connect() as connection:
        return {
            name: sorted(
                (tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))),  # noqa: S608 - our own names
                key=repr,
            )
            for name in NAMES
        }


def test_a_dump_restored_elsewhere_shows_the_same_in_every_view(tmp_path: Path) -> None:
    with debian() as server:
        for name in ("kca", "kca_restored"):
            server.sql(f"CREATE DATABASE {name}")
        engine = open_engine(server.url("kca"))
        migrate.upgrade(engine)
        settings = Settings(home=tmp_path, database_url=server.url("kca"))  # type: ignore[arg-type]  # pydantic makes it secret
        (tmp_path / "given").mkdir()
        files = write_samples(tmp_path / "given")
        files += [write(tmp_path / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))]
        list(load_all(files, engine, settings))
        server.call(
            "pg_dump", "--format=custom", f"--file={tmp_path / 'kca.dump'}", server.url("kca")
        )
        server.call(
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            f"--dbname={server.url('kca_restored')}",
            str(tmp_path / "kca.dump"),
        )
        restored = open_engine(server.url("kca_restored"))
        migrate.check(restored)
        before, after = views(engine), views(restored)
        assert all(before[name] for name in NAMES)
        assert after == before
        assert export(restored) == export(engine)
        again = list(load_all(files[:1], restored, settings))
        assert [outcome.state for outcome in again] == ["unchanged"], "it goes on where it was"
        engine.dispose()
        restored.dispose()
