"""The long course of a kennzahl as SVG: lines and axes only, drawn by the style sheet.

No style stands inside, since the pages' Content-Security-Policy admits the one style sheet only.
"""

from __future__ import annotations

from decimal import Decimal
from html import escape

from kca_etl.german.notation import number, places
from kca_etl.report.axis import Axis
from kca_etl.report.facts import Figure
from kca_etl.report.overview import OverviewRow
from kca_etl.report.timeline import segments, vertical

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 12, 26
MAX_YEARS = 12  # labels under the axis


def svg(row: OverviewRow) -> str:
    """Return the SVG of a row's series for `inline`; empty without any figure."""
    axis = vertical(row)
    if axis is None or not row.series:
        return ""
    parts = [*_grid(axis, row.unit), *_months(row.series)]
    for line in segments(row.series):
        at = [(_x(x, len(row.series)), _y(value, axis)) for x, value in line]
        points = " ".join(f"{x},{y}" for x, y in at)
        if len(at) == 1:
            parts.append(f'<circle class="punkt" cx="{at[0][0]}" cy="{at[0][1]}" r="3"/>')
        else:
            parts.append(f'<polyline class="linie" points="{points}"/>')
    inside = "".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}">{inside}</svg>'


def _grid(axis: Axis, unit: str) -> list[str]:
    out = []
    for tick in axis.ticks:
        y = _y(tick, axis)
        label = escape(number(tick, places(unit)))
        out.append(f'<path class="gitter" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>')
        out.append(f'<text class="skala rechts" x="{LEFT - 8}" y="{y}" dy="4">{label}</text>')
    return out


def _months(series: tuple[Figure, ...]) -> list[str]:
    """Label the Januaries, or what comes first of a year; breaks of the territory are dashed."""
    out = []
    years = [x for x, f in enumerate(series) if x == 0 or f.month.year != series[x - 1].month.year]
    step = len(years) // MAX_YEARS + 1
    for x in years[::step]:
        at = _x(x, len(series))
        if at < WIDTH - RIGHT - 30:
            year = series[x].month.year
            out.append(f'<text class="skala" x="{at}" y="{HEIGHT - 6}">{year}</text>')
    for x in range(1, len(series)):
        if series[x].comparable != series[x - 1].comparable:
            at = _x(x, len(series))
            out.append(f'<path class="bruch" d="M{at} {TOP}V{HEIGHT - BOTTOM}"/>')
    return out


def _x(place: int, count: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(1, count - 1), 1)


def _y(value: Decimal, axis: Axis) -> float:
    share = float((value - axis.low) / (axis.high - axis.low))
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)
