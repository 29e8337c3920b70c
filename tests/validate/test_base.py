"""A rate and its count imply the same base from May to April. All sheets are made by us."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kca_etl.model.address import a1
from kca_etl.model.findings import Finding, Verdict
from kca_etl.model.month import month_number
from kca_etl.settings import Settings
from kca_etl.sources.spec import Check
from kca_etl.validate.over_time import rate_base as base
from kca_etl.validate.over_time.history import build
from kca_etl.validate.over_time.past import Past
from tests.validate.sheets import PERSONS, RATE, codes, load, sheet, true
from tests.warehouse.synthetic import Fact, observations

RULE = Check.model_validate({"ratio": "quote", "of": "kopf", "base_month": 5, "rounded": 0.1})
MAY = month_number(2020, 5)
NO_IDS = np.empty(0, np.int32)
NOTHING = Past(NO_IDS, NO_IDS, NO_IDS, np.empty(0, np.float64))


def judged(
    bases: dict[int, float], counts: dict[int, int], wrong: dict[int, float]
) -> list[Finding]:
    """Check a document of many months; `bases`: the base from a month on; `wrong`.

    Rates that are not what they should be.
    """
    rates = {
        m: round(100 * n / bases[max(b for b in bases if b <= m)], 1) for m, n in counts.items()
    } | wrong
    facts = [Fact(float(n), "kopf", m, row=1, col=m - MAY + 40) for m, n in counts.items()]
    facts += [Fact(r, "quote", m, row=2, col=m - MAY + 40) for m, r in rates.items()]
    return base.check(build(observations(facts, "2021-12-31"), NOTHING), (RULE,))


@given(
    st.integers(100_000, 400_000),
    st.integers(100_000, 400_000),
    st.lists(st.integers(3_000, 12_000), min_size=24, max_size=24),
)
def test_true_rates_are_not_accused_whatever_the_base(
    before: int, after: int, counts: list[int]
) -> None:
    months = {MAY - 12 + i: n for i, n in enumerate(counts)}
    assert judged({MAY - 12: before, MAY: after}, months, {}) == []


@given(st.integers(150_000, 300_000), st.integers(0, 11), st.sampled_from([-0.3, 0.3, 1.0]))
def test_one_rate_off_by_three_tenths_or_more_is_named(size: int, off: int, by: float) -> None:
    counts = {MAY + i: 9_000 + 10 * i for i in range(12)}
    wrong = round(100 * counts[MAY + off] / size + by, 1)
    (finding,) = judged({MAY: size}, counts, {MAY + off: wrong})
    rate, count = a1(2, 40 + off), a1(1, 40 + off)
    assert (finding.code, finding.cell) == ("RATE_BASE", rate)
    assert f"({rate} and {count})" in finding.found


def test_a_base_that_is_renewed_in_another_month_is_named() -> None:
    counts = dict.fromkeys(range(MAY, MAY + 12), 9_000)
    rates = {m: 4.5 if m < MAY + 11 else 4.2 for m in counts}
    assert [f.cell for f in judged({MAY: 200_000}, counts, rates)] == ["AZ3"]


@pytest.mark.parametrize(("rate", "found"), [(0.0, []), (0.1, []), (0.2, ["RATE_BASE"])])
def test_against_the_warehouse(
    tmp_path: Path, engine: Engine, settings: Settings, rate: float, found: list[str]
) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    first = month_number(2019, 6)
    load(sheet(folder, first, {"Monat": true(first)}), engine, settings)
    figures = true(first + 1) | {
        PERSONS: true(first)[PERSONS] + 1,
        RATE: round(true(first)[RATE] + rate, 1),
    }
    outcome = load(sheet(folder, first + 1, {"Monat": figures}), engine, settings)
    assert [c for c in codes(outcome) if c != "JUMP"] == found
    assert (outcome.state, outcome.reading.verdict == Verdict.WARN) == ("loaded", bool(found))
