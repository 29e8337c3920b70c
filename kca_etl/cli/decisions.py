"""`kca questions`, `kca decide`, `kca withdraw`, `kca decisions`: answers to refusals."""

from __future__ import annotations

import json
import os
import string
import sys
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.foreign import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kca_etl.pipeline import Outcome
    from kca_etl.runs.decide import Answered, Asked, Person
    from kca_etl.workplace import Workplace

LETTERS = string.ascii_lowercase
NAME_VARIABLE = "KCA_NAME"
Sha256 = Annotated[str, typer.Argument(help="The document's hash or its beginning.")]
Name = Annotated[str | None, typer.Option("--name", envvar=NAME_VARIABLE, help="Who decides.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; it stands in the record.")]


def questions(
    sha256: Annotated[
        str | None, typer.Argument(help="One document; all if none is given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what the quarantined documents ask, with the possible answers.

    Example: kca questions
    """
    from kca_etl.runs import decide as deciding

    with _work("questions") as work:
        rows = deciding.open_documents(work.engine)
        asked = [
            deciding.ask(work, row["sha256"])
            for row in rows
            if row["sha256"].startswith(sha256 or "")
        ]
    if as_json:
        console.listing([_row(one) for one in asked], as_json=True)
        return
    for one in asked:
        _print(one)
    if not asked:
        print("nothing is quarantined: there are no open questions")


def decide(
    sha256: Sha256,
    answers: Annotated[
        list[str] | None,
        typer.Option("--answer", help="NUMBER=ANSWER; several times; none: ask on the terminal."),
    ] = None,
    name: Name = None,
    reason: Reason = None,
    only_this: Annotated[
        bool, typer.Option("--only-this", help="Hold for this document alone.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before loading.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a quarantined document's questions; then it is loaded, if nothing else stops it.

    Example: kca decide 3f2a --answer 1=a --name Muster
    """
    from kca_etl.runs import decide as deciding

    with _work("decide") as work:
        asked = deciding.ask(work, sha256)
        if not asked.questions:
            raise KcaError(*(asked.reading.findings or [_nothing(asked)]))
        given = _pairs(answers or []) or _asked_on_terminal(asked)
        person = _person(name, reason)
        answered = deciding.answer(work, asked, given, person, only_this=only_this)
        if not (yes or answers) and not _confirmed(work, answered):
            print("nothing was decided")
            return
        outcomes = deciding.apply(work, asked, answered)
        work.run.outcomes[:] = outcomes
    _tell(answered, outcomes, as_json=as_json)
    sys.exit(console.EXIT[outcomes[0].reading.verdict])


def _tell(answered: Answered, outcomes: list[Outcome], *, as_json: bool) -> None:
    """Print what was decided, and what became of the documents."""
    from kca_etl.runs.outcomes import as_row, lines

    if as_json:
        rows = [as_row(o) for o in outcomes]
        ids = [d.id for d in answered.decisions]
        console.listing([{"decisions": ids, "documents": rows}], as_json=True)
        return
    print(*(f"decided: {d.sentence}" for d in answered.decisions), sep="\n")
    for outcome in outcomes:
        print(*lines(outcome), sep="\n")


def withdraw(
    sha256: Sha256, name: Name = None, reason: Reason = None, as_json: AsJson = False
) -> None:
    """Take a loaded document back: its figures go, the versions before them count again.

    Example: kca withdraw 3f2a --name Muster
    """
    from kca_etl.runs import decide as deciding

    with _work("withdraw") as work:
        one = deciding.withdraw(work, sha256, _person(name, reason))
    if as_json:
        console.listing([asdict(one)], as_json=True)
    else:
        print(f"withdrawn: {one.sha256[:12]} · decision {one.id}")
        print(f"  `kca decisions revoke {one.id}` brings it back.")


def show_all(as_json: AsJson = False) -> None:
    """List all decisions, revoked ones too.

    Example: kca decisions list
    """
    with _work("decisions") as work:
        decided = work.decisions
    keys = ("id", "source", "holds", "question", "answer", "name", "decided_at")
    rows = [
        ({k: getattr(d, k) for k in keys} | {"revoked": "yes" if d.revoked_at else ""})
        for d in decided
    ]
    console.listing(rows, as_json=as_json, empty="nobody has decided anything yet")


def show(
    decision: Annotated[str, typer.Argument(help="The decision's id or its beginning.")],
    as_json: AsJson = False,
) -> None:
    """Show a decision: what was asked and answered, by whom, and why.

    Example: kca decisions show 5d0c
    """
    from kca_etl.runs import decide as deciding

    with _work("decisions") as work:
        one = deciding.find(work.decisions, decision)
    if as_json:
        console.listing([asdict(one)], as_json=True)
        return
    for key, value in asdict(one).items():
        shown = json.dumps(value, ensure_ascii=False) if key == "amendments" else value
        if shown:
            print(f"{key:<15} {shown}")


def revoke(
    decision: Annotated[str, typer.Argument(help="The decision's id or its beginning.")],
    name: Name = None,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """Take a decision back; documents that were read by it are held against the rules again.

    Example: kca decisions revoke 5d0c --name Muster
    """
    from kca_etl.runs import decide as deciding
    from kca_etl.runs.outcomes import as_row, lines

    with _work("revoke") as work:
        outcomes = deciding.revoke(work, decision, _person(name, reason))
        work.run.outcomes[:] = outcomes
    if as_json:
        console.listing([as_row(o) for o in outcomes], as_json=True)
        return
    print("revoked")
    for outcome in outcomes:
        print(*lines(outcome), sep="\n")


@contextmanager
def _work(command: str) -> Iterator[Workplace]:
    from kca_etl.runs.record import recorded, warehouse
    from kca_etl.settings import Settings

    settings = Settings()
    with recorded(warehouse(settings), settings, command) as work:
        yield work


def _person(name: str | None, reason: str | None) -> Person:
    from kca_etl.runs.decide import Person

    if sys.stdin.isatty():
        name = name or typer.prompt("Your name", default=os.environ.get("USER", ""))
        reason = reason or typer.prompt("Why")
    return Person(name or "", reason or "")


def _pairs(answers: list[str]) -> dict[str, str]:
    """Split `NUMBER=ANSWER`; an answer may hold `=`, a key may hold `:`."""
    out = {}
    for given in answers:
        question, sign, text = given.partition("=")
        if not sign:
            what = f"{given!r} answers no question"
            raise KcaError(Finding(Code.BAD_DECISION, what, expected="NUMBER=ANSWER"))
        out[question.strip()] = text.strip()
    return out


def _nothing(asked: Asked) -> Finding:
    what = f"{asked.document.file_name} asks nothing; `kca quarantine replay` tries it again"
    return Finding(Code.BAD_DECISION, what)


def _print(asked: Asked) -> None:
    """Print a document's questions, numbered, with their answers."""
    month = f" {asked.reading.month}" if asked.reading.month is not None else ""
    print(f"{visible(asked.document.file_name)}{month} · sha256 {asked.document.sha256[:12]}")
    for number, question in enumerate(asked.questions, 1):
        where = ", ".join(filter(None, (question.sheet, question.cell)))
        often = f", {question.count} times" if question.count > 1 else ""
        print(f"  {number}. {question.what} ({where}{often})")
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            print(f"       {letter}  {choice.answer}", f"          {choice.label}", sep="\n")
    if not asked.questions:
        print("  It asks nothing that can be answered here: ask its sender for a new one.")


def _row(asked: Asked) -> dict[str, Any]:
    listed = [asdict(q) | {"number": n, "key": q.key} for n, q in enumerate(asked.questions, 1)]
    about = {"sha256": asked.document.sha256, "file_name": asked.document.file_name}
    month = None if asked.reading.month is None else str(asked.reading.month)
    return about | {"source": asked.source, "berichtsmonat": month, "questions": listed}


def _asked_on_terminal(asked: Asked) -> dict[str, str]:
    """Ask one question after the other; an empty answer leaves it open."""
    if not sys.stdin.isatty():
        what = "no answer is given"
        raise KcaError(Finding(Code.BAD_DECISION, what, expected='--answer "1=…"'))
    _print(asked)
    out = {}
    for number, question in enumerate(asked.questions, 1):
        text = typer.prompt(f"{number}. {question.what}", default="", show_default=False)
        if text.strip():
            out[str(number)] = text
    return out


def _confirmed(work: Workplace, answered: Answered) -> bool:
    """Show the plan, and ask."""
    from kca_etl.runs import plan as planning

    planned = planning.of_reading(answered.reading, work, answered.decisions)
    print(*planning.lines(planned), sep="\n")
    print(*(f"  still open: {q.what}" for q in answered.open), sep="\n")
    return typer.confirm("Record the decision and load?")
