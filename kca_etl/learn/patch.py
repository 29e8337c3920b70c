"""Learned relations as lines of a declaration."""

from __future__ import annotations

import json
from typing import Any

from kca_etl.learn.trial import Learned
from kca_etl.sources.relations import series_of
from kca_etl.sources.spec import Check, Coord

WORDS = ("rounded", "times", "rest", "overlap", "every_gliederung")


def line(check: Check) -> str:
    """Write a check as one line below `checks:`."""
    said = [f"{name}: {_value(value)}" for name, value in _fields(check).items()]
    return f"  - {{{', '.join(said)}}}" if not check.regions else f"  - {', '.join(said)}"


def support(one: Learned) -> str:
    """Say what speaks for a relation."""
    told = f"{one.rows} rows in {one.issues} issues, {one.signs:.0%} with signs"
    if one.against:
        return f"{told}; {one.against} contradictions in {one.tried} others"
    return f"{told}; held in {one.tried} others" if one.tried else f"{told}; not tried on others"


def row(one: Learned) -> dict[str, Any]:
    """Return a relation and its support as JSON values."""
    numbers = {name: getattr(one, name) for name in ("rows", "issues", "tried", "against")}
    about = {"form": one.check.form, "check": line(one.check).strip(" -"), **numbers}
    return about | {"signs": round(one.signs, 4), "declared": one.declared}


def _fields(check: Check) -> dict[str, Any]:
    """Return what a check says, in the order in which it is declared."""
    form = getattr(check, check.form)
    found: dict[str, Any] = {check.form: form}
    if check.parts:
        found["parts"] = check.parts
    found |= {name: getattr(check, name) for name in ("of", "to", "weight")}
    defaults = Check.model_fields
    found |= {
        name: getattr(check, name)
        for name in WORDS
        if getattr(check, name) != defaults[name].default
    }
    return {name: value for name, value in found.items() if value is not None}


def _value(value: Any) -> str:  # noqa: ANN401 - whatever a check holds
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Coord):
        name = series_of(value).name
        return json.dumps(name) if "[" in name else name
    return f"{value:g}"
