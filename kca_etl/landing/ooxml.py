"""Guard for .xlsx: every part is unpacked once under limits; sheets are searched as bytes, cells are never walked
unless something stands out.
"""

from __future__ import annotations

import html
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from kca_etl.landing.notes import Cells, SheetNotes, column, is_percent, refuse

MAX_PARTS = 2_000
MAX_PART = 300_000_000
MAX_TOTAL = 800_000_000
MAX_RATIO = 250  # real sheets pack up to about 30 : 1
MAX_CELLS = 20_000_000  # rows × columns of the used range; calamine allocates all of it
MAX_ROWS = 1_048_576  # of the format
_MACROS = re.compile(r"vbaProject|macrosheets/|dialogsheets/|activeX", re.IGNORECASE)
_REF = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["']([0-9]+)["']""")
_FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]{1,3}[0-9]{6})')
# A document type, the only place for entities, stands before the first element; UTF-16 would not match either.
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*\?>\s*|<!--(?:[^-]|-[^-])*-->\s*)*<[A-Za-z_]")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\st\s*=\s*["']e["'][^>]*>""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)"""
)


def inspect(path: Path) -> dict[str, SheetNotes]:
    """Check an .xlsx; return notes by sheet name. Raises KcaError (see guard.inspect)."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            parts = archive.infolist()
            _check_directory(parts)
            texts = {p.filename: _inflate(raw, p) for p in parts if p.filename.lower().endswith((".xml", ".rels", ".vml"))}
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError) as error:
        refuse("TRUNCATED", f"the workbook's archive is damaged: {error}")
    for name, data in texts.items():
        if not _PROLOG.match(data):
            refuse("HOSTILE", "a part of the workbook declares entities or an unusual encoding", name)
    if "xl/workbook.xml" not in texts:
        refuse("NOT_A_WORKBOOK", "the archive holds no Excel workbook")
    percent = _percent_styles(texts.get("xl/styles.xml", b""))
    return {name: _sheet(name, texts[part], percent) for name, part in _sheets(texts).items() if part in texts}


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        refuse("HOSTILE", "the workbook has too many parts", str(len(parts)), f"at most {MAX_PARTS}")
    total = 0
    for part in parts:
        total += part.file_size
        if part.flag_bits & 1:
            refuse("ENCRYPTED", "a part of the workbook is encrypted", part.filename)
        if _MACROS.search(part.filename):
            refuse("MACROS", "the workbook carries macros", part.filename)
        if part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
            refuse("HOSTILE", "a part of the workbook points outside it", part.filename)
        if part.file_size > MAX_PART or total > MAX_TOTAL or part.file_size > max(1_000_000, MAX_RATIO * part.compress_size):
            refuse("HOSTILE", "the workbook unpacks to too much", f"{part.filename}: {part.file_size} bytes from {part.compress_size}")


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
        unpack = zlib.decompressobj(-15)
        data = unpack.decompress(packed, part.file_size + 1)
    else:
        refuse("HOSTILE", "a part of the workbook is packed in an unusual way", part.filename)
    if len(data) > part.file_size:
        refuse("HOSTILE", "a part of the workbook is larger than it says", part.filename)
    if len(data) != part.file_size or zlib.crc32(data) != part.CRC:
        refuse("TRUNCATED", "a part of the workbook is damaged", part.filename)
    return data


def _sheets(texts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → part name."""
    targets = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", texts.get("xl/_rels/workbook.xml.rels", b"")):
        target = _attribute(tag, b"Target")
        targets[_attribute(tag, b"Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    tags = re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", texts["xl/workbook.xml"])
    return {_attribute(tag, b"name"): targets.get(_attribute(tag, rb"\w+:id"), "") for tag in tags}


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape((found[1] if found[1] is not None else found[2]).decode("utf-8", "replace")) if found else ""


def _percent_styles(styles: bytes) -> set[int]:
    """Indices of cell styles whose number format shows percent."""
    formats = {9, 10}
    for tag in re.findall(rb"<(?:\w+:)?numFmt\b[^>]*>", styles):
        if is_percent(_attribute(tag, b"formatCode")):
            formats.add(int(_attribute(tag, b"numFmtId") or 0))
    block = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    tags = re.findall(rb"<(?:\w+:)?xf\b[^>]*>", block[0]) if block else []
    return {i for i, tag in enumerate(tags) if int(_attribute(tag, b"numFmtId") or 0) in formats}


def _sheet(name: str, data: bytes, percent: set[int]) -> SheetNotes:
    _check_range(name, data)
    notes = SheetNotes()
    odd = b"'" in data or b":c " in data or b" =" in data  # single quotes, prefixes, blanks: no usual writer's habit
    if b'"e"' in data or odd:
        notes.errors = _cells(_ERROR.findall(data))
    if b"<f" in data or odd:
        notes.uncached = _cells(tag + b">" for tag in _FORMULA.findall(data) if not re.search(rb"""\st\s*=\s*["']str["']""", tag))
    used = [s for s in percent if odd or s == 0 or b's="%d"' % s in data]
    if used:
        wanted = b"|".join(b"%d" % s for s in used)
        notes.percent = _cells(re.findall(rb"""<(?:\w+:)?c\b[^>]*?\ss\s*=\s*["'](?:""" + wanted + rb""")["'][^>]*>""", data))
    return notes


def _check_range(name: str, data: bytes) -> None:
    """Refuse a sheet whose used range is huge: the reader would allocate all of it."""
    cells, plain = data.count(b"<c "), data.count(b' r="')
    if plain == cells + data.count(b"<row ") and b":c " not in data and not _FAR.search(data):
        return  # every row and cell carries a plain, near address
    rows = [int(r) for r in _ROW.findall(data)] or [0]
    refs = _REF.findall(data)
    far_row = max([*rows, *(int(r) for _, r in refs)])
    far_col = max([column(c.decode()) + 1 for c in {c for c, _ in refs}] or [1])
    if far_row * far_col > MAX_CELLS or far_row > MAX_ROWS:
        refuse("HOSTILE", "the sheet's used range is far too large", f"{far_row} rows × {far_col} columns", f"at most {MAX_CELLS} cells", name)


def _cells(tags: object) -> Cells:
    out: Cells = set()
    for tag in tags:  # type: ignore[attr-defined]  # any iterable of tags
        ref = _REF.search(tag)
        if ref:
            out.add((int(ref[2]) - 1, column(ref[1].decode())))
    return out
