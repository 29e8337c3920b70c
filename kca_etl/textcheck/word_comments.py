"""A copy of a Word document with comments; everything else in it keeps its bytes.

Source of the parts' names and elements: ECMA-376, Office Open XML, Part 1, 17.13.4 (comments).
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from xml.parsers import expat
from xml.sax.saxutils import escape

from kca_etl.model.codes import Code
from kca_etl.textcheck.markup import MAX_UNPACKED, WORD_PART, office_text, refuse

AUTHOR, INITIALS = "kca-etl", "kca"
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMMENTS, _RELATIONS = "word/comments.xml", "word/_rels/document.xml.rels"
_TYPES = "[Content_Types].xml"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BLANK = " \t\n"
_LETTER = re.compile(rb"&[^;<]*;|[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]+")
_KEEPS_BLANKS = b' xml:space="preserve"'


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a piece of the document's text, as `office_text` returns it."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Run:
    """A run of letters of one look: how its look is written, where that begins."""

    look: bytes = b""
    look_at: int = -1


@dataclass(frozen=True, slots=True)
class _Letter:
    """A visible letter: where its bytes begin and end, its run, where its element's tag ends."""

    start: int
    end: int
    run: _Run
    tag_end: int


@dataclass(slots=True)
class _Reader:
    """Finds the visible letters of a document's part, in the order of `office_text`."""

    xml: bytes
    letters: list[_Letter | None] = field(default_factory=list)
    prefix: bytes = b""
    _runs: list[_Run] = field(default_factory=list)
    _text_at: int = -1
    _parser: expat.XMLParserType = field(default_factory=lambda: expat.ParserCreate(None, " "))

    def read(self) -> None:
        """Read the part. It was tried before: it declares no entities, and it is whole."""
        self._parser.StartElementHandler = self._starts
        self._parser.EndElementHandler = self._ends
        self._parser.Parse(self.xml, True)  # noqa: FBT003 - the parser takes it by place only

    def _starts(self, name: str, _attributes: dict[str, str]) -> None:
        at, local = self._parser.CurrentByteIndex, _local(name)
        if local == "r":
            self._runs.append(_Run())
        elif local == "rPr" and self._runs and self._runs[-1].look_at < 0:
            self._runs[-1].look_at = at
        elif local == "t":
            self._text_at = self.xml.index(b">", at) + 1
            self.prefix = self.xml[at + 1 : self._text_at].split(b"t", 1)[0]
        elif local == "noBreakHyphen":
            self.letters.append(None)

    def _ends(self, name: str) -> None:
        at, local = self._parser.CurrentByteIndex, _local(name)
        if local == "r" and self._runs:
            self._runs.pop()
        elif local == "rPr" and self._runs and not self._runs[-1].look:
            run = self._runs[-1]
            run.look = self.xml[run.look_at : self.xml.index(b">", at) + 1]
        elif local == "t":
            self._keep(at)

    def _keep(self, end: int) -> None:
        for hit in _LETTER.finditer(self.xml, self._text_at, max(self._text_at, end)):
            shown = unescape(hit[0].decode())
            if shown in _BLANK:
                continue
            place = _Letter(*hit.span(), self._runs[-1], self._text_at - 1) if self._runs else None
            self.letters.append(place)


def _local(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return local if namespace == _NAMESPACE else ""


def commented(data: bytes, remarks: Sequence[Remark]) -> bytes:
    """Return the document with a comment for each remark; the same bytes for the same input.

    Raises KcaError NOT_A_TEXT where the document is no .docx, HOSTILE, TRUNCATED, ENCRYPTED.
    """
    text = office_text(data)
    parts = _parts(data)
    reader = _Reader(parts[WORD_PART])
    reader.read()
    places = [at for at, char in enumerate(text) if char not in _BLANK]
    if len(places) != len(reader.letters):
        refuse(Code.NOT_A_TEXT, "the document's letters cannot be found again in its file")
    first = _next_id(parts)
    anchored = [(r, _anchors(r, places, reader.letters)) for r in remarks]
    kept = [(first + n, r, a) for n, (r, a) in enumerate((r, a) for r, a in anchored if a)]
    changed = {WORD_PART: _with_anchors(reader, [(number, a) for number, _, a in kept])}
    changed |= _with_comments(parts, [(number, r.text) for number, r, _ in kept])
    return _packed(data, changed)


def _parts(data: bytes) -> dict[str, bytes]:
    """Return the parts that change or that are needed; `office_text` has tried the archive."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if WORD_PART not in names:
            refuse(Code.NOT_A_TEXT, "only a Word document (.docx) takes comments")
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            refuse(Code.HOSTILE, "the document unpacks to too much")
        wanted = (WORD_PART, _COMMENTS, _RELATIONS, _TYPES)
        return {name: archive.read(name) for name in wanted if name in names}


def _next_id(parts: dict[str, bytes]) -> int:
    """Return the first number that no comment of the document has."""
    taken = re.findall(rb':id="(\d{1,9})"', parts.get(_COMMENTS, b""))
    return max(map(int, taken), default=-1) + 1


def _anchors(
    remark: Remark, places: Sequence[int], letters: Sequence[_Letter | None]
) -> tuple[_Letter, _Letter] | None:
    """Return the first and the last letter of a remark's place."""
    found = letters[bisect_left(places, remark.start) : bisect_left(places, remark.end)]
    known = [letter for letter in found if letter is not None]
    return (known[0], known[-1]) if known else None


def _with_anchors(reader: _Reader, anchors: Sequence[tuple[int, tuple[_Letter, _Letter]]]) -> bytes:
    """Cut the runs where comments begin and end."""
    w, xml = reader.prefix, reader.xml
    cuts: dict[tuple[int, int], bytes] = {}

    def cut(letter: _Letter, at: int, order: int, between: bytes) -> None:
        closes = b"</%bt></%br>" % (w, w)
        opens = b"<%br>%b<%bt%b>" % (w, letter.run.look, w, _KEEPS_BLANKS)
        cuts[at, order] = cuts.get((at, order), b"") + closes + between + opens
        tag = xml[xml.rindex(b"<", 0, letter.tag_end) : letter.tag_end]
        if b"xml:space" not in tag:
            cuts[letter.tag_end, 0] = _KEEPS_BLANKS

    for number, (start, end) in anchors:
        of = b' %bid="%d"/>' % (w, number)
        cut(start, start.start, 1, b"<%bcommentRangeStart" % w + of)
        shown = b"<%br><%bcommentReference" % (w, w) + of + b"</%br>" % w
        cut(end, end.end, 0, b"<%bcommentRangeEnd" % w + of + shown)
    out, done = [], 0
    for (at, _), new in sorted(cuts.items()):
        out += [xml[done:at], new]
        done = at
    return b"".join([*out, xml[done:]])


def _with_comments(
    parts: dict[str, bytes], comments: Sequence[tuple[int, str]]
) -> dict[str, bytes]:
    """Return the parts that hold the comments and name their part."""
    given = parts.get(_COMMENTS)
    if given is not None:
        head, mark, tail = given.rpartition(b"</")
        prefix = re.match(rb"([\w.-]*:)?comments", tail)
        w = (prefix[1] or b"").decode() if prefix else "w:"
        return {_COMMENTS: head + _written(comments, w) + mark + tail}
    body = f'<w:comments xmlns:w="{_NAMESPACE}">'.encode() + _written(comments, "w:")
    made = {_COMMENTS: _HEAD + body + b"</w:comments>"}
    empty = _HEAD + f'<Relationships xmlns="{_PACKAGE}"></Relationships>'.encode()
    kind = f"{_OFFICE}/comments"
    relation = f'<Relationship Id="rIdKcaComments" Type="{kind}" Target="comments.xml"/>'
    made[_RELATIONS] = _inside(parts.get(_RELATIONS, empty), relation)
    override = f'<Override PartName="/{_COMMENTS}" ContentType="{_TYPE}"/>'
    if _TYPES in parts:
        made[_TYPES] = _inside(parts[_TYPES], override)
    return made


def _inside(xml: bytes, element: str) -> bytes:
    """Put an element at the end of the root, which may have been written as an empty one."""
    if b"</" not in xml:
        root = re.search(rb"<(\w+)([^<>]*)/>\s*\Z", xml)
        if root is not None:
            xml = xml[: root.start()] + b"<%b%b></%b>" % (root[1], root[2], root[1])
    head, mark, tail = xml.rpartition(b"</")
    return head + element.encode() + mark + tail


def _written(comments: Sequence[tuple[int, str]], w: str) -> bytes:
    out = []
    for number, text in comments:
        said = escape("".join(c if c.isprintable() else " " for c in text))
        out.append(
            f'<{w}comment {w}id="{number}" {w}author="{AUTHOR}" {w}initials="{INITIALS}">'
            f'<{w}p><{w}r><{w}t xml:space="preserve">{said}</{w}t></{w}r></{w}p></{w}comment>'
        )
    return "".join(out).encode()


def _packed(data: bytes, changed: dict[str, bytes]) -> bytes:
    """Return the archive with its changed parts, and its new ones at the end."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as given, zipfile.ZipFile(out, "w") as made:
        for part in given.infolist():
            made.writestr(part, changed.pop(part.filename, b"") or given.read(part))
        for name, content in changed.items():
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
