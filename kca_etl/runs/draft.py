"""A month's overview before it is published.

Rendered once, with the warnings that stand at its figures.

What was looked at is what is published: nothing is read or rendered again in between, whatever is
loaded meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kca_etl.model.codes import Code
from kca_etl.model.month import month_date
from kca_etl.report import render
from kca_etl.report.overview import Overview
from kca_etl.runs import reports as overviews
from kca_etl.runs.arguments import day, month_id
from kca_etl.runs.record import reading
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries

SHOWN = ("file_name", "sheet", "cell", "code", "what", "found", "expected")


@dataclass(frozen=True, slots=True)
class Draft:
    """The page, its files by name, and the findings (rows of their view) at the month's figures."""

    page: Overview
    files: Mapping[str, bytes]
    warnings: tuple[dict[str, Any], ...]

    @property
    def jumps(self) -> tuple[dict[str, Any], ...]:
        """The warnings that a figure moved unusually far."""
        return tuple(w for w in self.warnings if w["code"] == Code.JUMP)


def make(settings: Settings, month: str, as_of: str | None = None) -> Draft:
    """Render a month's overview (YYYY-MM), as known today or on a day (YYYY-MM-DD). Writes nothing.

    Raises KcaError NO_FACTS where the month has no figures, BAD_MONTH and BAD_DAY.
    """
    page = overviews.build(settings, month_date(month_id(month)), day(as_of))
    return Draft(
        page, render.files(page), findings_at_figures(page, queries.findings(reading(settings)))
    )


def publish(draft: Draft, settings: Settings, as_of: str | None = None) -> list[Path]:
    """Write the files into `reports/` and put the page on record; return their paths."""
    return overviews.publish(settings, draft.page, draft.files, day(as_of))


def findings_at_figures(
    page: Overview, findings: Iterable[dict[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """The findings at the cells that the month's own figures come from, each once.

    A figure that was corrected since comes from another document, and what was said of the
    first no longer stands. The month before and the year before were judged with their own
    pages.
    """
    cells = {
        (f.origin.sha256, f.origin.sheet, f.cell)
        for f in (row.current for row in page.rows)
        if f.origin
    }
    # The same document may have been tried by several runs.
    found = {
        (f["code"], f["cell"]): f
        for f in findings
        if (f["document_sha256"], f["sheet"], f["cell"]) in cells
    }
    return tuple({key: f[key] for key in SHOWN} for f in found.values())
