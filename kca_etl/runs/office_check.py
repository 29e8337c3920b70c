"""What is wrong with an office's folder, each fault with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kca_etl.offices import folder as offices
from kca_etl.offices.spec import Office
from kca_etl.runs import declarations
from kca_etl.sources import calendar, registry
from kca_etl.sources.spec import Kennzahl
from schemas import regions

Place = tuple[int | str, ...] | str  # keys and indices from the top of a file, or a word of it


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file of the folder."""

    file: Path
    line: int
    what: str


def check(place: Path | None = None) -> list[Fault]:
    """Check an office's folder, the one in use if none is given.

    To be called before anything of another office was read: a process has one office.
    """
    if place is not None:
        offices.choose(place)
    path = offices.folder() / offices.OFFICE
    found = list(_unreadable(path, Office))
    if found:
        return found
    office = offices.current()
    found = [_at(path, where, what) for where, what in _of_office(office)]
    for name, declared in offices.declarations().items():
        found += [_at(declared, where, what) for where, what in _of_declaration(name, declared)]
    return [*found, *_kennzahlen(), *_tiles()]


def line_of(path: Path, place: Place) -> int:
    """Return the line on which an entry of a YAML file begins; of an absent one its parent's."""
    if isinstance(place, str):
        lines = path.read_text(encoding="utf-8").splitlines()
        return next((n for n, line in enumerate(lines, 1) if place in line), 1)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError):
        return 1
    line = 1
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and node.value[part:]:
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _at(path: Path, place: Place, what: str) -> Fault:
    return Fault(path, line_of(path, place), what)


def _unreadable(path: Path, model: Any) -> Iterator[Fault]:  # noqa: ANN401 - a pydantic model
    """Say why a file is no such model."""
    try:
        model.model_validate(offices.load_yaml(path.read_text(encoding="utf-8")))
    except OSError:
        yield Fault(path, 1, "there is no such file; `kca office init` writes one")
    except yaml.YAMLError as error:
        yield _of_yaml(path, error)
    except ValidationError as error:
        yield from _of_model(path, error)


def _of_yaml(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    return Fault(path, mark.line + 1 if mark else 1, f"no YAML: {what}")


def _of_model(path: Path, error: ValidationError) -> Iterator[Fault]:
    for one in error.errors():
        where = ".".join(map(str, one["loc"]))
        what = one["msg"].removeprefix("Value error, ")
        yield _at(path, one["loc"], f"{where}: {what}" if where else what)


def _of_office(office: Office) -> Iterator[tuple[Place, str]]:
    yield from _of_area(office)
    yield from _of_sources(office)
    if not office.contact.isascii():
        yield ("contact",), "contact: only ASCII can stand in a User-Agent"
    if office.look.logo and not (offices.folder() / office.look.logo).is_file():
        yield ("look", "logo"), f"logo: there is no file {office.look.logo!r} in the folder"
    catalogue = registry.kennzahlen()
    for n, figure in enumerate(office.figures):
        entry = catalogue.get(figure.kennzahl)
        place: Place = ("figures", n, "kennzahl")
        if entry is None:
            yield place, _unknown("kennzahl", figure.kennzahl, catalogue)
        elif entry["unit"] != figure.unit:
            yield ("figures", n, "unit"), f"{figure.kennzahl} is counted in {entry['unit']}"


def _of_area(office: Office) -> Iterator[tuple[Place, str]]:
    known = regions.jobcenter()
    if office.traeger and office.traeger not in known:
        yield ("traeger",), _unknown("traeger", office.traeger, known)
    for n, ags in enumerate(office.kreise):
        if ags not in regions.kreise():
            yield ("kreise", n), _unknown("Kreis", ags, regions.kreise())
        elif not ags.startswith(office.land):
            yield ("kreise", n), f"{ags} does not lie in the Land {office.land}"
    if office.region_key not in office.own_regions:
        own = ", ".join(office.own_regions)
        yield ("region",), f"region: {office.region_key} is none of the office's own: {own}"


def _of_sources(office: Office) -> Iterator[tuple[Place, str]]:
    names = registry.names()
    if office.source not in names:
        yield ("source",), _unknown("source", office.source, names)
    for n, name in enumerate(office.follow):
        if name not in names:
            yield ("follow", n), _unknown("source", name, names)
    if office.follow and office.source not in office.follow:
        yield ("follow",), f"follow: the office's own source {office.source} is missing"
    for n, pair in enumerate(office.reconcile):
        for side, said in (("left", pair.left), ("right", pair.right)):
            if said.source not in names:
                yield ("reconcile", n, side), _unknown("source", said.source, names)


def _of_declaration(name: str, path: Path) -> Iterator[tuple[Place, str]]:
    """Say what is wrong with one of the office's declarations of sources."""
    try:
        source = registry.load(name)
    except yaml.YAMLError as error:
        fault = _of_yaml(path, error)
        yield (), f"line {fault.line}: {fault.what}"
        return
    except ValidationError as error:
        for one in error.errors():
            yield one["loc"], f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
        return
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield ("extends",), f"no declaration: {error}"
        return
    if source.source != name:
        yield ("source",), f"the file is called {path.name}, the source {source.source!r}"
    if source.calendar and source.calendar not in calendar.calendar().rules:
        yield ("calendar",), _unknown("rule", source.calendar, calendar.calendar().rules)
    doubts = declarations.doubts(source)
    if doubts:
        yield doubts.rpartition(" ")[2], doubts


def _kennzahlen() -> Iterator[Fault]:
    path = offices.folder() / offices.KENNZAHLEN
    for code, entry in offices.data(offices.KENNZAHLEN).items():
        try:
            Kennzahl.model_validate(entry)
        except ValidationError as error:
            for one in error.errors():
                yield _at(path, (code, *one["loc"]), f"{code}: {one['msg']}")


def _tiles() -> Iterator[Fault]:
    path = offices.folder() / offices.TILES
    for ags, tile in offices.data(offices.TILES).items():
        if ags not in regions.kreise():
            yield _at(path, (ags,), _unknown("Kreis", ags, regions.kreise()))
        if not isinstance(tile, list) or list(map(type, tile)) != [str, int, int]:
            yield _at(path, (ags,), f"{ags}: a tile is [short name, column, row]")


def _unknown(kind: str, name: str, known: Any) -> str:  # noqa: ANN401 - a list or mapping of names
    near = get_close_matches(name, [str(one) for one in known], 3, 0.5)
    return f"there is no {kind} {name!r}" + (f"; nearest: {', '.join(near)}" if near else "")
