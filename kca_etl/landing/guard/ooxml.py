"""Guard for .xlsx.

Every part that could be read is unpacked once, under limits, one at a time, and searched.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NoReturn
from xml.parsers import expat

from kca_etl.landing.guard import sheets
from kca_etl.landing.guard.notes import SheetNotes, is_percent, refuse
from kca_etl.landing.guard.walk import MAX_CELLS, Styles, check_total
from kca_etl.model.codes import Code

MAX_PARTS = 2_000
MAX_PART = 150_000_000
MAX_TOTAL = 500_000_000
MAX_RATIO = 250  # real sheets pack up to about 30 : 1
SMALL = 1_000_000  # a part up to here may be packed as tightly as it likes
WORKBOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
TEXT = (".xml", ".rels", ".vml")
BUILTIN_PERCENT = {9, 10}
_END = b"PK\x05\x06"  # of the archive's directory; a comment may follow
_MACROS = re.compile(r"vbaProject|macrosheets/|dialogsheets/|activeX", re.IGNORECASE)
# A document type, the only place for entities, stands before the first element; UTF-16 would not
# match either.
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*\?>\s*|<!--(?:[^-]|-[^-])*-->\s*)*<[A-Za-z_]"
)
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"'>]*)")
ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
HEAD = 1000  # bytes in which a part says what it is
_STRINGS = re.compile(rb"<(?:\w+:)?sst\b[^>]*")
_COUNTS = re.compile(rb"\s(uniqueCount|count)\s*=\s*[\"']\s*\+?(\d{1,20})")
Parts = dict[str, zipfile.ZipInfo]  # by name in lower case, as the reader finds them


def inspect(path: Path) -> dict[str, SheetNotes]:
    """Check an .xlsx; return notes by sheet name. Raises KcaError (see guard.inspect)."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            _check_end(raw)
            parts = _directory(archive.infolist())
            if WORKBOOK not in parts:
                refuse(Code.NOT_A_WORKBOOK, "the archive holds no Excel workbook")
            return _inspect(raw, parts)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,  # a member's name or date that cannot be
    ) as error:
        refuse(Code.TRUNCATED, f"the workbook's archive is damaged: {error}")


def _check_end(raw: IO[bytes]) -> None:
    """Refuse an archive with two directories: we and the reader might not mean the same one."""
    raw.seek(-min(raw.seek(0, 2), 22 + 0xFFFF), 2)
    tail = raw.read()
    if tail.count(_END) > 1 and tail[-22:-18] != _END:
        refuse(Code.HOSTILE, "the workbook's archive has two directories")


def _directory(members: list[zipfile.ZipInfo]) -> Parts:
    if len(members) > MAX_PARTS:
        what, most = "the workbook has too many parts", f"at most {MAX_PARTS}"
        refuse(Code.HOSTILE, what, str(len(members)), most)
    parts: Parts = {}
    total = 0
    for part in members:
        name = part.filename.replace("\\", "/")
        total += part.file_size
        _check_part(part, name)
        if total > MAX_TOTAL:
            _refuse_size(part, name)
        if parts.setdefault(name.lower(), part) is not part:
            refuse(Code.HOSTILE, "two parts of the workbook have one name", name)
    return parts


def _check_part(part: zipfile.ZipInfo, name: str) -> None:
    if part.flag_bits & 1:
        refuse(Code.ENCRYPTED, "a part of the workbook is encrypted", name)
    if _MACROS.search(name):
        refuse(Code.MACROS, "the workbook carries macros", name)
    if name.startswith("/") or ".." in name.split("/"):
        refuse(Code.HOSTILE, "a part of the workbook points outside it", name)
    if part.file_size > min(MAX_PART, max(SMALL, MAX_RATIO * part.compress_size)):
        _refuse_size(part, name)


def _refuse_size(part: zipfile.ZipInfo, name: str) -> NoReturn:
    sizes = f"{name}: {part.file_size} bytes from {part.compress_size}"
    refuse(Code.HOSTILE, "the workbook unpacks to too much", sizes)


def _inspect(raw: IO[bytes], parts: Parts) -> dict[str, SheetNotes]:
    workbook = _xml(raw, parts, WORKBOOK)
    relations = _elements(_xml(raw, parts, RELATIONS), "Relationship")
    targets = {
        a.get("Id", ""): _target(a) for _, a in relations if a.get("TargetMode") != "External"
    }
    styles = _styles(_xml(raw, parts, STYLES), workbook)
    named = _sheet_parts(workbook, targets, parts)
    sheet_of = {part: sheet for sheet, part in named.items()}
    notes = {}
    # A sheet may hide under any name that a relation points to.
    for name in {p for p in parts if p.endswith(TEXT)} | (set(targets.values()) & parts.keys()):
        data = _xml(raw, parts, name)
        if name in sheet_of or b"sheetData" in data:
            notes[name] = sheets.scan(sheet_of.get(name, name), data, styles)
        else:
            _check_strings(data, name)
    check_total((sheet_of.get(part, part), found) for part, found in notes.items())
    return {sheet: notes[part] for sheet, part in named.items()}


def _check_strings(data: bytes, name: str) -> None:
    """Refuse a table of shared strings that claims more than it can hold: the reader believes it.

    `uniqueCount` is their number, `count` that of the cells that use them.
    """
    table = _STRINGS.search(data[:HEAD])
    claimed = {k: int(n) for k, n in _COUNTS.findall(table[0])} if table else {}
    most = len(data) // len("<si/>") + 1
    for key, limit in ((b"uniqueCount", most), (b"count", MAX_CELLS)):
        if claimed.get(key, 0) > limit:
            what = "the workbook's table of texts claims more than it holds"
            refuse(Code.HOSTILE, what, f"{name}: {claimed[key]} texts", f"at most {limit}")


def _sheet_parts(workbook: bytes, targets: dict[str, str], parts: Parts) -> dict[str, str]:
    """Name the part of each sheet."""
    named: dict[str, str] = {}
    for _, attributes in _elements(workbook, "sheet"):
        sheet = attributes.get("name", "")
        part = next((targets.get(v, "") for k, v in attributes.items() if k.endswith(":id")), "")
        if part not in parts:
            refuse(Code.TRUNCATED, "a sheet's part is missing", part, sheet=sheet)
        named[sheet] = part
    return named


def _xml(raw: IO[bytes], parts: Parts, name: str) -> bytes:
    """Unpack a part that is XML; nothing for one that is not there."""
    if name not in parts:
        return b""
    data = _inflate(raw, parts[name])
    encoding = _ENCODING.match(data[:HEAD])
    if not _PROLOG.match(data) or (encoding and encoding[1].lower() not in ENCODINGS):
        refuse(
            Code.HOSTILE, "a part of the workbook declares entities or an unusual encoding", name
        )
    return data


def _inflate(raw: IO[bytes], part: zipfile.ZipInfo) -> bytes:
    """Unpack one part, never more than it declares: a part that lies about its size is refused."""
    raw.seek(part.header_offset)
    header = raw.read(30)
    name, extra = struct.unpack("<HH", header[26:30])
    raw.seek(part.header_offset + 30 + name + extra)
    packed = raw.read(part.compress_size)
    if part.compress_type == zipfile.ZIP_STORED:
        data = packed
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        data = zlib.decompressobj(-15).decompress(packed, part.file_size + 1)
    else:
        refuse(Code.HOSTILE, "a part of the workbook is packed in an unusual way", part.filename)
    if len(data) > part.file_size:
        refuse(Code.HOSTILE, "a part of the workbook is larger than it says", part.filename)
    if len(data) != part.file_size or zlib.crc32(data) != part.CRC:
        refuse(Code.TRUNCATED, "a part of the workbook is damaged", part.filename)
    return data


def _target(relation: dict[str, str]) -> str:
    """Name the part that the workbook's relation points to, as the reader does."""
    target = relation.get("Target", "").replace("\\", "/").lstrip("/").lower()
    return posixpath.normpath(target if target.startswith("xl/") else f"xl/{target}")


def _elements(data: bytes, *wanted: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the elements of these local names with their attributes, in order."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local in wanted:
            found.append((local, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(data or b"<none/>", True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        refuse(Code.TRUNCATED, f"the workbook's XML is damaged: {error}")
    return iter(found)


def _styles(styles: bytes, workbook: bytes) -> Styles:
    """Find the styles that show percent, and whether the file asks to be calculated anew."""
    formats = set(BUILTIN_PERCENT)
    numbers: list[int] = []  # of the cell styles' formats
    container = ""
    for tag, attributes in _elements(styles, "numFmt", "cellStyleXfs", "cellXfs", "xf"):
        if tag == "numFmt" and is_percent(attributes.get("formatCode", "")):
            formats.add(_format_number(attributes))
        elif tag == "xf" and container == "cellXfs":
            numbers.append(_format_number(attributes))
        elif tag in ("cellStyleXfs", "cellXfs"):
            container = tag
    stale = any(a.get("fullCalcOnLoad") in ("1", "true") for _, a in _elements(workbook, "calcPr"))
    return Styles(frozenset(i for i, number in enumerate(numbers) if number in formats), stale)


def _format_number(attributes: dict[str, str]) -> int:
    number = attributes.get("numFmtId", "")
    return int(number) if number.isdecimal() else 0
