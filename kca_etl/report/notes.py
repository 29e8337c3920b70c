"""The notes that follow from an overview's figures.

Gaps, changes of territory, signs, revisions.
"""

from __future__ import annotations

from datetime import date

from kca_etl.german.months import MONTHS, day, month_name
from kca_etl.german.notation import quantity, signed
from kca_etl.german.signs import SIGNS
from kca_etl.report.facts import Figure
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.words import shown
from kca_etl.warehouse.views.gebietsstand import NOT_COMPARABLE


def notes(overview: Overview) -> list[str]:
    """Return the notes in the order they are printed. Given ones stand in `overview.notes`."""
    out = _territory(overview)
    for then in (overview.previous_month, overview.year_before):
        out += _gaps(overview, then)
    for row in overview.rows:
        for figure in row.figures:
            out += _note(row, figure)
        out += _season(row)
    return out


def _season(row: OverviewRow) -> list[str]:
    """Say where the same step went the same way in every earlier year."""
    if row.season is None or row.change_previous is None:
        return []
    now, then = MONTHS[row.current.month.month - 1], MONTHS[row.previous.month.month - 1]
    side = "über" if row.season.mean > 0 else "unter"
    unit = "Prozentpunkte" if row.unit == "Prozent" else "%"
    years = row.season.years
    return [
        (
            f"{row.label}: In jedem der Jahre {years[-1]} bis {years[0]} lag der {now} {side} dem "
            f"{then} (im Mittel {signed(row.season.mean, 1)} {unit}). Der Vergleich mit dem "
            "Vormonat zeigt auch die Jahreszeit; der mit dem Vorjahresmonat nicht."
        )
    ]


def _territory(overview: Overview) -> list[str]:
    """Say which months are not compared, and why."""
    shown_months = [f for f in overview.rows[0].figures[1:] if not f.comparable]
    if shown_months:
        months = " und ".join(month_name(f.month) for f in shown_months)
        reasons = " ".join(b.reason for b in overview.breaks)
        return [
            f"{months}: {NOT_COMPARABLE}. Veränderungen werden nicht ausgewiesen (–). {reasons}"
        ]
    return [
        f"Verlauf vor {month_name(b.since)}: {NOT_COMPARABLE}. {b.reason}" for b in overview.breaks
    ]


def _gaps(overview: Overview, then: date) -> list[str]:
    missing = [
        row.label
        for row in overview.rows
        for f in row.figures[1:]
        if f.month == then and f.value is None and not f.zeichen
    ]
    if not missing:
        return []
    return [
        (
            f"Für {month_name(then)} liegt kein Wert vor: {', '.join(missing)}. Ein "
            "Vergleich ist nicht möglich (–)."
        )
    ]


def _note(row: OverviewRow, figure: Figure) -> list[str]:
    where = f"{row.label}, {month_name(figure.month)}"
    if figure.value is None and figure.zeichen:
        meaning = SIGNS.get(figure.zeichen, "Zeichen des Herausgebers")
        return [f"{where}: „{figure.zeichen}“ ({meaning}). Ein Vergleich ist nicht möglich (–)."]
    if figure.value is None and figure is row.current:
        return [f"{where}: Es liegt kein Wert vor (–)."]
    if figure.revised and figure.origin:
        old = (
            f" statt zuvor {quantity(figure.before, row.unit)}" if figure.before is not None else ""
        )
        return [
            (
                f"{where} revidiert: {shown(figure, row.unit)}{old} (Datenstand "
                f"{day(figure.origin.datenstand)})."
            )
        ]
    return []
