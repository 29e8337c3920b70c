"""What the website withholds so that no secret follows: by the rules of the open data.

Each month is decided by itself, from the office's regions and what lies around them (the regions
of its Land, the Länder, Deutschland): all that the pages show, and all it can be subtracted from.
A number that is withheld is withheld in all its versions, and one that became secret in all
earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from kca_etl.model.month import Month
from kca_etl.offices import folder as offices
from kca_etl.open_data.protect import look, protect, rules_of
from kca_etl.site.shown import Withheld
from kca_etl.warehouse.views import areas, frames, queries
from kca_etl.warehouse.views.frames import Versions

if TYPE_CHECKING:
    from sqlalchemy import Engine

LAND_DIGITS = 2
KEY = ("kennzahl", "gliederung", "region_system", "region_code", "berichtsmonat", "known_from")
MAX_MONTHS = 12  # months in memory at once


def neighbourhood(engine: Engine) -> tuple[str, ...]:
    """Return the office's regions, those of its Land, the Länder and Deutschland."""
    office = offices.current()
    found = areas.laender(engine)
    around = {r for r, land in found.items() if land == office.land}
    around |= {r for r in found if r.startswith("ags:") and _is_wide(r.removeprefix("ags:"))}
    return tuple(sorted(around | {office.region_key, *office.own_regions}))


def _is_wide(code: str) -> bool:
    return len(code) == LAND_DIGITS or code == "D"


def decide(
    engine: Engine,
    source: str,
    stamps: Mapping[str, str],
    known: Withheld,
    regions: tuple[str, ...],
) -> None:
    """Bring a source's withheld versions up to date in `known`.

    `stamps`: month → what it was made from; a month with the same stamp is not decided again.
    """
    before = known.months.get(source, {})
    kept = {m: before[m] for m, stamp in stamps.items() if m in before and before[m][0] == stamp}
    additive = {k["code"] for k in queries.kennzahlen(engine) if k["additive"]}
    missing = sorted(stamps.keys() - kept.keys())
    for first in range(0, len(missing), MAX_MONTHS):
        some = missing[first : first + MAX_MONTHS]
        for month, versions in _versions(engine, source, some, regions):
            kept[month] = stamps[month], _withheld(source, versions, additive)
        kept |= {month: (stamps[month], []) for month in some if month not in kept}
    known.months[source] = dict(sorted(kept.items()))


def _versions(
    engine: Engine, source: str, months: list[str], regions: tuple[str, ...]
) -> Iterator[tuple[str, Versions]]:
    """Yield each of some months that holds any `*`, with all its versions."""
    first, last = Month.parse(months[0]), Month.parse(months[-1])
    every = queries.found(
        engine, source=source, month_from=first, month_to=last, regions=regions, history=True
    )
    texts, signs = every.column("zeichen")
    starred = np.array([text == "*" for text in texts.tolist()], bool)[signs]
    of = every.ids["month"]
    for number in np.unique(of[starred]).tolist():
        if str(Month(number)) in months:
            yield str(Month(number)), every.where(of == number)


def _withheld(source: str, every: Versions, additive: set[str]) -> list[list[str]]:
    seen, rules = look(every, None), rules_of(source)
    rules.meet(every, seen)
    rules.relate(every, additive)
    rules.learn(every, seen)
    hidden = protect(every, seen, rules).withheld
    rows = frames.records(every.where(hidden), KEY)
    return sorted(
        [
            r["kennzahl"],
            r["gliederung"],
            f"{r['region_system']}:{r['region_code']}",
            str(r["berichtsmonat"])[:7],
            str(r["known_from"]),
        ]
        for r in rows
    )
