"""The declared sources.

Every YAML file beside this module is one, and every one in the office's folder `sources`. A
declaration of the office that says `extends: NAME` adds to that shipped one: mappings are merged,
lists lengthened, tables of the same id and everything else replaced.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import schemas
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.nearest import meant
from kca_etl.offices import folder as offices
from kca_etl.sources.spec import Source, expand

FOLDER = Path(__file__).parent
CATALOGUE = Path(schemas.__file__).parent


def names() -> list[str]:
    """Return the names of all declared sources, sorted."""
    return list(_names())


@cache
def _names() -> tuple[str, ...]:
    shipped = {path.stem for path in FOLDER.glob("*.yaml")}
    return tuple(sorted(shipped | offices.declarations().keys()))


def jobcenter_source() -> str:
    """Return the name of the office's own counts."""
    return offices.current().source


def followed() -> list[str]:
    """Return the names of the sources that the office loads, sorted."""
    return [name for name in names() if is_followed(name)]


def is_followed(name: str) -> bool:
    """Tell whether the office loads a source: all, where it lists none."""
    follow = offices.current().follow
    return not follow or name in follow or name not in _names()


def path(name: str) -> Path:
    """Return the file that declares a source: the shipped one, if the office's only adds to it."""
    shipped = FOLDER / f"{name}.yaml"
    return shipped if shipped.is_file() else offices.declarations().get(name, shipped)


@cache
def load(name: str) -> Source:
    """Read one declaration. Raises KcaError NO_SOURCE if there is none of that name."""
    if name not in names():
        raise KcaError(
            Finding(Code.NO_SOURCE, f"no source is called {name!r}", expected=meant(name, names()))
        )
    own = offices.declarations().get(name)
    return parse((own or FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), name)


def parse(text: str, name: str = "") -> Source:
    """Read a declaration from YAML text; raises pydantic.ValidationError naming the wrong key.

    What the office adds to a shipped declaration counts. `name`: what the file is called, for
    one that does not say it.
    """
    given = _given(text, name)
    given["tables"] = expand(given["tables"])
    return Source.model_validate(given)


def whole(name: str) -> dict[str, Any]:
    """Return a declaration as plain data, with what the office adds to it and what it extends.

    Written as YAML it can be read without either. Raises KcaError NO_SOURCE.
    """
    load(name)
    own = offices.declarations().get(name, FOLDER / f"{name}.yaml")
    return _given(own.read_text(encoding="utf-8"), name)


def _given(text: str, name: str) -> dict[str, Any]:
    whole = _with_base(offices.load_yaml(text), name)
    return {
        key: value for key, value in whole.items() if not key.startswith("x-")
    }  # x-…: parts for YAML anchors


def patched_path(name: str) -> tuple[str, str]:
    """Return the folder in which a patch of a declaration is applied, and its path below."""
    file, package = path(name).resolve(), FOLDER.resolve().parents[1]
    if file.is_relative_to(package):
        return "the folder above kca_etl", file.relative_to(package).as_posix()
    return str(offices.folder()), file.relative_to(offices.folder()).as_posix()


def _with_base(given: dict[str, Any], name: str) -> dict[str, Any]:
    """Put a declaration on top of the one it extends, or under what the office adds to it."""
    if "extends" in given:
        base = FOLDER / f"{given['extends']}.yaml"
        if not base.is_file():
            raise ValueError(f"extends {given['extends']!r}, which is no shipped source")
        on_top = {"source": name or given["extends"]} | given
        return merged(offices.load_yaml(base.read_text(encoding="utf-8")), on_top)
    own = offices.declarations().get(str(given.get("source")))
    added = offices.load_yaml(own.read_text(encoding="utf-8")) if own else {}
    return merged(given, added) if added.get("extends") == given["source"] else given


def merged(base: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """Merge a declaration with additions: mappings key by key, tables by id, lists lengthened."""
    new = {key: value for key, value in added.items() if key != "extends"}
    return base | {key: _joined(key, base.get(key), value) for key, value in new.items()}


def _joined(key: str, old: Any, new: Any) -> Any:  # noqa: ANN401 - parts of plain YAML data
    if isinstance(old, dict) and isinstance(new, dict):
        return merged(old, new)
    if not (isinstance(old, list) and isinstance(new, list)):
        return new
    ids = {table["id"] for table in new} if key == "tables" else set()
    return [*(entry for entry in old if not ids or entry["id"] not in ids), *new]


def kennzahlen(source: Source | None = None) -> dict[str, dict[str, Any]]:
    """Return the catalogue of kennzahlen.

    Code → label, unit, kind, additive, bounds, definition, source.

    A source may declare kennzahlen of its own beside the common ones in `schemas` and those of
    the office.
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
        _add(found, offices.load_yaml(path.read_text(encoding="utf-8")), path.name)
    _add(found, offices.data(offices.KENNZAHLEN), offices.KENNZAHLEN)
    return found


def _add(found: dict[str, dict[str, Any]], entries: dict[str, dict[str, Any]], name: str) -> None:
    if twice := found.keys() & entries.keys():
        raise ValueError(f"{name} declares again: {', '.join(sorted(twice))}")
    found |= entries
