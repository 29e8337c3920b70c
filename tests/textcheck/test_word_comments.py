"""A Word document with comments: the text stays, each place is marked, the rest keeps its bytes."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from kca_etl.model.findings import KcaError
from kca_etl.textcheck.markup import office_text
from kca_etl.textcheck.word_comments import Remark, commented

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BODY = (
    "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Im November waren 7.2</w:t></w:r>"
    "<w:r><w:rPr><w:i/></w:rPr><w:t>73 Menschen &amp; mehr</w:t></w:r></w:p>"
    '<w:tbl><w:tr><w:tc><w:p><w:r><w:t xml:space="preserve">Quote </w:t><w:tab/><w:t>3,2 '
    "Prozent</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


def word(body: str = BODY, **more: str) -> bytes:
    out = BytesIO()
    parts = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": f"<w:document {NS}><w:body>{body}</w:body></w:document>",
        "word/media/picture.bin": "picture",
    } | more
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def remarks_on(text: str, *pieces: str) -> list[Remark]:
    places = [(text.index(piece), piece) for piece in pieces]
    return [Remark(at, at + len(piece), f"zu {piece} <&>") for at, piece in places]


def marked(data: bytes) -> dict[str, str]:
    """Return the text inside each comment's range by the comment's text."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        root = ET.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own
        comments = ET.fromstring(archive.read("word/comments.xml"))  # noqa: S314 - our own
    said = {c.get(f"{W}id"): "".join(t.text or "" for t in c.iter(f"{W}t")) for c in comments}
    inside: dict[str, str] = {}
    for node in root.iter():
        number = node.get(f"{W}id") or ""
        if node.tag == f"{W}commentRangeStart":
            inside[number] = ""
        elif node.tag == f"{W}commentRangeEnd":
            said[number] = f"{said[number]}={inside.pop(number)}"
        elif node.tag == f"{W}t":
            inside = {key: text + (node.text or "") for key, text in inside.items()}
    references = {n.get(f"{W}id") for n in root.iter(f"{W}commentReference")}
    assert references == set(said)
    return {said[key].split("=")[0]: said[key].split("=")[1] for key in said if "=" in said[key]}


def test_each_place_is_marked_and_the_text_stays() -> None:
    data = word()
    text = office_text(data)
    made = commented(data, remarks_on(text, "7.273", "273 Menschen & mehr", "3,2 Prozent"))
    assert office_text(made) == text
    assert marked(made) == {
        "zu 7.273 <&>": "7.273",
        "zu 273 Menschen & mehr <&>": "273 Menschen & mehr",
        "zu 3,2 Prozent <&>": "3,2 Prozent",
    }


def test_the_looks_of_letters_and_all_other_parts_stay() -> None:
    data = word()
    made = commented(data, remarks_on(office_text(data), "7.273"))
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(BytesIO(made)) as new:
        assert new.read("word/media/picture.bin") == old.read("word/media/picture.bin")
        xml = new.read("word/document.xml").decode()
        assert "/word/comments.xml" in new.read("[Content_Types].xml").decode()
        assert "comments.xml" in new.read("word/_rels/document.xml.rels").decode()
    looks = re.findall(r"<w:rPr><w:(\w)/></w:rPr><w:t[^>]*>([^<]*)<", xml)
    assert looks == [
        ("b", "Im November waren "),
        ("b", "7.2"),
        ("i", "73"),
        ("i", " Menschen &amp; mehr"),
    ]
    assert commented(data, remarks_on(office_text(data), "7.273")) == made


def test_comments_that_are_there_stay() -> None:
    old = f'<w:comments {NS}><w:comment w:id="4"><w:p/></w:comment></w:comments>'
    data = word(**{"word/comments.xml": old})
    made = commented(data, remarks_on(office_text(data), "7.273"))
    with zipfile.ZipFile(BytesIO(made)) as archive:
        comments = archive.read("word/comments.xml").decode()
        assert re.findall(r'w:id="(\d+)"', comments) == ["4", "5"]
        assert archive.read("[Content_Types].xml").decode() == TYPES


def test_other_files_are_refused() -> None:
    with pytest.raises(KcaError, match="NOT_A_TEXT"):
        commented(word(**{"content.xml": "<a/>"}).replace(b"word/document", b"ward/document"), [])
    with pytest.raises(KcaError, match="HOSTILE"):
        commented(word(f"<!DOCTYPE x>{BODY}"), [])
