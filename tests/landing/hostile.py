"""Hostile and damaged files, each made here, with the code that it must be refused by."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from kca_etl.landing.guard import ooxml
from tests.landing import ole
from tests.landing.packs import (
    NAMESPACE,
    RELATIONS,
    SHEET,
    WORKBOOK,
    changed,
    plain,
    replaced,
    sheet,
    with_sheet,
)

Make = Callable[[], bytes]


def encrypted_part() -> bytes:
    """Set the flag that says so in the directory and before the data."""
    data = bytearray(plain())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(mark) + offset] |= 1
    return bytes(data)


def wrong_crc() -> bytes:
    data = bytearray(plain())
    at = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    while SHEET.encode() != data[at + 46 : at + 46 + len(SHEET)]:
        at = data.find(b"PK\x01\x02", at + 4)
    data[at + 16] ^= 0xFF
    return bytes(data)


def lying_size() -> bytes:
    """Let the directory say that the sheet unpacks to less than it does."""
    data = bytearray(plain())
    at = data.find(SHEET.encode(), data.find(b"PK\x01\x02")) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(data)


def two_directories() -> bytes:
    """Hide an archive in another one's comment."""
    inner = plain()
    out = io.BytesIO(plain())
    with zipfile.ZipFile(out, "a") as outer:
        outer.comment = inner[-3000:] + b" "
    return out.getvalue()


def twin(name: str) -> bytes:
    return changed({}, members=[(name, sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))])


def hidden_target(target: str) -> bytes:
    """Let the sheet point to a part of an unusual name; what stands there is far away."""
    stored = target if target.startswith("xl/") else f"xl/{target}"
    return changed(
        {
            RELATIONS: replaced(b"/xl/worksheets/sheet1.xml", target.encode()),
            stored: sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'),
        }
    )


def other_archive(name: str = "content.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr(name, "<a/>")
    return out.getvalue()


def packed(method: int) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain())) as source,
        zipfile.ZipFile(out, "w", method) as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return out.getvalue()


def hidden_in_record() -> bytes:
    """Let the sheet begin in the midst of another record, where a plain walk sees no cell."""
    inner = (
        ole.record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
        + ole.number(60_000, 60_000, 1.0)
        + ole.record(0x000A)
    )
    first = ole.workbook({"A": b""}, extra=ole.record(0x005C, inner))
    return ole.xls({"A": b""}, extra=ole.record(0x005C, inner), at=first.find(inner))


def patched(at: int, value: int, data: bytes | None = None) -> bytes:
    """An .xls with one number changed; from the end where `at` is negative."""
    out = bytearray(data or ole.xls({"A": ole.number(0, 0, 1.0)}))
    struct.pack_into("<I", out, at % len(out), value)
    return bytes(out)


def small(last: int) -> bytes:
    """A workbook in the mini stream; its chain ends with this."""
    stream = ole.workbook({"A": ole.number(0, 0, 1.0)})
    table = 512 * (1 + 1 + -(-len(stream) // 512))
    return patched(
        table + 4 * (-(-len(stream) // 64) - 1),
        last,
        ole.container({"Workbook": stream}, mini=True),
    )


def two_streams() -> bytes:
    """Let our search for a stream, which ignores case, find another one than the reader's."""
    return ole.container(
        {
            "WORKBOOK": ole.workbook({"A": ole.number(0, 0, 1.0)}),
            "Book": ole.workbook({"A": ole.number(0, 60_000, 1.0)}),
        }
    )


def one_cell(content: str, attributes: str = "") -> Make:
    return lambda: with_sheet(f'<row r="1"><c r="A1"{attributes}>{content}</c></row>')


def far_sheets(count: int) -> bytes:
    """Many sheets that are small, each with one cell far away."""
    part = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="9999"><c r="AZ9999"/></row>')
    numbers = range(2, count + 2)
    named = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="x{n}"/>' for n in numbers)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    related = "".join(
        f'<Relationship Id="x{n}" Type="{kind}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in numbers
    )
    return changed(
        {
            WORKBOOK: replaced(b"</sheets>", f"{named}</sheets>".encode()),
            RELATIONS: replaced(b"</Relationships>", f"{related}</Relationships>".encode()),
            **{f"xl/worksheets/s{n}.xml": part for n in numbers},
        }
    )


def shared_strings(attributes: str) -> Make:
    table = f'<?xml version="1.0"?><sst xmlns="{NAMESPACE}" {attributes}><si><t>a</t></si></sst>'
    return lambda: changed({"xl/sharedStrings.xml": table.encode()})


REFUSED: dict[str, tuple[str, Make]] = {
    "a comment in a value": ("TWO_MEANINGS", one_cell("<v>3<!-- x -->18</v>")),
    "an instruction in a value": ("TWO_MEANINGS", one_cell("<v>3<?x y?>18</v>")),
    "CDATA in a value": ("TWO_MEANINGS", one_cell("<v>3<![CDATA[18]]></v>")),
    "a reference in a number": ("TWO_MEANINGS", one_cell("<v>&#51;18</v>")),
    "an entity in a number": ("TWO_MEANINGS", one_cell("<v>3&amp;18</v>", ' t="n"')),
    "a reference to a text by reference": ("TWO_MEANINGS", one_cell("<v>&#x30;</v>", ' t="s"')),
    "an element in a value": ("TWO_MEANINGS", one_cell("<v>3<x/>18</v>")),
    "two values": ("TWO_MEANINGS", one_cell("<v>3</v><v>18</v>")),
    "two values beside a formula": ("TWO_MEANINGS", one_cell("<f>1</f><v>3</v><v>18</v>")),
    "a comment between rows": (
        "TWO_MEANINGS",
        lambda: with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><!-- x -->'),
    ),
    "a cell twice": (
        "TWO_MEANINGS",
        lambda: with_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
    ),
    "a cell twice, far apart": (
        "TWO_MEANINGS",
        lambda: with_sheet(
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>'
            '<row r="2"><c r="B2"><v>1</v></c><c r="A1"><v>2</v></c></row>'
        ),
    ),
    "a cell twice, in another spelling": (
        "TWO_MEANINGS",
        lambda: with_sheet("<row r='1'><c r='A1'><v>1</v></c><c r='a1'><v>2</v></c></row>"),
    ),
    "sheets too large together": ("HOSTILE", lambda: far_sheets(40)),
    "texts that are claimed": ("HOSTILE", shared_strings('uniqueCount="4000000000"')),
    "uses of texts that are claimed": ("HOSTILE", shared_strings('count="4000000000"')),
    "texts that an .xls claims": (
        "HOSTILE",
        lambda: ole.xls(
            {"A": ole.number(0, 0, 1.0)},
            extra=ole.record(0x00FC, struct.pack("<II", 4_000_000_000, 4_000_000_000)),
        ),
    ),
    "another encoding": (
        "HOSTILE",
        lambda: with_sheet(sheet("").replace(b'"1.0"', b'"1.0" encoding="Shift_JIS"')),
    ),
    "an encoding that nobody knows": (
        "HOSTILE",
        lambda: with_sheet(sheet("").replace(b'"1.0"', b"\"1.0\" encoding='x-nobody'")),
    ),
    "a member's name that is no text": (
        "TRUNCATED",
        lambda: changed({"xl/ä.xml": b"<x/>"}).replace("ä".encode(), b"\xff\xff"),
    ),
    "empty": ("TRUNCATED", lambda: b""),
    "cut in the middle": ("TRUNCATED", lambda: plain()[: len(plain()) // 2]),
    "cut by one byte": ("TRUNCATED", lambda: plain()[:-1]),
    "only the first bytes": ("TRUNCATED", lambda: b"PK\x03\x04"),
    "wrong checksum": ("TRUNCATED", wrong_crc),
    "no such part": (
        "TRUNCATED",
        lambda: changed({RELATIONS: replaced(b"sheet1.xml", b"sheet9.xml")}),
    ),
    "XML cut": ("TRUNCATED", lambda: changed({WORKBOOK: lambda data: data[:-20]})),
    "odd XML cut": ("TRUNCATED", lambda: with_sheet(sheet("<row r='1'><c r='A1'>")[:-30])),
    "a PDF": ("NOT_A_WORKBOOK", lambda: b"%PDF-1.7\n" + bytes(99)),
    "a picture": ("NOT_A_WORKBOOK", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99)),
    "a web page": (
        "NOT_A_WORKBOOK",
        lambda: b"\xef\xbb\xbf \r\n<html><table><tr><td>1;2</td></tr></table>\n",
    ),
    "XML": ("NOT_A_WORKBOOK", lambda: b'<?xml version="1.0"?><a>1;2</a>\n'),
    "prose": ("NOT_A_WORKBOOK", lambda: b"Sehr geehrte Damen und Herren\nanbei die Zahlen\n"),
    "noise": ("NOT_A_WORKBOOK", lambda: b"a;b\n" + bytes(range(256))),
    "text with NUL": ("NOT_A_WORKBOOK", lambda: b"a;b\n1;\0\n"),
    "text with an end mark": ("NOT_A_WORKBOOK", lambda: b"a;b\n1;\x1a\n"),
    "not cp1252": ("NOT_A_WORKBOOK", lambda: b"a;b\n\x81;\x8d\n"),
    "another archive": ("NOT_A_WORKBOOK", other_archive),
    "a binary workbook": ("NOT_A_WORKBOOK", lambda: other_archive("xl/workbook.bin")),
    "a Word document": ("NOT_A_WORKBOOK", lambda: ole.container({"WordDocument": b"x"})),
    "macros": ("MACROS", lambda: changed({"xl/vbaProject.bin": b"x"})),
    "macro sheet": ("MACROS", lambda: changed({"xl/macrosheets/sheet1.xml": sheet("")})),
    "dialog sheet": ("MACROS", lambda: changed({"xl/dialogsheets/sheet1.xml": sheet("")})),
    "ActiveX": ("MACROS", lambda: changed({"xl/activeX/activeX1.bin": b"x"})),
    "encrypted package": (
        "ENCRYPTED",
        lambda: ole.container({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}),
    ),
    "encrypted .xls": (
        "ENCRYPTED",
        lambda: ole.xls({"A": b""}, extra=ole.record(0x002F, bytes(6))),
    ),
    "encrypted part": ("ENCRYPTED", encrypted_part),
    "zip bomb": ("HOSTILE", lambda: changed({SHEET: sheet('<row r="1"/>' + " " * 20_000_000)})),
    "zip bomb in a part that nobody reads": (
        "HOSTILE",
        lambda: changed({"xl/media/image1.png": bytes(50_000_000)}),
    ),
    "lying about its size": ("HOSTILE", lying_size),
    "too many parts": (
        "HOSTILE",
        lambda: changed({f"xl/media/{n}.png": b"" for n in range(ooxml.MAX_PARTS)}),
    ),
    "a path out of the archive": ("HOSTILE", lambda: changed({"xl/../../etc/passwd": b"x"})),
    "a path out, spelled with backslashes": ("HOSTILE", lambda: changed({"xl\\..\\..\\x": b"x"})),
    "an absolute path": ("HOSTILE", lambda: changed({"/etc/passwd": b"x"})),
    "two parts of one name": ("HOSTILE", lambda: twin("XL/Worksheets/Sheet1.xml")),
    "two directories": ("HOSTILE", two_directories),
    "unusual packing": ("HOSTILE", lambda: packed(zipfile.ZIP_LZMA)),
    "entities": (
        "HOSTILE",
        lambda: with_sheet(b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + sheet("")[21:]),
    ),
    "document type after a comment": (
        "HOSTILE",
        lambda: with_sheet(b"<!-- - x --><!DOCTYPE worksheet>" + sheet("")[21:]),
    ),
    "entities in the shared strings": (
        "HOSTILE",
        lambda: changed(
            {
                "xl/sharedStrings.xml": b"<!DOCTYPE sst [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><sst/>"
            }
        ),
    ),
    "UTF-16": ("HOSTILE", lambda: with_sheet(sheet("").decode().encode("utf-16"))),
    "a table too wide to be filled up": (
        "HOSTILE",
        lambda: b";" * 20_000 + b"\n" + b"a;b\n" * 1000,
    ),
    "a quoted table too wide": ("HOSTILE", lambda: b'"\n";' * 5000 + b"\n" + b"a;b\n" * 5000),
    "far .xls row": ("HOSTILE", lambda: ole.xls({"A": ole.number(65535, 255, 1.0)})),
    "far .xls column": ("HOSTILE", lambda: ole.xls({"A": ole.number(0, 65535, 1.0)})),
    "far .xls cells in one record": (
        "HOSTILE",
        lambda: ole.xls(
            {"A": ole.record(ole.MULRK, struct.pack("<HH", 0, 250) + bytes(6 * 100 + 2))}
        ),
    ),
    "far .xls text": (
        "HOSTILE",
        lambda: ole.xls({"A": ole.record(ole.LABEL, struct.pack("<HHHH", 9, 400, 0, 0))}),
    ),
    "declared .xls rows": (
        "HOSTILE",
        lambda: ole.xls(
            {"A": ole.record(ole.DIMENSIONS, struct.pack("<IIHHH", 0, 2**32 - 1, 0, 9, 0))}
        ),
    ),
    "declared .xls columns": (
        "HOSTILE",
        lambda: ole.xls(
            {"A": ole.record(ole.DIMENSIONS, struct.pack("<IIHHH", 0, 9, 0, 65535, 0))}
        ),
    ),
    "an .xls sheet beyond the file": (
        "TRUNCATED",
        lambda: ole.xls({"A": ole.number(0, 0, 1.0)}, at=10**9),
    ),
    "an .xls sheet inside another record": ("HOSTILE", hidden_in_record),
    "an .xls with a far second stream": ("HOSTILE", two_streams),
    "an .xls stream in a circle": ("HOSTILE", lambda: patched(-512 + 4 * 8, 1)),
    "an .xls stream that nobody reads in a circle": (
        "HOSTILE",
        lambda: patched(-512 + 4 * 16, 9, ole.container({"Workbook": b"", "X": b""})),
    ),
    "an .xls stream in a small circle": ("HOSTILE", lambda: small(0)),
    "an .xls stream that lacks a small sector": ("TRUNCATED", lambda: small(999)),
    "an .xls directory in a circle": ("HOSTILE", lambda: patched(-512, 0)),
    "an .xls table in a circle": ("HOSTILE", lambda: patched(68, 1, patched(512 * 2 + 508, 1))),
    "an .xls stream of false length": ("HOSTILE", lambda: patched(512 + 128 + 120, 2**31 - 1)),
    "an .xls mini stream of false length": ("HOSTILE", lambda: patched(512 + 120, 2**31 - 1)),
    "an .xls that lacks a sector": ("TRUNCATED", lambda: patched(-512 + 4 * 8, 999)),
    "an .xls of an unknown version": ("TRUNCATED", lambda: patched(26, 7)),
    "a far .xls out of the directory's tree": (
        "HOSTILE",
        lambda: patched(512 + 76, 2**32 - 1, ole.xls({"A": ole.number(0, 999, 1.0)})),
    ),
    "an .xls cut": ("TRUNCATED", lambda: ole.xls({"A": ole.number(0, 0, 1.0)})[:2000]),
    "an .xls record cut": ("TRUNCATED", lambda: ole.xls({"A": ole.record(ole.NUMBER, b"\0\0")})),
} | {
    f"a far sheet at {t}": ("HOSTILE", lambda t=t: hidden_target(t))
    for t in ("x.jpeg", "xl/far.xml", "WORKSHEETS/Far.XML", "a/../far.bin")
}
