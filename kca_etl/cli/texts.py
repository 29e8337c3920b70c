"""`kca check-text`: a text held against the warehouse."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date


def check_text(
    file: Path,
    month: Annotated[str, typer.Option("--month", help="The month the text speaks of, YYYY-MM.")],
    region: Annotated[
        str, typer.Option(help="The region the text speaks of, system:code.")
    ] = "ags:06435",
    as_json: AsJson = False,
) -> None:
    """Check every figure and claim of a German text against the warehouse.

    Example: kca check-text release.docx --month 2020-11
    """
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.record import warehouse
    from kca_etl.settings import Settings
    from kca_etl.textcheck import check, readers, show
    from kca_etl.warehouse.views import queries

    if not file.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    text = readers.read_text(file)
    figures = queries.figures(warehouse(Settings()), region=region)
    claims = check.check(text, month_date(month_id(month)), figures, region)
    if as_json:
        console.listing([asdict(claim) for claim in claims], as_json=True)
    else:
        print(show.render(claims, text))
    sys.exit(show.exit_code(claims))
