"""Which Land a region lies in, as the publishers' own tables say."""

from __future__ import annotations

from sqlalchemy import Engine, text

LAND_DIGITS, KREIS_DIGITS = 2, 5


def land_of(system: str, code: str, parent: str) -> str:
    """Return the Land's two digits.

    Empty for Deutschland, its halves and areas that no Land is known of.

    Codes of the Amtlicher Gemeindeschlüssel begin with their Land; a Träger's Land is the row
    above it in the BA's tables.
    """
    if system == "ags":
        return code[:LAND_DIGITS] if code[:LAND_DIGITS].isdigit() else ""
    return parent.removeprefix("ags:") if parent.startswith("ags:") and parent[4:].isdigit() else ""


def laender(engine: Engine) -> dict[str, str]:
    """Return each known region (`system:code`) with its Land."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT system, code, parent FROM region")).all()
    return {f"{system}:{code}": land_of(system, code, parent) for system, code, parent in rows}


def compared(region: str) -> bool:
    """Tell whether a region (`system:code`) is of the kind that is compared.

    A Jobcenter (Träger) or a Kreis.
    """
    system, _, code = region.partition(":")
    return system == "traeger" or (system == "ags" and len(code) == KREIS_DIGITS)
