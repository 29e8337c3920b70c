"""Texts out of files of every kind, and files that are none."""

from __future__ import annotations

import zipfile
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from kca_etl.model.findings import KcaError
from kca_etl.report.html import render_html
from kca_etl.report.overview import build
from kca_etl.textcheck import readers
from kca_etl.textcheck.check import check
from kca_etl.textcheck.readers import read_text
from tests.textcheck.helper import FRAME, NOVEMBER, RECENT, of

SENTENCE = (
    "Im November 2020 waren 7.273 Menschen arbeitslos – 73 weniger als im Vormonat. Die "
    "Quote lag unverändert bei 3,2 Prozent."
)
PROVEN = ["7.273", "73", "weniger", "unverändert", "3,2 Prozent"]
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, head: str = "", name: str = "word/document.xml") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            zipfile.ZipInfo(name),
            (
                f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document '
                f"{NS}><w:body>{body}</w:body></w:document>"
            ),
            zipfile.ZIP_DEFLATED,
        )
    return out.getvalue()


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page, its letters in Windows' Latin."""
    text = " T* ".join(
        f"({line})' " for line in (part.replace("(", "\\(").replace(")", "\\)") for part in lines)
    )
    return pdf_page(f"BT /F1 11 Tf 14 TL 50 800 Td {text} ET".encode("cp1252"))


def pdf_page(content: bytes) -> bytes:
    """A PDF of one page with this content."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


def pdf_table(cells: list[list[str]]) -> bytes:
    """A PDF of one page with a table: each cell is placed by itself."""
    marks = "".join(
        f"1 0 0 1 {50 + 130 * column} {780 - 16 * row} Tm ({cell}) Tj "
        for row, line in enumerate(cells)
        for column, cell in enumerate(line)
    )
    return pdf_page(f"BT /F1 11 Tf {marks} ET".encode("cp1252"))


TABLE = [
    ["Merkmal", "November 2020", "Oktober 2020", "Veränderung"],
    ["Arbeitslose", "7.273", "7.346", "-73"],
    ["Leistungsbezieher", "24.736", "24.803", "-67"],
    ["Integrationen", "318", "345", "-27"],
]


@pytest.mark.parametrize(
    ("row", "column", "slip"),
    [(1, 1, "7.237"), (1, 2, "7.364"), (2, 3, "+67"), (3, 1, "345"), (3, 2, "318")],
)
def test_an_error_in_the_table_of_a_pdf_is_found(
    tmp_path: Path, row: int, column: int, slip: str
) -> None:
    path = tmp_path / "table.pdf"
    path.write_bytes(pdf_table(TABLE))
    claims = check(read_text(path), NOVEMBER, RECENT)
    assert len(of(claims, "belegt")) == 9
    assert of(claims, "widerspricht") == []
    wrong = [list(line) for line in TABLE]
    wrong[row][column] = slip
    path.write_bytes(pdf_table(wrong))
    assert of(check(read_text(path), NOVEMBER, RECENT), "widerspricht") == [slip]


RUNS = "".join(
    f'<w:r><w:t xml:space="preserve">{part}</w:t></w:r>'
    for part in SENTENCE.split("2", 1)[0:1] + ["2" + SENTENCE.split("2", 1)[1]]
)
ODT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def odt(text: str) -> bytes:
    """An OpenDocument text with one paragraph, a comment in it, and text deleted before."""
    first, rest = text.split("–")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODT}><office:body><office:text><text:tracked-changes><text:p>"
            f"7.999</text:p></text:tracked-changes><text:p>{first}<office:annotation><text:p>7.998"
            f"</text:p></office:annotation>–<text:span>{rest}</text:span></text:p></office:text>"
            "</office:body></office:document-content>",
        )
    return out.getvalue()


FILES = {
    "text.odt": odt(SENTENCE),
    "text.eml": (
        "From: a@example.org\nSubject: 99\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n\n" + SENTENCE
    ).encode(),
    "text.txt": SENTENCE.encode(),
    "bom.txt": b"\xef\xbb\xbf" + SENTENCE.encode(),
    "windows.txt": SENTENCE.encode("cp1252"),
    "utf16.txt": SENTENCE.encode("utf-16"),
    "text.md": f"# Überblick\n\n* **Neu:** {SENTENCE.replace('7.273', '**7.273**')}\n".encode(),
    "text.html": f"<!DOCTYPE html><title>99</title><script>7.999</script><p>{SENTENCE.replace('7.273', '7&#8239;<b>273</b>')}</p>".encode(),
    "latin.htm": f'<meta charset="iso-8859-1"><p>{SENTENCE}</p>'.encode("cp1252"),
    "noname": f"<html><body><p>{SENTENCE}</p></body></html>".encode(),
    "text.docx": word(f"<w:p>{RUNS}<w:del><w:r><w:delText>7.999</w:delText></w:r></w:del></w:p>"),
    "text.pdf": pdf(
        [
            "Im November 2020 waren 7.273 Menschen arbeits-",
            "los, 73 weniger als im Vormonat. Die Quote lag unver-",
            "ändert bei 3,2 Prozent.",
        ]
    ),
}


def test_the_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(SENTENCE.encode())))
    assert of(check(read_text(Path("-")), NOVEMBER, RECENT), "belegt") == PROVEN


@pytest.mark.parametrize("name", FILES)
def test_every_kind(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    claims = check(read_text(path), NOVEMBER, RECENT)
    assert [c.replace("\u202f", ".") for c in of(claims, "belegt")] == PROVEN
    assert of(claims, "nicht prüfbar") == ["2020"]
    assert of(claims, "widerspricht") == []


TABLES = {
    "table.md": (
        "| Merkmal | November 2020 | Oktober 2020 | Veränderung |\n|---|--:|--:|--:|\n| "
        "Arbeitslose | 7.273 | 7.346 | −73 |\n"
    ),
    "table.html": (
        "<table><tr><th>Merkmal<th>November 2020<th>Oktober "
        "2020<th>Veränderung<tr><td>Arbeitslose<td>7.273<td>7.346<td>−73</table>"
    ),
    "table.docx": "",
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str, tmp_path: Path) -> None:
    rows = (
        ("Merkmal", "November 2020", "Oktober 2020", "Veränderung"),
        ("Arbeitslose", "7.273", "7.346", "−73"),
    )
    cells = (
        "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in row) for row in rows
    )
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
    data = TABLES[name].encode() or word(body)
    for wrong, right in ((b"", b""), (b"7.364", b"7.346"), (b"+73", "−73".encode())):
        path = tmp_path / name
        path.write_bytes(
            word(body.replace(right.decode(), wrong.decode()))
            if name.endswith("docx") and right
            else data.replace(right, wrong)
            if right
            else data
        )
        claims = check(read_text(path), NOVEMBER, RECENT)
        assert of(claims, "widerspricht") == ([wrong.decode()] if wrong else [])
        assert len(of(claims, "belegt")) == (2 if wrong else 3)


def test_our_own_page_passes(tmp_path: Path) -> None:
    path = tmp_path / "ueberblick.html"
    path.write_text(render_html(build(FRAME, NOVEMBER)), encoding="utf-8")
    claims = check(read_text(path), NOVEMBER, FRAME)
    assert of(claims, "widerspricht") == []
    assert len(of(claims, "belegt")) >= 30


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("binary.txt", b"a\x00b", "NOT_A_TEXT"),
        ("old.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "NOT_A_TEXT"),
        ("sheet.docx", word("", name="xl/workbook.xml"), "NOT_A_TEXT"),
        ("cut.docx", word("<w:p/>")[:60], "TRUNCATED"),
        ("broken.docx", word("<w:p>"), "TRUNCATED"),
        ("entity.docx", word("&x;", '<!DOCTYPE d [<!ENTITY x "7.273">]>'), "HOSTILE"),
        ("bomb.docx", word(" " * 3_000_000), "HOSTILE"),
        ("cut.pdf", FILES["text.pdf"][:200], "TRUNCATED"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(name: str, data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(KcaError) as caught:
        read_text(path)
    assert caught.value.findings[0].code == code


def test_no_file_and_a_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KcaError, match="NO_FILE"):
        read_text(tmp_path / "nichts.txt")
    (tmp_path / "gross.txt").write_text(SENTENCE)
    monkeypatch.setattr(readers, "MAX_BYTES", 10)
    with pytest.raises(KcaError, match="too large"):
        read_text(tmp_path / "gross.txt")


def test_a_protected_pdf(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(FILES["text.pdf"])))
    writer.encrypt("geheim", algorithm="RC4-128")
    with (tmp_path / "geheim.pdf").open("wb") as file:
        writer.write(file)
    with pytest.raises(KcaError, match="ENCRYPTED"):
        read_text(tmp_path / "geheim.pdf")


RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\info{\author 4.711}}"
    rb"{\*\generator X 9.999}{\header Seite 3}\pard Im November 2020 waren {\b 7.273} Menschen"
    rb" arbeitslos \endash  73 weniger als im Vormonat.{\v  9.999} Die Quote lag unver\'e4ndert"
    rb" bei 3,2\~Prozent.\par {\pict 0123}Gr\u252 ?\u223\'dfe\par\trowd A\cell 1\cell\row}"
)


def test_rtf(tmp_path: Path) -> None:
    path = tmp_path / "release.rtf"
    path.write_bytes(RTF)
    text = read_text(path)
    assert text.split("\n\n")[:2] == [SENTENCE.replace("3,2 P", "3,2\u00a0P"), "Grüße"]
    assert text.endswith("A\t1")
    assert [t.replace("\u00a0", " ") for t in of(check(text, NOVEMBER, FRAME), "belegt")] == PROVEN


@pytest.mark.parametrize("cut", range(0, len(RTF), 7))
def test_a_damaged_rtf_is_still_read(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "release.rtf"
    path.write_bytes(RTF[: len(RTF) - cut] + b"}}}\\u99999999 {{{")
    read_text(path)
