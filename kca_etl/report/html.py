"""The overview as one self-contained HTML page: no script, no outside request, the same bytes for the same figures."""

from __future__ import annotations

import base64
import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

from kca_etl.report.facts import Figure
from kca_etl.report.numbers import MISSING, change
from kca_etl.report.notes import notes
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.words import OWN, PUBLISHER, SIGNS, day, headline, marks, month_name, moved, shown, title, used_marks

TEMPLATES = Path(__file__).parent / "templates"


def render_html(overview: Overview) -> str:
    """Render the page. Every text is escaped; the style sheet is admitted by its hash alone."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - start-up time of the command line
    from markupsafe import Markup  # noqa: PLC0415

    css = (TEMPLATES / "ueberblick.css").read_text(encoding="utf-8")
    allowed = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # The style sheet is our own file, read above.
    page = _page(overview) | {"css": Markup(css), "css_hash": allowed}  # noqa: S704
    return environment.get_template("ueberblick.html.j2").render(page)


def _page(overview: Overview) -> dict[str, Any]:
    months = (overview.month, overview.previous_month, overview.year_before)
    return {
        "title": title(overview),
        "publisher": PUBLISHER,
        "region": overview.region_name,
        "month": month_name(overview.month),
        "months": [month_name(m) for m in months],
        "short_months": [f"{m:%m/%Y}" for m in months],
        "headline": headline(overview),
        "datenstand": day(overview.datenstand),
        "rows": [_row(overview, row) for row in overview.rows],
        "sample": any(f.invented for row in overview.rows for f in row.figures),
        "given": overview.notes,
        "notes": notes(overview),
        "own": OWN,
        "signs": SIGNS,
        "marks": used_marks(overview),
        "documents": [
            {"file": d.file_name, "sheet": d.sheet, "datenstand": day(d.datenstand), "sha256": d.sha256[:16]} for d in overview.documents
        ],
    }


def _row(overview: Overview, row: OverviewRow) -> dict[str, Any]:
    return {
        "label": row.label,
        "unit": row.unit,
        "figures": [{"text": shown(f, row.unit), "mark": marks(f), "place": _place(overview, f)} for f in row.figures],
        "tile": [{"text": moved(row, f), "mark": _mark(row, f)} for f in row.figures[1:]],
        "changes": [_change(row, row.change_previous, row.previous), _change(row, row.change_year, row.year_before)],
    }


def _change(row: OverviewRow, exact: Decimal | None, then: Figure) -> dict[str, str]:
    text, _, unit = (MISSING if exact is None else change(exact, row.unit)).partition(" ")
    return {"text": text, "unit": unit, "mark": _mark(row, then)}


def _mark(row: OverviewRow, then: Figure) -> str:
    """Give what is computed from a marked figure its mark; a dash carries none."""
    return "" if moved(row, then) == MISSING else marks(row.current, then)


def _place(overview: Overview, figure: Figure) -> dict[str, Any] | None:
    if figure.origin is None:
        return None
    return {"document": overview.documents.index(figure.origin) + 1, "cell": figure.cell}
