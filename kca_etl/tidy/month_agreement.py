"""Title, sheet name and file name must speak of the month whose figures the document holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kca_etl.cells import RawTable
from kca_etl.german.month_texts import months_in, months_in_name, without_asides
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from schemas.codelists import ZEICHEN

TO_COME = ZEICHEN.index("...")


def check_named_months(
    tables: Sequence[RawTable], o: Observations, month: Month | None, file_name: str
) -> list[Finding]:
    """Return CONTRADICTION where a name or title states other months than the figures have.

    EMPTY_MONTH where the month of a table's title holds nothing but figures still to come.
    `month` is the document's.
    """
    findings = []
    for raw in tables:
        months = _months_of(raw, o)
        if months:
            findings += _titles(raw, months, month) + _sheet(raw, months, month)
    named = months_in_name(file_name)
    if month is not None and named and month not in named:
        what = "the file's name states another month than the document"
        findings.append(
            Finding(Code.CONTRADICTION, what, found=repr(file_name), expected=str(month))
        )
    return findings


def _months_of(raw: RawTable, o: Observations) -> dict[Month, bool]:
    """Return the months of a table's figures, and whether each holds a figure or a final sign."""
    blocks = [
        n for n, b in enumerate(o.blocks) if (b.table, b.sheet) == (raw.spec.id, raw.grid.name)
    ]
    mine = np.isin(o.block, blocks)
    there = set(np.unique(o.month[mine & (o.zeichen != TO_COME)]).tolist())
    return {Month(m): m in there for m in np.unique(o.month[mine]).tolist()}


def _titles(raw: RawTable, months: dict[Month, bool], stated: Month | None) -> list[Finding]:
    """Hold the months that the texts above a table name against its latest month with figures.

    A table that lacks the document's month, which others have, may name it all the same.
    """
    told = [(r, c, t, found) for r, c, t in _own_texts(raw) if (found := months_in(t))]
    named = frozenset[Month]().union(*(found for *_, found in told))
    latest = max(filter(months.get, months), default=None)
    if not named or named & {latest, stated}:
        return []
    row, col, text, _ = told[0]
    where = (raw.grid.name, a1(row, col), repr(text))
    if any(months.get(month) is False for month in named):
        what = "the month of the table's title holds only figures still to come"
        return [Finding(Code.EMPTY_MONTH, what, *where, "figures of that month")]
    what = "a text above the table names another month than its figures have"
    return [Finding(Code.CONTRADICTION, what, *where, f"{latest}, the latest of its figures")]


def _own_texts(raw: RawTable) -> list[tuple[int, int, str]]:
    """Return the texts above a table without what follows a word such as `Datenstand`."""
    asides = [(r, c) for r, c, text in raw.above if without_asides(text) != text]
    return [
        (r, c, without_asides(text))
        for r, c, text in raw.above
        if not any(row == r and col < c for row, col in asides)
    ]


def _sheet(raw: RawTable, months: dict[Month, bool], stated: Month | None) -> list[Finding]:
    named = months_in_name(raw.grid.name)
    if not named or max(months) in named or stated in named:
        return []
    what = "the sheet's name states another month than its figures have"
    found, expected = repr(raw.grid.name), str(max(months))
    return [Finding(Code.CONTRADICTION, what, raw.grid.name, "A1", found, expected)]
