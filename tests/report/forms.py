"""Read the figures back from every form of the overview.

Each reader knows nothing of the writer.
"""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pypdf

from kca_etl.samples.figures import KENNZAHLEN, LABELS

Table = dict[
    str, list[str]
]  # label → month, previous month, change, per cent, year before, change, per cent
PERCENTS = (3, 6)  # columns of changes in per cent
UNITS = (" %", " Prozentpunkte")


def bare(text: str) -> str:
    """Take the unit from a printed figure."""
    for unit in UNITS:
        text = text.removesuffix(unit)
    return text


class _Cells(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True
        elif tag == "sup":
            self.inside = False

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def from_html(page: bytes) -> Table:
    """Read the first table of the page."""
    out: Table = {}
    for row in _Cells(page.decode()).rows:
        if row[0] in LABELS.values() and row[0] not in out:
            out[row[0]] = [bare(cell) for cell in row[1:]]
    return out


def pdf_text(content: bytes) -> str:
    """Return the page's text in reading order."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def from_pdf(content: bytes) -> Table:
    """Read the table: each label, then seven figures, each perhaps with a unit and marks."""
    text = " ".join(pdf_text(content).split())
    text = text[text.index("Veränderung zum Vorjahresmonat in Prozent") : text.index("Verlauf")]
    labels = list(LABELS.values())
    out: Table = {}
    for label, following in zip(labels, [*labels[1:], ""], strict=True):
        line = text[
            text.index(f"{label} ") + len(label) : text.rindex(following) if following else None
        ]
        out[label] = re.sub(r" %| Prozentpunkte| [rvhe](,[rvhe])*\b", "", line).split()
    return out


def from_xlsx(content: bytes) -> Table:
    """Read the numbers of the overview's sheet and print them by hand."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Überblick"]
    out: Table = {}
    for row in sheet.iter_rows(min_row=5, max_row=10, max_col=8):
        label, *cells = [cell.value for cell in row]
        rate = "quote" in str(label)
        out[str(label)] = [
            _printed(cell, rate=rate or at in PERCENTS, signed=at in (2, 3, 5, 6))
            for at, cell in enumerate(cells)
        ]
    return out


def from_csv(content: bytes) -> Table:
    """Read the rows with their roles."""
    return _from_records(list(csv.DictReader(io.StringIO(content.decode()))))


def from_json(content: bytes) -> Table:
    """Read the list of figures."""
    return _from_records(json.loads(content)["figures"])


def _from_records(rows: list[dict[str, Any]]) -> Table:
    out: Table = {}
    for kennzahl in KENNZAHLEN:
        of = {row["role"]: row for row in rows if row["kennzahl"] == kennzahl}
        rate = of["month"]["unit"] == "Prozent"
        month, previous, year = of["month"], of["previous"], of["year_before"]
        wanted = [
            (month, "value"),
            (previous, "value"),
            (previous, "change"),
            (previous, "change_percent"),
            (year, "value"),
            (year, "change"),
            (year, "change_percent"),
        ]
        out[month["label"]] = [
            _printed(_number(row, key), rate=rate or key == "change_percent", signed=key != "value")
            for row, key in wanted
        ]
    return out


def _number(row: dict[str, Any], key: str) -> float | str:
    value = row[key]
    if value is None or value == "":
        if key == "change_percent" and row["unit"] == "Prozent":
            return "x"
        return str(row["zeichen"] or "–") if key == "value" else "–"
    return float(value)


def _printed(value: Any, *, rate: bool, signed: bool) -> str:
    if isinstance(value, str):
        return value
    text = f"{abs(value):,.{int(rate)}f}".translate(str.maketrans(",.", ".,"))
    if not signed:
        return text
    if round(value, 1) == 0:
        return "±0"
    return ("+" if value > 0 else "−") + text
