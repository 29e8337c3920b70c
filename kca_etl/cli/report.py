"""`kca report`: the month's overview."""

from __future__ import annotations

from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def report(
    month: Annotated[str | None, typer.Argument(help="YYYY-MM.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help="pdf, html, xlsx, csv or json; may be repeated. All by default."
        ),
    ] = None,
    changed: Annotated[
        bool,
        typer.Option("--changed", help="List the rendered reports that later corrections touch."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Render the overview of MONTH into the reports folder.

    With --changed list the rendered ones that are outdated.

    Example: kca report 2020-11
    """
    from kca_etl.runs.reports import changed as changes
    from kca_etl.runs.reports import make
    from kca_etl.settings import Settings

    if wrong := set(form or []) - {"pdf", "html", "xlsx", "csv", "json", "txt"}:
        raise typer.BadParameter(
            f"no such format: {', '.join(sorted(wrong))}", param_hint="--format"
        )
    if changed == (month is not None):
        raise typer.BadParameter("give either a month or --changed", param_hint="MONTH")
    if month is None:
        empty = "no rendered report shows a figure that has changed since"
        console.listing(changes(Settings()), as_json=as_json, empty=empty)
    else:
        _, paths = make(Settings(), month, as_of, form or [])
        console.listing([{"file": str(path)} for path in paths], as_json=as_json)
