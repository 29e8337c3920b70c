"""What the signs in place of a figure mean, in the words of the printed pages."""

from __future__ import annotations

from kca_etl.german.notation import MISSING

SIGNS = {
    MISSING: "keine Angabe oder kein Vergleich möglich",
    "*": "geheim gehalten",
    ".": "unbekannt oder nicht gemeldet",
    "-": "nichts vorhanden",
    "x": "Angabe nicht sinnvoll",
    "...": "Angabe folgt später",
}
