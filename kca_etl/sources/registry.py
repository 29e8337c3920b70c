"""The declared sources: every YAML file beside this module is one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import schemas
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.sources.spec import Source, expand

FOLDER = Path(__file__).parent
JOBCENTER_SOURCE = "kca_monatszahlen"  # the office's own counts
CATALOGUE = Path(schemas.__file__).parent


def names() -> list[str]:
    """Return the names of all declared sources, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def load(name: str) -> Source:
    """Read one declaration. Raises KcaError NO_SOURCE if there is none of that name."""
    path = FOLDER / f"{name}.yaml"
    if name not in names():
        raise KcaError(
            Finding(Code.NO_SOURCE, f"no source is called {name!r}", expected=", ".join(names()))
        )
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Source:
    """Read a declaration from YAML text; raises pydantic.ValidationError naming the wrong key."""
    given = {
        key: value for key, value in _yaml(text).items() if not key.startswith("x-")
    }  # x-…: parts for YAML anchors
    given["tables"] = expand(given["tables"])
    return Source.model_validate(given)


def kennzahlen(source: Source | None = None) -> dict[str, dict[str, Any]]:
    """Return the catalogue of kennzahlen.

    Code → label, unit, kind, additive, bounds, definition, source.

    A source may declare kennzahlen of its own beside the common ones in `schemas`.
    """
    own = (
        {}
        if source is None
        else {
            code: entry.model_dump(exclude_none=True) for code, entry in source.kennzahlen.items()
        }
    )
    return _common() | own if own else _common()


@cache
def _common() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(CATALOGUE.glob("kennzahlen*.yaml")):
        entries = _yaml(path.read_text(encoding="utf-8"))
        if twice := found.keys() & entries.keys():
            raise ValueError(f"{path.name} declares again: {', '.join(sorted(twice))}")
        found |= entries
    return found


def _yaml(text: str) -> dict[str, Any]:
    import yaml

    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    return loaded
