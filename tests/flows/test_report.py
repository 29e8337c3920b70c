"""A person's word before a report is published, in Prefect's test harness.

Asked where a jump stands, and the decision on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest

from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse import reports
from tests.flows.artifacts import artifact
from tests.flows.served import until
from tests.sources.office import Shape, write

pytestmark = [
    pytest.mark.usefixtures("harness"),
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning",
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
    ),
]
JUMPED = Shape(cells={("Leistungsbezieher SGB II", "Monat"): 27400})
YES = {"publish": "yes", "name": "A. Muster", "remark": "mit der Fachstelle geklärt"}
WRONG: tuple[dict[str, Any], ...] = (
    {"publish": "yes"},
    YES | {"publish": "maybe"},
    YES | {"publish": True},
    YES | {"publish": None},
    YES | {"name": "  "},
    YES | {"name": "n" * 101},
    YES | {"remark": "\n\u3000"},
    YES | {"remark": None},
    YES | {"more": "x"},
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from flows import approval

    monkeypatch.setenv("KCA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(approval, "LOOKS", 0.1)
    return tmp_path / "home"


def load(tmp_path: Path, shape: Shape) -> None:
    list(load_all([write(tmp_path / "monat.xlsx", shape)], warehouse(Settings()), Settings()))


@contextmanager
def answering(*answers: dict[str, Any]) -> Iterator[Future[list[str]]]:
    """Answer the form of the run that waits, one answer after the other.

    Yield what the server said to each.
    """
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(copy_context().run, _answer, answers)


def _answer(answers: tuple[dict[str, Any], ...]) -> list[str]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateName,
    )

    waits = FlowRunFilter(state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Paused"])))
    with get_client(sync_client=True) as client:
        (run,) = until(lambda: client.read_flow_runs(flow_run_filter=waits))

        def give(answer: dict[str, Any]) -> Any:
            return client.resume_flow_run(run.id, run_input=answer)

        until(
            lambda: "required property" in give({}).details.reason
        )  # the form is there a moment after the pause
        return [give(answer).status.value for answer in answers]


def record() -> str:
    return artifact("report-approval")


def test_wrong_answers_leave_it_waiting_and_the_right_one_publishes(
    home: Path, tmp_path: Path
) -> None:
    from flows.report import report

    load(tmp_path, JUMPED)
    with answering(*WRONG, YES) as said:
        paths = report("2020-11")
    assert said.result() == ["REJECT"] * len(WRONG) + ["ACCEPT"]
    assert isinstance(paths, list)
    assert {path.name for path in (home / "reports").iterdir()} == {
        Path(path).name for path in paths
    }
    assert record().startswith("approved by A. Muster: mit der Fachstelle geklärt (20")
    assert "leistungsbezieher_sgb2" in artifact("report-warnings")


def test_refused_nothing_is_published_and_the_state_says_by_whom_and_why(
    home: Path, tmp_path: Path
) -> None:
    from flows import automations
    from flows.report import report

    load(tmp_path, JUMPED)
    with answering(YES | {"publish": "no", "remark": "Zahl |falsch|"}):
        state: Any = report("2020-11", return_state=True)
    assert (state.type.value, state.name) == ("CANCELLED", "Refused")
    assert f"prefect.flow-run.{state.name}" in automations.ENDS, "it would be taken for dead"
    assert state.message == "refused by A. Muster: Zahl |falsch|; nothing was published"
    assert record().startswith("refused by A. Muster: Zahl \\|falsch\\| (20")
    assert not (home / "reports").exists()
    assert reports.registered(warehouse(Settings())) == []


def test_without_an_answer_nothing_is_published(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import approval
    from flows.report import report

    monkeypatch.setattr(approval, "PATIENCE", 0.3)
    load(tmp_path, Shape())
    state: Any = report("2020-11", approve="always", return_state=True)
    assert state.name == "Failed"
    assert "never resumed" in state.message
    assert record() == "Nobody decided in time. Nothing was published; start the report again."
    assert not (home / "reports").exists()


@pytest.mark.parametrize(("shape", "approve"), [(JUMPED, "never"), (Shape(), "on_jump")])
def test_nobody_is_asked(
    home: Path, tmp_path: Path, shape: Shape, approve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.report import report

    monkeypatch.setenv("KCA_SITE", str(tmp_path / "site"))
    load(tmp_path, shape)
    assert report("2020-11", approve=approve)
    assert (home / "reports" / "Ueberblick_2020-11.pdf").is_file()
    assert (tmp_path / "site" / "berichte" / "2020-11" / "Ueberblick_2020-11.pdf").is_file()
    assert "November 2020" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
