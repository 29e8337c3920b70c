"""Which versions of figures may be shown.

What is secret now was never public, and nothing secret follows by subtraction. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.observations import Region, Series
from kca_etl.open_data import relations, secrecy
from kca_etl.open_data.relations import Relation
from kca_etl.sources import registry
from kca_etl.sources.spec import Check
from kca_etl.warehouse.views.frames import Versions
from schemas.codelists import ZEICHEN

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
STAR = ZEICHEN.index("*")
MAX_CELLS = 4_000_000  # of a cube, 17 bytes each
KNOWN = (0, ZEICHEN.index("-"))  # a number, or that there is nothing


@dataclass(frozen=True, slots=True)
class Look:
    """What a portion of versions (whole months of one source) says by itself.

    `shown`: the figures of the day · `withheld`: numbers that became secret later · `sign`: as
    shown · `lines`: the figures of the day in months that hide something.
    """

    shown: Mask
    withheld: Mask
    sign: Ints
    lines: Ints


@dataclass(frozen=True, slots=True)
class Protected:
    """Of a portion of versions.

    Those shown as the figures of the day, and those whose numbers are withheld, with what each
    protects.
    """

    shown: Mask
    withheld: Mask
    protects: dict[int, int]  # line → line of the secret; not the lines that became secret later


@dataclass(slots=True)
class Rules:
    """How the figures of one source hang together in all months that hide something."""

    checks: tuple[Check, ...]
    series: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    regions: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    additive: Mask = field(default_factory=lambda: np.zeros(0, bool))
    related: list[Relation] = field(default_factory=list)
    evidence: secrecy.Evidence | None = None

    def meet(self, every: Versions, seen: Look) -> None:
        """First: take in the series and regions of a portion."""
        series, regions = (every.ids[axis][seen.lines] for axis in ("series", "region"))
        self.series = np.union1d(self.series, series)
        self.regions = np.union1d(self.regions, regions)

    def relate(self, every: Versions, additive: set[str]) -> None:
        """Second, when all were met: relate them. `additive`: kennzahlen, over regions."""
        names, places = every.texts["series"], every.texts["region"]
        known = [Series(names["kennzahl"][i], names["gliederung"][i]) for i in self.series]
        columns = (places[c] for c in ("region_system", "region_code", "region_name", "parent"))
        words = zip(*(column[self.regions].tolist() for column in columns), strict=True)
        areas = [Region(*one) for one in words]
        self.related = [*relations.of_regions(areas), *relations.of_series(known, self.checks)]
        self.additive = np.array([s.kennzahl in additive for s in known], bool)

    def learn(self, every: Versions, seen: Look) -> None:
        """Third: take in what a portion says of the relations."""
        for lines in self._some_months(every, seen.lines):
            found = secrecy.evidence(self._cube(every, seen, lines), self.related, self.additive)
            self.evidence = found if self.evidence is None else self.evidence + found

    def withhold(self, every: Versions, seen: Look) -> dict[int, int]:
        """Last: return the lines of a portion to withhold, each with its secret's line."""
        out: dict[int, int] = {}
        for lines in self._some_months(every, seen.lines):
            cells = self._cube(every, seen, lines)
            found = secrecy.withhold(cells, self.related, self.additive, self.evidence)
            out |= {int(lines[line]): int(lines[secret]) for line, secret in found.items()}
        return dict(sorted(out.items()))

    def _some_months(self, every: Versions, lines: Ints) -> Iterator[Ints]:
        """Split lines so that their cube stays small: many series and regions are thinly filled."""
        month = np.unique(every.ids["month"][lines], return_inverse=True)[1]
        at_once = max(1, MAX_CELLS // max(1, len(self.series) * len(self.regions)))
        for first in range(0, int(month.max(initial=-1)) + 1, at_once):
            yield lines[(month >= first) & (month < first + at_once)]

    def _cube(self, every: Versions, seen: Look, lines: Ints) -> secrecy.Cube:
        ids = {axis: every.ids[axis][lines] for axis in ("month", "series", "region")}
        return secrecy.cube(
            np.unique(ids["month"], return_inverse=True)[1],
            np.searchsorted(self.series, ids["series"]),
            np.searchsorted(self.regions, ids["region"]),
            every.ids["value"][lines],
            seen.sign[lines],
            (len(self.series), len(self.regions)),
        )


def look(every: Versions, as_of: str | None) -> Look:
    """Look at a portion by itself. `as_of`: ISO day, default now."""
    shown = _shown(every, as_of)
    withheld = _became_secret(every, _facts(every), _stands(every))
    sign = np.where(withheld, STAR, every.ids["zeichen"])
    lines = _in_months_with_secrets(np.flatnonzero(shown), every, sign)
    return Look(shown, withheld, sign, lines)


def protect(every: Versions, seen: Look, rules: Rules) -> Protected:
    """Decide for all versions of a portion."""
    protects, fact = rules.withhold(every, seen), _facts(every)
    own = np.zeros(len(every), bool)
    own[list(protects)] = True
    # What is withheld today is withheld in all its versions.
    known = np.isin(every.ids["zeichen"], KNOWN)
    return Protected(seen.shown, seen.withheld | (np.isin(fact, fact[own]) & known), protects)


def rules_of(source: str) -> Rules:
    """Return a source's rules before any of its figures was met."""
    try:
        return Rules(registry.load(source).checks)
    except KcaError:  # loaded once, declared no more
        return Rules(())


def findings(every: Versions, protected: Protected) -> Iterator[Finding]:
    """Say of each cell withheld which secret it would have given away."""
    for line, secret in protected.protects.items():
        what = f"{_name(every, line)} is withheld: {_name(every, secret)} would follow from it"
        yield Finding(Code.SECRET_FOLLOWS, what)


def _facts(every: Versions) -> NDArray[np.int64]:
    """Number the facts: month × series × region."""
    ids = every.ids
    key = (ids["month"] * (ids["series"].max(initial=0) + 1) + ids["series"]) * (
        ids["region"].max(initial=0) + 1
    ) + ids["region"]
    return np.asarray(np.unique(key, return_inverse=True)[1], np.int64)


def _stands(every: Versions) -> NDArray[np.int64]:
    """Rank the versions by the day from which they count."""
    texts, codes = every.column("known_from")
    order = {
        day: n for n, day in enumerate(sorted(d for d in set(texts.tolist()) if d is not None))
    }
    return np.array([order.get(day, -1) for day in texts.tolist()], np.int64)[codes]


def _shown(every: Versions, as_of: str | None) -> Mask:
    """Choose the current versions, or those that were current on a day."""
    if as_of is None:
        return np.asarray(every.ids["next"] == 0)
    (since, begins), (until, ends) = every.column("known_from"), every.column("known_to")
    known = np.array([day is not None and day <= as_of for day in since.tolist()])[begins]
    over = np.array([day is not None and day <= as_of for day in until.tolist()])[ends]
    return np.asarray(known & ~over)


def _became_secret(every: Versions, fact: NDArray[np.int64], stand: NDArray[np.int64]) -> Mask:
    """Find the numbers that a later version of the same fact replaced by `*`."""
    last = np.full(int(fact.max(initial=-1)) + 1, -1, np.int64)
    stars = every.ids["zeichen"] == STAR
    np.maximum.at(last, fact[stars], stand[stars])
    return np.asarray(np.isin(every.ids["zeichen"], KNOWN) & (stand < last[fact]))


def _in_months_with_secrets(
    lines: NDArray[np.int64],
    every: Versions,
    sign: Any,  # noqa: ANN401 - an array
) -> NDArray[np.int64]:
    """Leave out the months that hide nothing.

    A sum is of one month, and time series are long and thin.
    """
    month = every.ids["month"][lines]
    return lines[np.isin(month, month[sign[lines] == STAR])]


def _name(every: Versions, line: int) -> str:
    words = {
        name: every.column(name)
        for name in ("kennzahl", "gliederung", "region_name", "berichtsmonat")
    }
    said = {name: texts[codes[line]] for name, (texts, codes) in words.items()}
    split = "" if said["gliederung"] == "insgesamt" else f"[{said['gliederung']}]"
    return f"{said['kennzahl']}{split} {said['region_name']} {said['berichtsmonat'][:7]}"
