"""Text out of .txt, .md, .docx, .odt, .rtf, .html, .eml and .pdf.

Foreign files are data: limits on size, no entities, no links followed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from kca_etl.model.codes import Code
from kca_etl.textcheck import rtf
from kca_etl.textcheck.markup import html_text, office_text, refuse
from kca_etl.textcheck.pdf_tables import page_text

MAX_BYTES = 50_000_000
MAX_PAGES = 200
MAX_CHARACTERS = 500_000
KINDS = ".txt, .md, .docx, .odt, .rtf, .html, .eml or .pdf"
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_LATIN = (b"iso-8859-1", b"iso-8859-15", b"windows-1252", b"latin1")
_RULE = re.compile(r"(?m)^\|?[ :|-]+\|[ :|-]*$\n?")
_ROW = re.compile(r"(?m)^\|(.*)\|[ \t]*$")
# Headings, quotes, emphasis, code and the addresses of links; a star inside a word
# (`Bezieher*innen`) stays.
_MARKS = re.compile(
    r"(?m)^ {0,3}(?:#{1,6} +|>\s?)|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`"
    r"|(?<=\])\([^)\s]*\)|!?\[(?=[^\]\d])|(?<=[^\d\]])\](?=\()"
)


def read_text(path: Path) -> str:
    """Return a document's text; `-` reads the standard input.

    Table cells are parted by tabs, paragraphs by empty lines where the format knows them.

    Raises KcaError NO_FILE, NOT_A_TEXT, TRUNCATED, ENCRYPTED or HOSTILE.
    """
    return text_of(read_bytes(path), path.suffix)


def text_of(data: bytes, suffix: str) -> str:
    """Return the text of a document's bytes; `suffix` counts where they do not tell their kind.

    Raises KcaError NOT_A_TEXT, TRUNCATED, ENCRYPTED or HOSTILE.
    """
    text = _reader(suffix.lower(), data)(data)
    if len(text) > MAX_CHARACTERS:
        refuse(
            Code.HOSTILE,
            "the text is too long to be a release",
            f"{len(text)} characters",
            f"at most {MAX_CHARACTERS} characters",
        )
    return text


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, or those of the standard input for `-`. Raises NO_FILE, HOSTILE."""
    if str(path) == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    elif path.is_file():
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    else:
        refuse(Code.NO_FILE, f"there is no file {path.name}")
    if len(data) > MAX_BYTES:
        refuse(Code.HOSTILE, "the file is too large", expected=f"at most {MAX_BYTES} bytes")
    return data


def _reader(suffix: str, data: bytes) -> Callable[[bytes], str]:
    """Choose by content where it tells, by the name's ending where it does not."""
    if data.startswith(b"%PDF"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return office_text
    if data.startswith(rtf.SIGNATURE):
        return rtf.rtf_text
    if data.startswith(_OLD_WORD):
        refuse(
            Code.NOT_A_TEXT,
            "the file is an old Word document (.doc) or protected by a password",
            expected=KINDS,
        )
    if suffix == ".eml":
        return _mail
    start = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if suffix in (".html", ".htm", ".xhtml") or start.startswith((b"<!doctype html", b"<html")):
        return _html
    return _markdown if suffix in (".md", ".markdown") else _plain


def _plain(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data:
        refuse(Code.NOT_A_TEXT, "the file is no text", expected=KINDS)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _markdown(data: bytes) -> str:
    rows = _ROW.sub(
        lambda row: re.sub(r" *\| *", "\t", row[1].strip()), _RULE.sub("", _plain(data))
    )
    return _MARKS.sub("", rows)


def _html(data: bytes) -> str:
    declared = re.search(rb"charset=[\"']?([\w-]+)", data[:2000], re.IGNORECASE)
    latin = declared is not None and declared[1].lower() in _LATIN
    return html_text(data.decode("cp1252", "replace") if latin else _plain(data))


def _mail(data: bytes) -> str:
    """Return what a mail says: its plain text, else its HTML; attachments stay out."""
    from email import message_from_bytes, policy

    body = message_from_bytes(data, policy=policy.default).get_body(("plain", "html"))
    if body is None:
        refuse(Code.NOT_A_TEXT, "the mail holds no text", expected=KINDS)
    content = str(body.get_content())
    return html_text(content) if body.get_content_type() == "text/html" else content


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            refuse(Code.ENCRYPTED, "the PDF is protected by a password")
        if len(reader.pages) > MAX_PAGES:
            refuse(
                Code.HOSTILE,
                "the PDF has too many pages",
                str(len(reader.pages)),
                f"at most {MAX_PAGES}",
            )
        text = "\n".join(page_text(page) for page in reader.pages)
    except (
        PyPdfError,
        RecursionError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
    ) as error:
        refuse(Code.TRUNCATED, f"the PDF is damaged: {error}")
    # Words cut at the end of a line; `SGB-\nII` and `Main-\nKinzig` keep their hyphen.
    return re.sub(r"(?<=[a-zäöüß])-\n(?=[a-zäöüß])", "", text)
