"""Where an operation is tried: a home and a warehouse, set back to the same state each time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pydantic import SecretStr
from sqlalchemy import make_url

from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine

DAYS_AGO = 3 * 86_400


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and the server of a PostgreSQL; without one the warehouse is a SQLite file.

    `samples` holds the documents that operations bring, `base` the address that publishers have.
    """

    folder: Path
    samples: Path
    server: str = ""
    base: str = ""

    @property
    def home(self) -> Path:
        """The home in which an operation works; its path is always the same."""
        return self.folder / "home"

    @property
    def settings(self) -> Settings:
        """Settings of the home."""
        url = SecretStr(self._url("kca_now")) if self.server else None
        return Settings(home=self.home, database_url=url)

    def keep(self) -> None:
        """Keep the present state: `set_back` returns to it."""
        shutil.rmtree(self.folder / "before", ignore_errors=True)
        shutil.copytree(self.home, self.folder / "before")
        if self.server:
            self._copy("kca_before", "kca_now")

    def set_back(self) -> None:
        """Return to the state that was kept."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.folder / "before", self.home)
        if self.server:
            self._copy("kca_now", "kca_before")

    def begin(self) -> None:
        """Begin with nothing at all."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        if self.server:
            self._copy("kca_now", "template1")

    def let_days_pass(self) -> None:
        """Let what is half written be of another day: young files may be another process's."""
        then = time.time() - DAYS_AGO
        for path in self.home.rglob("*"):
            hidden = path.name.startswith(".") or path.is_relative_to(self.home / "tmp")
            if hidden and not path.is_symlink():
                os.utime(path, (then, then))

    def _copy(self, name: str, template: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    def _url(self, database: str) -> str:
        return make_url(self.server).set(database=database).render_as_string(hide_password=False)


@contextmanager
def let_go(settings: Settings) -> Iterator[None]:
    """Close the connections afterwards: a forked process must not inherit one."""
    try:
        yield
    finally:
        open_engine(settings.url).dispose()
