"""The flow `report`.

A month's overview from the warehouse into the reports folder, with its text, a picture and the way
to its files.

Where a figure moved unusually far, or always if asked to, a person decides before anything is
published.
"""

from __future__ import annotations

import base64
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from prefect import State, flow
from prefect.artifacts import (
    create_image_artifact,
    create_link_artifact,
    create_markdown_artifact,
    create_table_artifact,
)
from prefect.states import Cancelled
from pydantic import WithJsonSchema

from flows import approval, links
from flows.parts import configured, plainly
from kca_etl.report.pdf import render_png
from kca_etl.report.terminal import render_text
from kca_etl.report.words import headline
from kca_etl.runs import draft as drafts
from kca_etl.runs import outcomes as words
from kca_etl.runs import site as website
from kca_etl.runs.wanted import MONTH, month_form
from kca_etl.settings import Settings

MonthField = Annotated[str, WithJsonSchema(month_form(MONTH))]
DAY = r"^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$"
DayOrNone = Annotated[
    str | None,
    WithJsonSchema(month_form(DAY, "a day written YYYY-MM-DD, e.g. 2020-12-10, or nothing")),
]


@flow(name="report", flow_run_name="report {month}", validate_parameters=False)
@plainly
def report(
    month: MonthField, as_of: DayOrNone = "", approve: approval.When = "on_jump"
) -> list[str] | State[Any]:
    """Render a month's overview as PDF, HTML, XLSX, CSV and JSON; returns the files.

    Where `KCA_SITE` names a folder, the website there is brought up to date.

    Args:
        month: The berichtsmonat, YYYY-MM.
        as_of: As known on this day, YYYY-MM-DD; today where none is given.
        approve: Whether somebody must approve before it is published: on_jump (where a figure
            moved unusually far), always, never.
    """
    as_of, approve = as_of or None, approval.checked(approve)
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
    if settings.site is not None:
        website.make(settings, settings.site)
    _lead_to(paths, settings, headline(draft.page))
    return [str(path) for path in paths]


def _lead_to(paths: Sequence[Path], settings: Settings, said: str) -> None:
    """Leave the way to the files: addresses where they are served, else the place on disk."""
    served = [f"- {words.linked(p.name, links.of_report(p, settings))}" for p in paths]
    if not settings.public_url:
        folder = f"`{paths[0].parent.resolve()}` on {platform.node()}"
        served += ["", f"The files lie in {folder}. Set KCA_PUBLIC_URL to open them from here."]
    create_markdown_artifact("\n".join(served), key="report-files", description=said)
    if settings.public_url:
        create_link_artifact(
            links.of_report(paths[0], settings),
            link_text=paths[0].name,
            key="report-file",
            description=said,
        )


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
