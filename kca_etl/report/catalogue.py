"""Label and unit of the kennzahlen: as the office's overview says them, else by the catalogue."""

from __future__ import annotations

from kca_etl.offices import folder as offices
from kca_etl.sources import registry


def catalogued(kennzahl: str) -> tuple[str, str]:
    """Return a kennzahl's German label and its unit."""
    said = offices.current().figure(kennzahl)
    if said is not None:
        return said.label, said.unit
    entry = registry.kennzahlen()[kennzahl]
    return entry["label"], entry["unit"]
