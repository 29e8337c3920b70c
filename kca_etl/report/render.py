"""Every form of the overview into a folder, each file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

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


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write named files into a folder, each whole or not at all; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _write(folder / name, content)
    return [folder / name for name in files]


def _write(path: Path, content: bytes) -> None:
    """Put the file in its place in one step: a reader never sees half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
