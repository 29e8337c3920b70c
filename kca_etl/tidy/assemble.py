"""Raw tables become columns of observations.

Every fact its series, region, month, value or sign, and address.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kca_etl.cells import RawTable
from kca_etl.german.text import date_of, matches, pattern, show
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Block, Footnote, Observations, Region, Series
from kca_etl.sources import registry
from kca_etl.sources.spec import Coord, Source, Zeros
from kca_etl.tidy.periods import p_match, resolve
from kca_etl.tidy.rows import RowKeys, read_rows
from kca_etl.tidy.values import EMPTY, Values, column_values, sign_table
from schemas.codelists import ZEICHEN

_NO_SERIES = -1  # of a row that is ignored by name
Array = NDArray[np.int32]


@dataclass(slots=True)
class Index:
    """Numbers things in the order they are first seen."""

    ids: dict[object, int] = field(default_factory=dict)

    def __call__(self, item: object) -> int:
        """Return the item's number."""
        return self.ids.setdefault(item, len(self.ids))


@dataclass(slots=True)
class Collector:
    """Gathers the parts of one document's observations."""

    blocks: list[Block] = field(default_factory=list)
    series: Index = field(default_factory=Index)
    regions: Index = field(default_factory=Index)
    region_ids: dict[int, tuple[list[Region], Array]] = field(default_factory=dict)
    parts: list[dict[str, NDArray[np.generic]]] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)

    def region_index(self, regions: list[Region]) -> Array:
        """Number regions; the same list, met on every sheet of a document, is numbered once."""
        if id(regions) not in self.region_ids:
            self.region_ids[id(regions)] = (
                regions,
                np.array([self.regions(r) for r in regions], np.int32),
            )
        return self.region_ids[id(regions)][1]

    def date_blocks(self, datenstand: date) -> None:
        """Give blocks that state no datenstand of their own the document's."""
        self.blocks[:] = [
            replace(b, datenstand=datenstand) if b.datenstand == date.min else b
            for b in self.blocks
        ]

    def observations(self) -> Observations:
        """Join the parts."""
        names = ("month", "series", "region", "block", "value", "zeichen", "row", "col")
        kinds = (np.int32, np.int32, np.int32, np.int32, np.float64, np.int8, np.int32, np.int32)
        arrays = {
            name: np.concatenate([p[name] for p in self.parts]).astype(kind, copy=False)
            if self.parts
            else np.empty(0, kind)
            for name, kind in zip(names, kinds, strict=True)
        }
        return Observations(
            self.blocks,
            list(self.series.ids),  # type: ignore[arg-type]  # filled with Series only
            list(self.regions.ids),  # type: ignore[arg-type]  # filled with Region only
            **arrays,
            footnotes=self.footnotes,
            blank=self._blank(),
        )

    def _blank(self) -> NDArray[np.bool_] | None:
        found = [p["blank"] for p in self.parts]
        return np.concatenate(found).astype(bool) if any(b.any() for b in found) else None


def merge(*coords: Coord) -> Coord:
    """Join what table, section, row and column say about a fact.

    Raises ValueError if two disagree.
    """
    kennzahlen = {c.kennzahl for c in coords if c.kennzahl and not c.kennzahl.startswith("+")}
    suffix = "".join(c.kennzahl[1:] for c in coords if c.kennzahl.startswith("+"))
    gliederung: dict[str, str] = {}
    for key, value in (pair for c in coords for pair in c.gliederung):
        if gliederung.setdefault(key, value) != value:
            raise ValueError(
                f"the declaration gives {key} two values: {gliederung[key]} and {value}"
            )
    if len(kennzahlen) > 1:
        raise ValueError(
            f"the declaration gives one cell two kennzahlen: {', '.join(sorted(kennzahlen))}"
        )
    kennzahl = kennzahlen.pop() + suffix if kennzahlen else ""
    return Coord(
        kennzahl=kennzahl,
        gliederung=tuple(sorted(gliederung.items())),
        shift=sum(c.shift for c in coords),
    )


def add_table(
    into: Collector,
    raw: RawTable,
    source: Source,
    base: Month | None,
    datenstand: date,
    fixed: Region | None,
) -> list[Finding]:
    """Tidy one table into the collector; returns what does not fit, each with its cell."""
    keys, findings = read_rows(raw, source, fixed)
    signs = sign_table(source.zeichen)
    read = [
        column_values(cells, signs, raw.grid, raw.rows, c.col)
        for cells, c in zip(raw.cells, raw.columns, strict=True)
    ]
    unread = [f for _, found in read for f in found]
    if findings or not read or not raw.rows:
        return findings + unread or [
            Finding(Code.NO_FACTS, "a table holds no figures", raw.grid.name, a1(raw.top, 0))
        ]
    months, lost = _months(raw, keys, base)
    if lost:
        return unread + lost
    values = [v for v, _ in read]
    unread += _not_rates(raw, keys, values, source)
    blank = np.stack([v.zeichen for v in values]) == EMPTY
    keep, gaps = _keep(raw, values, months, keys, base)
    block = len(into.blocks)
    into.blocks.append(
        Block(raw.spec.id, raw.grid.name, _datenstand(raw, datenstand), _status(raw, source))
    )
    _collect(into, raw, keys, values, months, keep, block)
    zero = np.stack([v.zeichen for v in values]) == 0
    into.parts[-1]["blank"] = (blank & zero)[keep]
    _footnotes(into, raw, block)
    return unread + gaps + _repeats(raw, keys, values) + _leniency(raw, values) + keys.notes


def _months(raw: RawTable, keys: RowKeys, base: Month | None) -> tuple[Array, list[Finding]]:
    """Return month numbers as (column, row); a cell without a month is a finding."""
    memo: dict[tuple[int, int], int | None] = {}
    out = np.empty((len(raw.columns), len(raw.rows)), np.int32)
    lost = []
    for i, column in enumerate(raw.columns):
        for k in set(keys.period_id):
            month = resolve({**keys.periods[k], **column.groups}, base)
            memo[i, k] = None if month is None else int(month) + column.coord.shift
        found = (
            [memo[i, k] for k in keys.period_id]
            if len(keys.periods) > 1
            else [memo[i, 0]] * len(raw.rows)
        )
        if None in found:
            r = raw.rows[found.index(None)]
            lost.append(
                Finding(
                    Code.NO_PERIOD,
                    "a figure has no month",
                    raw.grid.name,
                    a1(r, column.col),
                    " > ".join(column.head.path),
                    "a month or a year",
                )
            )
        else:
            out[i] = np.array(found, np.int32)
    return out, lost


def _keep(
    raw: RawTable, values: list[Values], months: Array, keys: RowKeys, base: int | None
) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Decide which cells become facts: repeated rows and declared gaps do not.

    Other empty cells are findings.
    """
    blank = np.stack([v.zeichen for v in values]) == EMPTY
    wanted = (keys.first < 0) & ~np.array([c.ignore for c in keys.coords])[keys.coord_id]
    keep = ~blank & wanted
    if raw.spec.empty == "zero":
        future = months > (base if base is not None else months.max())
        silent = _fill(raw, values, months, blank & ~future)
        return wanted & ~(blank & future) & ~silent, _missing(raw, silent & wanted)
    if raw.spec.empty == "skip":
        return keep, []
    gaps = blank & wanted
    if raw.spec.empty == "future":
        filled = months[keep]
        gaps &= months <= (filled.max() if filled.size else 0)
    return keep, _missing(raw, gaps)


def _fill(
    raw: RawTable, values: list[Values], months: Array, blank: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Put 0, or the sign that is declared for them, into empty cells; return those without."""
    silent = np.zeros(blank.shape, bool)
    for i, (column, v) in enumerate(zip(raw.columns, values, strict=True)):
        zero = blank[i].copy()
        for rule in raw.spec.zeros:
            if not matches(rule.columns, " > ".join(column.head.path)):
                continue
            beyond = blank[i] & ~_within(rule, months[i])
            zero &= ~beyond
            silent[i] |= beyond & (not rule.beyond)
            v.zeichen[beyond] = ZEICHEN.index(rule.beyond) if rule.beyond else EMPTY
        v.value[zero], v.zeichen[zero] = 0.0, 0
    return silent


def _within(rule: Zeros, months: Array) -> NDArray[np.bool_]:
    first = Month.parse(rule.first) if rule.first else months.min()
    last = Month.parse(rule.last) if rule.last else months.max()
    found: NDArray[np.bool_] = (months >= first) & (months <= last)
    return found


def _missing(raw: RawTable, gaps: NDArray[np.bool_]) -> list[Finding]:
    return [
        Finding(
            Code.EMPTY_CELL,
            "a figure is missing",
            raw.grid.name,
            a1(raw.rows[j], raw.columns[i].col),
            "an empty cell",
            "a number or a sign",
        )
        for i, j in np.argwhere(gaps).tolist()
    ]


def _collect(
    into: Collector,
    raw: RawTable,
    keys: RowKeys,
    values: list[Values],
    months: Array,
    keep: NDArray[np.bool_],
    block: int,
) -> None:
    pairs = [
        [
            _NO_SERIES if row.ignore else into.series(_series(raw, row, c.coord))
            for row in keys.coords
        ]
        for c in raw.columns
    ]
    series = np.array(pairs, np.int32)[:, keys.coord_id]
    region = into.region_index(keys.regions)[keys.region_id]
    rows = np.array(raw.rows, np.int32)
    cols = np.array([c.col for c in raw.columns], np.int32)
    shape = keep.shape
    into.parts.append(
        {
            "month": months[keep],
            "series": series[keep],
            "region": np.broadcast_to(region, shape)[keep],
            "block": np.full(int(keep.sum()), block, np.int32),
            "value": np.stack([v.value for v in values])[keep],
            "zeichen": np.stack([v.zeichen for v in values])[keep],
            "row": np.broadcast_to(rows, shape)[keep],
            "col": np.broadcast_to(cols[:, None], shape)[keep],
        }
    )


def _not_rates(raw: RawTable, keys: RowKeys, values: list[Values], source: Source) -> list[Finding]:
    """A text that says percent is read in rates only; elsewhere somebody meant another thing."""
    known = registry.kennzahlen(source)
    return [
        Finding(
            Code.NOT_A_NUMBER,
            "a percentage stands where no rate belongs",
            raw.grid.name,
            a1(raw.rows[n], column.col),
            repr(raw.grid.rows[raw.rows[n]][column.col]),
            "a number",
        )
        for column, v in zip(raw.columns, values, strict=True)
        for n in v.percent
        if known.get(_series(raw, keys.coords[keys.coord_id[n]], column.coord).kennzahl, {}).get(
            "unit"
        )
        != "Prozent"
    ]


def _series(raw: RawTable, row: Coord, column: Coord) -> Series:
    joined = merge(raw.spec.set, row, column)
    return Series(
        joined.kennzahl, ",".join(f"{k}={v}" for k, v in joined.gliederung) or "insgesamt"
    )


def _repeats(raw: RawTable, keys: RowKeys, values: list[Values]) -> list[Finding]:
    """Rows that stand twice must agree in every cell (BA: each Land above its Jobcenter again).

    The BA sometimes hides a cell in one of the two only: that is a warning, and the first row
    counts.
    """
    again = np.flatnonzero(keys.first >= 0)
    first = keys.first[again]
    findings = []
    for column, v in zip(raw.columns, values, strict=True):
        a, b = v.value[first], v.value[again]
        differ = ~((a == b) | (np.isnan(a) & np.isnan(b))) | (v.zeichen[first] != v.zeichen[again])
        for i in np.flatnonzero(differ).tolist():
            here, there = raw.rows[again[i]], raw.rows[first[i]]
            hidden = np.isnan(a[i]) != np.isnan(b[i])
            findings.append(
                Finding(
                    Code.REPEAT_SIGN if hidden else Code.REPEAT_DIFFERS,
                    (
                        "a row stands twice, once with a figure and once with a sign; the upper"
                        " one counts"
                    )
                    if hidden
                    else "a row stands twice with different figures",
                    raw.grid.name,
                    a1(here, column.col),
                    repr(raw.grid.rows[here][column.col]),
                    f"{raw.grid.rows[there][column.col]!r} as in {a1(there, column.col)}",
                )
            )
    return findings


def _leniency(raw: RawTable, values: list[Values]) -> list[Finding]:
    texts = sum(v.texts for v in values)
    if not texts or raw.grid.text_only:
        return []
    first = next(
        a1(raw.rows[j], c.col)
        for c, cells in zip(raw.columns, raw.cells, strict=True)
        for j, v in enumerate(cells)
        if isinstance(v, str) and v.strip()
    )
    return [
        Finding(
            Code.TEXT_NUMBER,
            f"{texts} numbers stand there as text and were read by the German grammar",
            raw.grid.name,
            first,
        )
    ]


def _datenstand(raw: RawTable, default: date) -> date:
    for _, _, text in raw.above:
        for p in raw.spec.datenstand:
            groups = p_match(p, text)
            if groups and (day := date_of(groups.get("datum", ""))) is not None:
                return day
    return default


def _status(raw: RawTable, source: Source) -> str:
    """Read the status from the texts above a table or in its headers."""
    said = [t for _, _, t in raw.above] + [t for c in raw.columns for t in c.head.path]
    for text, status in raw.spec.status.items():
        if any(pattern(text).match(t) is not None for t in said):
            return status
    return source.status


def _footnotes(into: Collector, raw: RawTable, block: int) -> None:
    marks = {m for c in raw.columns for m in c.head.marks}
    for row, col, mark in sorted(marks):
        into.footnotes.append(Footnote(block, row, col, raw.below.get(mark, show(mark))))
