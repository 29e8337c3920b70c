"""A backfill in parts: disjoint, together the whole, of about the same weight."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kca_etl.model.month import Month, month_number
from kca_etl.runs import backfill
from kca_etl.runs.backfill import Step
from kca_etl.runs.distribute import parts
from kca_etl.runs.matrix import Matrix
from kca_etl.runs.wanted import Wanted
from kca_etl.samples import write_samples
from kca_etl.settings import Settings

FIRST = month_number(2017, 1)
SOURCES = ("ba_eckwerte", "ba_kurzarbeit", "ba_sanktionen", "kca_monatszahlen")
steps = st.lists(
    st.builds(
        Step,
        source=st.sampled_from(SOURCES),
        month=st.none() | st.integers(FIRST, FIRST + 39).map(Month),
        action=st.sampled_from(["load", "load", "skip", "missing"]),
        why=st.just(""),
    ),
    max_size=60,
)


def wanted(number: int) -> Wanted:
    return Wanted(
        sources=list(SOURCES),
        first_month="2017-01",
        last_month="2020-04",
        distribute=number,
        mode="reload_all",
        reason="Umzug",
    )


def asks_for(part: Wanted, step: Step) -> bool:
    return step.source in part.sources and backfill._within(step.month, part)


@given(steps, st.integers(2, 9))
def test_every_document_is_asked_for_by_exactly_one_part(plan: list[Step], number: int) -> None:
    found = parts(wanted(number), plan)
    todo = [s for s in plan if s.action == "load"]
    assert len(found) <= number
    assert all(any(asks_for(part, step) for step in todo) for part in found), "a part without work"
    for step in todo:
        takers = sum(asks_for(part, step) for part in found)
        assert takers == 1 if step.month is not None else takers >= 1
    assert {(p.mode, p.reason, p.distribute) for p in found} <= {("reload_all", "Umzug", 1)}


@given(st.integers(2, 9))
def test_equal_months_make_parts_of_equal_weight(number: int) -> None:
    plan = [Step("ba_sanktionen", Month(FIRST + n), "load", "") for n in range(40)]
    found = parts(wanted(number), plan)
    sizes = [p.months[1] - p.months[0] + 1 for p in found]
    assert (len(found), sum(sizes)) == (number, 40)
    assert max(sizes) - min(sizes) <= 1


def test_enough_sources_are_handed_out_by_source() -> None:
    plan = [Step(source, Month(FIRST + n), "load", "") for source in SOURCES for n in range(3)]
    assert [p.sources for p in parts(wanted(2), plan)] == [
        ["ba_eckwerte", "ba_sanktionen"],
        ["ba_kurzarbeit", "kca_monatszahlen"],
    ]
    assert parts(wanted(2), []) == []


def test_what_another_run_did_shows_in_the_matrix(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "given").mkdir()
    write_samples(tmp_path / "given")
    what = Wanted(
        sources=["kca_monatszahlen"],
        first_month="2020-08",
        last_month="2020-12",
        folder=str(tmp_path / "given"),
    )
    mine, other = (Matrix(backfill.plan(engine, settings, what)) for _ in range(2))
    for step, outcome in backfill.perform(list(other.states), engine, settings, "other"):
        other.add(step, outcome)
    mine.take(other.rows())
    assert mine.rows() == other.rows()
    assert {"loaded", "revised"} <= set(mine.states.values())
    before = list(mine.states.values())
    mine.take(
        Matrix(backfill.plan(engine, settings, what)).rows()
    )  # a second run finds it there already
    assert [s for s in mine.states.values() if s != "unchanged"] == [
        s for s in before if s in ("loaded", "revised", "overdue")
    ][1:]
