"""The flow `report`: a month's overview from the warehouse into the reports folder, with its text, a picture and the way to its files."""

from __future__ import annotations

import base64

from prefect import flow
from prefect.artifacts import create_image_artifact, create_link_artifact, create_markdown_artifact

from flows.parts import configured
from kca_etl import report_commands
from kca_etl.report.pdf import render_png
from kca_etl.report.terminal import render_text
from kca_etl.report.words import headline
from kca_etl.settings import Settings


@flow(name="report", flow_run_name="report {month}")
def report(month: str, as_of: str | None = None) -> list[str]:
    """Render a month's overview as PDF, HTML, XLSX, CSV and JSON; returns the files.

    Args:
        month: The berichtsmonat, YYYY-MM.
        as_of: As known on this day, YYYY-MM-DD; today where none is given.
    """
    page, paths = report_commands.make(configured(Settings()), month, as_of)
    said = headline(page)
    create_link_artifact(paths[0].resolve().as_uri(), link_text=paths[0].name, key="report-file", description=said)
    create_markdown_artifact(f"```\n{render_text(page)}```\n", key="report", description=said)
    picture = base64.b64encode(render_png(page)).decode()
    create_image_artifact(f"data:image/png;base64,{picture}", key="report-picture", description=said)
    return [str(path) for path in paths]
