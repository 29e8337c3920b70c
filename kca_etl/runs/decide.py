"""Deciding on a quarantined document: ask, answer, see the plan, apply; take back, withdraw."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kca_etl import pipeline
from kca_etl.landing.archive import decisions as copies
from kca_etl.landing.archive import files
from kca_etl.model.codes import Code
from kca_etl.model.decision import ONE_DOCUMENT, Amendment, Decision
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.states import REFUSED, DocumentState
from kca_etl.propose.answers import DOCUMENT_ONLY, amendments
from kca_etl.propose.questions import Question, questions
from kca_etl.runs import replay
from kca_etl.sources import registry
from kca_etl.warehouse import decisions as stored
from kca_etl.warehouse import writer
from kca_etl.warehouse.engine import writing
from kca_etl.warehouse.views import queries
from kca_etl.workplace import Workplace

if TYPE_CHECKING:
    from sqlalchemy import Engine

ALWAYS = "0000-01"  # a decision about a document whose month is not known counts for every month
MAX_PERSON_CHARS = 500
ABSENCES = {"missing_column", "missing_row", "missing_table"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, and why."""

    name: str
    reason: str

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("reason", self.reason)):
            if not text.strip() or len(text) > MAX_PERSON_CHARS:
                raise _bad(f"a decision needs a {what} of at most {MAX_PERSON_CHARS} characters")


@dataclass(slots=True)
class Asked:
    """A quarantined document as it reads now, and its questions."""

    document: Document
    source: str
    received: pipeline.Received
    reading: pipeline.Reading
    questions: list[Question]


@dataclass(slots=True)
class Answered:
    """Decisions that are not yet on record, the document read by them, and what stays open."""

    decisions: list[Decision]
    reading: pipeline.Reading
    open: list[Question]


def ask(work: Workplace, prefix: str) -> Asked:
    """Read a quarantined document again and return what it asks.

    Raises KcaError NO_FILE where no or more than one quarantined document has such a hash.
    """
    rows = replay.quarantined(work.engine, prefix)
    if len(rows) != 1:
        what = f"{len(rows)} quarantined documents have a hash that begins with {prefix!r}"
        raise KcaError(Finding(Code.NO_FILE, what, expected="one; give more of the hash"))
    row = rows[0]
    document = Document(row["sha256"], row["file_name"], row["size"], row["origin"])
    try:
        path = files.sound(document.sha256, work.landing)
    except FileNotFoundError:
        what = f"{document.file_name} is not in the archive"
        missing = Finding(Code.NOT_IN_ARCHIVE, what, found=f"sha256 {document.sha256}")
        raise KcaError(missing) from None
    received = pipeline.open_document(document, path)
    reading = pipeline.read(received, row["source"] or None, None, work.decisions)
    reading.findings += pipeline.against_warehouse(reading, work.engine)
    reading.findings += _conflicts(work.engine, document.sha256)
    return Asked(document, row["source"], received, reading, questions_of(work, received, reading))


def _conflicts(engine: Engine, sha256: str) -> list[Finding]:
    """Return the conflict on record: only loading finds it."""
    keys = ("what", "sheet", "cell", "found", "expected")
    return [
        Finding(Code.CONFLICT, *(row[key] or "" for key in keys))
        for row in queries.findings(engine, sha256)
        if row["code"] == Code.CONFLICT
    ]


def questions_of(
    work: Workplace, received: pipeline.Received, reading: pipeline.Reading
) -> list[Question]:
    """Return what a document that was read asks."""
    if received.book is None:
        return []
    unknown = reading.source is None
    sources = [registry.load(name) for name in registry.names()] if unknown else []
    rivals = _rivals(work.engine, reading)
    return questions(received.book, reading.source, reading.findings, sources, rivals)


def _rivals(engine: Engine, reading: pipeline.Reading) -> list[tuple[str, str]]:
    """Return the loaded documents of the same source and datenstand: hash and name."""
    if reading.source is None or reading.datenstand is None:
        return []
    day = reading.datenstand.isoformat()
    return [
        (d["sha256"], d["file_name"])
        for d in queries.documents(engine)
        if (d["source"], d["datenstand"], d["state"])
        == (reading.source.source, day, DocumentState.LOADED)
    ]


def answer(
    work: Workplace,
    asked: Asked,
    answers: Mapping[str, str],
    person: Person,
    *,
    only_this: bool = False,
) -> Answered:
    """Turn answers (question's number or key → answer) into decisions; nothing is stored.

    With `only_this` they hold for the document alone, else from its month on. Raises KcaError
    BAD_DECISION for a question or an answer that there is not.
    """
    given = {_named(asked.questions, name): text for name, text in answers.items()}
    present = [q for q in given if q.kind not in ABSENCES]
    made = [_made(asked, q, given[q], person, only_this=only_this) for q in present]
    answered = _answered(work, asked, made)
    if len(present) < len(given):  # what is there in other words is not absent
        still = {q.key for q in answered.open}
        gone = [q for q in given if q.kind in ABSENCES and (q.key in still or not made)]
        made += [_made(asked, q, given[q], person, only_this=only_this) for q in gone]
        answered = _answered(work, asked, made)
    return answered


def _answered(work: Workplace, asked: Asked, made: list[Decision]) -> Answered:
    """Read the document by decisions that are not yet on record."""
    source = next((d.source for d in made if d.source), asked.source) or None
    reading = pipeline.read(asked.received, source, None, (*work.decisions, *made))
    if reading.month is not None:  # known only now that the document can be read
        made = [replace(d, holds=str(reading.month)) if d.holds == ALWAYS else d for d in made]
    return Answered(made, reading, questions_of(work, asked.received, reading))


def _made(
    asked: Asked, question: Question, given: str, person: Person, *, only_this: bool
) -> Decision:
    """Turn an answer into a decision; raises KcaError BAD_DECISION."""
    text = question.chosen(given.strip())
    try:
        amended = amendments(question, text)
    except (ValueError, KcaError) as error:
        raise _bad(f"{question.key}: {_said(error)}", question.what) from None
    return _decision(asked, question, text, amended, person, only_this=only_this)


def _decision(
    asked: Asked,
    question: Question,
    text: str,
    amended: tuple[Amendment, ...],
    person: Person,
    *,
    only_this: bool,
) -> Decision:
    ops = {a.op: a for a in amended}
    if "withdraw" in ops:  # revoked, both documents are judged again
        amended = (replace(ops["withdraw"], new=asked.document.sha256),)
    month = ALWAYS if asked.reading.month is None else str(asked.reading.month)
    alone = only_this or not DOCUMENT_ONLY.isdisjoint(ops)
    known = asked.reading.source.source if asked.reading.source else asked.source
    return Decision(
        id=uuid.uuid4().hex[:12],
        source=ops["taken_for"].value if "taken_for" in ops else known,
        sha256=ops["withdraw"].value if "withdraw" in ops else asked.document.sha256,
        holds=ONE_DOCUMENT if alone else month,
        question=question.key,
        answer=text,
        amendments=amended,
        name=person.name.strip(),
        reason=person.reason.strip(),
        decided_at=_now(),
    )


def _named(asked: Sequence[Question], name: str) -> Question:
    """Return a question by its number, from 1, or its key."""
    if name.isdigit() and 1 <= int(name) <= len(asked):
        return asked[int(name) - 1]
    for question in asked:
        if question.key == name:
            return question
    near = difflib.get_close_matches(name, [q.key for q in asked], n=3, cutoff=0.3)
    expected = f"1 to {len(asked)}" + (f", or perhaps {' or '.join(near)}" if near else "")
    raise _bad(f"there is no question {name!r}", expected)


def apply(work: Workplace, asked: Asked, answered: Answered) -> list[pipeline.Outcome]:
    """Put decisions on record and carry the document in by them, in one transaction.

    Then every other quarantined document of the source that they can help is carried in again.
    Raises KcaError DECIDED_BEFORE where somebody was quicker, and Busy.
    """
    if not answered.decisions:
        raise _bad("no question is answered")
    outcome = pipeline.keep(answered.reading, work, decided=answered.decisions)
    outcome.reading.observations = None
    work.run.outcomes.append(outcome)
    now = replace(work, decisions=stored.everything(work.engine))
    copies.write(now.decisions, work.landing)
    _note_withdrawn(now, answered.decisions)
    helped = [d for d in answered.decisions if d.holds != ONE_DOCUMENT]
    return [outcome, *_others(now, {d.source for d in helped}, asked.document.sha256)]


def _note_withdrawn(work: Workplace, decided: Sequence[Decision]) -> None:
    """Tell the archive which documents a decision took out."""
    for one in decided:
        if one.about("withdraw"):
            _note(work, one.sha256)


def _note(work: Workplace, sha256: str) -> None:
    from kca_etl.landing.archive import provenance

    provenance.note(sha256, work.landing, **writer.known_as(work.engine, sha256))


def _others(work: Workplace, sources: set[str], sha256: str) -> list[pipeline.Outcome]:
    rows = [
        row
        for row in replay.quarantined(work.engine)
        if row["source"] in sources and row["sha256"] != sha256
    ]
    out = []
    for row in rows:
        out += list(replay.replay(work, row["sha256"]))
    return out


def withdraw(work: Workplace, prefix: str, person: Person) -> Decision:
    """Take a loaded document back: its figures go, the versions before them count again.

    Raises KcaError NO_FILE where no or more than one loaded document has such a hash.
    """
    rows = [
        d
        for d in queries.documents(work.engine)
        if d["state"] == DocumentState.LOADED and d["sha256"].startswith(prefix)
    ]
    if len(rows) != 1:
        what = f"{len(rows)} loaded documents have a hash that begins with {prefix!r}"
        raise KcaError(Finding(Code.NO_FILE, what, expected="one; see the view `documents`"))
    sha256 = rows[0]["sha256"]
    one = Decision(
        id=uuid.uuid4().hex[:12],
        source=rows[0]["source"],
        sha256=sha256,
        holds=ONE_DOCUMENT,
        question="withdraw",
        answer="withdraw",
        amendments=(Amendment("withdraw", value=sha256),),
        name=person.name.strip(),
        reason=person.reason.strip(),
        decided_at=_now(),
    )
    with writing(work.engine, one.source) as connection:
        stored.record(connection, [one])
    copies.write([one], work.landing)
    _note(work, sha256)
    return one


def revoke(work: Workplace, id_: str, person: Person) -> list[pipeline.Outcome]:
    """Take a decision back, and carry the documents in again that were read by it.

    Where a process died in between, the documents are carried in now. Raises KcaError BAD_DECISION
    for an unknown id, and DECIDED_BEFORE if it is revoked already.
    """
    one = find(work.decisions, id_)
    touched = stored.taken_out(work.engine) if one.revoked_at else []
    if not touched:
        _, touched = stored.revoke(work.engine, one, person.name.strip(), person.reason.strip())
    now = replace(work, decisions=stored.everything(work.engine))
    copies.write(now.decisions, work.landing)
    out: list[pipeline.Outcome] = []
    for sha256 in touched:
        out += list(replay.replay(now, sha256))
    return out


def find(decisions: Sequence[Decision], id_: str) -> Decision:
    """Return a decision by its id or its beginning; raises KcaError BAD_DECISION."""
    found = [d for d in decisions if d.id.startswith(id_)]
    if len(found) != 1:
        known = ", ".join(d.id for d in decisions) or "there are none"
        raise _bad(f"{len(found)} decisions have an id that begins with {id_!r}", known)
    return found[0]


def open_documents(engine: Engine) -> list[dict[str, Any]]:
    """Return the quarantined documents that wait for a decision, the oldest first."""
    return [d for d in queries.documents(engine) if d["state"] in REFUSED]


def _said(error: Exception) -> str:
    if isinstance(error, KcaError):
        return error.findings[0].what
    return str(error).splitlines()[0]


def _bad(what: str, expected: str = "") -> KcaError:
    return KcaError(Finding(Code.BAD_DECISION, what, expected=expected))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
