"""A draft of the month's text: the office's sentences, each number with its proof as a comment."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from kca_etl.german.months import MONTHS, day, month_name
from kca_etl.german.notation import number, places
from kca_etl.model.month import month_date
from kca_etl.report.facts import Figure
from kca_etl.report.overview import OverviewRow
from kca_etl.report.press import sentences
from kca_etl.report.words import shown
from kca_etl.runs.arguments import day as day_of
from kca_etl.runs.arguments import month_id
from kca_etl.runs.reports import build
from kca_etl.settings import Settings
from kca_etl.textcheck.word_comments import Remark, commented

# A year behind a month's name is no figure.
_NUMBER = re.compile(
    rf"(?:(?:{'|'.join(MONTHS)}) \d{{4}})|(?<![\w.,])(?P<number>\d+(?:\.\d{{3}})*(?:,\d+)?)"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Proof:
    """A number of the draft: its place in the text, and where it comes from."""

    start: int
    end: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class PressDraft:
    """The sentences, one a line, and the proofs of their numbers in order."""

    text: str
    proofs: tuple[Proof, ...]

    def with_comments(self) -> str:
        """Return the text with each proof as a comment of Markdown and HTML behind its number."""
        out, done = [], 0
        for proof in self.proofs:
            said = proof.text.replace("--", "–")
            out += [self.text[done : proof.end], f"<!-- {said} -->"]
            done = proof.end
        return "".join([*out, self.text[done:]]) + "\n"

    def as_word(self) -> bytes:
        """Return a Word document with each proof as a comment."""
        # In a Word document an empty line parts two paragraphs.
        shift = [self.text.count("\n", 0, p.start) for p in self.proofs]
        remarks = [
            Remark(p.start + by, p.end + by, p.text)
            for p, by in zip(self.proofs, shift, strict=True)
        ]
        return commented(_document(self.text.split("\n")), remarks)


def draft(settings: Settings, month: str, as_of: str | None = None) -> PressDraft:
    """Draft the text of a month (YYYY-MM), as known today or on a day (YYYY-MM-DD).

    Raises KcaError NO_FACTS where the month has no figures, BAD_MONTH and BAD_DAY.
    """
    page = build(settings, month_date(month_id(month)), day_of(as_of))
    lines: list[str] = []
    proofs: list[Proof] = []
    at = 0
    for row, text in sentences(page):
        proofs += [] if row is None else _proofs(row, text, at)
        lines.append(text)
        at += len(text) + 1
    return PressDraft("\n".join(lines), tuple(proofs))


def _proofs(row: OverviewRow, text: str, at: int) -> list[Proof]:
    """Lead each number of a sentence to its cells; a name's number (`SGB 2`) leads nowhere."""
    known = _printed(row)
    found = []
    for hit in _NUMBER.finditer(text):
        fits = next((k for k in known if k[0] == hit["number"]), None)
        if fits is not None:
            known.remove(fits)
            found.append(Proof(at + hit.start(), at + hit.end(), hit[0], fits[1]))
    return found


def _printed(row: OverviewRow) -> list[tuple[str, str]]:
    """Return the numbers that a sentence may print, with their proofs, in its order."""
    levels = [(_bare(row, f), _proof(row, f)) for f in row.figures if f.value is not None]
    changes = []
    moved = ((row.change_previous, row.previous), (row.change_year, row.year_before))
    for change, then in moved:
        if change is not None:
            printed = number(abs(change), places(row.unit))
            told = f"{shown(row.current, row.unit)} gegen {shown(then, row.unit)}"
            both = f"{_proof(row, row.current)}; {_proof(row, then)}"
            changes.append((printed, f"{told}: {both}"))
    return [*levels[:1], *changes, *levels[1:]]


def _bare(row: OverviewRow, figure: Figure) -> str:
    return shown(figure, row.unit).removesuffix(" %")


def _proof(row: OverviewRow, figure: Figure) -> str:
    origin = figure.origin
    if origin is None:
        return f"{row.label}, {month_name(figure.month)}"
    return (
        f"{row.label}, {month_name(figure.month)}: {origin.file_name}, Blatt „{origin.sheet}“, "
        f"Zelle {figure.cell}, Datenstand {day(origin.datenstand)}"
    )


def _document(lines: list[str]) -> bytes:
    """Return a Word document of one paragraph a line, the same bytes for the same lines."""
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines
    )
    types = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    document = f'{_HEAD}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations,
        "word/document.xml": document,
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
