"""Which relations a matrix of figures bears out: the candidates, each a check as declared.

The search space, per source with n series:

- sums: a series and all its parts by one key of the gliederung; where that fails, all but some of
  them, of at most 8 parts; and one kennzahl as the sum of two others, without gliederung;
- twins, orders, ratios: pairs (of a ratio three) of kennzahlen in one gliederung;
- orders also between a part and the series that it is split from;
- ranges: a mean and all its parts by one key;
- means along the regions, with every count as their weight or with none;
- a year's sum and its months; sums along the regions.

So n² pairs and n³ ratios within one gliederung, never across two.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

import numpy as np

from kca_etl.learn.evidence import Evidence, Mask, Numbers
from kca_etl.model.observations import Series
from kca_etl.sources.relations import INSGESAMT
from kca_etl.sources.spec import Check
from kca_etl.validate.columns import TOLERANCE, allowed

FEWEST_ROWS = 30  # different rows, no sums of others, that must bear a relation out
MAX_PARTS_IN_SUBSETS = 8
PER_CENT = 100.0
FEW = 5.0  # cases that a breakdown with a rest may always leave out
RESTS = (0.01, 0.02, 0.05, 0.1)  # shares that are declared; the observed share must be half of it
GRAINS = (10.0, 1.0, 0.1, 0.01)  # units a publisher rounds to
WIDE = 0.9  # a part that never exceeds this share of another series stays below it
TOUCHES = 20  # rows in which an order is met with equality: then it is a bound, not a chance
# What may be a part of what, by kind: never a year's sum of a stock.
COMPARABLE = {
    ("bestand", "bestand"),
    ("bewegung", "bewegung"),
    ("bewegung", "bestand"),
    ("bewegung", "jahressumme"),
    ("jahressumme", "jahressumme"),
    ("jahreswert", "jahreswert"),
}
SAMPLE = 200  # rows on which ratios are tried first
Catalogue = dict[str, dict[str, Any]]


def candidates(evidence: Evidence, catalogue: Catalogue) -> Iterator[Check]:
    """Yield every check that all rows of the evidence bear out."""
    yield from sums(evidence)
    yield from pairs(evidence, catalogue)
    yield from ratios(evidence, catalogue)
    yield from ranges(evidence, catalogue)
    yield from along_regions(evidence, catalogue)
    yield from years(evidence)


def split(series: Series) -> list[str]:
    """Return a series' pairs `key=value`."""
    return [] if series.gliederung == INSGESAMT else series.gliederung.split(",")


def breakdowns(evidence: Evidence) -> dict[tuple[Series, str], list[Series]]:
    """Return each series' parts by one further key of the gliederung."""
    found: dict[tuple[Series, str], list[Series]] = {}
    for series in evidence.series:
        for pair in split(series):
            rest = ",".join(p for p in split(series) if p != pair) or INSGESAMT
            whole = Series(series.kennzahl, rest)
            if whole in evidence.places:
                found.setdefault((whole, pair.partition("=")[0]), []).append(series)
    return found


def _known(used: Numbers) -> Mask:
    """Tell in which rows no sign stands and nothing is missing."""
    return np.asarray(np.isfinite(used).all(axis=1))


def enough(evidence: Evidence, used: Numbers, rows: Mask) -> bool:
    """Tell whether enough different rows that are no sums of others speak for a relation."""
    own = used[rows & evidence.single]
    own = own[(own != 0).sum(axis=1) > 1]
    return len(own) >= FEWEST_ROWS and len(np.unique(own, axis=0)) >= FEWEST_ROWS


def grain(values: Numbers) -> float:
    """Return the unit that values are rounded to; 0 where they are not."""
    known = values[np.isfinite(values)]
    units = (g for g in GRAINS if np.allclose(known / g, np.round(known / g), atol=1e-6))
    return next(units, 0.0)


def sums(evidence: Evidence) -> Iterator[Check]:
    """Yield totals over breakdowns, whole or in part."""
    for (whole, _), parts in breakdowns(evidence).items():
        for some in _subsets(parts):
            check = _sum(evidence, whole, some)
            if check is not None:
                yield check
                break


def _subsets(parts: list[Series]) -> Iterator[tuple[Series, ...]]:
    if len(parts) > 1:
        yield tuple(parts)
    if len(parts) <= MAX_PARTS_IN_SUBSETS:
        for size in range(len(parts) - 1, 1, -1):
            yield from combinations(parts, size)


def _sum(evidence: Evidence, whole: Series, parts: tuple[Series, ...]) -> Check | None:
    used = np.stack([evidence.column(s) for s in (whole, *parts)], axis=1)
    rows = _known(used)
    if not enough(evidence, used[:, 1:], rows):
        return None
    total, gap = used[rows, 0], used[rows, 0] - used[rows, 1:].sum(axis=1)
    own = {"total": whole.name, "parts": [f"[{_own(whole, part)}]" for part in parts]}
    unit = grain(used[rows])
    for rounded in {0.0, unit if unit != 1 else 0.0}:
        if (np.abs(gap) <= allowed(rounded, len(parts))).all():
            return Check.model_validate(own | ({"rounded": rounded} if rounded else {}))
    shares = _shares(gap, total)
    return Check.model_validate(own | shares) if shares else None


def _shares(gap: Numbers, total: Numbers) -> dict[str, float]:
    """Return what the parts may leave out or count twice; nothing where that is too much."""
    rest, overlap = _share(gap, total), _share(-gap, total)
    if rest is None or overlap is None or np.median(total) < FEW * 10:
        return {}
    rest = max(rest, overlap)  # who counts twice in one issue may be missing in another
    return {"rest": rest, "overlap": overlap} if overlap else {"rest": rest}


def _own(whole: Series, part: Series) -> str:
    return part.gliederung if split(whole) else ",".join(split(part))


def _share(gap: Numbers, total: Numbers) -> float | None:
    """Return the share to declare for what is missing, 0 for nothing, None for too much."""
    if (gap <= TOLERANCE).all():
        return 0.0
    far = gap > FEW
    worst = float((gap[far] / np.maximum(total[far], 1)).max()) if far.any() else 0.0
    return next((share for share in RESTS if 2 * worst <= share), None)


def _by_gliederung(evidence: Evidence) -> dict[str, list[Series]]:
    found: dict[str, list[Series]] = {}
    for series in evidence.series:
        found.setdefault(series.gliederung, []).append(series)
    return found


def pairs(evidence: Evidence, catalogue: Catalogue) -> Iterator[Check]:
    """Yield twins, orders and sums of two."""
    chance = _chances(evidence, catalogue)
    for gliederung, series in _by_gliederung(evidence).items():
        counts = [s for s in series if _counts(s, catalogue)]
        for one, other in combinations(counts, 2):
            yield from _pair(evidence, one, other, catalogue, chance)
        if gliederung == INSGESAMT:
            yield from _sums_of_two(evidence, counts)
    for (whole, _), parts in breakdowns(evidence).items():
        for part in parts if _counts(whole, catalogue) else ():
            if (check := _order(evidence, part, whole, related=True)) is not None:
                yield check


def _counts(series: Series, catalogue: Catalogue) -> bool:
    return str(catalogue[series.kennzahl]["unit"]) not in ("Prozent", "Euro")


def _pair(
    evidence: Evidence,
    one: Series,
    other: Series,
    catalogue: Catalogue,
    chance: set[tuple[str, str]],
) -> Iterator[Check]:
    used = np.stack([evidence.column(one), evidence.column(other)], axis=1)
    rows = _known(used)
    if enough(evidence, used, rows) and (used[rows, 0] == used[rows, 1]).all():
        yield Check.model_validate({"equal": [one.name, other.name]})
        return
    for part, whole in ((one, other), (other, one)):
        kinds = str(catalogue[part.kennzahl]["kind"]), str(catalogue[whole.kennzahl]["kind"])
        if kinds not in COMPARABLE or (part.kennzahl, whole.kennzahl) in chance:
            continue
        related = _related(part.kennzahl, whole.kennzahl, kinds)
        if (check := _order(evidence, part, whole, related=related)) is not None:
            yield check


def _chances(evidence: Evidence, catalogue: Catalogue) -> set[tuple[str, str]]:
    """Return the kennzahlen of which one exceeds the other in some gliederung.

    That it does not do so in another one is then chance.
    """
    found: set[tuple[str, str]] = set()
    for series in _by_gliederung(evidence).values():
        for one, other in permutations([s for s in series if _counts(s, catalogue)], 2):
            pair = one.kennzahl, other.kennzahl
            if pair not in found:
                gap = evidence.column(one) - evidence.column(other)
                found |= {pair} if (gap > TOLERANCE).any() else set()
    return found


def _related(part: str, whole: str, kinds: tuple[str, str]) -> bool:
    """Tell whether names say that one is a part of the other: `arbeitslose_elb`, `elb`.

    Or a month of a year's sum: `sanktionen_zugang`, `sanktionen_jahressumme`.
    """
    mine, theirs = part.split("_"), whole.split("_")
    year = kinds == ("bewegung", "jahressumme") and mine[0] == theirs[0]
    return year or set(theirs) < set(mine)


def _order(evidence: Evidence, part: Series, whole: Series, *, related: bool) -> Check | None:
    used = np.stack([evidence.column(part), evidence.column(whole)], axis=1)
    rows = _known(used)
    if not enough(evidence, used, rows) or (used[rows, 0] - used[rows, 1] > TOLERANCE).any():
        return None
    met = np.count_nonzero((used[rows, 0] == used[rows, 1]) & (used[rows, 0] > 0))
    wide = (used[rows, 0] <= WIDE * used[rows, 1]).all()
    if met < TOUCHES and not (related and wide):
        return None
    return Check.model_validate({"order": [part.name, whole.name]})


def _sums_of_two(evidence: Evidence, counts: list[Series]) -> Iterator[Check]:
    for one, other in combinations(counts, 2):
        parts = np.stack([evidence.column(one), evidence.column(other)], axis=1)
        for whole in counts:
            used = np.column_stack([parts, evidence.column(whole)])
            rows = _known(used) & (parts != 0).all(axis=1)
            fits = np.abs(used[rows, 2] - used[rows, :2].sum(axis=1)) <= TOLERANCE
            if whole not in (one, other) and fits.all() and enough(evidence, used, rows):
                given = {"total": whole.name, "parts": [one.name, other.name]}
                yield Check.model_validate(given)


def ratios(evidence: Evidence, catalogue: Catalogue) -> Iterator[Check]:
    """Yield rates that follow from two counts."""
    for everything in _by_gliederung(evidence).values():
        counts = [s for s in everything if _counts(s, catalogue)]
        for rate in everything:
            if catalogue[rate.kennzahl]["additive"]:
                continue
            for part, whole in permutations([s for s in counts if s != rate], 2):
                check = _ratio(evidence, (rate, part, whole))
                if check is not None:
                    yield check


def _ratio(evidence: Evidence, series: tuple[Series, Series, Series]) -> Check | None:
    used = np.stack([evidence.column(s) for s in series], axis=1)
    rows = _known(used) & (used[:, 2] > 0)
    unit = grain(used[rows, 0])
    times = _times(used[rows], max(TOLERANCE, unit / 2 + TOLERANCE / 100))
    if times is None or not enough(evidence, used, rows):
        return None
    rate, part, whole = (s.name for s in series)
    given: dict[str, Any] = {"ratio": rate, "of": part, "to": whole}
    given |= {"times": times} if times != PER_CENT else {}
    return Check.model_validate(given | ({"rounded": unit} if unit else {}))


def _times(used: Numbers, near: float) -> float | None:
    """Return the factor by which rates follow from their part and whole, if any does."""
    for times in (PER_CENT, 1.0):
        if all((_off(some, times) <= near).all() for some in (used[:SAMPLE], used)):
            return times
    return None


def _off(used: Numbers, times: float) -> Numbers:
    return np.asarray(np.abs(used[:, 0] - times * used[:, 1] / used[:, 2]))


def ranges(evidence: Evidence, catalogue: Catalogue) -> Iterator[Check]:
    """Yield means that lie between those of all their parts."""
    for (whole, _), parts in breakdowns(evidence).items():
        if catalogue[whole.kennzahl]["additive"] or len(parts) < 2:  # noqa: PLR2004 - a range
            continue
        used = np.stack([evidence.column(s) for s in (whole, *parts)], axis=1)
        rows = _known(used)
        least, most = used[rows, 1:].min(axis=1), used[rows, 1:].max(axis=1)
        own = used[rows, 0]
        holds = (own >= least - TOLERANCE) & (own <= most + TOLERANCE)
        if holds.all() and enough(evidence, used, rows):
            own_parts = [f"[{part.gliederung}]" for part in parts]
            yield Check.model_validate({"between": whole.name, "parts": own_parts})


def along_regions(evidence: Evidence, catalogue: Catalogue) -> Iterator[Check]:
    """Yield what may hold along the regions; only whole issues can tell."""
    if evidence.single.all():
        return
    yield Check(regions=True)
    counts = [s for s in evidence.series if catalogue[s.kennzahl]["additive"]]
    for series in evidence.series:
        if catalogue[series.kennzahl]["additive"]:
            continue
        inside = set(split(series))
        for weight in counts:
            if set(split(weight)) <= inside:
                given = {"mean": series.name, "weight": weight.name}
                yield Check.model_validate(given)
        yield Check.model_validate({"mean": series.name})


def years(evidence: Evidence) -> Iterator[Check]:
    """Yield years' sums and the kennzahl whose months they may be."""
    for series in evidence.series:
        stem, end, _ = series.kennzahl.partition("_jahressumme")
        months = Series(stem, series.gliederung)
        if end and months in evidence.series:
            yield Check.model_validate({"year": [series.name, months.name]})
