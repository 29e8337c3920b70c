"""German words that follow from the overview's numbers: headline, comparisons, signs and marks."""

from __future__ import annotations

from kca_etl.german.months import month_name
from kca_etl.german.notation import MISSING, change, places, quantity, rounded, signed
from kca_etl.offices import folder as offices
from kca_etl.report.facts import Figure
from kca_etl.report.overview import Overview, OverviewRow

MARKS = {
    "r": "revidiert: vom Herausgeber nachträglich berichtigt",
    "v": "vorläufig",
    "h": "hochgerechnet",
    "e": "erfundener Beispielwert oder daraus berechnet",
}
NOT_MEANINGFUL = "x"  # a sign of the publishers, too
_STATUS = {"vorlaeufig": "v", "hochgerechnet": "h"}


def title(overview: Overview) -> str:
    """Return the page's title."""
    name, region = offices.current().name, overview.region_name
    who = name if region in name else f"{name}, {region}"
    return f"Überblick {month_name(overview.month)} – {who}"


def shown(figure: Figure, unit: str) -> str:
    """Print a figure, the sign in its place, or the dash where there is neither."""
    return quantity(figure.value, unit) if figure.value is not None else figure.zeichen or MISSING


def marks(*figures: Figure) -> str:
    """Return the marks of figures, or of what is computed from them, in the order of MARKS."""
    found = {_STATUS[f.status] for f in figures if f.status in _STATUS}
    found |= {"r" for f in figures if f.revised} | {"e" for f in figures if f.invented}
    return "".join(m for m in MARKS if m in found)


def used_marks(overview: Overview, *, series: bool = False) -> dict[str, str]:
    """Return the marks that the table uses (or the charts too), with their meaning."""
    found = set(
        "".join(marks(f) for row in overview.rows for f in (row.series if series else row.figures))
    )
    return {m: text for m, text in MARKS.items() if m in found}


def moved(row: OverviewRow, then: Figure) -> str:
    """Print a change.

    `−73`, `+0,6 Prozentpunkte`, `unverändert`, or the dash where there is no comparison.

    `unverändert` only if both figures also look the same; 3,24 and 3,26 print as 3,2 and 3,3.
    """
    exact = row.change_previous if then is row.previous else row.change_year
    if exact is None:
        return MISSING
    if rounded(exact, places(row.unit)) != 0:
        return change(exact, row.unit)
    return (
        "unverändert"
        if shown(row.current, row.unit) == shown(then, row.unit)
        else "nahezu unverändert"
    )


def percent(row: OverviewRow, then: Figure) -> str:
    """Print a change in per cent: `−1,0 %`, `x` for a rate, the dash without a comparison."""
    if row.unit == "Prozent":
        return NOT_MEANINGFUL
    exact = row.percent_previous if then is row.previous else row.percent_year
    return MISSING if exact is None else f"{signed(exact, 1)} %"


def computed_here(overview: Overview) -> str:
    """Say how the changes were made; only of a rate that has more digits that they were rounded."""
    rates = [row for row in overview.rows if row.unit == "Prozent"]
    text = "Veränderungen: eigene Berechnung, kaufmännisch gerundet; in Prozent nur bei Anzahlen"
    if not rates:
        return f"{text}."
    finer = any(
        f.value is not None and f.value != rounded(f.value, places(row.unit))
        for row in rates
        for f in row.figures
    )
    of = "der ungerundeten Quote" if finer else "der Quote, wie sie gerundet veröffentlicht ist"
    return f"{text}, bei Quoten in Prozentpunkten (aus {of})."


def headline(overview: Overview) -> str:
    """State the month's finding: the first figure and where it went."""
    row = overview.rows[0]
    rate = shown(row.current, row.unit)
    subject = offices.current().figures[0].subject
    if row.value is None:
        return f"{subject}: keine Angabe für {month_name(overview.month)} ({rate})"
    words = moved(row, row.previous)
    if row.change_previous is None:
        return f"{subject} liegt bei {rate}"
    if words == "unverändert":
        return f"{subject} bleibt bei {rate}"
    if "unverändert" in words:
        return f"{subject} {words} bei {rate}"
    return f"{subject} {'steigt' if row.change_previous > 0 else 'sinkt'} auf {rate}"
