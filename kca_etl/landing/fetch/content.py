"""Is what came what was asked for, and is it whole? Decided by its first and last bytes.

The guard reads it closely later.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kca_etl.landing.fetch.body import CHUNK, Proof, Saved, write
from kca_etl.landing.guard import biff
from kca_etl.landing.guard.notes import refuse
from kca_etl.landing.guard.whole import ZIP, ole_is_whole, zip_is_whole
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources.endpoint import Kind

MAX_MEMBERS = 100
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<script", b"<?xml", b"<")


def check(saved: Saved, kind: Kind) -> list[Finding]:
    """Refuse what is not the kind expected or not whole.

    Return a warning where nothing proves the end.

    Raises KcaError WEB_PAGE, API_ERROR, ZIP_NOT_CSV, WRONG_CONTENT or INCOMPLETE.
    """
    with saved.path.open("rb") as file:
        head = file.read(1024)
        check_kind(head, kind)
        if head.startswith(ZIP):
            whole = zip_is_whole(file)
        elif head.startswith(biff.SIGNATURE):
            whole = ole_is_whole(file)
        else:
            return _check_text_end(file, saved.proof)
    if not whole:
        refuse(
            Code.INCOMPLETE,
            "the file was cut short on its way or at its source",
            f"{saved.size} bytes without the end of the {kind}",
        )
    return []


def sniff(head: bytes) -> str:
    """Name what a body begins as: zip, ole, page, json, gzip, binary or text."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, name in ((ZIP, "zip"), (biff.SIGNATURE, "ole"), (b"\x1f\x8b", "gzip")):
        if head.startswith(magic):
            return name
    if start[:20].lower().startswith(_PAGE):
        return "page"
    if start.startswith((b"{", b"[")):
        return "json"
    return "binary" if b"\x00" in head or head.startswith(b"%PDF") else "text"


def check_kind(head: bytes, kind: Kind) -> None:
    """Refuse what does not begin like the kind expected."""
    found = sniff(head)
    shown = ascii(head[:120].decode("utf-8", "replace"))
    if found == "page":
        refuse(Code.WEB_PAGE, "a web page came in place of the document", shown, kind)
    if found == "json":
        refuse(
            Code.API_ERROR,
            "the service answered with a message in place of the document",
            shown,
            kind,
        )
    if found == "zip" and kind == "csv":
        refuse(Code.ZIP_NOT_CSV, "a ZIP came where a CSV was due", expected=kind)
    # The portal serves some products as .xls and .xlsx under one address; which reader gets it is
    # the guard's decision.
    fits = {"xlsx": ("zip", "ole"), "xls": ("ole", "zip"), "csv": ("text",), "zip-csv": ("zip",)}[
        kind
    ]
    if found not in fits:
        refuse(
            Code.WRONG_CONTENT,
            "something else came in place of the document",
            f"{found}: {shown}",
            kind,
        )


def _check_text_end(file: IO[bytes], proof: Proof) -> list[Finding]:
    """A text has no end of its own.

    Without a proof from the transport the last line must at least be a whole line.
    """
    if proof != "none":
        return []
    file.seek(-1, 2)
    if file.read(1) not in (b"\n", b"\r"):
        refuse(
            Code.INCOMPLETE,
            "the text breaks off in the middle of a line, and the server did not state its length",
        )
    what = "the server stated no length: that the text is whole cannot be proved"
    return [Finding(Code.UNPROVED_END, what, expected="Content-Length or chunks")]


def unpack_csv(saved: Saved, path: Path, max_bytes: int) -> Saved:
    """Take the one CSV out of a ZIP. Raises KcaError WRONG_CONTENT, TOO_LARGE or INCOMPLETE."""
    try:
        with zipfile.ZipFile(saved.path) as archive:
            members = [m for m in archive.infolist()[:MAX_MEMBERS] if not m.is_dir()]
            if (
                len(members) != 1
                or not members[0].filename.lower().endswith(".csv")
                or members[0].flag_bits & 1
            ):
                held = ascii([m.filename[:80] for m in members[:5]])
                refuse(
                    Code.WRONG_CONTENT,
                    "the ZIP does not hold exactly one CSV",
                    held,
                    "one CSV, not encrypted",
                )
            with archive.open(members[0]) as packed:
                return write(_pieces(packed), path, max_bytes, saved.proof)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error) as error:
        refuse(Code.INCOMPLETE, "the ZIP is damaged", str(error)[:100])


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece
