"""The rendered reports beside Prefect's UI: `/reports/NAME`, for reading, from this machine.

Only files of the reports folder, only the kinds that reports have, never a listing. Scripts are
forbidden in what is shown, and no other name than this machine's own is answered to.
"""

from __future__ import annotations

import mimetypes
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kca_etl.prefect_server.api import HOST

PLACE = "/reports/"
KINDS = {".pdf", ".html", ".xlsx", ".csv", ".json", ".png", ".txt"}
NAMES = {HOST, "localhost"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    ),
    "Referrer-Policy": "no-referrer",
}


def find(folder: Path, path: str) -> Path | None:
    """Return the file that an address's path names; None where there is none to show."""
    if not path.startswith(PLACE):
        return None
    name = unquote(path.removeprefix(PLACE))
    file = folder / name
    plain = Path(name).name == name and not name.startswith(".") and "\x00" not in name
    if not plain or file.suffix.lower() not in KINDS or file.is_symlink() or not file.is_file():
        return None
    return file


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    folder: Path

    def do_GET(self) -> None:
        """Send a file."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Say what a file is."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        file = find(self.folder, urlsplit(self.path).path) if host in NAMES else None
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with file.open("rb") as content:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", _kind(file))
            self.send_header("Content-Length", str(file.stat().st_size))
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.end_headers()
            if with_body:
                shutil.copyfileobj(content, self.wfile)

    def log_message(self, *_: object) -> None:
        """Say nothing: who read a report is nobody's business."""


def _kind(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


@contextmanager
def offered(folder: Path, port: int) -> Iterator[str]:
    """Serve the reports of a folder on this machine; yields the address of the server.

    Raises OSError where the port is taken. Port 0 takes any free one.
    """
    handler = type("Handler", (_Handler,), {"folder": folder})
    with ThreadingHTTPServer((HOST, port), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_address[1]}"
        finally:
            server.shutdown()
