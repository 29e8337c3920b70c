"""Answers as no server should give.

Each ends in its own finding, in bounded time and memory, and leaves nothing behind.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kca_etl.landing.fetch.fetch import fetch
from kca_etl.model.findings import KcaError
from kca_etl.sources.endpoint import Fetch
from tests.landing.fetch.servers import (
    API_SPEC,
    GENESIS_SPEC,
    MONTH,
    PORTAL_SPEC,
    Reply,
    bomb,
    chunked,
    dribble,
    flood,
    head,
    raw,
    serving,
    session,
    table,
    workbook,
    zipped,
)

BOOK, CSV = workbook(), table()
PAGE = b"<!DOCTYPE html>\n<html><body>Wartungsarbeiten</body></html>\n"
MEGABYTE = 1 << 20


@contextmanager
def bounded(seconds: float, megabytes: float) -> Iterator[None]:
    """Hold a block against a stop-watch and Python's own memory."""
    tracemalloc.start()
    began = time.monotonic()
    try:
        yield
        took, peak = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < seconds
    assert peak < megabytes * MEGABYTE


def refused(
    tmp_path: Path, spec: Fetch, play: bytes | Callable[[socket.socket], None], **options: float
) -> str:
    """Fetch from a raw server; return the one finding's code.

    Then a good server answers: nothing of the trouble may linger.
    """
    with raw(play) as base:
        with pytest.raises(KcaError) as error:
            fetch(spec, MONTH, session(tmp_path, base, **options))
        assert len(error.value.findings) == 1
        assert list((tmp_path / "dl").iterdir()) == []
    good = {"xlsx": BOOK, "csv": CSV, "zip-csv": zipped(("a.csv", CSV))}[spec.kind]
    with serving(lambda _: Reply(200, good)) as served:
        assert fetch(spec, MONTH, session(tmp_path, served.base)).path is not None
    return error.value.findings[0].code


BROKEN: list[tuple[Fetch, bytes, str]] = [
    # cut short
    (PORTAL_SPEC, head(Content_Length=str(len(BOOK))) + BOOK[:-1], "INCOMPLETE"),
    (PORTAL_SPEC, head(Content_Length=str(len(BOOK))), "INCOMPLETE"),
    (PORTAL_SPEC, head(Transfer_Encoding="chunked") + chunked(BOOK)[:-5], "INCOMPLETE"),
    (PORTAL_SPEC, head(Transfer_Encoding="chunked") + chunked(BOOK)[:-100], "INCOMPLETE"),
    (PORTAL_SPEC, head(Transfer_Encoding="chunked") + chunked(BOOK)[:300], "INCOMPLETE"),
    (PORTAL_SPEC, head(Transfer_Encoding="chunked") + b"zz\r\n" + BOOK, "INCOMPLETE"),
    (PORTAL_SPEC, head(Connection="close") + BOOK[:-1], "INCOMPLETE"),
    (PORTAL_SPEC, head(Connection="close") + BOOK[: len(BOOK) // 2], "INCOMPLETE"),
    (PORTAL_SPEC, head(Connection="close"), "INCOMPLETE"),
    (PORTAL_SPEC, head(Content_Length="0"), "INCOMPLETE"),
    (
        PORTAL_SPEC,
        head(Content_Length=str(len(BOOK) - 9)) + BOOK[:-9],
        "INCOMPLETE",
    ),  # cut at its source
    (API_SPEC, head(Connection="close") + CSV[:-3], "INCOMPLETE"),
    (API_SPEC, head(Content_Length=str(len(CSV) + 1)) + CSV, "INCOMPLETE"),
    (API_SPEC, head(Content_Encoding="gzip") + gzip.compress(CSV)[:-1], "INCOMPLETE"),
    (API_SPEC, head(Content_Encoding="gzip") + gzip.compress(CSV)[:-9], "INCOMPLETE"),
    (
        API_SPEC,
        head(Content_Encoding="gzip", Content_Length="40") + gzip.compress(CSV)[:40],
        "INCOMPLETE",
    ),
    (API_SPEC, head(Content_Encoding="gzip"), "INCOMPLETE"),
    (GENESIS_SPEC, head(Connection="close") + zipped(("a.csv", CSV))[:-4], "INCOMPLETE"),
    # packed wrongly
    (API_SPEC, head(Content_Encoding="gzip") + CSV, "DECODING"),
    (API_SPEC, head(Content_Encoding="gzip") + gzip.compress(CSV) + b"more", "DECODING"),
    (API_SPEC, head(Content_Encoding="gzip") + gzip.compress(CSV)[:-8] + bytes(8), "DECODING"),
    (API_SPEC, head(Content_Encoding="br") + CSV, "DECODING"),
    (API_SPEC, head(Content_Encoding="gzip, gzip") + gzip.compress(gzip.compress(CSV)), "DECODING"),
    # something else
    (PORTAL_SPEC, head(Content_Length=str(len(PAGE))) + PAGE, "WEB_PAGE"),
    (API_SPEC, head(Content_Length=str(len(PAGE))) + PAGE, "WEB_PAGE"),
    (GENESIS_SPEC, head(Content_Length=str(len(PAGE))) + PAGE, "WEB_PAGE"),
    (API_SPEC, head(Content_Length=str(len(PAGE) + 3)) + b"\xef\xbb\xbf" + PAGE, "WEB_PAGE"),
    (API_SPEC, head(Content_Length=str(len(BOOK))) + BOOK, "ZIP_NOT_CSV"),
    (API_SPEC, head(Content_Length="8") + b"%PDF-1.7", "WRONG_CONTENT"),
    (PORTAL_SPEC, head(Content_Length=str(len(CSV))) + CSV, "WRONG_CONTENT"),
    (PORTAL_SPEC, head(Content_Length="8") + b"%PDF-1.7", "WRONG_CONTENT"),
    (PORTAL_SPEC, head(Content_Length=str(len(g := gzip.compress(BOOK)))) + g, "WRONG_CONTENT"),
    (GENESIS_SPEC, head(Content_Length=str(len(CSV))) + CSV, "WRONG_CONTENT"),
    (GENESIS_SPEC, head(Content_Length="16") + b'{"Code":"15"}   ', "API_ERROR"),
    (
        GENESIS_SPEC,
        head(Content_Length=str(len(z := zipped(("a.csv", CSV), ("b.csv", CSV))))) + z,
        "WRONG_CONTENT",
    ),
    (GENESIS_SPEC, head(Content_Length=str(len(z := zipped(("a.exe", CSV))))) + z, "WRONG_CONTENT"),
    (GENESIS_SPEC, head(Content_Length=str(len(z := zipped()))) + z, "WRONG_CONTENT"),
    (GENESIS_SPEC, head(Content_Length=str(len(z := zipped(("a.csv", PAGE))))) + z, "WEB_PAGE"),
    (GENESIS_SPEC, head(Content_Length=str(len(z := zipped(("a.csv", BOOK))))) + z, "ZIP_NOT_CSV"),
    # no HTTP
    (PORTAL_SPEC, b"", "NETWORK"),
    (PORTAL_SPEC, b"SSH-2.0-OpenSSH_9.2\r\n", "BAD_ANSWER"),
    (PORTAL_SPEC, b"HTTP/1.1 abc\r\n\r\n", "BAD_ANSWER"),
    (PORTAL_SPEC, head(X="y" * 100_000) + BOOK, "BAD_ANSWER"),
    (PORTAL_SPEC, b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "BAD_ANSWER"),
    (
        PORTAL_SPEC,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n" + BOOK,
        "BAD_ANSWER",
    ),
    # a redirect's body is not read, whatever is in it
    (PORTAL_SPEC, head("302 Found", Location="https://evil.example/") + PAGE, "FORBIDDEN_HOST"),
]


@pytest.mark.parametrize(
    ("spec", "answer", "code"),
    BROKEN,
    ids=[f"{number}-{code}" for number, (_, _, code) in enumerate(BROKEN)],
)
def test_broken_answer(tmp_path: Path, spec: Fetch, answer: bytes, code: str) -> None:
    with bounded(10, 30):
        assert refused(tmp_path, spec, answer) == code


@pytest.mark.parametrize("length", ["-5", "many", "1e3"])
def test_senseless_length_is_no_proof(tmp_path: Path, length: str) -> None:
    with raw(head(Content_Length=length) + CSV) as base:
        got = fetch(API_SPEC, MONTH, session(tmp_path, base))
    assert got.proof == "none"
    assert [f.code for f in got.findings] == ["UNPROVED_END"]


def test_what_proves_the_end(tmp_path: Path) -> None:
    answers = {
        "length": head(Content_Length=str(len(CSV))) + CSV,
        "chunked": head(Transfer_Encoding="chunked") + chunked(CSV),
        "gzip": head(Content_Encoding="gzip") + gzip.compress(CSV[:50]) + gzip.compress(CSV[50:]),
        "none": head(Connection="close") + CSV,
    }
    for proof, answer in answers.items():
        with raw(answer) as base:
            got = fetch(API_SPEC, MONTH, session(tmp_path, base))
        assert got.path is not None
        assert got.path.read_bytes() == CSV
        assert (got.proof, [f.code for f in got.findings]) == (
            proof,
            ["UNPROVED_END"] if proof == "none" else [],
        )
    with raw(head(Connection="close") + BOOK) as base:  # a workbook proves its own end
        assert fetch(PORTAL_SPEC, MONTH, session(tmp_path, base)).findings == []


def test_gzip_bomb(tmp_path: Path) -> None:
    packed = bomb(500)
    for answer in (
        head(Content_Encoding="gzip", Content_Length=str(len(packed))) + packed,
        head(Content_Encoding="gzip") + packed,
    ):
        with bounded(5, 10), raw(answer) as base, pytest.raises(KcaError, match="TOO_LARGE"):
            fetch(API_SPEC, MONTH, session(tmp_path, base))
        assert list((tmp_path / "dl").iterdir()) == []


def test_zip_bomb(tmp_path: Path) -> None:
    packed = zipped(("a.csv", bytes(200 * MEGABYTE)))
    with bounded(5, 10):
        assert len(packed) < 2_000_000
        with (
            raw(head(Content_Length=str(len(packed))) + packed) as base,
            pytest.raises(KcaError, match="TOO_LARGE"),
        ):
            fetch(GENESIS_SPEC, MONTH, session(tmp_path, base))


def test_bomb_in_a_redirect_or_an_error_is_not_unpacked(tmp_path: Path) -> None:
    packed = bomb(200)
    for status, code in (
        ("302 Found", "FORBIDDEN_HOST"),
        ("500 Oops", "HTTP_STATUS"),
        ("404 Not Found", "NOT_YET_PUBLISHED"),
    ):
        answer = head(status, Content_Encoding="gzip", Location="https://evil.example/") + packed
        with bounded(5, 10), raw(answer) as base, pytest.raises(KcaError, match=code):
            fetch(API_SPEC, MONTH, session(tmp_path, base))


@pytest.mark.parametrize(
    "first",
    [
        head(Connection="close"),  # a body without end
        head(Transfer_Encoding="chunked") + b"40000000\r\n",  # one chunk of a gigabyte
        head(Content_Length=str(1 << 40)),
    ],
)
def test_endless_body(tmp_path: Path, first: bytes) -> None:
    with (
        bounded(10, 10),
        raw(flood(first, b"a;b;c\r\n" * 9000)) as base,
        pytest.raises(KcaError, match="TOO_LARGE"),
    ):
        fetch(API_SPEC, MONTH, session(tmp_path, base))


@pytest.mark.parametrize(
    ("first", "piece", "codes"),
    [
        (b"HTTP/1.1 200 ", b"x" * 60_000, {"BAD_ANSWER"}),  # a status line without end
        (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 60_000, {"BAD_ANSWER"}),  # a header without end
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, {"TOO_LARGE"}),  # 100 Continue for ever
        (
            head(Transfer_Encoding="chunked"),
            b"0" * 60_000,
            {"BAD_ANSWER", "INCOMPLETE"},
        ),  # a chunk's size without end
        (
            head(Transfer_Encoding="chunked") + b"0\r\n",
            b"X: y\r\n" * 10_000,
            {"TOO_LARGE"},
        ),  # trailers for ever
        (
            head(Transfer_Encoding="chunked"),
            b"1;" + b"e" * 4000 + b"\r\na\r\n",
            {"TOO_LARGE"},
        ),  # much frame, little body
    ],
)
def test_endless_framing(tmp_path: Path, first: bytes, piece: bytes, codes: set[str]) -> None:
    with bounded(10, 12), raw(flood(first, piece)) as base, pytest.raises(KcaError) as error:
        fetch(API_SPEC, MONTH, session(tmp_path, base))
    assert error.value.findings[0].code in codes


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"", b"H"),  # in the status line
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),  # in a header
        (head(Content_Length="100000"), b"a"),  # in the body
        (head(Transfer_Encoding="chunked"), b"1\r\na\r\n"),  # in chunks
        (head(Transfer_Encoding="chunked"), b"0"),  # in a chunk's size
        (head(Content_Encoding="gzip"), b"\x1f"),
        (head("429 Slow"), b"a"),
    ],
)
def test_slow_loris(tmp_path: Path, first: bytes, piece: bytes) -> None:
    with bounded(3, 10):
        with raw(dribble(first, piece)) as base, pytest.raises(KcaError) as error:
            fetch(API_SPEC, MONTH, session(tmp_path, base, deadline=0.6))
        assert error.value.findings[0].code in ("DEADLINE", "DECODING", "TOO_FAST")
    if b"429" not in first and piece != b"\x1f":
        assert error.value.findings[0].code == "DEADLINE"


def test_silence(tmp_path: Path) -> None:
    with (
        bounded(3, 10),
        raw(lambda _: time.sleep(5)) as base,
        pytest.raises(KcaError, match="DEADLINE"),
    ):
        fetch(API_SPEC, MONTH, session(tmp_path, base, deadline=0.5))


def test_silence_longer_than_the_read_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kca_etl.landing.fetch.wire.READ_TIMEOUT", 0.3)
    with (
        bounded(3, 10),
        raw(dribble(head(Content_Length="50") + b"a;b", b"", 0.5)) as base,
        pytest.raises(KcaError, match="NETWORK"),
    ):
        fetch(API_SPEC, MONTH, session(tmp_path, base, deadline=5.0))


def test_redirects_share_one_deadline(tmp_path: Path) -> None:
    numbers = iter(range(1000))

    def slow_hop(sock: socket.socket) -> None:
        time.sleep(0.25)
        sock.sendall(head("302 Found", Location=f"/{next(numbers)}", Content_Length="0"))

    with bounded(3, 10), raw(slow_hop) as base, pytest.raises(KcaError, match="DEADLINE"):
        fetch(API_SPEC, MONTH, session(tmp_path, base, deadline=0.6))


def test_reset_and_refused(tmp_path: Path) -> None:
    def reset(sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")

    def reset_in_body(sock: socket.socket) -> None:
        sock.sendall(head(Content_Length="5000") + b"a;b\r\n")
        reset(sock)

    for play in (reset, reset_in_body):
        with raw(play) as base, pytest.raises(KcaError, match="NETWORK"):
            fetch(API_SPEC, MONTH, session(tmp_path, base))
    with pytest.raises(KcaError, match="NETWORK"):
        fetch(API_SPEC, MONTH, session(tmp_path, "http://127.0.0.1:9"))


def test_name_that_does_not_resolve(tmp_path: Path) -> None:
    def nowhere(*_args: object, **_kwargs: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(KcaError, match="NETWORK") as error:
        fetch(API_SPEC, MONTH, session(tmp_path, {}, resolve=nowhere))
    assert "Name or service not known" in error.value.findings[0].found


def test_no_thread_and_no_connection_is_left(tmp_path: Path) -> None:
    before = threading.active_count()
    with serving(lambda _: Reply(200, CSV)) as served:
        s = session(tmp_path, served.base)
        for _ in range(5):
            fetch(API_SPEC, MONTH, s).discard()
    assert threading.active_count() <= before
