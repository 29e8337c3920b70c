"""Asking Prefect's server, without importing Prefect."""

from __future__ import annotations

import base64
import json
import os
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPResponse
from typing import Any, Self

HOST, PORT, POOL = "127.0.0.1", 4200, "kca"
WATCHMAN = "kca: dead runs are marked crashed"  # the automation's name
PATIENCE = 20.0  # seconds for an answer: SQLite under a busy server makes people wait
PAUSES = (0.5, 1.0, 2.0)  # seconds; the server answers 503 while its SQLite is busy


@dataclass(frozen=True, slots=True)
class Api:
    """The API at an address such as `http://127.0.0.1:4200/api`."""

    address: str

    @classmethod
    def here(cls, port: int = PORT) -> Self:
        """The API that `kca serve` offers on this machine."""
        return cls(f"http://{HOST}:{port}/api")

    @classmethod
    def configured(cls, port: int | None = None) -> Self:
        """The one on this machine if a port is given, else the one that PREFECT_API_URL names."""
        named = os.environ.get("PREFECT_API_URL")
        return cls(named) if named and port is None else cls.here(port or PORT)

    @property
    def ui(self) -> str:
        """Where a browser finds the UI."""
        return self.address.removesuffix("/api")

    @property
    def port(self) -> str:
        """The port in its address."""
        return self.ui.rpartition(":")[2]

    def ask(self, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        """Ask for JSON: GET, or POST where there is a body. Raises OSError."""
        with self._open(path, body) as answer:
            return json.load(answer)

    def answers(self) -> bool:
        """Tell whether a Prefect server answers there."""
        try:
            return self.ask("health") is True
        except (OSError, ValueError):
            return False

    def admits(self) -> bool:
        """Tell whether it answers us more than that it is there: it may want a password."""
        try:
            return isinstance(self.ask("work_pools/count", {}), int)
        except urllib.error.HTTPError as error:
            error.close()
            return False
        except (OSError, ValueError):
            return False

    def clock(self) -> str:
        """The server's time as its answers' header has it."""
        with self._open("health") as answer:
            return answer.headers["Date"]

    def _open(self, path: str, body: Any = None) -> HTTPResponse:  # noqa: ANN401 - JSON
        """A proxy has no business between us and our server."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if secret := password():
            headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
        request = urllib.request.Request(f"{self.address}/{path}", data, headers)  # noqa: S310 - the operator's own address
        for pause in PAUSES:
            try:
                return _send(request)
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
                error.close()
                time.sleep(pause)
        return _send(request)


def password() -> str:
    """`user:password` for a server that wants one.

    On the server's own machine it is the server's.
    """
    return (
        os.environ.get("PREFECT_API_AUTH_STRING")
        or os.environ.get("PREFECT_SERVER_API_AUTH_STRING")
        or ""
    )


def _send(request: urllib.request.Request) -> HTTPResponse:
    answer: HTTPResponse = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        request, timeout=PATIENCE
    )
    return answer
