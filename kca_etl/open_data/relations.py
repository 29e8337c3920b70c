"""Which cells add up to which: what a reader could subtract. Pure.

A relation is a total and its parts, along the regions or along the series of a source. Those that a
declaration states count; those that only seem so (areas below another, all values of one key of a
gliederung) count where the numbers bear them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kca_etl.model.observations import Region, Series
from kca_etl.sources.relations import SeriesRelation
from kca_etl.sources.relations import relations as applied
from kca_etl.sources.spec import Check

HALVES = ("DW", "DO")
AGS_LEVELS = (8, 5, 3, 2)  # digits: Gemeinde, Kreis, Regierungsbezirk, Land


@dataclass(frozen=True, slots=True)
class Relation:
    """A total and its parts, by their places in the list of regions or series.

    Of a `ratio` the rate, its part and its whole.
    """

    along: Literal["regions", "series", "ratio"]
    total: int
    parts: tuple[int, ...]


def of_regions(regions: Sequence[Region]) -> list[Relation]:
    """Deutschland and its halves and Länder.

    Each area and those that name it as their parent or continue its AGS.
    """
    places = {f"{r.system}:{r.code}": i for i, r in enumerate(regions)}
    groups: dict[tuple[str, str], list[int]] = {}
    for i, region in enumerate(regions):
        level = "halves" if region.code in HALVES else f"{region.system} of {len(region.code)}"
        for total in dict.fromkeys(_above(region)):
            if total in places:
                groups.setdefault((total, level), []).append(i)
    return [
        Relation("regions", places[total], tuple(parts))
        for (total, _), parts in sorted(groups.items())
        if len(parts) > 1
    ]


def _above(region: Region) -> Iterator[str]:
    """Yield each total that a region is a part of, whether or not it is there."""
    yield region.parent
    if region.system == "ags":
        yield from (
            f"ags:{region.code[:digits]}"
            for digits in AGS_LEVELS
            if digits < len(region.code) and region.code.isdigit()
        )
        yield from ("ags:D",) if region.code != "D" else ()


def of_series(series: Sequence[Series], checks: Sequence[Check]) -> list[Relation]:
    """The declared totals, twins and rates; and each series with all values of one further key."""
    places = {s: i for i, s in enumerate(series)}
    declared = (_declared(r, places) for r in applied(checks, series))
    found = [relation for relation in declared if relation is not None]
    groups: dict[tuple[Series, str], list[int]] = {}
    for i, one in enumerate(series):
        for key, rest in _without_one_key(one):
            groups.setdefault((rest, key), []).append(i)
    found += [
        Relation("series", places[total], tuple(parts))
        for (total, _), parts in groups.items()
        if total in places and len(parts) > 1
    ]
    return list(dict.fromkeys(found))


def _declared(relation: SeriesRelation, places: dict[Series, int]) -> Relation | None:
    """Return what a reader could solve: exact totals, twins and rates."""
    check = relation.check
    total, *parts = (places[s] for s in relation.series)
    if check.ratio and check.to:
        return Relation("ratio", total, tuple(parts))
    exact = check.equal or (check.total and not check.rest and not check.overlap)
    return Relation("series", total, tuple(parts)) if exact else None


def _without_one_key(one: Series) -> Iterator[tuple[str, Series]]:
    """Yield each key of a series' gliederung with the series that it is a part of."""
    pairs = [] if one.gliederung == "insgesamt" else one.gliederung.split(",")
    for pair in pairs:
        rest = ",".join(p for p in pairs if p != pair)
        yield pair.partition("=")[0], Series(one.kennzahl, rest or "insgesamt")
