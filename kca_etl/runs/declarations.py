"""What is wrong with a readable declaration: names that nobody knows or that two share."""

from __future__ import annotations

from pydantic import ValidationError
from yaml import YAMLError

from kca_etl.sources import registry
from kca_etl.sources.spec import Source
from kca_etl.sources.unfinished import open_points
from kca_etl.tidy.regions import sharing


def problem(name: str) -> str:
    """Say what is wrong with a declared source; nothing if it is sound."""
    try:
        source = registry.load(name)
    except (ValidationError, ValueError, YAMLError) as error:
        return str(error).splitlines()[0]
    return "; ".join([*filter(None, [doubts(source)]), *open_points(name)])


def doubts(source: Source) -> str:
    """Say which of its names are unknown or belong to two Kreise."""
    named = {text for text, place in source.regions.items() if ":" in place}
    problems = {
        "not in the catalogue": sorted(_kennzahlen(source) - registry.kennzahlen(source).keys()),
        "names that two Kreise share": sorted(filter(sharing, named)),
    }
    return "; ".join(
        f"{problem}: {', '.join(found)}" for problem, found in problems.items() if found
    )


def _kennzahlen(source: Source) -> set[str]:
    """The kennzahlen that a declaration names; `+…` is the end of a name."""
    out = set()
    for table in source.tables:
        coords = (*table.columns.values(), *table.rows.values(), *table.sections.values())
        out |= {coord.kennzahl for coord in (table.set, *coords)}
    return {kennzahl for kennzahl in out if kennzahl and not kennzahl.startswith("+")}
