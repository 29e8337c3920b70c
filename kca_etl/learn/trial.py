"""Candidates held against whole issues: those learned from, and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from kca_etl.learn import search
from kca_etl.learn.evidence import Evidence, Issue, gather
from kca_etl.learn.search import Catalogue
from kca_etl.model.observations import Series
from kca_etl.sources.relations import SeriesRelation, coords, relations
from kca_etl.sources.spec import FORMS, Check, Source
from kca_etl.validate import areas
from kca_etl.validate.cube import Cube, build
from kca_etl.validate.invariants import broken

FEWEST_YEARS = 3  # of one series; a year's sum that holds so often by chance does not exist
Pair = tuple[Series, Series]


@dataclass(slots=True)
class Learned:
    """A relation with what speaks for it.

    rows: in which all its series are numbers · issues: that hold such rows · signs: share of rows
    in which a sign stands for one of its series · tried: issues it was not learned from · against:
    contradictions in those · declared: it follows from the declaration.
    """

    check: Check
    rows: int = 0
    issues: int = 0
    signs: float = 0.0
    tried: int = 0
    against: int = 0
    declared: bool = False


@dataclass(slots=True)
class Lesson:
    """What issues taught: the relations that held, and how many issues were learned and tried."""

    relations: list[Learned] = field(default_factory=list)
    learned: int = 0
    tried: int = 0


def learn(
    source: Source, catalogue: Catalogue, issues: Sequence[Issue], others: Sequence[Issue]
) -> Lesson:
    """Look for relations in issues, and try what holds there on others.

    A relation that one of the issues contradicts is none; one that another contradicts comes
    back with the number of contradictions.
    """
    evidence = gather(issues)
    cubes, strangers = _cubes(issues), _cubes(others)
    held = [
        check
        for check in search.candidates(evidence, catalogue)
        if _holds(check, cubes, catalogue)
        and (not check.year or _years(check, cubes) >= FEWEST_YEARS)
    ]
    checks = _fewest(_widened(held, cubes, catalogue), evidence.series)
    known = Known(source.checks, evidence.series)
    found = [_weighed(check, evidence, known) for check in checks]
    for one in found:
        one.tried, one.against = _tried(one.check, strangers, catalogue)
    return Lesson(found, len(issues), len(others))


def _cubes(issues: Iterable[Issue]) -> list[Cube]:
    return [build(issue.observations) for issue in issues]


def _against(check: Check, cube: Cube, catalogue: Catalogue) -> int:
    if check.regions:
        return len(areas.sums(cube, catalogue, check.rounded))
    held = relations([check], cube.observations.series_list)
    return sum(len(broken(cube, relation)) for relation in held)


def _holds(check: Check, cubes: list[Cube], catalogue: Catalogue) -> bool:
    return not any(_against(check, cube, catalogue) for cube in cubes)


def _tried(check: Check, cubes: list[Cube], catalogue: Catalogue) -> tuple[int, int]:
    there = [
        cube for cube in cubes if check.regions or relations([check], cube.observations.series_list)
    ]
    return len(there), sum(_against(check, cube, catalogue) for cube in there)


def _widened(checks: list[Check], cubes: list[Cube], catalogue: Catalogue) -> list[Check]:
    """Say once what holds in every gliederung, in place of each of them."""
    out: list[Check] = []
    series = [s for cube in cubes for s in cube.observations.series_list]
    for check in checks:
        wide = check.model_copy(update={"every_gliederung": True})
        more = _is_general(check) and len(relations([wide], series)) > 1
        out.append(wide if more and _holds(wide, cubes, catalogue) else check)
    return out


def _is_general(check: Check) -> bool:
    """Tell whether a check speaks of whole kennzahlen, not of one of their gliederungen."""
    first = next(iter(coords(check)), None)
    return first is not None and not first.gliederung


def _fewest(checks: list[Check], series: list[Series]) -> list[Check]:
    """Leave out what follows from the rest: the narrow beside the wide, a ≤ c beside a ≤ b ≤ c."""
    by_width = sorted(
        checks, key=lambda c: (not c.every_gliederung, FORMS.index(c.form), c.weight is None)
    )
    out: list[Check] = []
    orders = {pair for c in checks if c.order for pair in _pairs(relations([c], series))}
    for check in by_width:
        if not Known(tuple(out), series).says(check) and not _roundabout(check, orders, series):
            out.append(check)
    return out


def _roundabout(check: Check, orders: set[Pair], series: list[Series]) -> bool:
    """Tell whether an order follows from two others in every place where it holds."""
    pairs = _pairs(relations([check], series)) if check.order else []
    return bool(pairs) and all(
        any((a, b) in orders and (b, c) in orders for b in series if b not in (a, c))
        for a, c in pairs
    )


def _pairs(held: Iterable[SeriesRelation]) -> Iterator[Pair]:
    for relation in held:
        yield from zip(relation.series, relation.series[1:], strict=False)


class Known:
    """What a list of checks says of series, so that the same in other words counts as said."""

    def __init__(self, checks: tuple[Check, ...], series: list[Series]) -> None:
        self.series, self.said = series, set[tuple[object, ...]]()
        self.regions = any(c.regions for c in checks)
        self.below: dict[Series, set[Series]] = {}
        for relation in relations(checks, series):
            self.said |= set(_meanings(relation))
            for part, whole in _ordered(relation):
                self.below.setdefault(part, set()).add(whole)

    def says(self, check: Check) -> bool:
        """Tell whether a check adds nothing."""
        if check.regions:
            return self.regions
        return all(self._says(relation) for relation in relations([check], self.series))

    def _says(self, relation: SeriesRelation) -> bool:
        if relation.check.order:
            return relation.series[1] in self._above(relation.series[0])
        return any(meaning in self.said for meaning in _meanings(relation))

    def _above(self, part: Series) -> set[Series]:
        seen: set[Series] = set()
        left = [part]
        while left:
            new = self.below.get(left.pop(), set()) - seen
            seen |= new
            left += new
        return seen


def _meanings(relation: SeriesRelation) -> list[tuple[object, ...]]:
    """Return what a relation says, in the form in which two are compared; a rate says more."""
    first, *others = relation.series
    form = relation.check.form
    if form == "equal":
        return [(form, frozenset(relation.series))]
    if form == "total":
        return [(form, first, frozenset(others))]
    if form == "ratio":
        return [(form, *relation.series), ("mean", first), ("between", first)]
    return [(form, *relation.series) if form == "order" else (form, first)]


def _ordered(relation: SeriesRelation) -> Iterator[Pair]:
    """Yield parts with their wholes: of an order, a sum, a twin."""
    check, (first, *others) = relation.check, relation.series
    if check.order:
        yield from zip(relation.series, relation.series[1:], strict=False)
    elif check.total and not check.overlap:
        yield from ((part, first) for part in others)
    elif check.equal:
        yield first, others[0]
        yield others[0], first


def _years(check: Check, cubes: list[Cube]) -> int:
    """Count the years' sums beside which all twelve months stand."""
    found = 0
    for cube in cubes:
        for relation in relations([check], cube.observations.series_list):
            months = cube.of(relation.series[1])
            whole = [
                line
                for month, line in cube.of(relation.series[0]).items()
                if all(m in months for m in range(month - month % 12, month - month % 12 + 12))
            ]
            found += int(np.isfinite(cube.value[whole]).sum())
    return found


def _weighed(check: Check, evidence: Evidence, known: Known) -> Learned:
    """Count what speaks for a check."""
    found = Learned(check, declared=known.says(check))
    rows = np.zeros(len(evidence.issue), bool)
    signs = np.zeros(len(evidence.issue), bool)
    for relation in relations([check], evidence.series):
        at = [evidence.places[s] for s in relation.series]
        rows |= np.isfinite(evidence.value[:, at]).all(axis=1)
        signs |= evidence.hidden[:, at].any(axis=1)
        found.rows += int(np.isfinite(evidence.value[:, at]).all(axis=1).sum())
    if check.regions:
        rows, found.rows = ~evidence.single, int((~evidence.single).sum())
    found.issues = len(np.unique(evidence.issue[rows]))
    found.signs = float(signs.sum() / max(1, (rows | signs).sum()))
    return found
