"""`kca serve`.

Prefect's server with its UI, a worker, the deployments and the automations, on this machine alone.

Prefect runs as child processes and is not imported. The supervisor is in Python, because a worker
started in the background of a shell ignores the first SIGTERM. Nothing is reachable from outside,
and nothing speaks to the outside.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.offices import folder as offices
from kca_etl.prefect_server.api import HOST, POOL, Api, password
from kca_etl.prefect_server.deploy import apply_automations, deploy
from kca_etl.prefect_server.report_files import offered
from kca_etl.settings import Settings

START, STOP = (
    120.0,
    15.0,
)  # seconds to wait for a child's start, and for its end before it is killed
KEEP = (
    400 * 24 * 3600
)  # seconds that Prefect keeps its runs, logs and artifacts; ours stay in the warehouse
RETENTION = "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"
# What the operator may say.
OWN = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_SERVER_API_AUTH_STRING", RETENTION)


def environment(settings: Settings, api: Api) -> dict[str, str]:
    """What Prefect's processes are told: where they live, and that they keep to themselves."""
    home = settings.home.resolve()
    (home / "prefect").mkdir(
        parents=True, exist_ok=True
    )  # the server cannot open its database in a folder that is not there
    own = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_") or k in OWN}
    if secret := password():
        own["PREFECT_API_AUTH_STRING"] = secret
    return (
        {RETENTION: str(KEEP)}
        | own
        | {
            "KCA_HOME": str(home),
            **({"KCA_OFFICE": str(settings.office.resolve())} if settings.office else {}),
            "KCA_PUBLIC_URL": settings.public_url or reports_address(api),
            "KCA_OFFICE": str(offices.folder()),
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_API_URL": api.address,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "PREFECT_CLI_PROMPT": "false",
            "DO_NOT_TRACK": "1",
        }
    )


def reports_address(api: Api) -> str:
    """Where `kca serve` offers the rendered reports: the port after the UI's."""
    return f"http://{HOST}:{int(api.port) + 1}"


class Supervisor:
    """Prefect's processes: started one after the other, ended in reverse."""

    def __init__(self, settings: Settings, api: Api) -> None:
        self.api, self.stop = api, Event()
        self.environment = environment(settings, self.api)
        self._log = Path(self.environment["PREFECT_HOME"]) / "serve.log"
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []

    def up(self) -> None:
        """Bring up the server, the deployments in their pool, a worker, and the automations."""
        self._start("server", "server", "start", "--host", HOST, "--port", self.api.port)
        self._until("server", self.api.answers)
        self._say(deploy(self.api, self.environment))
        self._start(
            "worker",
            "worker",
            "start",
            "--pool",
            POOL,
            "--type",
            "process",
            "--name",
            "kca-serve",
            "--install-policy",
            "never",
        )
        self._say(apply_automations(self.api, self.environment))

    def watch(self) -> None:
        """Wait until told to stop, or until a child ends by itself."""
        while not self.stop.wait(0.5):
            for name, child in self._children:
                if child.poll() is not None:
                    raise self._failed(name, child.returncode)

    def down(self) -> None:
        """End the children, the latest first; a run in a worker's hands gets the time to end."""
        for _, child in reversed(self._children):
            child.terminate()
            try:
                child.wait(STOP)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def _start(self, name: str, *command: str) -> None:
        self._children.append((name, self._child(*command)))

    def _child(self, *command: str) -> subprocess.Popen[bytes]:
        """Each child leads a group of its own.

        Ctrl-C reaches the supervisor alone, which ends them in order.
        """
        call = [sys.executable, "-m", "prefect", *command]
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own arguments
                call,
                cwd="/",
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _say(self, text: str) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        with self._log.open("a", encoding="utf-8") as log:
            log.write(text)

    def _until(self, name: str, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + START
        while not ready():
            code = self._children[-1][1].poll()
            if code is not None or time.monotonic() > end:
                raise self._failed(name, code)
            if self.stop.wait(0.2):
                raise KeyboardInterrupt

    def _failed(self, name: str, code: int | None) -> KcaError:
        how = "did not start in time" if code is None else f"ended with code {code}"
        return KcaError(
            Finding(Code.SERVE_FAILED, f"Prefect's {name} {how}", found=f"see {self._log}")
        )


def serve(port: int) -> None:
    """Serve until interrupted.

    Where Prefect is served already, bring its deployments and automations up to date.
    """
    settings, api = Settings(), Api.here(port)
    addresses = f"UI:   {api.ui}\nAPI:  {api.address}"
    if api.answers():
        known = environment(settings, api)
        deploy(api, known)
        apply_automations(api, known)
        print(
            f"Prefect is served already; deployments and automations are up to date.\n{addresses}"
        )
        return
    for wanted in (port, port + 1):
        _take(wanted)
    supervisor = Supervisor(settings, api)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: supervisor.stop.set())
    print("Prefect is starting …", flush=True)
    try:
        supervisor.up()
        with offered(settings.reports, port + 1):
            print(f"{addresses}\nReports: {supervisor.environment['KCA_PUBLIC_URL']}/reports/")
            print(f"KCA_HOME: {settings.home.resolve()}\nStop with Ctrl-C.", flush=True)
            supervisor.watch()
    except KeyboardInterrupt:
        pass
    finally:
        supervisor.down()
    print("Stopped.", flush=True)


def _take(port: int) -> None:
    """Raise KcaError PORT_TAKEN where another program listens on a port."""
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise KcaError(Finding(Code.PORT_TAKEN, f"another program listens on port {port}"))
