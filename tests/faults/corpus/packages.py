"""Faults of the container: ZIP, OLE, and files that are something else."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.corpus.kind import ARBEITSLOSE, QUOTE, Kind, plain
from tests.landing import ole
from tests.landing.hostile import REFUSED

MEGABYTE = 1 << 20
NOT_COPIED = "files over the size limit are not copied: 15.1"
LIMITED = "the reader in a limited child process: 15.1"


def zipped(**members: bytes | str) -> Callable[[], bytes]:
    """Pack members, `_` in a name meaning `/` and `__` a point."""

    def make() -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in members.items():
                made.writestr(name.replace("__", ".").replace("_", "/"), data)
        return out.getvalue()

    return make


def spreadsheet(content: str, **more: str) -> Callable[[], bytes]:
    """Make an OpenDocument spreadsheet."""
    head = (
        '<?xml version="1.0"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    )
    body = f"{head}<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(mimetype=kind, content__xml=body, **more)


def label(row: int, col: int, text: str) -> bytes:
    """A text cell of BIFF8."""
    body = struct.pack("<HHHHB", row, col, 0, len(text), 1) + text.encode("utf-16-le")
    return ole.record(ole.LABEL, body)


def office_sheet(**other: bytes) -> bytes:
    """The office's sheet as cell records; `B6` and the like in other records."""
    rows = {QUOTE: 3.2, ARBEITSLOSE: 7273, "Leistungsbezieher SGB II": 24736}
    rows |= {"Integrationen": 318, "Neuanträge": 553, "Maßnahmeteilnehmer": 932}
    cells = [label(0, 0, "Kommunales Center für Arbeit – Monatszahlen")]
    cells += [
        label(1, 0, "Berichtsmonat: November 2020"),
        label(3, 0, "Merkmal"),
        label(3, 1, "Monat"),
    ]
    for n, (text, value) in enumerate(rows.items(), 4):
        cells += [label(n, 0, text), other.get(f"B{n + 1}", ole.number(n, 1, value))]
    return b"".join(cells)


def xls(**other: bytes) -> Callable[[], bytes]:
    """Make the office's sheet as an .xls."""
    return lambda: ole.xls({"Tabelle1": office_sheet(**other)})


def formula(row: int, col: int, result: bytes) -> bytes:
    """A formula of BIFF8 with its stored result."""
    return ole.record(ole.FORMULA, struct.pack("<HHH", row, col, 0) + result + bytes(6) + b"\0\0")


def flipped(where: int, mask: int = 1) -> Callable[[], bytes]:
    """Flip bits of a byte of an .xls; from the end where `where` is negative."""

    def make() -> bytes:
        data = bytearray(xls()())
        data[where % len(data)] ^= mask
        return bytes(data)

    return make


def sparse(size: int, head: bytes) -> Callable[[Path], None]:
    """Put a file of a size that takes no room."""

    def put(path: Path) -> None:
        with path.open("wb") as out:
            out.write(head)
            out.truncate(size)

    return put


def damaged_name(data: bytes) -> bytes:
    """Make a member's name bytes that are no text."""
    return data.replace(b"docProps/app.xml", b"docProps/\xff\xfe\x81.xml")


def other(
    name: str, make: Callable[[], bytes] | bytes, code: str = "NOT_A_WORKBOOK", **more: Any
) -> Kind:
    """A file that is something else."""
    state = "quarantined" if code == "NOT_OF_SOURCE" else "rejected"
    return Kind("another format", name, make, state, code, **more)


def old(name: str, make: Callable[[], bytes], state: str, code: str = "", **more: Any) -> Kind:
    """A fault of an .xls."""
    file = more.pop("file", f"alt {name}.xls".replace("/", "-"))
    return Kind(".xls", name, make, state, code, file=file, **more)


def _of_guard(name: str) -> str:
    if ".xls" in name or "mini" in name:
        return ".xls"
    return (
        "text" if any(w in name for w in ("text", "table", "cp1252", "prose", "noise")) else "ZIP"
    )


GUARDED = [
    Kind(
        _of_guard(name),
        name,
        make,
        "rejected",
        code,
        file=f"Waechter {n}.{'xls' if '.xls' in name else 'xlsx'}",
    )
    for n, (name, (code, make)) in enumerate(REFUSED.items())
]
OTHERS = [
    other(
        "a letter in OpenDocument",
        zipped(mimetype="application/vnd.oasis.opendocument.text", content__xml="<x/>"),
    ),
    other(
        "a spreadsheet in OpenDocument",
        spreadsheet('<table:table table:name="A"/>'),
        file="Tabelle.ods",
    ),
    other(
        "an OpenDocument of a billion rows",
        spreadsheet(
            '<table:table table:name="A"><table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        ),
        file="Bombe.ods",
    ),
    other("an OpenDocument with a document type", spreadsheet("<!DOCTYPE x><x/>"), file="Typ.ods"),
    other(
        "an OpenDocument under a password",
        spreadsheet("", META__INF_manifest__xml="<encryption-data/>"),
        file="Geheim.ods",
    ),
    other("an OpenDocument named .xlsx", spreadsheet('<table:table table:name="B"/>')),
    other("a flat OpenDocument", b'<?xml version="1.0"?><office:document/>\n', file="Flach.fods"),
    other("a Word document of today", zipped(word_document__xml="<x/>"), file="Brief.docx"),
    other("slides", zipped(ppt_presentation__xml="<x/>"), file="Vortrag.pptx"),
    other("a Java archive", zipped(META__INF_MANIFEST__MF="x"), file="a.jar"),
    other("a ZIP in a ZIP", zipped(a__xlsx=plain()), file="verpackt.zip"),
    other("gzip", b"\x1f\x8b\x08\0" + bytes(99)),
    other("a database", b"SQLite format 3\0" + bytes(99), file="warehouse.db"),
    other("a program", b"\x7fELF" + bytes(99), file="a.xlsx.exe"),
    other("a script", b"#!/bin/sh\nrm -rf /\n", file="a.sh"),
    other("a mail", b"From: a@x.example\nTo: b@x.example\n\nanbei\n", file="a.eml"),
    other("JSON", b'{"a": 1}\n', file="a.json"),
    other("RTF", b"{\\rtf1 a;b\n}", file="a.rtf"),
    other(
        "SYLK",
        b"ID;PWXL;N;E\nC;Y1;X1;K7273\nE\n",
        "NOT_OF_SOURCE",
        file="a.slk",
        in_inbox="UNKNOWN_DOCUMENT",
    ),
    other("a web page with a table", b"<table><tr><td>7273</td></tr></table>\n", file="Export.xls"),
    other(
        "MHTML",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; x\n\n<html>",
        code="NOT_OF_SOURCE",
        in_inbox="UNKNOWN_DOCUMENT",
        file="Export2.xls",
    ),
    other("one byte", b"x", "NOT_A_WORKBOOK"),
    other("blanks alone", b" " * 4096, "NOT_A_WORKBOOK"),
    other("line breaks alone", b"\n" * 4096, "NOT_A_WORKBOOK"),
    other("zeros", bytes(4096), "NOT_A_WORKBOOK"),
]
SIZES = [
    Kind(
        "size",
        "a workbook over the limit",
        b"",
        "rejected",
        "HOSTILE",
        place=sparse(200_000_001, b"PK\x03\x04"),
        says="too large",
        open=NOT_COPIED,
    ),
    Kind(
        "size",
        "a text over the limit",
        b"",
        "rejected",
        "HOSTILE",
        place=sparse(200_000_001, b"a;b\n"),
        says="too large",
        file="gross.csv",
        open=NOT_COPIED,
    ),
    Kind("size", "a comment of 60,000 characters", lambda: _commented(b"x" * 60_000), "loaded"),
    Kind(
        "size",
        "rubbish before the archive",
        lambda: b"x" * 999 + plain(),
        "rejected",
        "NOT_A_WORKBOOK",
    ),
    Kind("size", "rubbish behind the archive", lambda: plain() + b"x" * 999, "loaded"),
    Kind(
        "size",
        "four megabytes of blanks in a part",
        lambda: _with("xl/x.xml", b"<a>" + b" " * 4 * MEGABYTE + b"</a>"),
        "rejected",
        "HOSTILE",
    ),
    Kind(
        "size",
        "a part packed 1,000 : 1 that is small",
        lambda: _with("xl/media/a.png", bytes(900_000)),
        "loaded",
    ),
    Kind("size", "two thousand parts", lambda: _many(2_001), "rejected", "HOSTILE"),
    Kind(
        "ZIP",
        "a member's name that is no text",
        lambda: damaged_name(plain()),
        "rejected",
        "",
        open=LIMITED,
    ),
    Kind(
        "ZIP", "a directory where a part should be", lambda: _with("xl/worksheets/", b""), "loaded"
    ),
]


def _commented(comment: bytes) -> bytes:
    out = io.BytesIO(plain())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = comment
    return out.getvalue()


def _with(name: str, data: bytes) -> bytes:
    out = io.BytesIO(plain())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _many(count: int) -> bytes:
    out = io.BytesIO(plain())
    with zipfile.ZipFile(out, "a") as archive:
        for n in range(count):
            archive.writestr(f"xl/media/{n}", b"")
    return out.getvalue()


OLD = [
    old("as it should be", xls(), "loaded"),
    old(
        "named .xlsx", xls(), "loaded", file="alt.xlsx", open="by content, whatever the name: 15.2"
    ),
    old(
        "an .xlsx named .xls",
        plain,
        "loaded",
        file="neu.xls",
        open="by content, whatever the name: 15.2",
    ),
    old(
        "an error",
        xls(B6=ole.record(ole.BOOLERR, struct.pack("<HHHBB", 5, 1, 0, 7, 1))),
        "quarantined",
        "ERROR_CELL",
        cell="B6",
    ),
    old(
        "a truth value",
        xls(B6=ole.record(ole.BOOLERR, struct.pack("<HHHBB", 5, 1, 0, 1, 0))),
        "quarantined",
        "NOT_A_NUMBER",
        cell="B6",
    ),
    old(
        "a number that is none",
        xls(B6=ole.number(5, 1, float("nan"))),
        "quarantined",
        "",
        cell="B6",
    ),
    old("an infinite number", xls(B6=ole.number(5, 1, float("inf"))), "quarantined", "", cell="B6"),
    old(
        "a formula's error",
        xls(B6=formula(5, 1, b"\x02\0\x07\0\0\0\xff\xff")),
        "quarantined",
        "ERROR_CELL",
        cell="B6",
    ),
    old(
        "an empty cell",
        xls(B6=ole.record(ole.BLANK, struct.pack("<HHH", 5, 1, 0))),
        "quarantined",
        "UNKNOWN_ROW",
        cell="A6",
    ),
    old(
        "a number cut short",
        xls(B6=ole.record(ole.NUMBER, struct.pack("<HHH", 5, 1, 0))),
        "rejected",
        "",
    ),
    old(
        "a text that claims to be longer",
        xls(B6=ole.record(ole.LABEL, struct.pack("<HHHH", 5, 1, 0, 60_000))),
        "rejected",
        "",
        open=LIMITED,
    ),
    old(
        "the same cell twice",
        xls(B6=ole.number(5, 1, 7273.0) + ole.number(5, 1, 999.0)),
        "rejected",
        "",
        open="strict cells of .xls: 15.2",
    ),
    old("a bit of the header flipped", flipped(30, 4), "rejected", ""),
    old("a bit of the table flipped", flipped(-512, 64), "rejected", ""),
    old("the directory's name flipped", flipped(512 + 128, 8), "rejected", "NOT_A_WORKBOOK"),
    old("the last byte is missing", lambda: xls()()[:-1], "rejected", ""),
    old("the last sector is missing", lambda: xls()()[:-512], "rejected", "TRUNCATED"),
]
KINDS = [*GUARDED, *OTHERS, *SIZES, *OLD]
