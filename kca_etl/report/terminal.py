"""The overview for a terminal: plain aligned text, at most 80 columns unless a name is longer."""

from __future__ import annotations

from textwrap import wrap

from kca_etl.german.months import day
from kca_etl.german.notation import MISSING
from kca_etl.report.facts import Figure
from kca_etl.report.notes import notes
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.words import (
    NOT_MEANINGFUL,
    computed_here,
    headline,
    marks,
    moved,
    percent,
    shown,
    title,
    used_marks,
)

WIDTH = 80


def render_text(overview: Overview) -> str:
    """Render title, finding, the six figures with their changes, notes and sources.

    Ends with a newline.
    """
    label = max(len(row.label) for row in overview.rows)
    value = max(len(shown(row.current, row.unit)) for row in overview.rows)
    lines = [*wrap(title(overview), WIDTH), headline(overview), ""]
    for row in overview.rows:
        figure = f"{shown(row.current, row.unit):>{value}}{_mark(row.current):<5}"
        lines.append(f"{row.label:<{label}}  {figure}{_against(row, row.previous, 'Vormonat')}")
        lines.append(" " * (label + value + 7) + _against(row, row.year_before, "Vorjahresmonat"))
    lines += ["", f"Datenstand {day(overview.datenstand)}"]
    lines += [f"({mark}) {text}" for mark, text in used_marks(overview).items()]
    for note in [computed_here(overview), *overview.notes, *notes(overview)]:
        lines += wrap(note, WIDTH)
    return "\n".join([*lines, *_sources(overview)]) + "\n"


def _against(row: OverviewRow, then: Figure, name: str) -> str:
    mark = _mark(row.current, then) if moved(row, then) != MISSING else ""
    part = percent(row, then)
    told = "" if part in (MISSING, NOT_MEANINGFUL) or "unverändert" in moved(row, then) else part
    return f"{moved(row, then)}{f' ({told})' if told else ''} zum {name}{mark}"


def _mark(*figures: Figure) -> str:
    found = marks(*figures)
    return f" ({','.join(found)})" if found else ""


def _sources(overview: Overview) -> list[str]:
    """Say for the month's figures where they stand; the other months' are on the page."""
    lines = ["", "Quelle:"]
    for origin in overview.documents:
        cells = [
            f"{row.label} {row.current.cell}"
            for row in overview.rows
            if row.current.origin == origin
        ]
        if cells:
            lines += wrap(
                f"{origin.file_name}, Blatt „{origin.sheet}“: {', '.join(cells)}",
                WIDTH,
                initial_indent="  ",
                subsequent_indent="  ",
            )
    return lines
