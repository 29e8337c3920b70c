"""The flow `report`.

A month's overview from the warehouse into the reports folder, with its text, a picture and the way
to its files.

Where a figure moved unusually far, or always if asked to, a person decides before anything is
published.
"""

from __future__ import annotations

import base64
from typing import Any

from prefect import State, flow
from prefect.artifacts import (
    create_image_artifact,
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.states import Cancelled

from flows import approval
from flows.parts import configured
from kca_etl.report.pdf import render_png
from kca_etl.report.terminal import render_text
from kca_etl.report.words import headline
from kca_etl.runs import draft as drafts
from kca_etl.settings import Settings


@flow(name="report", flow_run_name="report {month}")
def report(
    month: str, as_of: str | None = None, approve: approval.When = "on_jump"
) -> list[str] | State[Any]:
    """Render a month's overview as PDF, HTML, XLSX, CSV and JSON; returns the files.

    Args: month: The berichtsmonat, YYYY-MM. as_of: As known on this day, YYYY-MM-DD; today
    where none is given. approve: Whether somebody must approve before it is published: on_jump
    (where a figure moved unusually far), always, never.
    """
    settings = configured(Settings())
    draft = drafts.make(settings, month, as_of)
    _show(draft)
    if approval.wanted(approve, draft):
        decision = approval.ask(draft)
        if decision.publish == "no":
            return Cancelled(
                name=approval.REFUSED, message=f"{decision.sentence}; nothing was published"
            )
    paths = drafts.publish(draft, settings, as_of)
    create_link_artifact(
        paths[0].resolve().as_uri(),
        link_text=paths[0].name,
        key="report-file",
        description=headline(draft.page),
    )
    return [str(path) for path in paths]


def _show(draft: drafts.Draft) -> None:
    """Leave text, picture and warnings for whoever looks at the UI."""
    said = headline(draft.page)
    create_markdown_artifact(f"```\n{render_text(draft.page)}```\n", key="report", description=said)
    picture = base64.b64encode(render_png(draft.page)).decode()
    create_image_artifact(
        f"data:image/png;base64,{picture}", key="report-picture", description=said
    )
    create_table_artifact(
        list(draft.warnings),
        key="report-warnings",
        description="Warnings that stand at the month's figures",
    )
