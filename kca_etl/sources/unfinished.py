"""What a draft still leaves open: nothing loads by a declaration that nobody has finished."""

from __future__ import annotations

from functools import cache

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.sources import registry
from kca_etl.sources.spec import Source

OPEN = "TODO"
MEANING = ("unit", "kind", "additive")  # what two kennzahlen of one code may not differ in


def is_draft(source: Source) -> bool:
    """Tell whether a declaration is still as `kca sources propose` writes it: of nobody."""
    return source.publisher == OPEN


def refuse_draft(source: Source) -> list[Finding]:
    """Return DRAFT if a declared source is unfinished.

    A declaration that lies in no folder is only being tried: it may be a draft.
    """
    if source.source not in registry.names():
        return []
    left = open_points(source.source)
    what = f"the declaration of {source.source} is a draft"
    return [Finding(Code.DRAFT, what, found="; ".join(left))] if left else []


@cache
def open_points(name: str) -> tuple[str, ...]:
    """Say what the declaration of a source leaves open."""
    path = registry.path(name)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    marked = [f"line {n} says {OPEN}" for n, line in enumerate(lines, 1) if OPEN in line]
    source = registry.load(name)
    return (*marked[:1], *unnamed_regions(source), *other_meanings(source))


def unnamed_regions(source: Source) -> list[str]:
    """Return the fixed regions that have a code and no name."""
    fixed = {text for table in source.tables for text in table.region if "{" not in text}
    return [
        f"the region {text!r} has no name"
        for text in sorted(fixed)
        if not text.partition(" ")[2].strip()
    ]


def other_meanings(source: Source) -> list[str]:
    """Return the kennzahlen that the common catalogue declares with another meaning."""
    common, own = registry.kennzahlen(), registry.kennzahlen(source)
    return [
        f"the kennzahl {code} means {common[code]['label']!r} already"
        for code in sorted(source.kennzahlen.keys() & common.keys())
        if any(own[code].get(key) != common[code].get(key) for key in MEANING)
        or own[code]["label"] != common[code]["label"]
    ]
