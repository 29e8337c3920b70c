"""Servers on the loopback that play portal, API and GENESIS, and sockets that answer badly."""

from __future__ import annotations

import gzip
import io
import re
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import xlsxwriter
from pydantic import SecretStr

from kca_etl.landing.fetch.session import Options, Session
from kca_etl.model.month import month_number
from kca_etl.sources.endpoint import Fetch

HOST, API, GENESIS = (
    "statistik.arbeitsagentur.de",
    "statistik-dr.arbeitsagentur.de",
    "www-genesis.destatis.de",
)
MONTH = month_number(2020, 11)
TOKEN = "canary-3f9a1c"  # noqa: S105 - stands for a secret
PORTAL_SPEC = Fetch(
    url=f"https://{HOST}/Statistikdaten/Detail/{{yyyymm}}/ama/amr-amr/amr-{{code}}-0-{{yyyymm}}-xlsx.xlsx?__blob=publicationFile&v={{v}}",
    hosts=(HOST,),
    kind="xlsx",
    values={"code": "d", "v": "1"},
)
API_SPEC = Fetch(
    url=f"https://{API}/bifrontend/bids-api/ct/v1/tableFetch/csv/EckwerteTabelleALOKr",
    params={"Kreis": "Main-Kinzig-Kreis"},
    hosts=(API,),
    kind="csv",
)
GENESIS_SPEC = Fetch(
    url=f"https://{GENESIS}/genesisWS/rest/2020/data/tablefile",
    method="POST",
    fields={"name": "13211-0001", "format": "ffcsv", "startyear": "{yyyy}", "area": "all"},
    headers={"password": ""},
    secret_headers={"username": "genesis_token"},
    hosts=(GENESIS,),
    kind="zip-csv",
)


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What to answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Asked], Reply]


@dataclass
class Served:
    """A running server: its base URL and what it was asked."""

    base: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def serving(
    script: Script, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[Served]:
    """Run an HTTP server whose answers a function gives."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(
                self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body
            )
            served.asked.append(asked)
            reply = script(asked)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = answer  # noqa: N815 - http.server's names

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            """A client that hangs up is part of the play."""

    server = Server(("127.0.0.1", 0), Handler)
    if wrap is not None:
        server.socket = wrap(server.socket)
    served = Served(f"{'https' if wrap else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def raw(play: bytes | Callable[[socket.socket], None]) -> Iterator[str]:
    """Run a socket server that answers a request with bytes or by a function; yield its URL."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def handle(sock: socket.socket) -> None:
        with sock, suppress(OSError):
            sock.settimeout(10)
            _read_request(sock)
            if isinstance(play, bytes):
                sock.sendall(play)
                sock.shutdown(socket.SHUT_WR)
                sock.recv(1)
            else:
                play(sock)

    def accept() -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                sock = listener.accept()[0]
                threading.Thread(target=handle, args=(sock,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join(5)
        listener.close()


def _read_request(sock: socket.socket) -> None:
    """Read a request with its body: what is left unread would make closing a reset."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = sock.recv(4096)
        if not piece:
            return
        got += piece
    top, _, body = got.partition(b"\r\n\r\n")
    stated = re.search(rb"(?i)content-length: (\d+)", top)
    while len(body) < (int(stated[1]) if stated else 0) and (piece := sock.recv(4096)):
        body += piece


def dribble(first: bytes, piece: bytes, pause: float = 0.02) -> Callable[[socket.socket], None]:
    """Answer `first`, then a piece now and then, for ever."""

    def play(sock: socket.socket) -> None:
        sock.sendall(first)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            sock.sendall(piece)
            time.sleep(pause)

    return play


def flood(first: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Answer `first`, then pieces as fast as they are taken, up to a gigabyte."""

    def play(sock: socket.socket) -> None:
        sock.sendall(first)
        for _ in range((1 << 30) // len(piece)):
            sock.sendall(piece)

    return play


def head(status: str = "200 OK", **headers: str) -> bytes:
    """Render a status line and headers; `_` in a name means `-`."""
    lines = [
        f"HTTP/1.1 {status}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def chunked(body: bytes, size: int = 1000) -> bytes:
    """Frame a body as chunks, with its last chunk."""
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def session(tmp_path: Path, base: str | dict[str, str], **options: Any) -> Session:
    """Make a session that asks a test server; unfinished downloads go into `tmp_path / "dl"`."""
    folder = tmp_path / "dl"
    folder.mkdir(exist_ok=True)
    bases = base if isinstance(base, dict) else dict.fromkeys((HOST, API, GENESIS), base)
    world = {
        key: options.pop(key)
        for key in ("clock", "sleep", "wall", "dice", "resolve")
        if key in options
    }
    given: dict[str, Any] = {
        "interval": 0.0,
        "deadline": 10.0,
        "max_bytes": 2_000_000,
        "folder": folder,
        "base_urls": bases,
    } | options
    return Session(Options(**given), {"genesis_token": SecretStr(TOKEN)}, **world)


def workbook(value: float = 1.0) -> bytes:
    """Make a small .xlsx."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2020, 12, 1)})  # the same bytes every time
        sheet = book.add_worksheet("Daten")
        sheet.write(0, 0, "Arbeitslose")
        sheet.write(0, 1, value)
    return out.getvalue()


def table(rows: int = 100) -> bytes:
    """Make a CSV as the API's and GENESIS's look."""
    return ("Merkmal;Wert\r\n" + "".join(f"Zeile {n};{n * 7},5\r\n" for n in range(rows))).encode()


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Make a ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """Make a gzip stream of zeros that unpacks to that many megabytes."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as packed:
        for _ in range(megabytes):
            packed.write(bytes(1 << 20))
    return out.getvalue()
