"""The warehouse's figures by kennzahl and month, and what follows from two of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isnan
from typing import TYPE_CHECKING, Any

from kca_etl.german.notation import change, decimal, difference, places, quantity, rounded, signed
from kca_etl.sources.registry import jobcenter_source
from kca_etl.warehouse.views.gebietsstand import breaks_between

if TYPE_CHECKING:
    import pandas as pd

_PLACE = ("file_name", "sheet", "cell", "document_sha256", "datenstand")
_NEEDED = ("source", "berichtsmonat", "kennzahl", "value", "zeichen", "unit", *_PLACE)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a figure stands."""

    document: str
    sheet: str
    cell: str
    sha256: str
    datenstand: str

    def __str__(self) -> str:
        return f"{self.document}, Blatt „{self.sheet}“, {self.cell}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the warehouse: its value, or the sign that stands in its place."""

    value: Decimal | None
    zeichen: str
    unit: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Book:
    """All figures of one region."""

    region: str
    facts: dict[tuple[str, str], Fact]
    own_names: tuple[str, ...]
    other_names: tuple[str, ...]

    def fact(self, kennzahl: str, month: date) -> Fact | None:
        """Return a figure; None if the warehouse has none, not even a sign."""
        return self.facts.get((kennzahl, month.isoformat()))

    def comparable(self, month: date, base: date) -> bool:
        """Tell whether both months have the same territory."""
        return not breaks_between(self.region, min(month, base), max(month, base))

    def value(self, kennzahl: str, month: date) -> Decimal | None:
        """Return a figure's value."""
        fact = self.fact(kennzahl, month)
        return None if fact is None else fact.value


def book(figures: pd.DataFrame, region: str) -> Book:
    """Take a region's figures from rows of the view `figures`.

    Where sources differ the Jobcenter's own counts.
    """
    system, _, code = region.partition(":")
    mine = (figures["region_system"] == system) & (figures["region_code"] == code)
    part = figures.loc[mine & (figures["gliederung"] == "insgesamt")]
    rows = [
        dict(zip(_NEEDED, row, strict=True))
        for row in zip(*(part[name].tolist() for name in _NEEDED), strict=True)
    ]
    own_counts = jobcenter_source()
    rows.sort(key=lambda r: (r["source"] != own_counts, str(r["source"])))
    facts: dict[tuple[str, str], Fact] = {}
    for row in rows:
        facts.setdefault((row["kennzahl"], str(row["berichtsmonat"])[:10]), _fact(row))
    own = tuple(sorted({str(n) for n in figures.loc[mine, "region_name"].dropna()}))
    others = tuple(sorted({str(n) for n in figures.loc[~mine, "region_name"].dropna()} - set(own)))
    return Book(region, facts, own, others)


def _fact(row: dict[str, Any]) -> Fact:
    value, sign = row["value"], row["zeichen"]
    cell = Cell(*(str(row[c]) for c in _PLACE))
    missing = value is None or isnan(value)
    return Fact(
        None if missing else decimal(value),
        sign if isinstance(sign, str) else "",
        str(row["unit"]),
        cell,
    )


@dataclass(frozen=True, slots=True)
class Truth:
    """What the warehouse says.

    The exact value, how it is printed, and the cells that it comes from.
    """

    kennzahl: str
    month: date
    base: date | None
    value: Decimal
    unit: str
    text: str
    cells: tuple[Cell, ...]
    shown: Decimal  # the difference of the figures as printed; the value itself for a level


def level(figures: Book, kennzahl: str, month: date) -> Truth | None:
    """Return a figure."""
    fact = figures.fact(kennzahl, month)
    if fact is None or fact.value is None:
        return None
    return Truth(
        kennzahl,
        month,
        None,
        fact.value,
        fact.unit,
        quantity(fact.value, fact.unit),
        (fact.cell,),
        fact.value,
    )


def moved(figures: Book, kennzahl: str, month: date, base: date) -> Truth | None:
    """Return a difference, rates in Prozentpunkten.

    None if a figure is missing or the territory was another one.
    """
    now, then = figures.fact(kennzahl, month), figures.fact(kennzahl, base)
    if (
        not figures.comparable(month, base)
        or now is None
        or then is None
        or now.value is None
        or then.value is None
    ):
        return None
    exact, digits = difference(now.value, then.value), places(now.unit)
    printed = difference(rounded(now.value, digits), rounded(then.value, digits))
    return Truth(
        kennzahl,
        month,
        base,
        exact,
        now.unit,
        change(exact, now.unit),
        (now.cell, then.cell),
        printed,
    )


def relative(figures: Book, kennzahl: str, month: date, base: date) -> Truth | None:
    """Return a change in per cent of the earlier figure."""
    found, then = moved(figures, kennzahl, month, base), figures.value(kennzahl, base)
    if found is None or not then:
        return None
    share = found.value * 100 / then
    return Truth(
        kennzahl, month, base, share, found.unit, f"{signed(share, 1)} %", found.cells, share
    )
