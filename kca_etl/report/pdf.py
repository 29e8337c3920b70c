"""Pages as PDF.

A4, tagged for screen readers (PDF/UA), fonts embedded, the same bytes for the same figures.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, cast

from kca_etl.offices import folder as offices
from kca_etl.report.overview import Overview
from kca_etl.report.page import page_of
from kca_etl.report.printable import settable_all

TEMPLATES = Path(__file__).parent / "templates"
PPI = 96
FACES = ("Regular", "Semibold", "Bold")
STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")


def render_pdf(overview: Overview) -> bytes:
    """Set the overview."""
    return typeset("ueberblick.typ", asdict(page_of(overview)), overview.datenstand)


def render_png(overview: Overview) -> bytes:
    """Set the overview's first page as a picture."""
    return typeset("ueberblick.typ", asdict(page_of(overview)), overview.datenstand, picture=True)


def typeset(name: str, page: dict[str, Any], datenstand: str, *, picture: bool = False) -> bytes:
    """Set a page by a template, as PDF or its first page as PNG.

    Its date is the Datenstand; texts reach the template as data only.
    """
    import typst

    look = {"accent": offices.current().look.accent, "logo": offices.logo()}
    data = json.dumps(settable_all(page) | look, ensure_ascii=False)
    source = b"".join((TEMPLATES / part).read_bytes() for part in ("seite.typ", name))
    with TemporaryDirectory() as folder:
        for face in faces():
            shutil.copyfile(face, Path(folder) / face.name)
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
        compiler = typst.Compiler(source, font_paths=fonts, sys_inputs={"page": data})
        stamp = datetime.fromisoformat(datenstand[:10]).replace(tzinfo=UTC)
        if picture:
            made = compiler.compile(format="png", ppi=PPI, timestamp=stamp)
            return cast("bytes", made[0] if isinstance(made, list) else made)
        made = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=stamp)
    return cast("bytes", made)


def faces() -> list[Path]:
    """Return the font files: one per weight.

    Its folder holds two of each, found in no fixed order.
    """
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("font_source_sans_pro")
    return [Path(spec.origin).parent / "files" / f"SourceSansPro-{face}.ttf" for face in FACES]
