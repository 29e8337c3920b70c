"""`kca check-text`: a text held against the warehouse."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def check_text(
    file: Path,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", help="The month the text speaks of, YYYY-MM. Read from the text by default."
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(help="The region the text speaks of, system:code; default the office's own."),
    ] = None,
    coverage: Annotated[
        float,
        typer.Option(help="Per cent of the text's figures that must be judged, 0 to 100."),
    ] = 0,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Also write a page with the marked text to this file."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every figure and claim of a German text against the warehouse.

    Ends with 1 if anything contradicts the warehouse or the text itself, or if too little could be
    judged. A text that speaks of another month or region stops with a finding.

    Example: kca check-text release.docx --month 2020-11
    """
    from kca_etl.runs.texts import check_file
    from kca_etl.settings import Settings
    from kca_etl.textcheck import show
    from kca_etl.textcheck.page import render_page

    checked = check_file(Settings(), file, month, region)
    if html is not None:
        page = render_page(checked.claims, checked.text, file.name, checked.month)
        html.write_text(page, encoding="utf-8")
    if as_json:
        console.listing([asdict(claim) for claim in checked.claims], as_json=True)
    else:
        print(show.render(checked.claims, checked.text))
    sys.exit(show.exit_code(checked.claims, coverage))
