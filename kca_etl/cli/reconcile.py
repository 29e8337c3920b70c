"""`kca reconcile`: the same figure from two sources."""

from __future__ import annotations

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def reconcile(month: str, as_json: AsJson = False) -> None:
    """Compare the figures of MONTH (YYYY-MM) that two sources state, within declared tolerances.

    Example: kca reconcile 2026-02
    """
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings
    from kca_etl.warehouse import reconcile as pairs

    wanted = month_id(month)
    found = pairs.compare(reading(Settings()), wanted)
    rows = [
        {
            "pair": c.pair.name,
            "region": (c.left or c.right or {})["region_name"],
            "left": pairs.value(c.left),
            "right": pairs.value(c.right),
            "difference": c.difference,
            "tolerance": c.pair.tolerance,
            "verdict": c.verdict,
            "left_cell": pairs.place(c.left),
            "right_cell": pairs.place(c.right),
        }
        for c in found
    ]
    console.listing(rows, as_json=as_json, empty=f"no declared pair has figures of {wanted}")
