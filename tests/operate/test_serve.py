"""What `kca serve` says when it cannot serve."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kca_etl.model.findings import KcaError
from kca_etl.prefect_server import deploy
from kca_etl.prefect_server.api import Api

pytestmark = pytest.mark.project  # prefect.yaml


def serve(home: Path, port: int, **more: str) -> tuple[int, str]:
    return kca(home, "serve", "--port", str(port), **more)


def kca(home: Path, *arguments: str, **more: str) -> tuple[int, str]:
    environment = (
        {k: v for k, v in os.environ.items() if not k.startswith(("KCA_", "PREFECT_"))}
        | {"KCA_HOME": str(home)}
        | more
    )
    command = [sys.executable, "-m", "kca_etl", *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stderr


def test_another_program_has_the_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, said = serve(tmp_path, other.getsockname()[1])
    assert (code, "[PORT_TAKEN]" in said) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_come_up(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nowhere = f"sqlite+aiosqlite:///{tmp_path}/none/x.db"
    code, said = serve(tmp_path, port, PREFECT_SERVER_DATABASE_CONNECTION_URL=nowhere)
    assert code == 1
    assert "[SERVE_FAILED] Prefect's server ended with code" in said
    assert "serve.log" in said


@pytest.mark.parametrize(
    "command",
    [
        ("deploy",),
        ("automations", "apply"),
        (
            "backfill",
            "--source",
            "kiel",
            "--from-month",
            "2020-01",
            "--to-month",
            "2020-02",
            "--distribute",
            "2",
        ),
    ],
)
def test_what_needs_a_server_says_where_it_looked(tmp_path: Path, command: tuple[str, ...]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/api"
    code, said = kca(tmp_path, *command, PREFECT_API_URL=address)
    assert (code, f"no Prefect server answers at {address}" in said, "`kca serve`" in said) == (
        1,
        True,
        True,
    ), said
    assert list(tmp_path.iterdir()) == []


def test_an_installation_without_its_deployments_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "PLACES", (Path("no/prefect.yaml"),))
    with pytest.raises(KcaError, match="NO_FILE"):
        deploy.deploy(Api.here(1), {})
