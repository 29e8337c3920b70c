"""The overview as one self-contained HTML page: no script, no outside request, the same bytes for the same figures."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from kca_etl.report.overview import Overview
from kca_etl.report.page import page_of

TEMPLATES = Path(__file__).parent / "templates"
# Within HTML the name spaces are implied; the page names no address at all.
_SPACES = ' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def render_html(overview: Overview) -> str:
    """Render the page. Every text is escaped; the style sheet is admitted by its hash alone."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - start-up time of the command line
    from markupsafe import Markup  # noqa: PLC0415 - as above

    page = page_of(overview)
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
    # The style sheet is our own file; the charts hold numbers, months and our own words only.
    pictures = [Markup(_inline(line.svg)) for line in page.lines]  # noqa: S704
    template = environment.get_template("ueberblick.html.j2")
    return template.render(page=page, pictures=pictures, css=Markup(css), css_hash=allowed)  # noqa: S704


def _inline(svg: str) -> str:
    """Hide a picture from screen readers; its frame speaks the text alternative."""
    return svg.replace(_SPACES, "").replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
