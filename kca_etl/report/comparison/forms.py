"""The comparison as PDF, HTML, CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from kca_etl.report.comparison.model import Area, Comparison
from kca_etl.report.comparison.page import fingerprint, page_of
from kca_etl.report.data import csv_text, exact
from kca_etl.report.html import fill, inline
from kca_etl.report.pdf import typeset
from kca_etl.report.words import marks, shown

COLUMNS = (
    *(
        "kennzahl",
        "gliederung",
        "unit",
        "berichtsmonat",
        "region_system",
        "region_code",
        "region_name",
        "place",
        "highlighted",
    ),
    *(
        "value",
        "zeichen",
        "shown",
        "marks",
        "status",
        "datenstand",
        "document_sha256",
        "file_name",
        "sheet",
        "cell",
    ),
)


def render_pdf(comparison: Comparison) -> bytes:
    """Set the page; its date is the Datenstand."""
    return typeset("vergleich.typ", asdict(page_of(comparison)), comparison.datenstand)


def render_html(comparison: Comparison) -> str:
    """Render one self-contained page."""
    page = page_of(comparison)
    pictures = {
        "map": inline(page.map.svg) if page.map else "",
        "panels": [inline(p.svg) for p in page.panels],
    }
    return fill(
        "vergleich.html.j2", ("ueberblick.css", "vergleich.css"), page=page, pictures=pictures
    )


def records(comparison: Comparison) -> list[dict[str, Any]]:
    """Return a row per area of the month.

    Those in order, those without a figure, then Land and Germany (without a place).
    """
    return [
        _record(comparison, a)
        for a in (*comparison.ranked, *comparison.unpublished, *comparison.whole)
    ]


def render_csv(comparison: Comparison) -> str:
    """Write UTF-8, `,` between fields, `.` before decimals.

    Texts that could pass for a formula begin with `'`.
    """
    return csv_text(COLUMNS, records(comparison))


def render_json(comparison: Comparison) -> str:
    """Write the page's words and numbers with the courses, and a hash of their fact versions."""
    page = page_of(comparison)
    document = {
        "title": page.title,
        "headline": page.headline,
        "definition": page.definition,
        "source": page.source,
        "datenstand": comparison.datenstand,
        "median": exact(comparison.middle),
        "notes": [page.list_note, *page.notes],
        "figures": records(comparison),
        "courses": [_course(a) for a in (*comparison.courses, *comparison.whole)],
        "documents": [asdict(origin) for origin in comparison.documents],
        "fact_versions_sha256": fingerprint(comparison),
        "version": page.version,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


RENDERERS: dict[str, Callable[[Comparison], bytes | str]] = {
    "pdf": render_pdf,
    "html": render_html,
    "csv": render_csv,
    "json": render_json,
}
FORMS = tuple(RENDERERS)


def render(comparison: Comparison, form: str) -> bytes:
    """Return the comparison in one of FORMS; texts in UTF-8."""
    made = RENDERERS[form](comparison)
    return made.encode() if isinstance(made, str) else made


def file_name(comparison: Comparison, form: str) -> str:
    """Return `Vergleich_elb_sanktionsquote_2019-01_06.pdf`."""
    kennzahl = comparison.kennzahl
    split = (
        ""
        if kennzahl.gliederung == "insgesamt"
        else f"_{kennzahl.gliederung.replace('=', '-').replace(',', '_')}"
    )
    return (
        f"Vergleich_{kennzahl.code}{split}_{comparison.month:%Y-%m}_{comparison.land or 'D'}.{form}"
    )


def _course(area: Area) -> dict[str, Any]:
    months = {
        f"{f.month:%Y-%m}": exact(f.value) if f.value is not None else f.zeichen
        for f in area.series
    }
    return {"region": area.key, "region_name": area.name, "months": months}


def _record(comparison: Comparison, area: Area) -> dict[str, Any]:
    kennzahl, figure, origin = comparison.kennzahl, area.figure, area.figure.origin
    system, code = area.key.split(":", 1)
    return {
        "kennzahl": kennzahl.code,
        "gliederung": kennzahl.gliederung,
        "unit": kennzahl.unit,
        "berichtsmonat": figure.month.isoformat(),
        "region_system": system,
        "region_code": code,
        "region_name": area.name,
        "place": area.place,
        "highlighted": area.own,
        "value": exact(figure.value),
        "zeichen": figure.zeichen,
        "shown": shown(figure, kennzahl.unit),
        "marks": marks(figure),
        "status": figure.status or None,
        "datenstand": origin and origin.datenstand,
        "document_sha256": origin and origin.sha256,
        "file_name": origin and origin.file_name,
        "sheet": origin and origin.sheet,
        "cell": figure.cell or None,
    }
