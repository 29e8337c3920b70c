"""Faults of the machine and the database are told with their own code; nothing is half stored."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine

from kca_etl.cli import main as cli
from kca_etl.landing.archive import files as archive
from kca_etl.model.foreign import Shown, not_a_formula, visible
from kca_etl.offices.folder import load_yaml
from kca_etl.runs.inbox import pick_up
from kca_etl.runs.record import load_all, recorded
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.roles import MAX_CONNECTIONS, grant_readers
from kca_etl.warehouse.views import ddl, queries
from tests.conftest import Server
from tests.sources.office import Shape, write
from tests.warehouse.synthetic import Fact, load

SOURCE = "kca_monatszahlen"
WRITING = os.O_WRONLY | os.O_RDWR


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))[0]


def kca(capsys: pytest.CaptureFixture[str], home: Path, *words: object, **environment: str) -> Any:
    """Run a command in this process; return its exit code and what it printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["kca", *map(str, words)])
        for name, value in ({"HOME": str(home)} | environment).items():
            patch.setenv(f"KCA_{name}", value)
        with pytest.raises(SystemExit) as ended:
            cli.main()
    printed = capsys.readouterr()
    return ended.value.code, printed.out + printed.err


def _opens_to_write(_: Any, flags: int, *__: Any, **___: Any) -> bool:
    return bool(flags & WRITING)


def _is_opened_to_write(_: Any, mode: str = "r", *__: Any, **___: Any) -> bool:
    return mode[0] in "wax"


def _always(*_: Any, **__: Any) -> bool:
    return True


class Writes:
    """Counts what is written, and lets the write of a number fail as on a full disk."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.count = fatal, 0

    def step(self) -> None:
        self.count += 1
        if self.count >= self.fatal:  # a full disk stays full
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def before(self, function: Callable[..., Any], is_write: Callable[..., bool]) -> Any:
        def called(*arguments: Any, **named: Any) -> Any:
            if is_write(*arguments, **named):
                self.step()
            return function(*arguments, **named)

        return called

    @contextmanager
    def counted(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", self.before(os.open, _opens_to_write))
            patch.setattr(io, "open", self.before(io.open, _is_opened_to_write))
            for name in ("fsync", "mkdir", "replace", "rename"):
                patch.setattr(os, name, self.before(getattr(os, name), _always))
            yield


def fresh(folder: Path, template: Path) -> Settings:
    folder.mkdir()
    shutil.copy(template, folder / "warehouse.db")
    return Settings(home=folder)


def closed(settings: Settings) -> list[str]:
    """Return the names of the loaded documents; let go of the warehouse."""
    engine = open_engine(settings.url)
    found = [d["file_name"] for d in queries.documents(engine) if d["state"] == "loaded"]
    engine.dispose()
    open_engine.cache_clear()
    return found


def test_a_disk_full_at_every_write_of_a_load(
    tmp_path: Path, sqlite_template: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for fatal in range(1, 99):
        settings = fresh(tmp_path / str(fatal), sqlite_template)
        writes = Writes(fatal)
        with writes.counted():
            code, said = kca(capsys, settings.home, "run", SOURCE, sample)
        if writes.count < fatal:
            assert code == 0
            break
        assert (code, "[DISK_FULL]" in said, "Free some room" in said) == (74, True, True), said
        assert kca(capsys, settings.home, "run", SOURCE, sample)[0] == 0
        assert closed(settings) == [sample.name]
        assert archive.verify(settings.landing) == []
        assert not list(settings.landing.glob(".incoming-*"))
    assert fatal > 6


def test_a_disk_full_at_every_write_of_the_inbox(
    tmp_path: Path, sqlite_template: Path, sample: Path
) -> None:
    for fatal in range(1, 99):
        settings = fresh(tmp_path / str(fatal), sqlite_template)
        settings.inbox.mkdir()
        shutil.copy(sample, settings.inbox)
        engine, writes = open_engine(settings.url), Writes(fatal)
        with recorded(engine, settings, "watch") as work:
            try:
                with writes.counted():
                    pick_up(settings.inbox, work, settle=0)
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017 - the last round raises none
            pick_up(settings.inbox, work, settle=0)
        assert [p.name for p in settings.inbox.glob("done/*")] == [sample.name]
        assert closed(settings) == [sample.name]
        if writes.count < fatal:
            break
    assert fatal > 6


def test_a_folder_of_somebody_else_is_no_fault_of_the_document(
    tmp_path: Path, sqlite_template: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = fresh(tmp_path / "home", sqlite_template)
    settings.landing.write_text("a file in the way", encoding="utf-8")
    code, said = kca(capsys, settings.home, "run", SOURCE, sample)
    assert (code, "[NOT_WRITABLE]" in said, str(settings.landing) in said) == (73, True, True)
    assert closed(settings) == []


def test_every_command_names_a_damaged_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "warehouse.db").write_bytes(b"somebody's letter" * 999)
    for words in (["db", "check"], ["figures"], ["run", SOURCE, __file__]):
        code, said = kca(capsys, tmp_path, *words)
        assert (code, "[DB_DAMAGED]" in said) == (65, True), said


@pytest.mark.parametrize(
    "url",
    ["mysql://kca:geheim@db/kca", "geheim", "postgresql://kca:geheim@db:port/kca", "mssql+x://"],
)
def test_an_unknown_database_is_refused_without_its_password(
    tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = kca(capsys, tmp_path, "figures", DATABASE_URL=url)
    assert (code, "[DB_URL]" in said, "geheim" in said) == (78, True, False)


def test_a_server_that_is_down_and_one_that_dies(
    postgres: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    down = "postgresql://kca:geheim@127.0.0.1:1/kca"
    code, said = kca(capsys, tmp_path, "figures", DATABASE_URL=down)
    assert (code, "[DB_DOWN]" in said, "geheim" in said) == (69, True, False)
    with pytest.MonkeyPatch.context() as patch:

        def cut(engine: Engine, *_: Any, **__: Any) -> Any:
            with engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                postgres.execute(f"SELECT pg_terminate_backend({driver.info.backend_pid})")
                connection.exec_driver_sql("SELECT 1")

        patch.setattr("kca_etl.warehouse.migrate.check", cut)
        url = postgres.url("template1")
        code, said = kca(capsys, tmp_path, "figures", DATABASE_URL=url)
    open_engine(url).dispose()
    assert (code, "[DB_LOST]" in said) == (76, True), said


def test_what_is_new_is_private_unless_the_home_is_the_groups(
    tmp_path: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    assert kca(capsys, home, "run", SOURCE, sample)[0] == 0
    modes = {p: p.stat().st_mode & 0o777 for p in [home, *home.rglob("*")]}
    assert {p for p, mode in modes.items() if mode & 0o077} == set()
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o750)
    assert kca(capsys, shared, "run", SOURCE, sample)[0] == 0
    modes = {p: p.stat().st_mode & 0o777 for p in shared.rglob("*")}
    assert {p for p, mode in modes.items() if mode & 0o007} == set()
    assert modes[next(shared.glob("landing/??/*.xlsx"))] == 0o440


def test_a_name_reaches_neither_terminal_nor_spreadsheet_as_an_order(
    tmp_path: Path, sqlite_template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = fresh(tmp_path / "home", sqlite_template).home
    path = write(tmp_path / "=1+1\x1b[2J\n\u202e.xlsx", Shape())
    code, said = kca(capsys, home, "run", SOURCE, path)
    assert (code, r"=1+1\x1b[2J\n\u202e.xlsx" in said) == (0, True)
    for words in (["figures"], ["explain", "arbeitslose_sgb2", "2020-11"]):
        code, more = kca(capsys, home, *words)
        assert code == 0, more
        said += more
    assert not set(said) & {"\x1b", "\u202e"}
    _, table = kca(capsys, home, "figures", "--format", "csv")
    assert "\"'=1+1" in table
    assert '"=1+1' not in table
    assert kca(capsys, home, "export", tmp_path / "out")[0] == 0
    for name in ("figures", "documents"):
        text = (tmp_path / "out" / f"{name}.csv").read_text(encoding="utf-8")
        assert "\"'=1+1" in text
        assert '"=1+1' not in text
    closed(Settings(home=home))


def test_what_is_shown_and_what_is_no_formula() -> None:
    assert visible("Größe 3,2 % – ok") == "Größe 3,2 % – ok"
    assert visible("a\x1b]0;x\x07\x9b\r\n\ud800") == r"a\x1b]0;x\x07\x9b\r\n\ud800"
    screen = io.StringIO()
    print("a\x1b[2J\tb\r\nc\u2028d", end="", file=Shown(screen))
    assert screen.getvalue() == "a\\x1b[2J\tb\\r\nc\\u2028d"
    assert [not_a_formula(t) for t in ("-", "=1", "-1", "@x", "7 = 7", "", "+1")] == [
        "-",
        "'=1",
        "'-1",
        "'@x",
        "7 = 7",
        "",
        "'+1",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"a{n}: &a{n} [{','.join(['*a' + str(n - 1 or '')] * 9)}]\n" for n in range(1, 30)
        ),
        "a: &a {b: *a}",
        "[" * 100_000,
        "- " * 5_000 + "x",
        "a: " + "[\n" * 700 + "]" * 700,
        "x: " + "y" * 2_000_001,
    ],
)
def test_a_bomb_in_a_declaration_is_refused_at_once(text: str) -> None:
    import yaml

    with pytest.raises(yaml.YAMLError):
        load_yaml(text)
    assert load_yaml("a: &a [1, 2]\nb: *a\n") == {"a": [1, 2], "b": [1, 2]}
    assert load_yaml("") is None


@pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)
def test_readers_take_no_lock_that_writers_wait_for(engine: Engine) -> None:
    role = "kca_lockless"
    assert grant_readers(engine, role, ddl.NAMES, 60, "geheim") is False
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(make_conninfo(url, user=role), autocommit=True) as connection:
        for call in ("pg_advisory_lock(1)", "pg_try_advisory_xact_lock(1)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT {call}")
    with engine.connect() as connection_:
        asked = "SELECT rolconnlimit FROM pg_roles WHERE rolname = %(role)s"
        limit = connection_.exec_driver_sql(asked, {"role": role}).scalar()
    assert limit == MAX_CONNECTIONS
    assert load(engine, "a", "2020-02-29", [Fact(5.0)]).inserted == 1


def test_a_link_is_not_followed(tmp_path: Path, sqlite_template: Path, sample: Path) -> None:
    settings = fresh(tmp_path / "home", sqlite_template)
    link = tmp_path / "Monat.xlsx"
    link.symlink_to(sample)
    (outcome,) = load_all([link], open_engine(settings.url), settings, SOURCE)
    assert [f.code for f in outcome.reading.findings] == ["LINK"]
    assert closed(settings) == []
    assert not list(settings.landing.glob("??/*"))
