"""Prefect's processes one by one, as on several machines.

A server, workers that come and go, each killed as a test likes.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kca_etl.prefect_server.api import HOST, POOL, Api
from kca_etl.prefect_server.serve import environment
from kca_etl.settings import Settings
from tests.flows.processes import parents
from tests.flows.served import until


class Cluster:
    """A Prefect server with its deployments, no worker yet."""

    def __init__(self, home: Path, **more: str) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        self.home, self.api = home, Api.here(port)
        own = {
            k: v
            for k, v in environment(Settings(home=home), self.api).items()
            if not k.startswith("KCA_")
        }
        self.environment = own | {"KCA_HOME": str(home)} | more
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.deployments: dict[str, str] = {}

    def up(self) -> None:
        """Start the server; deploy."""
        self.start("server", "prefect", "server", "start", "--host", HOST, "--port", self.api.port)
        until(self.api.answers, 120)
        done = subprocess.run(
            [sys.executable, "-m", "kca_etl", "deploy"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.deployments = {d["name"]: d["id"] for d in self.api.ask("deployments/filter", {})}

    def start(self, name: str, module: str, *arguments: str, **more: str) -> None:
        """Start a process that leads a group of its own."""
        with (self.home / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=self.environment | more,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def worker(self, name: str, limit: int = 8) -> None:
        """Start a worker of the pool that takes so many runs at once."""
        options = (
            "--pool",
            POOL,
            "--type",
            "process",
            "--name",
            name,
            "--limit",
            str(limit),
            "--install-policy",
            "never",
        )
        self.start(name, "prefect", "worker", "start", *options)

    def kill(self, name: str) -> None:
        """Kill a process with everything that it started: the plug of a machine is pulled."""
        process = self._running.pop(name)
        for pid in [*descendants(process.pid), process.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def pid(self, name: str) -> int:
        """The process id of a running process."""
        return self._running[name].pid

    def submit(self, deployment: str, parameters: dict[str, Any], at: str | None = None) -> str:
        """Ask for a run, now or at a time; return its id."""
        body: dict[str, Any] = {"parameters": parameters}
        if at is not None:
            body["state"] = {"type": "SCHEDULED", "state_details": {"scheduled_time": at}}
        run: dict[str, Any] = self.api.ask(
            f"deployments/{self.deployments[deployment]}/create_flow_run", body
        )
        return str(run["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """A run as the server knows it."""
        found: dict[str, Any] = self.api.ask(f"flow_runs/{run_id}")
        return found

    def beats(self, run_id: str) -> int:
        """How many heartbeats of a run the server knows.

        The watchman looks for those that have begun to beat.
        """
        of_run = {
            "event": {"name": ["prefect.flow-run.heartbeat"]},
            "resource": {"id": [f"prefect.flow-run.{run_id}"]},
        }
        return int(self.api.ask("events/filter", {"filter": of_run})["total"])

    def ended(self, run_id: str, seconds: float = 120) -> dict[str, Any]:
        """Wait for a run's end; return it."""
        until(
            lambda: (
                self.run(run_id)["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
            ),
            seconds,
        )
        return self.run(run_id)

    def artifact(self, run_id: str, key: str) -> str:
        """What an artifact of a run holds."""
        (found,) = [
            a
            for a in self.api.ask("artifacts/filter", {})
            if (a["flow_run_id"], a["key"]) == (run_id, key)
        ]
        return str(found["data"])

    def logs(self) -> str:
        """The last words of all processes, for a failed assertion."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-2000:]}"
            for path in sorted(self.home.glob("*.log"))
        )

    def close(self) -> None:
        """End what still runs, the server last."""
        for name in [*(n for n in self._running if n != "server"), "server"]:
            if name in self._running:
                self.kill(name)


@contextmanager
def cluster(home: Path, **more: str) -> Iterator[Cluster]:
    """A server with deployments and automations; everything that was started is gone afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    running = Cluster(home, **more)
    try:
        running.up()
        yield running
    finally:
        running.close()


def descendants(pid: int) -> list[int]:
    """The processes below a process, the youngest first."""
    below = [child for child, parent in parents().items() if parent == pid]
    return [d for child in below for d in [*descendants(child), child]]
