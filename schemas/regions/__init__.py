"""The register of German regions.

Kreise with the dates they existed, reforms, and Jobcenter with the Kreise they serve.

Gebietsstand: 1 January 2026; complete for every change of a Kreis since SGB II began (1 January
2005). An empty `valid_from` means "before that", an empty `valid_to` "still". Where a territory
changes and the code stays, the code has a row for each territory (Main-Kinzig-Kreis with and
without Hanau).

Sources: codes and names from "Kreisfreie Städte und Landkreise", © Statistisches Bundesamt
(Destatis), Datenlizenz Deutschland – Namensnennung – Version 2.0, Gebietsstand 31 December 2023,
own rendering; dissolved Kreise from table 13211-02-05-4, © Statistische Ämter des Bundes und der
Länder, same licence; dates from the Länder's laws. Träger as they stood in Statistik der BA,
"Sanktionen (Monatszahlen)", 2017 to 2020; their Kreise only where the names of both agree word for
word, so an empty `kreise` means "not known here" (parts of Berlin, joint Jobcenter).

`jobcenter_names.csv` lists earlier names of Jobcenter with the last month that printed them.

After a reform: close the old rows in `kreise.csv` (`valid_to`, the last day), add the new ones with
their `predecessors`, add the reform's German sentence to `reformen.csv`, and raise GEBIETSSTAND.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

GEBIETSSTAND = date(2026, 1, 1)
_LEADING = re.compile(r"^(?:Landkreis|Kreis|Region|Regionalverband|Städteregion) ")
_TRAILING = re.compile(r",.*| \(.*| (?:am|an der|in der|im|i\.|a\.).*")


@dataclass(frozen=True, slots=True)
class Kreis:
    """One territory under a code.

    `predecessors` are the codes it was made of, if it began with a reform.
    """

    ags: str
    name: str
    art: str
    valid_from: date | None
    valid_to: date | None
    predecessors: tuple[str, ...]

    def existed(self, month: date) -> bool:
        """Tell whether it existed on any day of the month that begins on `month`."""
        began = self.valid_from is None or self.valid_from.replace(day=1) <= month
        return began and (self.valid_to is None or month <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Jobcenter:
    """A Träger of the Grundsicherung and the Kreise (AGS) it serves.

    None where they are not known. `earlier_names` are those it had before.
    """

    traegernummer: str
    name: str
    kreise: tuple[str, ...]
    earlier_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """From `since` on a code means another territory, or none; `reason` is a German sentence."""

    since: date
    reason: str


@cache
def kreise() -> dict[str, tuple[Kreis, ...]]:
    """Return each AGS (5 digits) with its territories, the earliest first."""
    found: dict[str, tuple[Kreis, ...]] = defaultdict(tuple)
    for row in _rows("kreise.csv"):
        days = [
            date.fromisoformat(row[key]) if row[key] else None for key in ("valid_from", "valid_to")
        ]
        found[row["ags"]] += (
            Kreis(
                row["ags"],
                row["name"],
                row["art"],
                days[0],
                days[1],
                tuple(row["predecessors"].split()),
            ),
        )
    return dict(found)


@cache
def jobcenter() -> dict[str, Jobcenter]:
    """Return the Jobcenter by Trägernummer."""
    earlier: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for row in _rows("jobcenter_names.csv"):
        earlier[row["traegernummer"]] += (row["name"],)
    return {
        (number := row["traegernummer"]): Jobcenter(
            number, row["name"], tuple(row["kreise"].split()), earlier[number]
        )
        for row in _rows("jobcenter.csv")
    }


def existed(ags: str, month: date) -> bool:
    """Tell whether a code of the register named a Kreis in the month that begins on `month`."""
    return any(kreis.existed(month) for kreis in kreise().get(ags, ()))


@cache
def changes(ags: str) -> tuple[Change, ...]:
    """Return the reforms that changed a code's territory, the earliest first.

    A mere renumbering is none.
    """
    reasons = {
        (row["land"], date.fromisoformat(row["since"])): row["reason"]
        for row in _rows("reformen.csv")
    }
    days = {k.valid_from for k in kreise().get(ags, ()) if k.valid_from and not _renumbered(k)}
    ends = {k.valid_to + timedelta(days=1) for k in kreise().get(ags, ()) if k.valid_to}
    days |= {day for day in ends if not any(_renumbered(k) for k in _successors(ags, day))}
    return tuple(Change(day, reasons[ags[:2], day]) for day in sorted(days))


def territory_changes(system: str, code: str) -> tuple[Change, ...]:
    """Return the changes of a region in a code system, the earliest first.

    A Jobcenter changes with the Kreise it serves.
    """
    served = (
        jobcenter()[code].kreise
        if system == "traeger" and code in jobcenter()
        else (code,)
        if system == "ags"
        else ()
    )
    return tuple(
        sorted(
            {change for ags in served for change in changes(ags)}, key=lambda change: change.since
        )
    )


@cache
def ambiguous() -> dict[str, tuple[str, ...]]:
    """Return the names that two Kreise shared at a time, with their codes.

    As people write them: `Kassel`, `Offenbach`.
    """
    found: dict[str, list[Kreis]] = defaultdict(list)
    for kreis in (k for territories in kreise().values() for k in territories):
        found[bare(kreis.name)].append(kreis)
    shared = {
        name: {k.ags for k in group if any(_together(k, other) for other in group)}
        for name, group in found.items()
    }
    return {name: tuple(sorted(codes)) for name, codes in sorted(shared.items()) if codes}


def bare(name: str) -> str:
    """Shorten to the proper name: without art, title and river."""
    return _TRAILING.sub("", _LEADING.sub("", name))


def _together(one: Kreis, other: Kreis) -> bool:
    days = [k.valid_from or date.min for k in (one, other)]
    return one.ags != other.ags and all((k.valid_to or date.max) >= max(days) for k in (one, other))


def _successors(ags: str, since: date) -> list[Kreis]:
    return [
        k
        for territories in kreise().values()
        for k in territories
        if k.valid_from == since and ags in k.predecessors
    ]


def _renumbered(kreis: Kreis) -> bool:
    """The same territory under a new code, as Dresden's 14262 → 14612."""
    if len(kreis.predecessors) != 1 or kreis.valid_from is None:
        return False
    return len(_successors(kreis.predecessors[0], kreis.valid_from)) == 1


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
