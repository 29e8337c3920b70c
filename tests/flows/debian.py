"""A whole PostgreSQL as Debian packages it, pg_trgm included: Prefect's own database needs that.

Nothing is installed here.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

NEEDED = ("initdb", "pg_ctl", "pg_dump", "pg_restore", "psql")


@dataclass(frozen=True, slots=True)
class Debian:
    """A running server; `bin` holds its programs."""

    bin: Path
    port: int

    def url(self, database: str, driver: str = "postgresql") -> str:
        """The address of one of its databases."""
        return f"{driver}://kca@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement; return what psql prints, without decoration."""
        return self.call("psql", "-X", "-A", "-t", "-c", statement, self.url(database)).strip()

    def call(self, program: str, *arguments: str) -> str:
        """Run one of its programs."""
        done = subprocess.run(
            [self.bin / program, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def debian() -> Iterator[Debian]:
    """Start one in a folder of its own; skip the test where the package is not installed."""
    found = next(
        (
            f
            for f in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
            if all((f / n).exists() for n in NEEDED)
        ),
        None,
    )
    if found is None or not list(Path("/usr/share/postgresql").glob("*/extension/pg_trgm.control")):
        pytest.skip("no PostgreSQL with pg_trgm here (Debian: postgresql)")
    folder = Path(
        tempfile.mkdtemp(prefix="kca-debian-")
    )  # not below tmp_path: the server's own user must reach it
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []  # it refuses root
    if become:
        shutil.chown(folder, "postgres")

    def call(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*become, found / program, "-D", folder / "data", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        assert done.returncode == 0, done.stderr + done.stdout

    call("initdb", "-U", "kca", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    )
    call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield Debian(found, port)
    finally:
        call("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
