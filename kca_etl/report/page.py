"""The overview as the page prints it: every text ready and in its place.

Renderers set it, they decide nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

from kca_etl.german.months import day, month_name
from kca_etl.german.notation import MISSING, change
from kca_etl.german.signs import SIGNS
from kca_etl.offices import folder as offices
from kca_etl.report import charts, press, timeline
from kca_etl.report.catalogue import definition
from kca_etl.report.facts import Figure, Origin
from kca_etl.report.notes import notes
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.printable import plain
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

LAYOUT = 4  # counts up when the page's look or wording changes
SOURCES = "Quelle: die unter Nachweise genannten Dokumente. Veränderungen: eigene Berechnung."
ZERO = "Senkrechte Achsen beginnen nicht bei null."


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed figure or change with its unit (where set apart) and its marks."""

    text: str
    marks: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A kennzahl.

    Three figures, the changes as a tile and as the table say them and in per cent, where the
    figures stand, and its chart. `definition` says in one line what is counted.
    """

    label: str
    definition: str
    figures: tuple[Cell, ...]
    tile: tuple[Cell, ...]
    changes: tuple[Cell, ...]
    percents: tuple[Cell, ...]
    places: tuple[str, ...]
    svg: str
    alternative: str
    chart_marks: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page, in German.

    `documents`, `hashes` (of each document) and `version` are for the proofs behind the page.
    """

    title: str
    publisher: str
    region: str
    month: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    headline: str
    paragraph: str
    datenstand: str
    lines: tuple[Line, ...]
    course: str
    sample: bool
    given: tuple[str, ...]
    notes: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    hashes: tuple[str, ...]
    press: str
    source: str
    releases: str
    version: str


@lru_cache(maxsize=2)
def page_of(overview: Overview) -> Page:
    """Return the page of an overview; kept, so that several renderers draw the charts once."""
    months = (overview.month, overview.previous_month, overview.year_before)
    return Page(
        title=plain(title(overview)),
        publisher=offices.current().name,
        region=_region(overview),
        month=month_name(overview.month),
        months=tuple(month_name(m) for m in months),
        short_months=tuple(f"{m:%m/%Y}" for m in months),
        headline=headline(overview),
        paragraph=plain(press.paragraph(overview)),
        datenstand=day(overview.datenstand),
        lines=tuple(_line(overview, row) for row in overview.rows),
        course=_course(overview),
        sample=any(f.invented for row in overview.rows for f in row.series),
        given=tuple(map(plain, overview.notes)),
        notes=(*notes(overview), computed_here(overview)),
        signs=tuple((used_marks(overview, series=True) | SIGNS).items()),
        documents=tuple(plain(_document(d)) for d in overview.documents),
        hashes=tuple(d.sha256 for d in overview.documents),
        press=_press(),
        source=f"{SOURCES} Datenstand {day(overview.datenstand)}.",
        releases=_releases(overview),
        version=(
            f"kca-etl {version('kca-etl')} · Seitenfassung {LAYOUT} · Kennung der Werte "
            f"{fingerprint(overview)[:12]}"
        ),
    )


def _region(overview: Overview) -> str:
    """Return the region beside the publisher's name; nothing where that says it already."""
    name = overview.region_name
    return "" if name in offices.current().name else plain(name)


def _press() -> str:
    """Return whom readers may ask; empty where the office names nobody."""
    press = offices.current().press
    return plain(press.words) if press else ""


def fingerprint(overview: Overview) -> str:
    """Return a hash of every fact version the page uses: the same page, the same hash."""
    parts = [f"{row.kennzahl}|{f!r}" for row in overview.rows for f in row.used]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _line(overview: Overview, row: OverviewRow) -> Line:
    return Line(
        label=row.label,
        definition=plain(definition(row.kennzahl)),
        figures=tuple(Cell(shown(f, row.unit), marks(f)) for f in row.figures),
        tile=tuple(Cell(moved(row, f), _mark(row, f)) for f in row.figures[1:]),
        changes=tuple(_change(row, f) for f in row.figures[1:]),
        percents=tuple(_percent(row, f) for f in row.figures[1:]),
        places=tuple(_place(overview, f) for f in row.figures),
        svg=charts.chart(row),
        alternative=timeline.alternative(row),
        chart_marks=marks(*row.series),
    )


def _place(overview: Overview, figure: Figure) -> str:
    return (
        plain(f"[{overview.documents.index(figure.origin) + 1}] {figure.cell}")
        if figure.origin
        else MISSING
    )


def _document(origin: Origin) -> str:
    stated = day(origin.datenstand)
    return f"{origin.file_name}, Blatt „{origin.sheet}“, Datenstand {stated}"


def _change(row: OverviewRow, then: Figure) -> Cell:
    exact = row.change_previous if then is row.previous else row.change_year
    text, _, unit = (MISSING if exact is None else change(exact, row.unit)).partition(" ")
    return Cell(text, _mark(row, then), unit)


def _percent(row: OverviewRow, then: Figure) -> Cell:
    """Return a change in per cent; what is no number carries no mark."""
    text = percent(row, then)
    return Cell(text, "" if text in (MISSING, NOT_MEANINGFUL) else _mark(row, then))


def _mark(row: OverviewRow, then: Figure) -> str:
    """Give what is computed from a marked figure its mark; a dash carries none."""
    return "" if moved(row, then) == MISSING else marks(row.current, then)


def _course(overview: Overview) -> str:
    series = overview.rows[0].series
    axes = [timeline.vertical(row) for row in overview.rows]
    cut = f" {ZERO}" if any(a is not None and a.low != 0 for a in axes) else ""
    return f"{month_name(series[0].month)} bis {month_name(series[-1].month)}.{cut}"


def _releases(overview: Overview) -> str:
    dates = [day(d.isoformat()) for d in (overview.released, overview.next_release)]
    return f"Veröffentlichung laut Kalender: {dates[0]}, nächste: {dates[1]}."
