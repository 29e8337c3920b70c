"""`kca quality` and `kca catalogue`: how good the data are, and what there is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def quality(
    month: Annotated[str, typer.Argument(help="YYYY-MM.")], as_json: AsJson = False
) -> None:
    """Write the quality report of MONTH.

    Completeness, punctuality, revisions, warnings, suppressed cells, quarantined documents.

    Example: kca quality 2020-11
    """
    from kca_etl.report import sheet
    from kca_etl.report.publish import write_all
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.quality import build
    from kca_etl.settings import Settings
    from kca_etl.sources import calendar

    settings = Settings()
    made = build(settings, month_id(month), datetime.now(calendar.BERLIN))
    console.listing(
        [{"file": str(path)} for path in write_all(settings.reports, sheet.render(made))],
        as_json=as_json,
    )


def catalogue(as_json: AsJson = False) -> None:
    """Write the data catalogue.

    Every kennzahl, source, sign and breakdown, with what is at hand.

    Example: kca catalogue
    """
    from kca_etl.report import sheet
    from kca_etl.report.publish import write_all
    from kca_etl.runs.quality import describe
    from kca_etl.settings import Settings

    settings = Settings()
    files = sheet.render(describe(settings))
    console.listing(
        [{"file": str(path)} for path in write_all(settings.reports, files)], as_json=as_json
    )
