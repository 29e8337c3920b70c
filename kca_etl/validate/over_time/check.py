"""What a document's figures are held against before it is loaded.

Its source's own past in the warehouse.
"""

from __future__ import annotations

from typing import Any

from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.sources.spec import Source
from kca_etl.validate.over_time import (
    columns,
    jumps,
    moved,
    places,
    rate_base,
    repeated,
    revised,
    scale,
    swapped,
)
from kca_etl.validate.over_time.compared import compare
from kca_etl.validate.over_time.history import build
from kca_etl.validate.over_time.issue import Issue
from kca_etl.validate.over_time.past import Past, Revisions

# Documents of more figures are held against their past as whole tables only (`check_tables`):
# two years of all their series would take longer than loading them.
MAX_FIGURES = 10_000


def check(
    o: Observations, past: Past, month: int, source: Source, kennzahlen: dict[str, dict[str, Any]]
) -> list[Finding]:
    """Return SAME_CONTENT, SWAPPED, WRONG_UNIT, RATE_BASE and JUMP.

    `month`: the document's own, as a month number.
    """
    timelines = build(o, past)
    found = repeated.check(timelines, month) or swapped.check(timelines)
    found += scale.check(timelines, kennzahlen) + rate_base.check(timelines, source.checks)
    return found + jumps.check(timelines, source.jump)


def check_tables(
    o: Observations,
    own: Issue,
    around: list[Issue],
    repeated_by: list[Issue],
    kennzahlen: dict[str, dict[str, Any]],
) -> list[Finding]:
    """Hold a document's tables against other issues, as whole arrays.

    Returns SAME_CONTENT, WRONG_UNIT, SWAPPED, FOREIGN_FIGURES and ROWS_MOVED, which stop the
    document; else REGION_MOVED and ALL_MOVED, which warn. `around`: the nearest first ·
    `repeated_by`: older ones that state the same largest figure.
    """
    if not own.lines or not (around or repeated_by):
        return []
    compared = compare(o, own, around, kennzahlen) if around else None
    whole = compare(o, own, [*around, *repeated_by], kennzahlen) if repeated_by else compared
    copied = repeated.check_tables(whole) if whole else []
    if copied or compared is None:
        return copied
    found = columns.scaled(compared) + columns.exchanged(compared) + places.check(compared)
    return found or moved.check(compared)


def check_revisions(o: Observations, known: Past, seen: Revisions) -> list[Finding]:
    """Return LARGE_REVISION; `known`: the current numbers of the facts that it states."""
    return revised.check(o, known, seen)
