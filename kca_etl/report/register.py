"""A rendered overview for the register, and what later corrections change on such pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from kca_etl.german.notation import MISSING, decimal, quantity
from kca_etl.model.month import earlier
from kca_etl.report.catalogue import catalogued
from kca_etl.report.facts import Figure, figure, select
from kca_etl.report.overview import Overview
from kca_etl.report.page import fingerprint
from kca_etl.warehouse.published import Key, Rendered, Version, touched

if TYPE_CHECKING:
    import pandas as pd


def rendered(
    overview: Overview, region: str, as_of: str | None, files: Mapping[str, bytes]
) -> Rendered:
    """Describe a rendered overview.

    Its files by hash, and the version of every figure in table and charts.
    """
    figures = {(row.kennzahl, f.month): version(f) for row in overview.rows for f in row.used}
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    return Rendered(overview.month, region, as_of or "", fingerprint(overview), hashes, figures)


def version(found: Figure) -> Version:
    """Return which version of a figure this is."""
    if found.origin is None:
        return Version()
    return Version(
        None if found.value is None else float(found.value),
        found.zeichen or "",
        found.origin.datenstand,
    )


def changes(report: Rendered, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a row for each figure of a report that has another version now, with its cell.

    `frame`: current rows of `figures`. `use` says where the page shows it: month, previous,
    year_before or series (charts only).
    """
    rows = select(frame, report.region)
    now = {
        key: figure(rows.get((key[0], key[1].isoformat())), key[1], [], invented=False)
        for key in report.figures
    }
    return [
        _row(report, key, was, now[key])
        for key, was, _ in touched(report, {key: version(f) for key, f in now.items()})
    ]


def _row(report: Rendered, key: Key, was: Version, now: Figure) -> dict[str, Any]:
    kennzahl, month = key
    label, unit = catalogued(kennzahl)
    origin = now.origin
    return {
        "report": f"{report.month:%Y-%m}",
        "region": report.region,
        "rendered_at": report.rendered_at,
        "merkmal": label,
        "berichtsmonat": f"{month:%Y-%m}",
        "use": _use(report.month, month),
        "printed": _shown(was, unit),
        "now": _shown(version(now), unit),
        "datenstand": origin and origin.datenstand,
        "file_name": origin and origin.file_name,
        "sheet": origin and origin.sheet,
        "cell": now.cell or None,
    }


def _use(page: date, month: date) -> str:
    return {page: "month", earlier(page, 1): "previous", earlier(page, 12): "year_before"}.get(
        month, "series"
    )


def _shown(known: Version, unit: str) -> str:
    return known.zeichen or MISSING if known.value is None else quantity(decimal(known.value), unit)
