"""An answer's body onto the disk.

Decoded here, under a byte cap, with the proof that it came whole.

requests' own decoding is not used: a gzip stream cut at its end passes there without a word, and
how much one read may unpack depends on the version of urllib3.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kca_etl.landing.fetch.network_errors import guarded
from kca_etl.landing.fetch.session import Answer
from kca_etl.landing.guard.notes import refuse
from kca_etl.model.codes import Code

CHUNK = 65_536
GZIP = b"\x1f\x8b"
Proof = Literal["length", "chunked", "gzip", "none"]


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written, and what proves that it is all.

    The length stated, the last chunk, gzip's own end, or nothing.
    """

    path: Path
    size: int
    sha256: str
    proof: Proof


def save(answer: Answer, path: Path) -> Saved:
    """Write the decoded body.

    Raises KcaError INCOMPLETE, DECODING, TOO_LARGE, DEADLINE or NETWORK.
    """
    raw = answer.response.raw
    coding = answer.response.headers.get("Content-Encoding", "").strip().lower()
    proof: Proof = (
        "chunked" if raw.chunked else "length" if raw.length_remaining is not None else "none"
    )
    chunks = received(answer)
    if coding in ("gzip", "x-gzip"):
        chunks, proof = _unzipped(chunks), "gzip"
    elif coding not in ("", "identity"):
        refuse(
            Code.DECODING,
            "the answer is packed in a way we did not ask for",
            ascii(coding[:40]),
            "gzip or none",
        )
    return write(chunks, path, answer.budget.max_bytes, proof)


def received(answer: Answer) -> Iterator[bytes]:
    """Yield the body as it comes off the wire, chunk framing removed, length checked."""
    # urllib3 holds a stated Content-Length against what came, and a chunked body against its last
    # chunk.
    stream = answer.response.raw.stream(CHUNK, decode_content=False)
    while chunk := guarded(answer.budget, lambda: next(stream, b"")):
        answer.budget.left()
        yield chunk


def write(chunks: Iterator[bytes], path: Path, max_bytes: int, proof: Proof) -> Saved:
    """Write chunks to a new file, hash and count them.

    Raises KcaError TOO_LARGE, or INCOMPLETE where there is nothing.
    """
    hasher, size = hashlib.sha256(), 0
    with path.open("xb") as out:
        for chunk in chunks:
            hasher.update(chunk)
            size += out.write(chunk)
            if size > max_bytes:
                refuse(
                    Code.TOO_LARGE,
                    "the answer is too large",
                    f"more than {max_bytes} bytes",
                    f"at most {max_bytes} bytes",
                )
    if size == 0:
        refuse(Code.INCOMPLETE, "the answer is empty")
    return Saved(path, size, hasher.hexdigest(), proof)


def _unzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip piece by piece; several members may follow each other, nothing else may."""
    unpack, begun = zlib.decompressobj(31), False
    for chunk in chunks:
        data = chunk
        while data:
            if unpack.eof:
                unpack = zlib.decompressobj(31)
            begun = True
            yield _inflated(unpack, data)
            data = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    if begun and not unpack.eof:
        yield _inflated(unpack, b"")
    if not unpack.eof:
        refuse(Code.INCOMPLETE, "the answer was cut short", "a gzip stream without its end")


def _inflated(unpack: zlib._Decompress, data: bytes) -> bytes:
    try:
        return unpack.decompress(data, CHUNK)
    except zlib.error as error:
        refuse(Code.DECODING, "the answer cannot be unpacked", str(error))
