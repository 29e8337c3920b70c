"""Text out of HTML and Word documents.

What a reader sees, paragraphs and table cells kept apart.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from html.parser import HTMLParser
from io import BytesIO
from typing import NoReturn
from xml.etree import ElementTree as ET

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

MAX_UNPACKED = 50_000_000
MAX_RATIO = 250  # unpacked to packed; real documents stay below 30
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_PART, _ODT_PART = "word/document.xml", "content.xml"
_ODT_BODY = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_HIDDEN = frozenset(["script", "style", "template", "noscript", "title", "svg"])


def refuse(code: Code, what: str, found: str = "", expected: str = "") -> NoReturn:
    """Refuse a file with one finding."""
    raise KcaError(Finding(code, what, found=found, expected=expected))


class _Visible(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break lines before blocks, part cells by tabs."""
        del attrs
        if not self.hidden and tag in _HIDDEN:
            self.hidden = tag
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        """Break lines after blocks."""
        if tag == self.hidden:
            self.hidden = ""
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep what is shown; blanks of the source fold."""
        if not self.hidden:
            self.parts.append(re.sub(r"[ \n\r\t]+", " ", data))


def html_text(source: str) -> str:
    """Return what a page shows."""
    parser = _Visible()
    parser.feed(source)
    parser.close()
    return tidy("".join(parser.parts))


def office_text(data: bytes) -> str:
    """Return the text of a Word or OpenDocument file.

    Raises KcaError NOT_A_TEXT, TRUNCATED, ENCRYPTED or HOSTILE.
    """
    part, xml = _document(data)
    root = _tree(xml)
    return tidy("".join(_pieces(root) if part == WORD_PART else _open_document_pieces(root)))


def _document(data: bytes) -> tuple[str, bytes]:
    """Return the name and the bytes of the part that holds the text."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            part = archive.getinfo(WORD_PART if WORD_PART in archive.namelist() else _ODT_PART)
            if part.flag_bits & 1:
                refuse(Code.ENCRYPTED, "the document is encrypted")
            if part.file_size > min(MAX_UNPACKED, max(1_000_000, MAX_RATIO * part.compress_size)):
                refuse(
                    Code.HOSTILE,
                    "the document unpacks to too much",
                    f"{part.file_size} bytes from {part.compress_size}",
                )
            with archive.open(part) as file:
                return part.filename, file.read(MAX_UNPACKED)
    except KeyError:
        refuse(
            Code.NOT_A_TEXT,
            "the archive holds no Word or OpenDocument text",
            expected=".txt, .md, .docx, .odt, .rtf, .html, .eml or .pdf",
        )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        refuse(Code.TRUNCATED, f"the document's archive is damaged: {error}")


def _tree(xml: bytes) -> ET.Element:
    # A document type is the only place for entities; other encodings could hide it.
    if (
        re.search(rb"<!(?:DOCTYPE|ENTITY)", xml, re.IGNORECASE)
        or xml[:2] in (b"\xff\xfe", b"\xfe\xff")
        or b"\x00" in xml[:200]
    ):
        refuse(Code.HOSTILE, "the document declares entities or an unusual encoding")
    try:
        return ET.fromstring(xml)  # noqa: S314 - no document type, no entities: checked above
    except ET.ParseError as error:
        refuse(Code.TRUNCATED, f"the document is damaged: {error}")


def _pieces(root: ET.Element) -> list[str]:
    """Text in reading order.

    What was deleted under change tracking has another tag and stays out.
    """
    out: list[str] = []
    marks = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
    starts = {"p": "\n", "tr": "\n", "tc": "\t"}
    in_cell = {id(p): True for cell in root.iter(f"{_WORD}tc") for p in cell.iter(f"{_WORD}p")}
    for node in root.iter():
        name = str(node.tag).removeprefix(_WORD)
        if name in starts:
            out.append(" " if id(node) in in_cell else starts[name])
        out.append((node.text or "") if name == "t" else marks.get(name, ""))
    return out


def _open_document_pieces(root: ET.Element) -> list[str]:
    """Text of an OpenDocument in reading order; comments and deleted text stay out."""
    body = next((node for node in root.iter() if node.tag == _ODT_BODY), root)
    marks = {"p": "\n", "h": "\n", "line-break": "\n", "tab": "\t", "s": " ", "table-row": "\n"}
    marks["table-cell"] = "\t"
    out: list[str] = []
    left: list[ET.Element | str] = [body]
    cells = {id(p) for cell in root.iter() if _local(cell) == "table-cell" for p in cell}
    while left:
        node = left.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        name = _local(node)
        left.append(node.tail or "")
        if name in ("annotation", "tracked-changes"):
            continue
        out.append(" " if id(node) in cells else marks.get(name, ""))
        left += [*reversed(node), node.text or ""]
    return out


def _local(node: ET.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def tidy(text: str) -> str:
    """Part paragraphs by an empty line: their lines are no halves of one.

    Cells keep their tabs, empty ones too.
    """
    return re.sub(r"[ \t]*\n[ \n]*", "\n\n", re.sub(r" *\t *", "\t", text)).strip("\n ")
