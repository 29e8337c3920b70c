"""Rendered reports and the fact versions on them; what a later correction changes on each.

Data and pure functions only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Key = tuple[str, date]  # kennzahl, first day of the month


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a figure: value or zeichen, and since when it is known (its datenstand).

    All empty where none was there.
    """

    value: float | None = None
    zeichen: str = ""
    datenstand: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report of a month and a region (`system:code`) with all figures it shows; `files`.

    Name → sha256.

    `as_of` is the day it was rendered as of, empty for what was current. `figures_sha256` is a
    hash of its fact versions.
    """

    month: date
    region: str
    as_of: str
    figures_sha256: str
    files: Mapping[str, str]
    figures: Mapping[Key, Version]
    rendered_at: str = ""


def in_force(reports: Sequence[Rendered]) -> list[Rendered]:
    """Return the last report of each month and region.

    One rendered as of a day states what was known then: no correction touches it.
    """
    last = {(r.region, r.month): r for r in reports if not r.as_of}
    return [last[key] for key in sorted(last)]


def touched(report: Rendered, current: Mapping[Key, Version]) -> list[tuple[Key, Version, Version]]:
    """Return which figures of a report have another version now: (figure, as printed, as it is)."""
    pairs = [(key, was, current.get(key, Version())) for key, was in report.figures.items()]
    return sorted((pair for pair in pairs if pair[1] != pair[2]), key=lambda pair: pair[0])
