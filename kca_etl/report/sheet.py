"""A page of tables under headings, as HTML, JSON and CSV.

What the quality report and the data catalogue have in common.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from kca_etl.offices import folder as offices
from kca_etl.report.data import field
from kca_etl.report.html import fill
from kca_etl.report.printable import plain

COLUMNS = ("section", "row", "column", "text")


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its heading; `empty` is said where it has no rows.

    Texts are printed as they are, foreign ones made plain.
    """

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its finding in one line, its sections, what it is made of.

    `name` is the file's without its ending.
    """

    name: str
    title: str
    headline: str
    sections: tuple[Section, ...]
    footer: str


def render_html(sheet: Sheet) -> str:
    """Render one self-contained page: no script, no outside request."""
    return fill(
        "blatt.html.j2",
        ("ueberblick.css", "blatt.css"),
        sheet=sheet,
        plain=plain,
        publisher=offices.current().name,
    )


def render_json(sheet: Sheet) -> str:
    """Write every section as a list of objects keyed by its columns."""
    sections = [
        {
            "title": s.title,
            "note": s.note,
            "rows": [dict(zip(s.columns, row, strict=True)) for row in s.rows],
        }
        for s in sheet.sections
    ]
    return json.dumps(asdict(sheet) | {"sections": sections}, ensure_ascii=False, indent=1) + "\n"


def render_csv(sheet: Sheet) -> str:
    """Write one line per cell: section, row (from 1), column, text.

    Texts that could pass for a formula begin with `'`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for s in sheet.sections:
        for n, row in enumerate(s.rows, 1):
            writer.writerows(
                (s.title, n, column, field(column, text))
                for column, text in zip(s.columns, row, strict=True)
            )
    return out.getvalue()


RENDERERS: dict[str, Callable[[Sheet], str]] = {
    "html": render_html,
    "json": render_json,
    "csv": render_csv,
}


def render(sheet: Sheet) -> dict[str, bytes]:
    """Return every form by file name."""
    return {f"{sheet.name}.{form}": make(sheet).encode() for form, make in RENDERERS.items()}
