"""The course of a kennzahl over the months.

Which neighbours are joined, between which lines, and said in words.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kca_etl.german.months import month_name
from kca_etl.german.notation import places, quantity
from kca_etl.report.axis import Axis, axis
from kca_etl.report.facts import Figure
from kca_etl.report.overview import OverviewRow
from kca_etl.warehouse.views.gebietsstand import NOT_COMPARABLE


def vertical(row: OverviewRow) -> Axis | None:
    """Return the vertical axis of a row's series; None without any figure."""
    values = [f.value for f in row.series if f.value is not None]
    return axis(values, Decimal(1).scaleb(-places(row.unit))) if values else None


def segments(series: tuple[Figure, ...]) -> list[list[tuple[int, Decimal]]]:
    """Return runs of neighbouring months with figures of one territory, as (place, value)."""
    out: list[list[tuple[int, Decimal]]] = []
    for x, figure in enumerate(series):
        if figure.value is None:
            continue
        joined = (
            x > 0
            and series[x - 1].value is not None
            and series[x - 1].comparable == figure.comparable
        )
        if not (joined and out):
            out.append([])
        out[-1].append((x, figure.value))
    return out


def alternative(row: OverviewRow) -> str:
    """Say in words what the chart shows."""
    first, last = month_name(row.series[0].month), month_name(row.series[-1].month)
    known = [(f.value, f.month) for f in row.series if f.value is not None]
    if not known:
        return f"{row.label}, {first} bis {last}: keine Werte."
    parts = [
        f"zuletzt {_said(row, known[-1])}",
        f"höchster Wert {_said(row, max(known))}",
        f"niedrigster Wert {_said(row, min(known))}",
    ]
    gaps = len(row.series) - len(known)
    if gaps:
        parts.append("ein Monat ohne Wert" if gaps == 1 else f"{gaps} Monate ohne Wert")
    if not row.series[0].comparable:
        parts.append(f"Werte vor der gestrichelten Linie {NOT_COMPARABLE}")
    return f"Liniendiagramm {row.label}, {first} bis {last}: {', '.join(parts)}."


def _said(row: OverviewRow, known: tuple[Decimal, date]) -> str:
    return f"{quantity(known[0], row.unit)} ({month_name(known[1])})"
