"""The same kennzahl from two sources, held against each other within a declared tolerance.

The pairs stand in `reconcile.yaml` and in the office's `office.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.offices import folder as offices
from kca_etl.offices.spec import Pair, Side
from schemas.codelists import ZEICHEN

if TYPE_CHECKING:
    from sqlalchemy import Engine

DIGITS = 9  # beyond them stands the noise of doubles for decimals
Row = dict[str, Any]  # columns of the view `figures`
Figures = dict[tuple[str, str], Row]  # (system:code, YYYY-MM) → figure


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides' figures of one region and month; None where a side has none."""

    pair: Pair
    left: Row | None
    right: Row | None

    @property
    def difference(self) -> float | None:
        """Left minus right; None unless both are numbers."""
        values = [
            side["value"]
            for side in (self.left, self.right)
            if side is not None and side["value"] is not None
        ]
        return (
            round(values[0] - values[1], DIGITS) if len(values) == len(("left", "right")) else None
        )

    @property
    def verdict(self) -> str:
        """Say what the comparison came to.

        Agrees, differs, sign (one is no number), one side (has no figure).
        """
        if self.left is None or self.right is None:
            return "one side"
        if self.difference is None:
            return "sign"
        return "agrees" if abs(self.difference) <= self.pair.tolerance else "differs"


@cache
def pairs() -> tuple[Pair, ...]:
    """Return the office's pairs and those of everybody.

    Raises pydantic.ValidationError naming the wrong key.
    """
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    common = TypeAdapter(list[Pair]).validate_python(offices.load_yaml(text))
    return (*offices.current().reconcile, *common)


def compare(engine: Engine, month: Month) -> list[Compared]:
    """Compare the current figures of a month, pair by pair in order of regions."""
    found = []
    for pair in pairs():
        left, right = (
            _known(engine, side, pair.region, month, month) for side in (pair.left, pair.right)
        )
        keys = left.keys() | right.keys() if pair.region else left.keys() & right.keys()
        found += [Compared(pair, left.get(key), right.get(key)) for key in sorted(keys)]
    return found


def check(engine: Engine, source: str, document: Document, o: Observations) -> list[Finding]:
    """Hold a document against the other sources' figures before it is loaded.

    Differences only warn.
    """
    found = []
    for pair in (p for p in pairs() if source in p.sources):
        own = _stated(
            o,
            pair.left if pair.left.source == source else pair.right,
            pair.region,
            source,
            document,
        )
        months = sorted(Month.parse(month) for _, month in own)
        other = pair.right if pair.left.source == source else pair.left
        known = _known(engine, other, pair.region, months[0], months[-1]) if months else {}
        found += [
            c
            for key in sorted(own.keys() & known.keys())
            if (c := Compared(pair, own[key], known[key])).verdict == "differs"
        ]
    return [_finding(c) for c in found]


def _stated(
    o: Observations, side: Side, region: str | None, source: str, document: Document
) -> Figures:
    wanted = [
        i
        for i, s in enumerate(o.series_list)
        if (s.kennzahl, s.gliederung) == (side.kennzahl, side.gliederung)
    ]
    keys = [f"{r.system}:{r.code}" for r in o.regions]
    facts = [
        n
        for i in wanted
        for n in (o.series == i).nonzero()[0].tolist()
        if region in (None, keys[o.region[n]])
    ]
    rows: list[Row] = [
        {
            "berichtsmonat": o.month_of(n).first_day.isoformat(),
            "region_name": o.regions[o.region[n]].name,
            "value": None if o.zeichen[n] else float(o.value[n]),
            "zeichen": ZEICHEN[o.zeichen[n]],
            "source": source,
            "file_name": document.file_name,
            "sheet": o.sheet_of(n),
            "cell": o.cell_of(n),
        }
        for n in facts
    ]
    return {
        (keys[o.region[n]], row["berichtsmonat"][:7]): row
        for n, row in zip(facts, rows, strict=True)
    }


def _known(engine: Engine, side: Side, region: str | None, first: Month, last: Month) -> Figures:
    from kca_etl.warehouse.views import queries

    found = queries.rows(
        engine, **side.model_dump(), region=region, month_from=first, month_to=last
    )
    return {
        (f"{row['region_system']}:{row['region_code']}", row["berichtsmonat"][:7]): row
        for row in found
    }


def _finding(compared: Compared) -> Finding:
    left, right = compared.left or {}, compared.right or {}
    what = (
        f"{compared.pair.name} of {left['region_name']} in {left['berichtsmonat'][:7]} differs"
        " between two sources"
    )
    shown = [f"{value(side)} ({side['source']}: {place(side)})" for side in (left, right)]
    expected = f"{shown[1]} within {compared.pair.tolerance:g}: {compared.pair.why}"
    return Finding(Code.RECONCILE, what, left["sheet"], left["cell"], shown[0], expected)


def value(row: Row | None) -> str:
    """A figure's number or sign; nothing for None."""
    return "" if row is None else row["zeichen"] or format(row["value"], ".10g")


def place(row: Row | None) -> str:
    """The cell a figure stands in; nothing for None."""
    return "" if row is None else f"{row['file_name']}, {row['sheet']!r} {row['cell']}"
