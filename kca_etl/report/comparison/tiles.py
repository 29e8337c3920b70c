"""A map of the office's Land in tiles: every Kreis the same size, coloured by its figure.

No boundaries, so nobody's licence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any

from kca_etl.german.notation import number, places, quantity
from kca_etl.offices import folder as offices
from kca_etl.report.axis import axis
from kca_etl.report.comparison.model import Area, Comparison
from kca_etl.report.printable import plain
from kca_etl.report.words import shown
from schemas import regions
from schemas.codelists import LAENDER

WIDE, HIGH, GAP = 96, 34, 4  # a tile
# From light to dark, legible in grey; the last two carry white letters.
SHADES = ("#e3eff1", "#b9d8dd", "#7fb4bd", "#2f7f8d", "#0b4a56")
DARK = 3
EMPTY, INK, FRAME = "#ffffff", "#1b2327", "#c77700"
FONT = "Source Sans Pro, Source Sans 3, Segoe UI, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Tile:
    """A Kreis's place in the grid."""

    ags: str
    name: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Map:
    """The drawn map, its text alternative and its legend: (shade, from – to)."""

    svg: str
    alternative: str
    legend: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]  # areas of the comparison that have no tile
    title: str


@cache
def tiles() -> tuple[Tile, ...]:
    """Read the grid of the office's folder; empty where it has none."""
    entries: dict[str, list[Any]] = offices.data(offices.TILES)
    return tuple(Tile(ags, *entry) for ags, entry in entries.items())


@cache
def placed(kind: str, month: date) -> dict[str, Tile]:
    """Return the region that each tile stands for in a month.

    The Kreis, or the Jobcenter that serves it.
    """
    there = [t for t in tiles() if regions.existed(t.ags, month)]
    if kind == "Kreise":
        return {f"ags:{t.ags}": t for t in there}
    serving = {kreis: j.traegernummer for j in regions.jobcenter().values() for kreis in j.kreise}
    return {f"traeger:{serving[t.ags]}" if t.ags in serving else f"ags:{t.ags}": t for t in there}


def draw(comparison: Comparison, areas: Mapping[str, Area]) -> Map | None:
    """Draw the Kreise of the office's Land; None if none of them is compared.

    Counts get no colour: they would only show who is large.
    """
    grid = placed(comparison.kind, comparison.month)
    if not grid.keys() & areas.keys():
        return None
    unit = comparison.kennzahl.unit
    bounds = _bounds(comparison, [a for k, a in areas.items() if k in grid])
    drawn = "".join(_tile(t, areas.get(k), bounds, unit) for k, t in grid.items())
    wide = GAP + (1 + max(t.column for t in grid.values())) * (WIDE + GAP)
    high = GAP + (1 + max(t.row for t in grid.values())) * (HIGH + GAP)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}">{drawn}</svg>'
    )
    inside = [
        a.name
        for k, a in areas.items()
        if k not in grid and comparison.land == offices.current().land
    ]
    return Map(
        svg,
        _alternative(comparison, len(grid)),
        _legend(bounds, unit),
        tuple(map(plain, inside)),
        f"Die {_where()}",
    )


def _where() -> str:
    return f"Kreise in {LAENDER[offices.current().land]}"


def _bounds(comparison: Comparison, areas: list[Area]) -> list[Decimal]:
    """Return the bounds of the colours; none for counts or without any figure."""
    values = [a.figure.value for a in areas if a.figure.value is not None]
    if comparison.kennzahl.counted or not values:
        return []
    return classes(values, comparison.kennzahl.unit)


def classes(values: list[Decimal], unit: str) -> list[Decimal]:
    """Return the round bounds of at most as many classes as there are shades.

    N + 1 bounds for n classes.
    """
    return axis(values, Decimal(1).scaleb(-places(unit)), len(SHADES)).ticks


def shade(value: Decimal, bounds: list[Decimal]) -> int:
    """Return the class of a value, spread over the shades.

    A bound belongs to the class above, the highest to the last.
    """
    at = min(sum(value >= b for b in bounds) - 1, len(bounds) - 2)
    return _spread(at, len(bounds) - 1)


def _spread(at: int, of: int) -> int:
    return round(at * (len(SHADES) - 1) / (of - 1)) if of > 1 else len(SHADES) // 2


def _tile(tile: Tile, area: Area | None, bounds: list[Decimal], unit: str) -> str:
    value = area.figure.value if area else None
    fill, ink = _colours(value, bounds)
    x, y = GAP + tile.column * (WIDE + GAP), GAP + tile.row * (HIGH + GAP)
    own = bool(area and area.own)
    frame = f'stroke="{FRAME}" stroke-width="2.5"' if own else 'stroke="#c9d1d5" stroke-width="0.7"'
    weight = 700 if own else 600
    words = f'<text x="{x + WIDE / 2:g}" font-family="{FONT}" text-anchor="middle" fill="{ink}"'
    text = escape(_tile_text(area, unit))
    return (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" fill="{fill}" {frame}/>'
        f'{words} y="{y + 13}" font-size="10">{escape(tile.name)}</text>'
        f'{words} y="{y + 27}" font-size="12.5" font-weight="{weight}">{text}</text>'
    )


def _colours(value: Decimal | None, bounds: list[Decimal]) -> tuple[str, str]:
    """Return the colours of a tile's ground and letters."""
    if value is None or not bounds:
        return EMPTY, INK
    at = shade(value, bounds)
    return SHADES[at], "#ffffff" if at >= DARK else INK


def _tile_text(area: Area | None, unit: str) -> str:
    if area is None:
        return "–"
    value = area.figure.value
    return shown(area.figure, unit) if value is None else number(value, places(unit))


def _legend(bounds: list[Decimal], unit: str) -> tuple[tuple[str, str], ...]:
    pairs = list(pairwise(bounds))
    named = [
        f"{number(low, places(unit))} bis unter {quantity(high, unit)}" for low, high in pairs[:-1]
    ]
    named += [f"{number(low, places(unit))} bis {quantity(high, unit)}" for low, high in pairs[-1:]]
    return tuple((SHADES[_spread(n, len(pairs))], text) for n, text in enumerate(named))


def _alternative(comparison: Comparison, count: int) -> str:
    coloured = (
        "beschriftet" if comparison.kennzahl.counted else "beschriftet und nach ihrem Wert gefärbt"
    )
    return (
        f"Schematische Karte: {count} {_where()} als gleich große Kacheln, {coloured}. "
        "Die Werte stehen in der Liste."
    )
