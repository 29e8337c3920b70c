"""What all flows share: where the data lives, and what passes by waiting."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from flows import parts
from kca_etl.model.findings import KcaError
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import Busy, open_engine
from tests.conftest import Server


class Deployment:
    id = "7716d3c5"


def test_a_worker_without_an_absolute_home_loads_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".kca").mkdir()
    assert not parts.configured(Settings()).home.is_absolute(), (
        "at a person's screen the folder is the one they are in"
    )
    monkeypatch.setattr(parts, "deployment", Deployment)
    with pytest.raises(KcaError, match="RELATIVE_HOME"):
        parts.configured(Settings())
    monkeypatch.setenv("KCA_HOME", str(tmp_path))
    assert parts.configured(Settings()).home == tmp_path


def failure(engine: Engine, statement: str) -> DBAPIError:
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement))
    return caught.value


def test_only_what_passes_by_itself_is_tried_again(postgres: Server) -> None:
    assert parts.passes(Busy("another run writes"))
    assert not parts.passes(KcaError())
    engine = open_engine(postgres.url("template1"))
    assert not parts.passes(failure(engine, "SELECT no_such_column"))
    assert parts.passes(failure(engine, "SELECT pg_terminate_backend(pg_backend_pid())"))
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "15min"
        assert (
            connection.scalar(
                text(
                    "SELECT setting FROM pg_settings WHERE name ="
                    " 'idle_in_transaction_session_timeout'"
                )
            )
            == "900000"
        )
    engine.dispose()
