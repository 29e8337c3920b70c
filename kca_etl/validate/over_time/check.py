"""What a document's figures are held against before it is loaded.

Its source's own past in the warehouse.
"""

from __future__ import annotations

from typing import Any

from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.sources.spec import Source
from kca_etl.validate.over_time import jumps, rate_base, repeated, scale, swapped
from kca_etl.validate.over_time.history import build
from kca_etl.validate.over_time.past import Past

# The slips looked for here are made by hand. A publisher's workbook of 38,000 figures is made by
# a program, and comparing all of it with two years would take longer than loading it.
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
