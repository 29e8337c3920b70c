"""A headless Chromium, driven over the plain W3C WebDriver protocol.

No client library, no word to the outside.
"""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ELEMENT = (
    "element-6066-11e4-a52e-4f735466cecf"  # the key under which the protocol hands out an element
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,1000",
)


class Browser:
    """One window."""

    def __init__(self, driver: str, profile: Path, binary: str) -> None:
        self._at = driver
        options = {"args": [*FLAGS, f"--user-data-dir={profile}"], "binary": binary}
        wanted = {
            "capabilities": {
                "alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}
            }
        }
        self._at = f"{driver}/session/{self._send('POST', '/session', wanted)['sessionId']}"

    def open(self, url: str) -> None:
        """Go to a page."""
        self._send("POST", "/url", {"url": url})

    def find(self, xpath: str, seconds: float = 30) -> str:
        """Wait for an element; return its id."""

        def found() -> list[dict[str, str]]:
            elements: list[dict[str, str]] = self._send(
                "POST", "/elements", {"using": "xpath", "value": xpath}
            )
            return elements

        missing = f"{xpath} is not on {self.text()[:2000]!r}"
        elements: list[dict[str, str]] = wait(found, missing, seconds)
        return elements[0][ELEMENT]

    def click(self, xpath: str) -> None:
        """Wait for an element that can be clicked; click it."""

        def clicked() -> bool:
            try:
                self._send("POST", f"/element/{self.find(xpath)}/click", {})
            except (
                urllib.error.HTTPError
            ) as error:  # still behind something, or drawn anew meanwhile
                error.close()
                return False
            return True

        wait(clicked, f"{xpath} cannot be clicked")

    def follow(self) -> None:
        """Go on in the window that was opened last, as a link to another place opens one."""
        self._send("POST", "/window", {"handle": self._send("GET", "/window/handles")[-1]})

    def write(self, xpath: str, text: str) -> None:
        """Type into a field that was emptied."""
        field = self.find(xpath)
        self._send("POST", f"/element/{field}/clear", {})
        self._send("POST", f"/element/{field}/value", {"text": text})

    def text(self) -> str:
        """What the page says."""
        return str(self.script("return document.body.innerText"))

    def script(self, code: str) -> Any:
        """Run JavaScript in the page."""
        return self._send("POST", "/execute/sync", {"script": code, "args": []})

    def screenshot(self) -> bytes:
        """What is to be seen, as PNG."""
        return base64.b64decode(self._send("GET", "/screenshot"))

    def close(self) -> None:
        """End the browser."""
        self._send("DELETE", "")

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback
            self._at + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            request, timeout=60
        ) as answer:
            return json.load(answer)["value"]


def wait(fact: Callable[[], Any], otherwise: str, seconds: float = 30) -> Any:
    """Wait for a fact; return it."""
    end = time.monotonic() + seconds
    while not (found := fact()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
    return found


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def browsing(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile; skip the test where there is none."""
    binary, driver = (
        shutil.which("chromium") or shutil.which("google-chrome"),
        shutil.which("chromedriver"),
    )
    if binary is None or driver is None:
        pytest.skip("no Chromium with chromedriver here (Debian: chromium, chromium-driver)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (profile.parent / "chromedriver.log").open("wb") as log:
        process = subprocess.Popen([driver, f"--port={port}"], stdout=log, stderr=log)
    try:
        wait(lambda: _listens(port), "chromedriver did not start")
        browser = Browser(f"http://127.0.0.1:{port}", profile, binary)
        try:
            yield browser
        finally:
            browser.close()
    finally:
        process.terminate()
        process.wait(30)
