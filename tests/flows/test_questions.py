"""The run that asks: one that waits for each document, never two; a failure is never green."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

import pytest

from flows import decide, questions
from kca_etl import pipeline
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.states import DocumentState


class Server:
    """Keeps runs by their key, as Prefect's server does; some have ended."""

    def __init__(self) -> None:
        self.runs: dict[str, Any] = {}

    def __call__(self, _name: str, *, idempotency_key: str, **_: object) -> Any:
        state = SimpleNamespace(ended=False)
        state.is_final = lambda: state.ended
        new = SimpleNamespace(id=uuid5(UUID(int=1), idempotency_key), state=state)
        return self.runs.setdefault(idempotency_key, new)

    def end(self) -> None:
        """Let all runs end."""
        for run in self.runs.values():
            run.state.ended = True


def refused(code: Code) -> pipeline.Outcome:
    """Return the outcome of a document that is quarantined with one finding."""
    document = Document("ab" * 32, "Monat.xlsx", 1)
    reading = pipeline.Reading(document, None, findings=[Finding(code, "x")])  # type: ignore[arg-type]  # nothing is read
    return pipeline.Outcome(reading, None, DocumentState.QUARANTINED)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that keeps runs."""
    kept = Server()
    monkeypatch.setattr(questions, "run_deployment", kept)
    return kept


def test_a_document_has_one_run_that_waits_and_another_once_that_has_ended(server: Server) -> None:
    outcome = refused(Code.UNKNOWN_SIGN)
    first = questions.open_run(outcome)
    assert questions.open_run(outcome) == first
    server.end()  # nobody answered, or the answer was revoked
    second = questions.open_run(outcome)
    assert second not in ("", first)
    assert questions.open_run(outcome) == second


def test_what_nobody_can_answer_starts_no_run(server: Server) -> None:
    assert questions.open_run(refused(Code.SUM_MISMATCH)) == ""
    assert server.runs == {}


@pytest.mark.parametrize(
    ("code", "name"), [(Code.NO_FILE, "Nothing to decide"), (Code.ARCHIVE_DAMAGED, "Failed")]
)
def test_only_a_document_that_waits_no_more_ends_green(code: Code, name: str) -> None:
    state = decide._nothing_to_ask(KcaError(Finding(code, "x")))
    assert (state.name, state.is_completed()) == (name, code == Code.NO_FILE)
