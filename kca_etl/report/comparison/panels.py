"""Small multiples.

The course of every area on the same axis, with the whole's in grey behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kca_etl.german.months import month_name
from kca_etl.german.notation import places, quantity
from kca_etl.offices import folder as offices
from kca_etl.report.axis import Axis, axis
from kca_etl.report.comparison.model import Area, Comparison
from kca_etl.report.comparison.tiles import placed
from kca_etl.report.facts import Figure
from kca_etl.report.printable import plain
from kca_etl.report.timeline import segments
from kca_etl.report.words import shown

WIDE, HIGH, EDGE = 120, 46, 3
STEPS = 10  # the common axis is drawn by nobody, so it may be close
SOFT, LINE = "#a3adb2", "#d9dfe2"


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawn course: whose, its last figure, and what it shows in words."""

    name: str
    last: str
    svg: str
    alternative: str
    own: bool


def panels(comparison: Comparison) -> tuple[tuple[Panel, ...], str]:
    """Draw the areas' courses from the first month at hand and say what the axis is.

    Nothing for fewer than two months.
    """
    unit, counted = comparison.kennzahl.unit, comparison.kennzahl.counted
    drawn = [*comparison.courses, *([] if counted else comparison.whole[:1])]
    months = _months_with_figures(drawn)
    if len(months) < 2:  # noqa: PLR2004 - a course has two ends
        return (), ""
    areas = [replace(a, series=a.series[months[0] :]) for a in drawn]
    common = None if counted else _common_axis(drawn, unit)
    behind = None if counted or not comparison.whole else areas.pop()
    short = {key: tile.name for key, tile in placed(comparison.kind, comparison.month).items()}
    made = tuple(
        _panel(a, plain(short.get(a.key) or a.name.partition(",")[0]), common, behind, unit)
        for a in areas
    )
    first, last = (drawn[0].series[n].month for n in (months[0], months[-1]))
    return made, f"{_span(first, last, comparison.step)} {_axis_said(common, behind, unit)}"


def _months_with_figures(areas: list[Area]) -> list[int]:
    """Return the places in the series at which some area has a figure."""
    found: set[int] = set()
    for area in areas:
        found.update(n for n, f in enumerate(area.series) if f.value is not None)
    return sorted(found)


def _common_axis(areas: list[Area], unit: str) -> Axis:
    values: list[Decimal] = []
    for area in areas:
        values += [f.value for f in area.series if f.value is not None]
    return axis(values, _smallest(unit), STEPS)


def _span(first: date, last: date, step: int) -> str:
    if step == 1:
        return f"{month_name(first)} bis {month_name(last)}; Monate ohne Wert bleiben Lücken."
    return f"{first.year} bis {last.year}; Jahre ohne Wert bleiben Lücken."


def _axis_said(common: Axis | None, behind: Area | None, unit: str) -> str:
    if common is None:
        return "Jede Linie hat ihre eigene Achse."
    grey = f" Grau: {plain(behind.name)}." if behind else ""
    low, high = quantity(common.low, unit), quantity(common.high, unit)
    return f"Gemeinsame Achse von {low} bis {high}.{grey}"


def _smallest(unit: str) -> Decimal:
    return Decimal(1).scaleb(-places(unit))


def _panel(area: Area, short: str, common: Axis | None, behind: Area | None, unit: str) -> Panel:
    """Draw one course; the figure beside its name is that of the page's month, be it a sign."""
    now, name = shown(area.figure, unit), plain(area.name)
    known = [f.value for f in area.series if f.value is not None]
    if not known:
        return Panel(short, now, _frame(""), f"{name}: keine Werte.", area.own)
    scale = common or axis(known, _smallest(unit))
    drawn = _lines(behind.series, scale, SOFT, 1.2) if behind else ""
    drawn += _lines(area.series, scale, offices.current().look.accent, 1.8)
    if area.figure.value is not None:
        x, y = _at(len(area.series) - 1, area.figure.value, scale, len(area.series))
        drawn += f'<circle cx="{x}" cy="{y}" r="2.4" fill="{offices.current().look.accent}"/>'
    highest, lowest = quantity(max(known), unit), quantity(min(known), unit)
    words = f"{name}: zuletzt {now}, höchster Wert {highest}, niedrigster {lowest}."
    return Panel(short, now, _frame(drawn), words, area.own)


def _lines(series: tuple[Figure, ...], scale: Axis, color: str, wide: float) -> str:
    runs = [[_at(n, value, scale, len(series)) for n, value in run] for run in segments(series)]
    lines = (
        f'<polyline fill="none" stroke="{color}" stroke-width="{wide}" '
        f'points="{" ".join(f"{x},{y}" for x, y in r)}"/>'
        for r in runs
        if r[1:]
    )
    alone = (
        f'<circle cx="{r[0][0]}" cy="{r[0][1]}" r="1.2" fill="{color}"/>' for r in runs if not r[1:]
    )
    return "".join((*lines, *alone))


def _at(n: int, value: Decimal, scale: Axis, months: int) -> tuple[str, str]:
    x = EDGE + n * (WIDE - 2 * EDGE) / max(1, months - 1)
    y = EDGE + (HIGH - 2 * EDGE) * float((scale.high - value) / (scale.high - scale.low))
    return f"{x:.1f}", f"{y:.1f}"


def _frame(inside: str) -> str:
    floor = f'<line x1="0" y1="{HIGH - 0.5}" x2="{WIDE}" y2="{HIGH - 0.5}" stroke="{LINE}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}" '
        f'viewBox="0 0 {WIDE} {HIGH}">{floor}{inside}</svg>'
    )
