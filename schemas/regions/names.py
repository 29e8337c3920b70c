"""What people call a Kreis or a Jobcenter, and which region a written name can mean.

A region is named here by its key: `ags:06435` (Kreis) or `traeger:43102` (Jobcenter). Names come
from the register beside this module; earlier names of Jobcenter stand in `jobcenter_names.csv`,
as the issues of Statistik der BA, "Sanktionen (Monatszahlen)", 2017 to 2020 print them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from schemas import regions as register

Words = tuple[str, ...]
Written = TypeVar("Written", Words, frozenset[str])
_WORD = re.compile(r"[^\W\d_]+")
_ASIDE = re.compile(r"\([^)]*einschl[^)]*\)|\((?:Kreis|Stadt|Landkreis)\)")
_SHORTENED = {"opf": "oberpfalz"}
# What a region is, not what it is called.
CITY_WORDS = {"stadt", "kreisfreie", "kreisfr", "krfr", "stadtkreis", "landeshauptstadt"}
CITY_WORDS |= {"hansestadt", "wissenschaftsstadt", "universitätsstadt", "klingenstadt"}
COUNTY_WORDS = {"landkreis", "kreis", "lk"}
_KIND_WORDS = CITY_WORDS | COUNTY_WORDS | {"jc", "jobcenter", "region", "regionalverband"}
_KIND_WORDS |= {"städteregion", "freie", "documenta", "sk"}
_SMALL_WORDS = {"a", "am", "an", "d", "der", "die", "i", "im", "in", "ob", "bei", "und", "v", "vor"}
CITIES = {"Kreisfreie Stadt", "Stadtkreis"}
MIN_STEM_LENGTH = 4  # letters: `Ilm` and `Enz` are rivers before they are Kreise


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a region's name.

    `keys`: the regions it can mean · `plain`: it is the name of a Kreis wherever it stands;
    others are towns, rivers or family names as well.
    """

    keys: frozenset[str]
    plain: bool


def words(text: str) -> Words:
    """Split a text into its words in lower case, without figures and punctuation."""
    return tuple(word.lower() for word in _WORD.findall(text))


def without_asides(name: str) -> str:
    """Leave out what a publisher adds in brackets, as `(einschl. Stadt Aachen)`."""
    return _ASIDE.sub("", name)


@lru_cache(maxsize=8192)
def core(name: str) -> frozenset[str]:
    """Return what is left of a name without its kind: `Kassel, documenta-Stadt` → kassel."""
    proper = words(without_asides(name).split(",")[0]) or words(name)
    kept = [w for w in proper if w not in _KIND_WORDS | _SMALL_WORDS]
    return frozenset(_SHORTENED.get(stem, stem) for stem in map(_stem, kept or proper))


def _stem(word: str) -> str:
    return word.removesuffix("kreis") if len(word) > len("kreis") + MIN_STEM_LENGTH - 1 else word


@lru_cache(maxsize=8192)
def whole(name: str) -> Words:
    """Return a name by which two labels are compared: all its words but the Jobcenter's own."""
    return tuple(w for w in words(name) if w not in ("jc", "jobcenter"))


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Return the names of each region by its key, those of today and those of before."""
    found: dict[str, list[str]] = defaultdict(list)
    for ags, territories in register.kreise().items():
        found[f"ags:{ags}"] += [kreis.name for kreis in territories]
    for number, jobcenter in register.jobcenter().items():
        found[f"traeger:{number}"] += [jobcenter.name, *jobcenter.earlier_names]
    return {key: tuple(dict.fromkeys(listed)) for key, listed in found.items()}


@cache
def by_core() -> dict[frozenset[str], frozenset[str]]:
    """Return the regions that share a core of a name."""
    return _turned({key: {core(n) for n in listed} for key, listed in names().items()})


@cache
def by_whole_name() -> dict[Words, frozenset[str]]:
    """Return the Jobcenter by their names in full."""
    listed = {k: {whole(n) for n in v} for k, v in names().items() if k.startswith("traeger:")}
    return _turned(listed)


def _turned(listed: dict[str, set[Written]]) -> dict[Written, frozenset[str]]:
    found: dict[Written, set[str]] = defaultdict(set)
    for key, forms in listed.items():
        for form in forms:
            found[form].add(key)
    return {form: frozenset(keys) for form, keys in found.items()}


@cache
def forms() -> dict[Words, Form]:
    """Return every form of every name, by its words."""
    plain: dict[Words, set[str]] = defaultdict(set)
    other: dict[Words, set[str]] = defaultdict(set)
    for key, listed in names().items():
        for name in listed:
            for form, is_plain in _forms(name.split(",")[0]):
                (plain if is_plain else other)[form].add(key)
            if "," in name:
                plain[words(name)].add(key)
    return {
        form: Form(frozenset(plain.get(form, set()) | other.get(form, set())), form in plain)
        for form in {*plain, *other}
        if form
    }


def _forms(name: str) -> list[tuple[Words, bool]]:
    """Return a name as printed, without its kind, and without river or country behind it.

    `Limburg-Weilburg` and what ends in `kreis` mean a Kreis wherever they stand.
    """
    bare = register.bare(name)
    stem = re.sub(r"(?<=[a-zäöüß])kreis$|-Kreis$", "", bare)
    said = [(words(name), _is_plain(name)), (words(bare), _is_plain(bare))]
    if stem != bare and len(stem) >= MIN_STEM_LENGTH:
        said.append((words(stem), "-" in stem))
    return said


def _is_plain(name: str) -> bool:
    return name.endswith(("kreis", "Kreis")) or ("-" in name and " " not in name)


def own_keys(key: str) -> frozenset[str]:
    """Return a region's key with those of its Jobcenter, or of the Kreis that it serves."""
    system, _, code = key.partition(":")
    served = {
        f"traeger:{j.traegernummer}": {f"ags:{ags}" for ags in j.kreise}
        for j in register.jobcenter().values()
    }
    found = {key} | (served.get(key, set()) if system == "traeger" else set())
    if system == "ags":
        found |= {traeger for traeger, kreise in served.items() if f"ags:{code}" in kreise}
    return frozenset(found)


def related(key: str) -> frozenset[str]:
    """Return the Kreise that were made of a Kreis, or that it was made of."""
    code = key.partition(":")[2]
    after = {ags for ags, t in register.kreise().items() if any(code in k.predecessors for k in t)}
    before = {ags for k in register.kreise().get(code, ()) for ags in k.predecessors}
    return frozenset(f"ags:{ags}" for ags in (after | before) - {code})
