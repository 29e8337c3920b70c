"""Which area a row speaks of: by code where one stands, by an official name where none does."""

from __future__ import annotations

import re

from kca_etl.german.text import pattern, squeeze
from kca_etl.model.observations import Region
from schemas import regions as register
from schemas.codelists import LAENDER

COUNTRY = {"D": "Deutschland", "DW": "Westdeutschland", "DO": "Ostdeutschland"}
_NAMES = {squeeze(name): code for code, name in (COUNTRY | LAENDER).items()}
_NAMES[squeeze("Bundesrepublik Deutschland")] = "D"
_CODED = re.compile(r"(\d{2,8}|DG)\s+(\S.*)", re.DOTALL)
_SHARED = {squeeze(name): codes for name, codes in register.ambiguous().items()}


def region_of(code: str, name: str, systems: dict[str, str]) -> Region | None:
    """Return the region of a code and name.

    None if the code fits no declared system or contradicts the name.

    `systems` is what the source declares: a code's shape (regular expression) → its code
    system; a name → `system:code`; `""` → the name space of areas that have a name only. A name
    that two Kreise share names none.
    """
    name = " ".join(name.split())
    if not code:
        return _named(name, systems)
    if code == "DG" or (not code.strip("0") and _NAMES.get(squeeze(name)) == "D"):
        return official("D")
    system = _system(code, systems)
    if system is None:
        whole = restored(code, systems)
        return region_of(whole, name, systems) if whole else None
    if system == "ags" and len(code) == len("06"):
        fits = code in LAENDER and squeeze(name.split(",")[0]) == squeeze(LAENDER[code])
        return official(code) if fits else None
    return Region(system, code, name)


def _system(code: str, systems: dict[str, str]) -> str | None:
    return next((s for shape, s in systems.items() if shape and re.fullmatch(shape, code)), None)


def restored(code: str, systems: dict[str, str]) -> str | None:
    """Return a code with the leading zero it lost (6631 → 06631).

    None if it fits without, or with it is not in the register.
    """
    whole = f"0{code}"
    system = None if _system(code, systems) else _system(whole, systems)
    known = {"ags": (LAENDER, register.kreise()), "traeger": (register.jobcenter(),)}.get(
        system or "", ()
    )
    return whole if any(whole in codes for codes in known) else None


def sharing(name: str) -> tuple[str, ...]:
    """Return the AGS of the Kreise that share a bare name such as `Kassel`.

    Nothing for a name that names one.
    """
    return _SHARED.get(squeeze(name), ())


def _named(name: str, systems: dict[str, str]) -> Region | None:
    if found := _NAMES.get(squeeze(name)):
        return official(found)
    if declared := _declared_place(name, systems):
        return None if sharing(name) else _placed(declared, name)
    return Region("local", f"{systems['']}:{name}", name) if systems.get("") and name else None


def _declared_place(name: str, systems: dict[str, str]) -> str | None:
    """The place `system:code` that a declaration gives a name."""
    named = ((text, place) for text, place in systems.items() if ":" in place)
    return next((place for text, place in named if pattern(text).match(name) is not None), None)


def _placed(place: str, name: str) -> Region:
    system, _, code = place.partition(":")
    is_official = system == "ags" and code in COUNTRY | LAENDER
    return official(code) if is_official else Region(system, code, name)


def stated(texts: list[str], declared: tuple[str, ...], systems: dict[str, str]) -> Region | None:
    """Return a table's one region.

    Declared as `system:code Name`, or read from the texts above by {code} and {name}.
    """
    if declared and "{" not in declared[0]:
        return parse(declared[0])
    found = {
        k: v for text in texts for p in declared for k, v in (pattern(p).match(text) or {}).items()
    }
    code = found.get("code", "").upper()
    return (
        region_of("DG" if code in ("D", "00") else code, found.get("name", ""), systems)
        if found
        else None
    )


def split_code(text: str) -> tuple[str, str]:
    """Split `06631 Fulda` into code and name; ('', text) if no code leads."""
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
