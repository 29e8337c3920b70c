"""The overview as PDF: one A4 page, tagged for screen readers (PDF/UA), fonts embedded, the same bytes for the same figures."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast

from kca_etl.report.overview import Overview
from kca_etl.report.page import page_of
from kca_etl.report.printable import settable_all

TEMPLATE = Path(__file__).parent / "templates" / "ueberblick.typ"
FACES = ("Regular", "Semibold", "Bold")
STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")


def render_pdf(overview: Overview) -> bytes:
    """Set the page. Its date is the Datenstand; texts reach the template as data only."""
    import typst  # noqa: PLC0415 - a large library that only this form needs

    page = json.dumps(settable_all(asdict(page_of(overview))), ensure_ascii=False)
    with TemporaryDirectory() as folder:
        for face in faces():
            shutil.copyfile(face, Path(folder) / face.name)
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
        compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs={"page": page})
        made = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=_stamp(overview))
    return cast("bytes", made)


def faces() -> list[Path]:
    """Return the font files: one per weight. Its folder holds two of each, found in no fixed order."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("font_source_sans_pro")
    return [Path(spec.origin).parent / "files" / f"SourceSansPro-{face}.ttf" for face in FACES]


def _stamp(overview: Overview) -> datetime:
    return datetime.fromisoformat(overview.datenstand[:10]).replace(tzinfo=UTC)
