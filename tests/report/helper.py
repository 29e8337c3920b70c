"""A frame like the view `figures`, made of the samples' figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kca_etl.samples.figures import KENNZAHLEN, months, value

Key = tuple[str, str]
MISSING: dict[str, Any] = {"missing": True}


def frame(
    changes: Mapping[Key, dict[str, Any]] | None = None, first: str = "2019-11"
) -> pd.DataFrame:
    """Return one row per figure.

    `changes` overwrites columns by (kennzahl, `YYYY-MM`), MISSING drops the row.
    """
    changes = changes or {}
    rows = []
    for col, month in enumerate(months(first)):
        for n, kennzahl in enumerate(KENNZAHLEN):
            row = row_of(kennzahl, month, f"{chr(66 + col % 24)}{n + 5}") | changes.get(
                (kennzahl, month), {}
            )
            if not row.get("missing"):
                rows.append(row)
    return pd.DataFrame(rows).drop(columns="missing", errors="ignore")


def row_of(kennzahl: str, month: str, cell: str) -> dict[str, Any]:
    """One row with all columns of the view."""
    return {
        "source": "kca_monatszahlen",
        "berichtsmonat": f"{month}-01",
        "kennzahl": kennzahl,
        "gliederung": "insgesamt",
        "region_system": "ags",
        "region_code": "06435",
        "region_name": "Main-Kinzig-Kreis",
        "value": float(value(kennzahl, month)),
        "zeichen": None,
        "unit": "Prozent" if kennzahl.startswith("arbeitslosenquote") else "Personen",
        "status": "endgueltig",
        "datenstand": "2020-11-30",
        "known_from": "2020-11-30",
        "known_to": None,
        "document_sha256": "ab" * 32,
        "file_name": f"KCA_Jahresblatt_{month[:4]}.xlsx",
        "sheet": f"Jahresblatt {month[:4]}",
        "cell": cell,
        "run_id": "run",
    }
