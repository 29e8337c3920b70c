"""Self-contained HTML pages: no script, no outside request, the same bytes for the same figures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.offices import folder as offices
from kca_etl.report.overview import Overview
from kca_etl.report.page import page_of

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
SHIPPED_ACCENT = "--accent: #0b5563"
# Within HTML the name spaces are implied; the page names no address at all.
_SVG, _XLINK = ' xmlns="http://www.w3.org/2000/svg"', ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def render_html(overview: Overview) -> str:
    """Render the page."""
    page = page_of(overview)
    return fill(
        "ueberblick.html.j2",
        ("ueberblick.css",),
        page=page,
        pictures=[inline(line.svg) for line in page.lines],
    )


def fill(name: str, styles: Sequence[str], **values: Any) -> str:  # noqa: ANN401 - whatever the template prints
    """Fill a template. Every text is escaped; the style sheets are admitted by their hash alone."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    css = "".join((TEMPLATES / style).read_text(encoding="utf-8") for style in styles)
    css = css.replace(SHIPPED_ACCENT, f"--accent: {offices.current().look.accent}")
    allowed = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    own_css = Markup(css)  # noqa: S704 - the style sheets are our own files
    template = environment.get_template(name)
    return template.render(css=own_css, css_hash=allowed, logo=_logo(), **values)


def _logo() -> str:
    """Return the office's logo as an address that holds the picture itself."""
    svg = offices.logo()
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}" if svg else ""


def inline(svg: str) -> Markup:
    """Hide a drawn picture from screen readers; its frame speaks the text alternative."""
    from markupsafe import Markup

    bare = (
        svg.replace(_XLINK, "")
        .replace(_SVG, "", 1)
        .replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    )
    return Markup(bare)  # noqa: S704 - pictures hold numbers, months and our own words only
