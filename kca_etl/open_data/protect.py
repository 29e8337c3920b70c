"""Which versions of figures may be shown.

What is secret now was never public, and nothing secret follows by subtraction. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.observations import Region, Series
from kca_etl.open_data import relations, secrecy
from kca_etl.sources import registry
from kca_etl.sources.spec import Check
from kca_etl.warehouse.views.frames import Versions
from schemas.codelists import ZEICHEN

Mask = NDArray[np.bool_]
STAR = ZEICHEN.index("*")
KNOWN = (0, ZEICHEN.index("-"))  # a number, or that there is nothing


@dataclass(frozen=True, slots=True)
class Protected:
    """Of all versions.

    Those shown as the figures of the day, and those whose numbers are withheld, with what each
    protects.
    """

    shown: Mask
    withheld: Mask
    protects: dict[int, int]  # line → line of the secret; not the lines that became secret later


def protect(every: Versions, as_of: str | None, additive: set[str]) -> Protected:
    """Decide for all versions of some figures. `as_of`: ISO day, default now.

    `additive`: kennzahlen that add up over regions.
    """
    fact, stand = _facts(every), _stands(every)
    shown = _shown(every, as_of)
    withheld = _became_secret(every, fact, stand)
    sign = np.where(withheld, STAR, every.ids["zeichen"])
    protects: dict[int, int] = {}
    source = every.texts["series"]["source"][every.ids["series"]]
    for name in sorted(set(source[shown & (sign == STAR)].tolist())):
        lines = _in_months_with_secrets(np.flatnonzero(shown & (source == name)), every, sign)
        protects |= _of_source(every.where(lines), sign[lines], lines, additive, _checks(name))
    own = np.zeros(len(every), bool)
    own[list(protects)] = True
    # What is withheld today is withheld in all its versions.
    withheld |= np.isin(fact, fact[own]) & np.isin(every.ids["zeichen"], KNOWN)
    return Protected(shown, withheld, protects)


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


def _of_source(
    lines: Versions,
    sign: Any,  # noqa: ANN401 - an array
    numbers: Any,  # noqa: ANN401 - an array
    additive: set[str],
    checks: tuple[Check, ...],
) -> dict[int, int]:
    """Hold one source's figures against all its relations.

    Return line → line among all versions.
    """
    axes = [
        np.unique(lines.ids[axis], return_inverse=True) for axis in ("month", "series", "region")
    ]
    (_, month), (series_ids, series), (region_ids, region) = axes
    names, places = lines.texts["series"], lines.texts["region"]
    known = [Series(names["kennzahl"][i], names["gliederung"][i]) for i in series_ids.tolist()]
    columns = (places[c] for c in ("region_system", "region_code", "region_name", "parent"))
    regions = [
        Region(*words)
        for words in zip(*(column[region_ids].tolist() for column in columns), strict=True)
    ]
    cells = secrecy.cube(month, series, region, lines.ids["value"], sign)
    related = [*relations.of_regions(regions), *relations.of_series(known, checks)]
    found = secrecy.withhold(
        cells, related, np.array([s.kennzahl in additive for s in known], bool)
    )
    return {int(numbers[line]): int(numbers[secret]) for line, secret in found.items()}


def _checks(source: str) -> tuple[Check, ...]:
    try:
        return registry.load(source).checks
    except KcaError:  # loaded once, declared no more
        return ()


def _name(every: Versions, line: int) -> str:
    words = {
        name: every.column(name)
        for name in ("kennzahl", "gliederung", "region_name", "berichtsmonat")
    }
    said = {name: texts[codes[line]] for name, (texts, codes) in words.items()}
    split = "" if said["gliederung"] == "insgesamt" else f"[{said['gliederung']}]"
    return f"{said['kennzahl']}{split} {said['region_name']} {said['berichtsmonat'][:7]}"
