"""The course of a kennzahl as SVG.

Drawn by Vega-Lite, the same bytes for HTML and PDF, no script inside.

Every size is fixed and no text is measured, so that fonts on the machine do not change the picture.
"""

from __future__ import annotations

import re
from typing import Any

from kca_etl.german.notation import number, places, quantity
from kca_etl.offices import folder as offices
from kca_etl.report.axis import Axis
from kca_etl.report.overview import OverviewRow
from kca_etl.report.timeline import segments, vertical

WIDTH, HEIGHT = 206, 74
PADDING = {"left": 38, "right": 46, "top": 8, "bottom": 18}
ROOM = 6  # characters that fit beside the lines
INK, SOFT, LINE = "#1b2327", "#4d585e", "#d9dfe2"
FONT = "Source Sans Pro"
_NOISE = re.compile(
    r' (?:role|class|aria-[a-z]+|pointer-events)="[^"]*"'
)  # English, and said better by the text alternative


def chart(row: OverviewRow) -> str:
    """Return the SVG of a row's series.

    Lines break where a month has no figure or the territory changes.
    """
    import vl_convert

    return _NOISE.sub(
        "", str(vl_convert.vegalite_to_svg(spec(row), allowed_base_urls=[], show_warnings=True))
    )


def spec(row: OverviewRow) -> dict[str, Any]:
    """Return the Vega-Lite specification.

    It holds numbers, months and our own words, nothing from documents.
    """
    known = [(x, f.value) for x, f in enumerate(row.series) if f.value is not None]
    if not known:
        return _frame(
            [_text([{"x": len(row.series) / 2, "y": 0.5, "label": "keine Werte"}], "center", 0)],
            None,
            row,
        )
    scale = vertical(row)
    lines = segments(row.series)
    values = [{"x": x, "y": float(v), "s": s} for s, line in enumerate(lines) for x, v in line]
    alone = [{"x": line[0][0], "y": float(line[0][1])} for line in lines if len(line) == 1]
    last_x, last = known[-1]
    accent = offices.current().look.accent
    end = {"x": last_x, "y": float(last), "label": quantity(last, row.unit)}
    layers = [
        _layer(
            values,
            {"type": "line", "strokeWidth": 1.8, "color": accent, "strokeJoin": "round"},
            {"detail": {"field": "s"}},
        ),
        _layer(alone, {"type": "circle", "size": 14, "color": accent, "opacity": 1}),
        _layer([end], {"type": "circle", "size": 34, "color": accent, "opacity": 1}),
        _text([end], "left", 6),
    ]
    return _frame(
        [*_rules(row), *[layer for layer in layers if layer["data"]["values"]]], scale, row
    )


def _rules(row: OverviewRow) -> list[dict[str, Any]]:
    """Draw a dashed line where the territory changes."""
    series = row.series
    turns = [
        {"x": x - 0.5}
        for x in range(1, len(series))
        if series[x].comparable != series[x - 1].comparable
    ]
    mark = {"type": "rule", "aria": False, "strokeDash": [3, 3], "color": SOFT}
    return (
        [
            {
                "data": {"values": turns},
                "mark": mark,
                "encoding": {"x": {"field": "x", "type": "quantitative"}},
            }
        ]
        if turns
        else []
    )


def _layer(
    values: list[dict[str, Any]], mark: dict[str, Any], more: dict[str, Any] | None = None
) -> dict[str, Any]:
    encoding = {
        "x": {"field": "x", "type": "quantitative"},
        "y": {"field": "y", "type": "quantitative"},
    } | (more or {})
    return {"data": {"values": values}, "mark": mark | {"aria": False}, "encoding": encoding}


def _text(values: list[dict[str, Any]], align: str, dx: int) -> dict[str, Any]:
    mark = {
        "type": "text",
        "align": align,
        "dx": dx,
        "fontSize": _size(values[-1]["label"], 12.5),
        "fontWeight": 600,
        "color": INK,
        "baseline": "middle",
    }
    return _layer(values, mark, {"text": {"field": "label", "type": "nominal"}})


def _frame(layers: list[dict[str, Any]], scale: Axis | None, row: OverviewRow) -> dict[str, Any]:
    last = len(row.series) - 1
    months = [f.month for f in row.series]
    named = {x: f"{months[x]:%m/%Y}" for x in (0, last // 2, last)}
    across = {
        "scale": {"domain": [0, last], "nice": False},
        "axis": _axis([float(x) for x in named], list(named.values()), grid=False),
    }
    up: dict[str, Any] = {"scale": {"domain": [0, 1]}, "axis": None}
    if scale is not None:
        labels = [number(t, places(row.unit)) for t in scale.ticks]
        up = {
            "scale": {
                "domain": [float(scale.low), float(scale.high)],
                "nice": False,
                "zero": False,
            },
            "axis": _axis([float(t) for t in scale.ticks], labels, grid=True),
        }
    for layer in layers:
        layer["encoding"]["x"] |= across
        if "y" in layer["encoding"]:
            layer["encoding"]["y"] |= up
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": PADDING,
        "autosize": "none",
        "background": None,
        "layer": layers,
        "config": {"font": FONT, "view": {"stroke": None, "aria": False}},
    }


def _axis(values: list[float], labels: list[str], *, grid: bool) -> dict[str, Any]:
    """Label given places with given words: no locale, no time zone, nothing measured."""
    return {
        "values": values,
        "labelExpr": f"{labels!r}[indexof({values!r}, datum.value)]",
        "title": None,
        "aria": False,
        "grid": grid,
        "gridColor": LINE,
        "domain": not grid,
        "domainColor": SOFT,
        "ticks": not grid,
        "tickColor": SOFT,
        "tickSize": 3,
        "labelOverlap": False,
        "labelBound": False,
        "labelLimit": 0,
        "labelFontSize": _size(labels[-1], 10.5),
        "labelColor": SOFT,
        "labelPadding": 4,
    }


def _size(text: str, size: float) -> float:
    """Make long figures smaller, so that they stay within the picture's margins."""
    return size if len(text) <= ROOM else round(size * ROOM / len(text), 1)
