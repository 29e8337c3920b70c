"""Which area a row speaks of: by code where one stands, by an official name where none does."""

from __future__ import annotations

import re

from kca_etl.model import Region
from kca_etl.text import squeeze
from schemas.codelists import LAENDER

COUNTRY = {"D": "Deutschland", "DW": "Westdeutschland", "DO": "Ostdeutschland"}
_NAMES = {squeeze(name): code for code, name in (COUNTRY | LAENDER).items()}
_NAMES[squeeze("Bundesrepublik Deutschland")] = "D"
_CODED = re.compile(r"(\d{2,8}|DG)\s+(\S.*)", re.DOTALL)


def region_of(code: str, name: str, systems: dict[str, str]) -> Region | None:
    """Return the region of a code and name; None if the code fits no declared system or contradicts the name.

    `systems` maps a code's shape (regular expression) to its code system, as the source declares it.
    """
    name = " ".join(name.split())
    if not code:
        found = _NAMES.get(squeeze(name))
        return official(found) if found else None
    if code == "DG":
        return official("D")
    system = next((s for shape, s in systems.items() if re.fullmatch(shape, code)), None)
    if system is None:
        return None
    if system == "ags" and code in LAENDER:
        return official(code) if squeeze(name) == squeeze(LAENDER[code]) else None
    return Region(system, code, name)


def split_code(text: str) -> tuple[str, str]:
    """Split `06435 Main-Kinzig-Kreis` into code and name; ('', text) if no code leads."""
    found = _CODED.fullmatch(text.strip())
    return (found[1], found[2]) if found else ("", text)


def official(code: str) -> Region:
    """Return Deutschland, West, Ost or a Land by its AGS."""
    parent = "" if code == "D" else "ags:D"
    return Region("ags", code, (COUNTRY | LAENDER)[code], parent)


def parse(text: str) -> Region:
    """Read a declared fixed region: `system:code Name`."""
    key, _, name = text.partition(" ")
    system, _, code = key.partition(":")
    return Region(system, code, name or code)
