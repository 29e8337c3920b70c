"""Codes of the checks against the past, and of contracts that no document can break."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.model.stated_change import StatedChange
from kca_etl.sources import registry
from kca_etl.validate import contracts
from kca_etl.validate.over_time import check as over_time
from kca_etl.validate.over_time.past import Past, Revisions
from kca_etl.validate.stated_changes import check_past
from tests.refusals.entries import Entry, Situation
from tests.refusals.sheets import HEADER, RATE, TOP, Data, Rows, counts, declared, reading
from tests.validate import tables

NOVEMBER = 2020 * 12 + 10
THREE: Rows = [["Arbeitslose", 7273], ["Bezieher", 24736], ["Anträge", 553]]
FOUR: Rows = [*THREE, RATE]
COLUMNS: Data = {"columns": {"Männer": "[geschlecht=maenner]", "Frauen": "[geschlecht=frauen]"}}
PAIRS: Rows = [["Arbeitslose", 3000, 4273], ["Bezieher", 11000, 13736], ["Anträge", 200, 353]]
SWAPPED_PAIRS: Rows = [[label, right, left] for label, left, right in PAIRS]
BASE = {
    "ratio": "arbeitslosenquote_sgb2",
    "of": "arbeitslose_sgb2",
    "base_month": 5,
    "rounded": 0.1,
}


def _labels(rows: Rows) -> Data:
    return counts(*(str(row[0]) for row in rows))


def observed(
    folder: Path, rows: Rows, table: Data | None = None, header: list[str] = HEADER
) -> Observations:
    """Read a good document's figures."""
    source = declared(_labels(rows) | (table or {}))
    found = reading(folder, source, {"Blatt": [*TOP, header, *rows]})
    assert found.observations is not None, found.findings
    return found.observations


def after(
    rows: Rows,
    before: Rows,
    source: Data | None = None,
    table: Data | None = None,
    header: list[str] = HEADER,
) -> Situation:
    """The situation that a document comes a month after another."""

    def situation(folder: Path) -> list[Finding]:
        old = observed(folder, before, table, header)
        past = Past(old.month - np.int32(1), old.series, old.region, old.value)
        given = declared(_labels(rows) | (table or {}), source)
        now = observed(folder, rows, table, header)
        return over_time.check(now, past, NOVEMBER, given, registry.kennzahlen(given))

    return situation


def broken(**changes: Any) -> Situation:
    """The situation that reading went wrong: arrays that no cell can give."""

    def situation(folder: Path) -> list[Finding]:
        return contracts.check(
            replace(observed(folder, THREE), **changes), registry.kennzahlen(None)
        )

    return situation


def of_tables(slip: tables.Slip) -> Situation:
    """The situation that the tables of many regions hold a slip."""
    return lambda _: tables.findings(slip, 2)


def _revised(folder: Path) -> list[Finding]:
    o = observed(folder, THREE)
    known = Past(o.month, o.series, o.region, o.value * 2)
    seen = Revisions(o.series[:0], o.value[:0])
    return over_time.check_revisions(o, known, seen)


def _twice(values: tables.Values) -> None:
    values[0, 0, 20] *= 2


def _change_unlike_past(folder: Path) -> list[Finding]:
    o = observed(folder, THREE)
    past = Past(o.month - np.int32(1), o.series, o.region, o.value - 10)
    stated = [StatedChange(0, -1, "absolute", 37, 0.5, "Blatt", "D6", "37")]
    return check_past(o, stated, past, registry.kennzahlen(declared()))


OVER = "kca_etl.validate.over_time."
MONTHS = np.array([-5, NOVEMBER, NOVEMBER], np.int32)

ENTRIES = [
    Entry(Code.SAME_CONTENT, OVER + "repeated.check", after(FOUR, FOUR), "Blatt", "B6"),
    Entry(
        Code.CHANGE_UNLIKE_PAST,
        "tests.refusals.past.check_past",
        _change_unlike_past,
        "Blatt",
        "D6",
    ),
    Entry(
        Code.JUMP,
        OVER + "jumps._judge",
        after([["Arbeitslose", 9000]], [["Arbeitslose", 6000]], {"jump": 0.3}),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.WRONG_UNIT,
        OVER + "scale.check",
        after(
            [["Arbeitslose", 7273000], ["Bezieher", 24736000]],
            [["Arbeitslose", 7273], ["Bezieher", 24736]],
        ),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.SWAPPED,
        OVER + "swapped.check",
        after(SWAPPED_PAIRS, PAIRS, table=COLUMNS, header=["Merkmal", "Männer", "Frauen"]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.RATE_BASE,
        OVER + "rate_base.check",
        after([["Arbeitslose", 9000], RATE], [["Arbeitslose", 7273], RATE], {"checks": [BASE]}),
        "Blatt",
        "B7",
    ),
    Entry(
        Code.FOREIGN_FIGURES,
        OVER + "columns.exchanged",
        of_tables(lambda values: values[::-1].copy()),
        "Blatt 0",
        "B6",
    ),
    Entry(
        Code.ROWS_MOVED,
        OVER + "places.check",
        of_tables(lambda values: np.roll(values, 1, axis=2)),
        "Blatt 0",
        "B10",
    ),
    Entry(Code.REGION_MOVED, OVER + "moved.check", of_tables(_twice), "Blatt 0", "B26"),
    Entry(
        Code.ALL_MOVED,
        OVER + "moved.check",
        of_tables(lambda values: np.round(values * 1.5)),
        "Blatt 0",
        "B6",
    ),
    Entry(Code.LARGE_REVISION, OVER + "revised.check", _revised, "Blatt", "B6"),
    Entry(
        Code.NO_VALUE,
        "kca_etl.validate.contracts._rows",
        broken(value=np.array([np.nan, 1.0, 1.0])),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.CONTRACT,
        "kca_etl.validate.contracts._rows",
        broken(month=MONTHS),
        "Blatt",
        "B6",
    ),
]
