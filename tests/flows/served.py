"""A real Prefect server, brought up by `kca serve`, and flows in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kca_etl.prefect_server.api import Api
from tests.flows.processes import command_lines


@dataclass(frozen=True, slots=True)
class Served:
    """A running `kca serve`."""

    process: subprocess.Popen[str]
    port: int
    home: Path
    environment: dict[str, str]

    def ask(self, path: str, body: Any = None) -> Any:
        return Api.here(self.port).ask(path, body)

    def flow(self, module: str, argument: dict[str, Any], home: Path) -> subprocess.Popen[bytes]:
        """Start a flow as a process of its own, with a warehouse of its own."""
        api = {
            "PREFECT_API_URL": f"http://127.0.0.1:{self.port}/api",
            "PREFECT_HOME": str(self.home / "prefect"),
            "KCA_HOME": str(home),
        }
        command = [sys.executable, "-m", module, json.dumps(argument)]
        with (self.home / "flow.log").open("ab") as log:
            return subprocess.Popen(
                command, env=self.environment | api, stdout=log, stderr=log, start_new_session=True
            )


def until(fact: Callable[[], Any], seconds: float = 150) -> Any:
    """Wait for a fact; return it."""
    end = time.monotonic() + seconds
    while not (found := fact()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
    return found


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """Run `kca serve` on a free port; interrupt it at the end, which must leave nobody behind."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("KCA_", "PREFECT_"))
    } | {
        "KCA_HOME": str(home),
        "KCA_BASE_URLS": json.dumps(
            {"statistik.arbeitsagentur.de": "http://127.0.0.1:1"}
        ),  # nobody there: no test asks a publisher
    }
    command = [sys.executable, "-m", "kca_etl", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        assert lines[-1].startswith("Stop with Ctrl-C"), "".join(lines)
        assert f"UI:   http://127.0.0.1:{port}\n" in lines
        yield Served(process, port, home, environment)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
        process.stdout.close()
        running = command_lines()
        assert (code, f"--port {port}" in running) == (0, False)
