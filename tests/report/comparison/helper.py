"""Rows like those of the view `figures`.

One kennzahl for Hessen's Jobcenter, its Land and Germany.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from kca_etl.report.comparison.model import Comparison, Kennzahl, build
from kca_etl.report.comparison.tiles import placed

MONTH = date(2019, 1, 1)
RATE = Kennzahl(
    "elb_sanktionsquote",
    "insgesamt",
    "Sanktionsquote der ELB",
    "Prozent",
    "Anteil der ELB mit Sanktion an allen ELB.",
)
COUNT = Kennzahl(
    "elb_mit_sanktion",
    "insgesamt",
    "ELB mit Sanktion",
    "Personen",
    "Personen mit mindestens einer Sanktion.",
)
TILES = placed("Jobcenter", MONTH)
KEYS = list(TILES)
LAENDER = dict.fromkeys(KEYS, "06") | {"ags:06": "06", "traeger:11102": "01", "traeger:06": "06"}
HIDDEN = {"value": float("nan"), "zeichen": "*"}
Key = tuple[str, str]  # region, `YYYY-MM`


def row(key: str, month: str, value: float, **more: Any) -> dict[str, Any]:
    """One row with all columns of the view."""
    system, code = key.split(":")
    names = {k.split(":")[1]: f"JC {t.name}" for k, t in TILES.items()} | {
        "06": "Hessen",
        "D": "Deutschland",
        "11102": "JC Kiel",
    }
    return {
        "source": "ba_sanktionen",
        "berichtsmonat": f"{month}-01",
        "kennzahl": RATE.code,
        "gliederung": "insgesamt",
        "region_system": system,
        "region_code": code,
        "region_name": names[code],
        "value": value,
        "zeichen": None,
        "unit": "Prozent",
        "status": "unbekannt",
        "datenstand": "2019-06-03",
        "known_from": "2019-06-03",
        "known_to": None,
        "document_sha256": "ab" * 32,
        "file_name": "sanktionen.xlsx",
        "sheet": "3.1",
        "cell": "L7",
        "run_id": "run",
    } | more


def figures(changes: Mapping[Key, dict[str, Any]] | None = None) -> pd.DataFrame:
    """Three months of all areas: the n-th tile has n / 10 + 1 per cent; Kiel lies elsewhere."""
    rows = []
    for month in ("2018-11", "2018-12", "2019-01"):
        for n, key in enumerate([*KEYS, "ags:06", "ags:D", "traeger:11102"]):
            rows.append(row(key, month, 1 + n / 10) | (changes or {}).get((key, month), {}))
    return pd.DataFrame(rows)


def compared(
    changes: Mapping[Key, dict[str, Any]] | None = None, kennzahl: Kennzahl = RATE, **more: Any
) -> Comparison:
    """Build the comparison of January 2019 in Hessen."""
    frame = figures(changes)
    given: dict[str, Any] = {"land": "06", "own": ("traeger:43102", "ags:06435")} | more
    return build(frame, frame, LAENDER, kennzahl, MONTH, **given)
