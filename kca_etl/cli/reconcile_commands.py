"""The body of `kca reconcile`."""

from __future__ import annotations

from kca_etl.cli import console
from kca_etl.cli.commands import month_id
from kca_etl.model.month import month_date
from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse import reconcile


def compare(month: str, *, as_json: bool) -> None:
    """List the declared pairs of a month with both figures, their cells and the verdict."""
    text = f"{month_date(month_id(month)):%Y-%m}"
    found = reconcile.compare(warehouse(Settings()), text)
    rows = [
        {
            "pair": c.pair.name,
            "region": (c.left or c.right or {})["region_name"],
            "left": reconcile.value(c.left),
            "right": reconcile.value(c.right),
            "difference": c.difference,
            "tolerance": c.pair.tolerance,
            "verdict": c.verdict,
            "left_cell": reconcile.place(c.left),
            "right_cell": reconcile.place(c.right),
        }
        for c in found
    ]
    console.listing(rows, as_json=as_json, empty=f"no declared pair has figures of {text}")
