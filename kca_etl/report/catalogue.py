"""Label, unit and definition of the kennzahlen.

As the office's overview says them, else by the catalogue.
"""

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


def definition(kennzahl: str) -> str:
    """Say in one line who is counted, or what a rate divides by; empty where nobody said it."""
    said = offices.current().figure(kennzahl)
    own = said.definition if said is not None else ""
    return own or str(registry.kennzahlen().get(kennzahl, {}).get("definition", ""))
