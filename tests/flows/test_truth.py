"""Runs that tell the truth: state, message, colour, log and links of what needs a person."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kca_etl.model.month import Month
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.flows.artifacts import artifact, rows_of
from tests.landing.fetch.servers import API, HOST, PORTAL_SPEC, Asked, Reply, serving
from tests.runs.world import SHEETS, fetched
from tests.sources.office import Shape, write

pytestmark = [
    pytest.mark.usefixtures("harness"),
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning",
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
    ),
]
BAD = {("Integrationen", "Monat"): "?"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KCA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """What was emitted: event and payload."""
    from flows import events

    out: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(
        events, "emit_event", lambda event, _resource, payload: out.append((event, payload))
    )
    return out


@contextmanager
def heard() -> Iterator[list[logging.LogRecord]]:
    """Collect what runs and tasks log."""
    records: list[logging.LogRecord] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    collector = Collector()
    loggers = [logging.getLogger(f"prefect.{kind}_runs") for kind in ("flow", "task")]
    for logger in loggers:
        logger.addHandler(collector)
    yield records
    for logger in loggers:
        logger.removeHandler(collector)


def ui() -> str:
    """Where the UI of the tests' server would be."""
    from prefect.settings import PREFECT_UI_URL

    return str(PREFECT_UI_URL.value())


def tasks_of(state: Any) -> dict[str, Any]:
    """Return the last states of a run's tasks by name."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    asked = FlowRunFilter(id=FlowRunFilterId(any_=[state.state_details.flow_run_id]))
    with get_client(sync_client=True) as client:
        runs = client.read_task_runs(flow_run_filter=asked)
    return {run.name: run for run in runs}


@pytest.mark.usefixtures("home")
def test_a_refused_document_is_red_with_its_cell_and_every_page_leads_to_it(
    tmp_path: Path, told: list[tuple[str, dict[str, str]]]
) -> None:
    from flows.monthly import monthly

    files = [
        write(tmp_path / "good.xlsx", Shape()),
        write(tmp_path / "bad.xlsx", Shape(month="Berichtsmonat: Dezember 2020", cells=BAD)),
    ]
    with heard() as records:
        state = monthly("2020-12", files, return_state=True)
    assert (state.type.value, state.name) == ("FAILED", "Quarantined")
    assert state.message == "Quarantined: 1 of 2, 1 loaded"
    tasks = tasks_of(state)
    task, good = tasks["bad.xlsx"], tasks["good.xlsx"]
    assert (task.state.type.value, task.state.name) == ("FAILED", "Quarantined")
    assert "bad.xlsx 2020-12 · 1 finding · nothing of it was loaded" in task.state.message
    assert (good.state.type.value, good.state.name) == ("COMPLETED", "Completed")
    assert good.state.message.startswith("loaded: good.xlsx 2020-11 · 18 new")
    (line,) = [r for r in records if "[UNKNOWN_SIGN]" in r.getMessage()]
    assert line.levelno == logging.ERROR
    for word in ("bad.xlsx", "sheet 'Tabelle1'", "cell B8"):
        assert word in line.getMessage()
    assert (line.sheet, line.cell, line.source) == ("Tabelle1", "B8", SHEETS)  # type: ignore[attr-defined]  # fields of JSON logs
    page = f"/runs/task-run/{task.id}"
    assert f"[bad.xlsx]({ui()}{page})" in artifact("run-report")
    assert json.loads(artifact("findings"))[0]["page"].endswith(page)
    assert "cell B8" in artifact("document-findings")
    assert f"/runs/flow-run/{state.state_details.flow_run_id}" in artifact("document-findings")
    (message,) = [p["message"] for event, p in told if event == "kca.month.quarantined"]
    assert message.startswith("„bad.xlsx“ (")
    assert "Dezember 2020) wurde zurückgestellt" in message
    assert "Zelle B8, gefunden: '?')" in message
    assert "\nNächster Schritt: " in message
    assert message.endswith(f"\nEinzelheiten: {ui()}{page}")


def test_what_people_dropped_is_a_task_each(home: Path, tmp_path: Path) -> None:
    from flows.monthly import monthly

    (home / "inbox").mkdir(parents=True)
    write(home / "inbox" / "bad.xlsx", Shape(cells=BAD))
    state = monthly("2020-11", ask_publishers=False, return_state=True)
    assert (state.name, tasks_of(state)["bad.xlsx"].state.name) == ("Quarantined", "Quarantined")
    assert tmp_path.is_dir()


def publisher(asked: Asked) -> Reply:
    """A publisher that is down."""
    del asked
    return Reply(500)


def test_a_publisher_that_does_not_answer_is_told_once(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: list[tuple[str, dict[str, str]]],
) -> None:
    from flows.monthly import monthly

    assert not home.exists()
    monkeypatch.setenv("KCA_HTTP_DEADLINE", "1")
    with serving(publisher) as served, fetched(monkeypatch, **{SHEETS: PORTAL_SPEC}):
        only(monkeypatch, SHEETS)
        away = {HOST: served.base, API: served.base}
        monkeypatch.setenv("KCA_BASE_URLS", json.dumps(away))
        states = [monthly("2020-11", return_state=True) for _ in range(2)]
    assert [state.name for state in states] == ["Unreachable"] * 2
    assert states[0].message == "Unreachable: 1 of 1"
    (task,) = tasks_of(states[0]).values()
    assert (task.name, task.state.name) == (f"{SHEETS} 2020-11", "Unreachable")
    (said,) = [p for event, p in told if event == "kca.publisher.unreachable"]
    assert said["source"] == SHEETS
    assert "1 Monat nicht abgerufen.\nGrund: Der Server des Herausgebers" in said["message"]
    assert "Nächster Schritt: Der nächste Lauf versucht es erneut." in said["message"]
    assert f"Einzelheiten: {ui()}/runs/flow-run/" in said["message"]


def test_a_missing_credential_is_told_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, told: list[tuple[str, dict[str, str]]]
) -> None:
    from flows.monthly import monthly

    assert not home.exists()
    secret = PORTAL_SPEC.model_copy(update={"secret_headers": {"X-Token": "portal_token"}})
    with fetched(monkeypatch, **{SHEETS: secret}):
        only(monkeypatch, SHEETS)
        states = [monthly("2020-11", return_state=True) for _ in range(2)]
    assert [state.name for state in states] == ["Unreachable"] * 2
    (said,) = [p for event, p in told if event == "kca.credential.missing"]
    assert "Grund: Zugangsdaten fehlen." in said["message"]
    assert "KCA_SECRETS" in said["message"]


def only(monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Let the calendar and the schedule know one source."""
    from kca_etl.runs import backfill, states

    for module in (backfill, states):
        monkeypatch.setattr(module.registry, "names", lambda: [source])


def test_a_month_is_really_loaded_and_no_other(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.monthly import monthly

    body = write(tmp_path / "drawn.xlsx", Shape()).read_bytes()
    assert not home.exists()
    with serving(lambda _: Reply(200, body)) as served:
        monkeypatch.setenv("KCA_BASE_URLS", json.dumps({HOST: served.base}))
        with fetched(monkeypatch, **{SHEETS: PORTAL_SPEC}):
            only(monkeypatch, SHEETS)
            state = monthly("2020-11", return_state=True)
        assert len(served.asked) == 1
    assert (state.name, state.message) == ("Completed", "1 documents: 1 loaded")
    assert [row["berichtsmonat"] for row in rows_of(state)] == ["2020-11"]
    assert queries.months(open_engine(Settings().url))[-1] == Month.of(2020, 11)


@pytest.mark.usefixtures("home")
def test_an_overdue_month_is_not_green() -> None:
    from flows.monthly import monthly

    state = monthly("2020-11", ask_publishers=False, return_state=True)
    assert (state.type.value, state.name) == ("FAILED", "Overdue")
    assert str(state.message).startswith("Overdue: ")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"first_month": "2020-13"}, "[BAD_MONTH] '2020-13' is no month"),
        ({"first_month": "2021-01"}, "[BAD_RANGE] the months are no range"),
        ({"mode": "all"}, "[BAD_VALUE] mode: Input should be 'only_missing'"),
        ({"distribute": 99}, "[BAD_VALUE] distribute: Input should be less than or equal to 64"),
        ({"sources": ["kiell"]}, "[NO_SOURCE] no source is called 'kiell'"),
    ],
)
def test_a_wrong_value_is_a_sentence_without_a_trace(wanted: dict[str, Any], said: str) -> None:
    from flows.backfill import backfill

    given = {"sources": [SHEETS], "first_month": "2020-01", "last_month": "2020-02"}
    with heard() as records:
        state: Any = backfill(given | wanted, return_state=True)
    assert (state.name, state.type.value) == ("Failed", "FAILED")
    assert str(state.message).startswith(said)
    assert any(record.getMessage().startswith(said) for record in records)
    assert not any(record.exc_info for record in records)


@pytest.mark.usefixtures("home")
def test_a_wrong_month_of_monthly_and_report_is_a_sentence() -> None:
    from flows.monthly import monthly
    from flows.report import report

    for state in (monthly("2020-13", return_state=True), report("bald", return_state=True)):
        last: Any = state
        assert last.message.startswith("[BAD_MONTH] ")
        assert "YYYY-MM" in last.message


def schema(flow: Any) -> dict[str, Any]:
    from prefect.utilities.callables import parameter_schema

    return parameter_schema(flow).model_dump_for_openapi()


def test_the_forms_say_what_fits_in_a_sentence() -> None:
    from prefect.utilities.schema_tools.validation import validate

    from flows.backfill import backfill
    from flows.monthly import monthly
    from flows.report import report

    for flow in (monthly, report, backfill):
        for field in schema(flow)["properties"].values():
            assert field["description"], field

    def said(flow: Any, **given: Any) -> list[str]:
        return [error.message for error in validate(given, schema(flow))]

    assert said(monthly, month="2020-11", documents=["x.xlsx"]) == []
    assert said(monthly, month="") == []
    (wrong,) = said(monthly, month="2020-13")
    assert "a month written YYYY-MM, e.g. 2020-11" in wrong
    assert said(monthly, documents=[" "]) == ["'the path of a file' was expected"]
    (wrong,) = said(report, month="11/2020")
    assert wrong == "'a month written YYYY-MM, e.g. 2020-11' was expected"
    (wrong,) = said(report, month="2020-11", as_of="gestern")
    assert "a day written YYYY-MM-DD" in wrong
    wanted = {"sources": [SHEETS], "first_month": "2020-1", "last_month": "2020-02"}
    (wrong,) = said(backfill, wanted=wanted)
    assert wrong == "'a month written YYYY-MM, e.g. 2020-11' was expected"


def script(home: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run the flow as a script in a process of its own, with Prefect's temporary server."""
    from prefect.settings import PREFECT_API_URL

    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("KCA_", "PREFECT_"))
    } | {
        "KCA_HOME": str(home),
        "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        "PREFECT_HOME": str(home.parent),
    }
    done = subprocess.run(
        [sys.executable, "-m", "flows.monthly", *arguments],
        env=environment | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stderr


def test_a_script_ends_with_the_code_of_kca_run_and_logs_json_lines_where_asked(
    tmp_path: Path,
) -> None:
    bad = write(tmp_path / "bad.xlsx", Shape(cells=BAD))
    code, log = script(tmp_path / "home", "2020-11", str(bad), KCA_LOG_JSON="true")
    assert code == 3, log
    records = [json.loads(line) for line in log.splitlines()]
    (found,) = [r for r in records if r.get("code") == "UNKNOWN_SIGN"]
    assert (found["levelname"], found["file"], found["sheet"], found["cell"]) == (
        "ERROR",
        "bad.xlsx",
        "Tabelle1",
        "B8",
    )
    good = write(tmp_path / "good.xlsx", Shape())
    code, log = script(tmp_path / "home", "2020-11", str(good))
    assert code == 0, log
    assert "Traceback" not in log
