"""Giving out parts: what died is given out again, three times at most.

What a worker took and never began is dead too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.objects import State, StateType

from flows import distribute
from kca_etl.runs.matrix import Matrix
from kca_etl.runs.wanted import Wanted


def part(month: str) -> Wanted:
    return Wanted(sources=["kca_monatszahlen"], first_month=month, last_month=month)


@dataclass
class Pool:
    """A work pool whose runs end as told, by first month."""

    ends: dict[str, list[StateType]]
    name: str | None = None  # of the states
    runs: dict[UUID, tuple[str, State[Any]]] = field(default_factory=dict)

    def run(self, _deployment: str, parameters: dict[str, Any], timeout: int) -> SimpleNamespace:
        assert timeout == 0
        month, run_id = parameters["wanted"]["first_month"], uuid4()
        ago = timedelta(hours=1) if self.ends[month][0] is StateType.PENDING else timedelta()
        self.runs[run_id] = (
            month,
            State(type=self.ends[month].pop(0), name=self.name, timestamp=datetime.now(UTC) - ago),
        )
        return SimpleNamespace(id=run_id)

    def read_flow_run(self, run_id: UUID) -> SimpleNamespace:
        return SimpleNamespace(id=run_id, name=self.runs[run_id][0], state=self.runs[run_id][1])

    def set_flow_run_state(self, run_id: UUID, state: State[Any], *, force: bool) -> None:
        assert force
        self.runs[run_id] = self.runs[run_id][0], state

    def read_artifacts(self, **_: Any) -> list[Any]:
        return []


def hand_out(monkeypatch: pytest.MonkeyPatch, pool: Pool) -> list[str]:
    @contextmanager
    def client(**_: Any) -> Iterator[Pool]:
        yield pool

    for name, value in {
        "run_deployment": pool.run,
        "get_client": client,
        "get_run_logger": lambda: logging.getLogger("test"),
        "LOOK": 0.0,
    }.items():
        monkeypatch.setattr(distribute, name, value)
    return [
        p.first_month
        for p in distribute.hand_out([part(month) for month in pool.ends], Matrix([]), [])
    ]


def test_what_died_is_given_out_again_and_what_fails_thrice_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done, crashed, failed = StateType.COMPLETED, StateType.CRASHED, StateType.FAILED
    pool = Pool(
        {"2020-01": [done], "2020-02": [crashed, done], "2020-03": [failed, crashed, failed]}
    )
    assert hand_out(monkeypatch, pool) == ["2020-03"]
    assert len(pool.runs) == 6


@pytest.mark.parametrize("name", ["Quarantined", "Unreachable", "Overdue"])
def test_a_part_that_went_to_its_end_is_not_given_out_again(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pool = Pool({"2020-01": [StateType.FAILED]}, name)
    assert hand_out(monkeypatch, pool) == []
    assert len(pool.runs) == 1


def test_what_a_worker_took_and_never_began_is_given_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = Pool({"2020-01": [StateType.PENDING, StateType.COMPLETED]})
    assert hand_out(monkeypatch, pool) == []
    assert [state.type for _, state in pool.runs.values()] == [
        StateType.CRASHED,
        StateType.COMPLETED,
    ]
