"""A backfill's work in disjoint parts, for as many workers on as many machines.

Pure: nothing is started here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kca_etl.model.month import Month
from kca_etl.runs.backfill import Step
from kca_etl.runs.wanted import Wanted


def parts(wanted: Wanted, steps: Iterable[Step]) -> list[Wanted]:
    """Split what is wanted into at most `wanted.distribute` parts of about equal work.

    No part is without a document. The parts are cut by sources where there are enough of them,
    since each has one writer; else by ranges of months. Together they ask for every document of
    the plan. A document whose month is unknown is tried by each part of its source; whoever
    comes second finds it tried.
    """
    todo = [s for s in steps if s.action == "load"]
    per_source = Counter(s.source for s in todo)
    if len(per_source) >= wanted.distribute:
        return [
            _part(wanted, sources, *wanted.months)
            for sources in _bins(per_source, wanted.distribute)
        ]
    dated = Counter(wanted.months[0] if s.month is None else s.month for s in todo)
    return [
        _part(wanted, sorted(per_source), *months) for months in _ranges(dated, wanted.distribute)
    ]


def _bins(weights: Counter[str], number: int) -> list[list[str]]:
    """The heaviest first, each to whom has least."""
    bins: list[list[str]] = [[] for _ in range(number)]
    for name, _ in weights.most_common():
        min(bins, key=lambda b: sum(weights[n] for n in b)).append(name)
    return [sorted(b) for b in bins]


def _ranges(weights: Counter[Month], number: int) -> Iterator[tuple[Month, Month]]:
    """Cut the months so that each range has about its share; a month is never cut."""
    months, left = sorted(weights), number
    while months:
        share, taken = sum(weights[m] for m in months) / left, 0
        first = months[0]
        while months and (taken == 0 or taken + weights[months[0]] / 2 <= share):
            last = months.pop(0)
            taken += weights[last]
        left = max(1, left - 1)
        yield first, last


def _part(wanted: Wanted, sources: list[str], first: Month, last: Month) -> Wanted:
    months = {
        "first_month": str(first),
        "last_month": str(last),
    }
    return wanted.model_copy(update={"sources": sources, "distribute": 1} | months)
