"""Is each row's code the code of its name? Hold both against the register and the other sheets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from kca_etl.cells import RawTable
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources.spec import Source
from kca_etl.tidy.regions import region_of, stated
from kca_etl.tidy.rows import code_and_name
from schemas import regions as register
from schemas.regions import names

SYSTEMS = {"ags": 5, "traeger": 5, "agentur": 3}  # digits of the codes that are checked
SIMILAR = 0.75  # ratio of difflib from which two names are one, written in two ways
MIN_WORD_LENGTH = 3  # letters of a word that two names may share: not `AA`, not `RD`
DISTRICT_DIGITS = 3  # a Trägernummer begins with its Agentur's number


@dataclass(frozen=True, slots=True)
class Label:
    """One row's region: its place among the table's rows, its key (`ags:05315`) and its name."""

    row: int
    key: str
    name: str


@dataclass(slots=True)
class Place:
    """Where a label stands."""

    sheet: str
    cell: str
    label: Label


@dataclass(slots=True)
class Met:
    """The labels of a document: the first place of each pair of code and name."""

    pairs: dict[tuple[str, names.Words], Place] = field(default_factory=dict)
    codes: dict[names.Words, set[str]] = field(default_factory=lambda: defaultdict(set))
    first: dict[str, Place] = field(default_factory=dict)  # the first place of each code


def check_codes_and_names(tables: list[RawTable], source: Source) -> list[Finding]:
    """Return CODE_AND_NAME for codes and names that contradict, UNKNOWN_TRAEGER for new ones."""
    met = Met()
    for raw in tables:
        for place in _places(raw, source):
            pair = (place.label.key, names.whole(place.label.name))
            met.pairs.setdefault(pair, place)
            met.codes[pair[1]].add(pair[0])
            met.first.setdefault(pair[0], place)
    return [f for place in met.pairs.values() if (f := _judged(place, met)) is not None]


def _places(raw: RawTable, source: Source) -> list[Place]:
    roles = tuple(role for role, _ in raw.stub)
    found = _labels(roles, tuple(raw.stub_cells), tuple(source.regions.items()))
    col = next((col for role, col in raw.stub if role in ("region", "region_code")), 0)
    places = [Place(raw.grid.name, a1(raw.rows[one.row], col), one) for one in found]
    fixed = stated([text for _, _, text in raw.above], raw.spec.region, source.regions)
    if fixed is not None and any("{code}" in p for p in raw.spec.region):
        label = Label(0, f"{fixed.system}:{fixed.code}", fixed.name)
        if _is_checked(label.key, label.name):
            places.append(Place(raw.grid.name, a1(raw.top, 0), label))
    return places


@lru_cache(maxsize=64)  # the same few hundred label cells stand on every sheet of every issue
def _labels(
    roles: tuple[str, ...],
    stub_cells: tuple[tuple[object, ...], ...],
    systems: tuple[tuple[str, str], ...],
) -> tuple[Label, ...]:
    """Return the first row of each pair of code and name that can be checked."""
    if not {"region", "region_code"}.intersection(roles):
        return ()
    declared = dict(systems)
    found: dict[tuple[str, str], Label] = {}
    for row, cells in enumerate(stub_cells):
        code, name = code_and_name(roles, cells)
        region = region_of(code, name, declared) if code and name else None
        if region is None or not _is_checked(f"{region.system}:{region.code}", name):
            continue
        key = f"{region.system}:{region.code}"
        found.setdefault((key, name), Label(row, key, name))
    return tuple(found.values())


def _is_checked(key: str, name: str) -> bool:
    system, _, code = key.partition(":")
    return len(code) == SYSTEMS.get(system, 0) and bool(names.words(name))


def _judged(place: Place, met: Met) -> Finding | None:
    label = place.label
    if label.key in names.names():
        other = _other_owner(label)
        return _contradiction(place, other) if other else None
    return _unregistered(place, met)


@lru_cache(maxsize=4096)
def _other_owner(label: Label) -> str:
    """Return the region that a registered code's name belongs to; '' if to the code's own."""
    own, full = names.names()[label.key], names.whole(label.name)
    if any(full == names.whole(n) for n in own):
        return ""
    system = label.key.partition(":")[0]
    exact = names.by_whole_name().get(full) if system == "traeger" else None
    called = exact or names.by_core().get(names.core(label.name), frozenset())
    others = {key for key in called if key.startswith(system + ":")}
    if exact is None and (label.key in others or _is_shorter(label.name, own)):
        others = _of_other_kind(label, others)
    return min(others - {label.key}, default="")


def _is_shorter(name: str, own: tuple[str, ...]) -> bool:
    return any(names.core(name) <= names.core(n) for n in own)


def _of_other_kind(label: Label, others: set[str]) -> set[str]:
    """Of Kreise that share a name, keep those of the kind that the label says, not its code."""
    said = names.words(names.without_asides(label.name))
    is_city, is_county = (
        bool(kind.intersection(said)) for kind in (names.CITY_WORDS, names.COUNTY_WORDS)
    )
    if label.key.startswith("traeger:") or is_city == is_county or _is_city(label.key) == is_city:
        return set()
    return {key for key in others if _is_city(key) == is_city}


def _is_city(key: str) -> bool:
    territories = register.kreise().get(key.partition(":")[2], ())
    return any(kreis.art in names.CITIES for kreis in territories)


def _unregistered(place: Place, met: Met) -> Finding | None:
    """Judge a code that no register knows by where else its name stands."""
    label = place.label
    system, _, code = label.key.partition(":")
    full = names.whole(label.name)
    beside = met.codes[full] - {label.key}
    same_system = {key for key in beside if key.startswith(system + ":")}
    if same_system:
        return _contradiction(place, min(same_system))
    if system != "traeger":
        return _another_name(place, met) if system == "agentur" else None
    known = names.by_whole_name().get(full, frozenset())
    slips = [key for key in known if _is_slip(code, key.partition(":")[2])]
    if slips:
        return _contradiction(place, min(slips))
    what = "a Trägernummer is not in the register"
    called = " or ".join(f"{key.partition(':')[2]} by its name" for key in sorted(known))
    found = f"{code} {label.name}"
    return Finding(Code.UNKNOWN_TRAEGER, what, place.sheet, place.cell, found, called)


def _is_slip(code: str, registered: str) -> bool:
    """Tell whether two numbers differ by one digit or two exchanged ones of the same district."""
    differ = [i for i, (a, b) in enumerate(zip(code, registered, strict=True)) if a != b]
    return len(differ) == 1 or (
        sorted(code) == sorted(registered) and min(differ) >= DISTRICT_DIGITS
    )


def _another_name(place: Place, met: Met) -> Finding | None:
    """A code without a register must have one name in all sheets, however it is written."""
    label, first = place.label, met.first[place.label.key]
    shared = set(names.words(first.label.name)) & set(names.words(label.name))
    is_alike = SequenceMatcher(None, first.label.name, label.name).ratio() >= SIMILAR
    if is_alike or any(len(word) >= MIN_WORD_LENGTH for word in shared):
        return None
    what = "a code has different names in one document"
    expected = f"{first.label.name!r} as in {first.sheet!r} {first.cell}"
    found = f"{_code(label.key)} {label.name}"
    return Finding(Code.CODE_AND_NAME, what, place.sheet, place.cell, found, expected)


def _contradiction(place: Place, other: str) -> Finding:
    label = place.label
    what = "a region's code and name belong to different regions"
    called = names.names().get(other, (label.name,))[0]
    mine = names.names().get(label.key, ("in no register",))[0]
    expected = f"{_code(label.key)} is {mine}, {_code(other)} is {called}"
    found = f"{_code(label.key)} {label.name}"
    return Finding(Code.CODE_AND_NAME, what, place.sheet, place.cell, found, expected)


def _code(key: str) -> str:
    return key.partition(":")[2]
