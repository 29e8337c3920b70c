"""`kca compare`: a figure over all Jobcenter or Kreise."""

from __future__ import annotations

from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.month import month_date


def compare(  # noqa: PLR0913 - one option per choice
    kennzahl: str,
    month: str,
    gliederung: Annotated[str, typer.Option(help="Breakdown, e.g. alter=u25.")] = "insgesamt",
    source: Annotated[
        str | None, typer.Option(help="Declared source; needed if several have the figure.")
    ] = None,
    land: Annotated[
        str | None, typer.Option(help="Compare within this Land, two digits; default the office's.")
    ] = None,
    everywhere: Annotated[bool, typer.Option("--all", help="Compare all of Germany.")] = False,
    region: Annotated[
        str | None,
        typer.Option(help="Highlight this region, system:code; default the office's own."),
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    form: Annotated[
        list[str] | None,
        typer.Option("--format", help="pdf, html, csv or json; may be repeated. All by default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare KENNZAHL in MONTH (YYYY-MM) over all Jobcenter or Kreise.

    Write the page into the reports folder.

    Example: kca compare elb_sanktionsquote 2019-01
    """
    from kca_etl.report.comparison import forms
    from kca_etl.report.publish import write_all
    from kca_etl.runs.arguments import day, month_id
    from kca_etl.runs.comparison import build
    from kca_etl.settings import Settings

    if wrong := set(form or []) - {"pdf", "html", "csv", "json"}:
        raise typer.BadParameter(
            f"no such format: {', '.join(sorted(wrong))}", param_hint="--format"
        )
    land_or_all = None if everywhere else land or ""
    settings = Settings()
    when = month_date(month_id(month))
    made = build(
        settings,
        kennzahl,
        when,
        gliederung=gliederung,
        source=source,
        land=land_or_all,
        region=region,
        as_of=day(as_of),
    )
    files = {forms.file_name(made, name): forms.render(made, name) for name in form or forms.FORMS}
    console.listing(
        [{"file": str(path)} for path in write_all(settings.reports, files)], as_json=as_json
    )
