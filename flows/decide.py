"""The flow `decide`: a quarantined document's questions as a form, its answers into the warehouse.

The run is suspended while it waits: it holds no process and no connection, two weeks at most. So
the suspended runs are the list of open decisions. Resumed, it begins again from its first line and
finds the answers that were given; an answer that cannot be taken suspends it again and says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Literal

from prefect import State, flow
from prefect.artifacts import create_markdown_artifact
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from pydantic import Field, create_model

from flows.events import tell
from flows.parts import configured
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.pipeline import Outcome
from kca_etl.propose.questions import Question
from kca_etl.runs import decide as deciding
from kca_etl.runs import outcomes as words
from kca_etl.runs import plan as planning
from kca_etl.runs import record as runs
from kca_etl.settings import Settings
from kca_etl.workplace import Workplace

PATIENCE_S = 14 * 24 * 3600
NOT_BLANK = r"\S"
MAX_CHARS = 500
OPEN = "?"  # chosen already where nothing speaks for an answer: a person has to


def _name() -> str:
    given = flow_run.parameters
    return f"decide {given.get('source') or 'unknown'} {given.get('month') or 'unknown'}"


@flow(name="decide", flow_run_name=_name, persist_result=True)
def decide(sha256: str, source: str = "", month: str = "") -> State[Any]:
    """Ask what a quarantined document means, and load it by the answers.

    Args: sha256: The document's hash, as `kca questions` shows it. source, month: What it is,
    for the run's name.
    """
    del source, month
    settings = configured(Settings())
    said = ""
    for n in count():
        work = planning.workplace(runs.warehouse(settings), settings)
        try:
            asked = deciding.ask(work, sha256)
        except KcaError as error:
            return _nothing_to_ask(error)
        if not asked.questions:
            return Failed(name="Quarantined", message=_for_the_sender(asked))
        _show(work, asked, said)
        given = _suspend(work, asked, said, n)
        try:
            return _taken(settings, asked, given)
        except KcaError as error:
            said = sentence(error.findings[0])
            get_run_logger().warning("not taken: %s", said)
    raise AssertionError


def _nothing_to_ask(error: KcaError) -> State[Any]:
    """End a run that asks nothing: green only where the document is not quarantined any more."""
    said = sentence(error.findings[0])
    if error.findings[0].code == Code.NO_FILE:
        return Completed(name="Nothing to decide", message=said)
    return Failed(message=said)


def _suspend(work: Workplace, asked: deciding.Asked, said: str, n: int) -> Any:  # noqa: ANN401 - the form
    form = _form(asked.questions)
    described = form.with_initial_data(_described(work, asked, said))
    return suspend_flow_run(wait_for_input=described, timeout=PATIENCE_S, key=f"answer-{n}")


def _form(questions: Sequence[Question]) -> type[RunInput]:
    """Return the form: for each question its choices, and a line for other words."""
    fields: dict[str, Any] = {}
    for question in questions:
        likely = question.likely or OPEN
        choices = tuple(dict.fromkeys((likely, *(c.answer for c in question.choices))))
        explained = "; ".join(f"{c.answer}: {c.label}" for c in question.choices)
        fields[f"answer_{_field(question)}"] = (
            Literal[choices],
            Field(default=likely, title=question.what, description=explained),
        )
        fields[f"other_{_field(question)}"] = (
            str,
            Field(default="", title="… or in other words", max_length=MAX_CHARS),
        )
    person: dict[str, Any] = {"pattern": NOT_BLANK, "max_length": MAX_CHARS}
    fields["only_this_document"] = (bool, Field(default=False, title="Only for this document"))
    fields["name"] = (str, Field(title="Name", description="Who decides.", **person))
    fields["reason"] = (str, Field(title="Reason", description="It stands on record.", **person))
    made: type[RunInput] = create_model("Decision", __base__=RunInput, **fields)
    return made


def _field(question: Question) -> str:
    """Name a question's fields: the same after a restart, whatever the text holds."""
    return hashlib.sha256(question.key.encode()).hexdigest()[:8]


def _answers(questions: Sequence[Question], given: Any) -> dict[str, str]:  # noqa: ANN401 - the form
    out = {}
    for question in questions:
        choice = getattr(given, f"answer_{_field(question)}", "")
        text = getattr(given, f"other_{_field(question)}", "").strip() or choice
        if text and text != OPEN:
            out[question.key] = text
    return out


def _taken(settings: Settings, asked: deciding.Asked, given: Any) -> State[Any]:  # noqa: ANN401 - the form
    """Put the answers on record and load; raises KcaError for answers that cannot be taken."""
    person = deciding.Person(given.name, given.reason)
    with runs.recorded(runs.warehouse(settings), settings, "flow decide") as work:
        answers = _answers(asked.questions, given)
        answered = deciding.answer(work, asked, answers, person, only_this=given.only_this_document)
        _all_answered(answered.open, answers)
        outcomes = deciding.apply(work, asked, answered)
        work.run.outcomes[:] = outcomes
        for outcome in outcomes:
            tell(outcome, work.run.run_id)
    _report(outcomes, work.run.run_id)
    first, message = outcomes[0], words.lines(outcomes[0])[0]
    if first.result is None and first.state == "quarantined":
        return Failed(name="Quarantined", message=message)
    return Completed(name=first.state.capitalize(), message=message)


def _all_answered(left: Sequence[Question], answers: Mapping[str, str]) -> None:
    """Raise KcaError BAD_DECISION for a question that was passed over and still stands."""
    for question in left:
        if question.key not in answers:
            what = "a question is not answered yet"
            raise KcaError(Finding(Code.BAD_DECISION, what, found=question.what))


def _report(outcomes: Sequence[Outcome], run_id: str) -> None:
    create_markdown_artifact(
        words.markdown(outcomes, run_id, "kca-etl, decide"),
        key="run-report",
        description="What the decision did",
    )


def _described(work: Workplace, asked: deciding.Asked, said: str) -> str:
    """Return what stands above the form, in Markdown."""
    about = f"**{words.plain(asked.document.file_name)}** (sha256 `{asked.document.sha256[:12]}`)"
    refused = [f"**Not taken:** {words.plain(said)}", ""] if said else []
    questions = [
        f"- {words.plain(q.what)} ({words.plain(q.sheet)} {q.cell}{_often(q)})"
        for q in asked.questions
    ]
    plan = ["", "With the answers that are chosen already:", "", f"> {_planned(work, asked)}"]
    return "\n".join([*refused, about, "", *questions, *plan])


def _often(question: Question) -> str:
    return f", {question.count} times" if question.count > 1 else ""


def _planned(work: Workplace, asked: deciding.Asked) -> str:
    """Say what loading by the default answers would change."""
    defaults = {q.key: q.likely for q in asked.questions if q.likely}
    person = deciding.Person("default", "default")
    try:
        answered = deciding.answer(work, asked, defaults, person)
        planned = planning.of_reading(answered.reading, work, answered.decisions)
    except KcaError as error:
        return words.plain(error.findings[0].what)
    return words.plain(planning.lines(planned)[0])


def _show(work: Workplace, asked: deciding.Asked, said: str) -> None:
    create_markdown_artifact(
        _described(work, asked, said) + "\n",
        key="questions",
        description=f"What {asked.document.file_name} asks",
    )


def _for_the_sender(asked: deciding.Asked) -> str:
    """Say that only the sender can help."""
    findings = [f for f in asked.reading.findings if f.code != Code.DECIDED]
    first = f": {findings[0].what}" if findings else ""
    return (
        f"{asked.document.file_name} asks nothing that can be answered here{first}; ask its sender"
    )
