"""Figures as the overview needs them, taken from rows of the published views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, Any

from kca_etl.german.notation import decimal
from kca_etl.sources.registry import jobcenter_source

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]  # kennzahl, first day of the month


@dataclass(frozen=True, slots=True)
class Origin:
    """A sheet of a document that figures were taken from."""

    file_name: str
    sheet: str
    datenstand: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one month; neither value nor zeichen where the warehouse has none.

    `before` is what it replaced.

    It is not comparable if the region's territory was another one than in the overview's month.
    """

    month: date
    value: Decimal | None = None
    zeichen: str | None = None
    status: str = ""
    cell: str = ""
    origin: Origin | None = None
    revised: bool = False
    before: Decimal | None = None
    invented: bool = False
    comparable: bool = True


def _wanted(frame: pd.DataFrame, region: str) -> list[dict[str, Any]]:
    system, _, code = region.partition(":")
    fits = (
        (frame["source"] == jobcenter_source())
        & (frame["gliederung"] == "insgesamt")
        & (frame["region_system"] == system)
        & (frame["region_code"] == code)
    )
    return [{str(k): v for k, v in row.items()} for row in frame[fits].to_dict("records")]


def select(frame: pd.DataFrame, region: str) -> dict[Key, dict[str, Any]]:
    """Return a region's rows of `figures` by key; raises ValueError if one stands twice."""
    found: dict[Key, dict[str, Any]] = {}
    for row in _wanted(frame, region):
        key = (row["kennzahl"], str(row["berichtsmonat"]))
        if key in found:
            raise ValueError(
                f"{key[0]} stands twice for {key[1]}: "
                "rows of `figures` are unique, those of `figures_history` are not"
            )
        found[key] = row
    return found


def versions(frame: pd.DataFrame | None, region: str) -> dict[Key, list[dict[str, Any]]]:
    """Return a region's rows of `figures_history` by key, oldest first."""
    found: dict[Key, list[dict[str, Any]]] = {}
    for row in (
        [] if frame is None else sorted(_wanted(frame, region), key=lambda r: str(r["known_from"]))
    ):
        found.setdefault((row["kennzahl"], str(row["berichtsmonat"])), []).append(row)
    return found


def figure(
    row: dict[str, Any] | None,
    month: date,
    history: list[dict[str, Any]],
    *,
    invented: bool,
    comparable: bool = True,
) -> Figure:
    """Return the figure of a row; an empty one for None.

    It is revised if its history holds an earlier version.
    """
    if row is None:
        return Figure(month, comparable=comparable)
    earlier = [v for v in history if str(v["known_from"]) < str(row["known_from"])]
    return Figure(
        month=month,
        value=_value(row),
        zeichen=row["zeichen"] if isinstance(row["zeichen"], str) and row["zeichen"] else None,
        status=str(row["status"]),
        cell=str(row["cell"]),
        origin=Origin(
            str(row["file_name"]),
            str(row["sheet"]),
            str(row["datenstand"]),
            str(row["document_sha256"]),
        ),
        revised=bool(earlier),
        before=_value(earlier[-1]) if earlier else None,
        invented=invented,
        comparable=comparable,
    )


def _value(row: dict[str, Any]) -> Decimal | None:
    value = row["value"]
    return None if value is None or isnan(value) else decimal(value)
