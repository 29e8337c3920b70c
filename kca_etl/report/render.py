"""Every form of the overview."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kca_etl.report.data import render_csv, render_json
from kca_etl.report.html import render_html
from kca_etl.report.overview import Overview
from kca_etl.report.pdf import render_pdf
from kca_etl.report.terminal import render_text
from kca_etl.report.xlsx import render_xlsx

RENDERERS: dict[str, Callable[[Overview], bytes | str]] = {
    "pdf": render_pdf,
    "html": render_html,
    "xlsx": render_xlsx,
    "csv": render_csv,
    "json": render_json,
    "txt": render_text,
}
FORMATS = tuple(RENDERERS)
FILES = ("pdf", "html", "xlsx", "csv", "json")


def render(overview: Overview, form: str) -> bytes:
    """Return the overview in one of FORMATS; texts in UTF-8."""
    made = RENDERERS[form](overview)
    return made.encode() if isinstance(made, str) else made


def file_name(overview: Overview, form: str) -> str:
    """Return `Ueberblick_2020-11.pdf`."""
    return f"Ueberblick_{overview.month:%Y-%m}.{form}"


def files(overview: Overview, forms: Iterable[str] = FILES) -> dict[str, bytes]:
    """Return the forms by file name; all are made before the first can be written."""
    return {file_name(overview, form): render(overview, form) for form in forms}
