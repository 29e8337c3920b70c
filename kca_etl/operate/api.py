"""Asking Prefect's server on this machine, without importing Prefect."""

from __future__ import annotations

import json
import urllib.request
from http.client import HTTPResponse
from typing import Any

HOST, PORT, POOL = "127.0.0.1", 4200, "kca"
PATIENCE = 5.0  # seconds for an answer


def address(port: int) -> str:
    """Where the API is."""
    return f"http://{HOST}:{port}/api"


def ask(port: int, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
    """Ask for JSON: GET, or POST where there is a body. Raises OSError."""
    with _open(port, path, body) as answer:
        return json.load(answer)


def answers(port: int) -> bool:
    """Tell whether a Prefect server answers there."""
    try:
        return ask(port, "health") is True
    except (OSError, ValueError):
        return False


def clock(port: int) -> str:
    """The server's time as its answers' header has it."""
    with _open(port, "health") as answer:
        return answer.headers["Date"]


def _open(port: int, path: str, body: Any = None) -> HTTPResponse:  # noqa: ANN401 - JSON
    """A proxy has no business between us and this machine."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address(port)}/{path}", data, {"Content-Type": "application/json"})  # noqa: S310 - http on this machine
    answer: HTTPResponse = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE)
    return answer
