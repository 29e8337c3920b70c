"""Drafts of declarations: a whole one for an unknown document, a patch for a drifted layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from kca_etl import pipeline
from kca_etl.model.catalogue import sentence
from kca_etl.model.findings import KcaError, Verdict
from kca_etl.model.observations import Observations
from kca_etl.propose import drift
from kca_etl.propose.draft import propose
from kca_etl.sources import registry

if TYPE_CHECKING:
    from kca_etl.sources.spec import Source

MAX_ROUNDS = 3  # what one change brings to light is changed as well


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, what a person must settle, and what the document reads like by it.

    `problems`: why the draft is no declaration, or the findings of reading by it.
    """

    text: str
    todo: list[str]
    problems: list[str]
    observations: Observations | None


@dataclass(frozen=True, slots=True)
class Drifted:
    """What changed in a known source's document, and the patch to its declaration.

    `before` is the document read by the declaration, `after` read by the patched one.
    """

    source: str
    changes: list[str]
    patch: str
    before: pipeline.Reading
    after: pipeline.Reading


def source_of(received: pipeline.Received) -> Source | None:
    """Return the source that a document is of, or comes nearest to.

    Raises KcaError with the guard's findings where the document was refused.
    """
    if received.book is None:
        raise KcaError(*received.findings)
    known = pipeline.read(received).source
    return known or drift.nearest(received.book, [*map(registry.load, registry.names())])


def draft_of(received: pipeline.Received, name: str) -> Drafted:
    """Draft a declaration of that name; it is tried on the document."""
    if received.book is None:
        raise KcaError(*received.findings)
    draft = propose(received.book, name)
    try:
        reading = pipeline.read(received, registry.parse(draft.text))
    except (ValidationError, ValueError) as error:
        return Drafted(draft.text, draft.todo, [" · ".join(str(error).splitlines()[:3])], None)
    problems = [sentence(finding) for finding in reading.findings]
    return Drafted(draft.text, draft.todo, problems, reading.observations)


def drift_of(received: pipeline.Received, source: Source) -> Drifted:
    """Say what changed in a source's document; the patch is tried on it, a few times over."""
    name, book = source.source, received.book
    given = text = registry.path(name).read_text(encoding="utf-8")
    before = reading = pipeline.read(received, source)
    changes = drift.report(reading.findings)
    for _ in range(MAX_ROUNDS):
        if book is None or reading.verdict is not Verdict.QUARANTINE:
            break
        text = drift.amended(text, source, book, reading.findings)
        source = registry.parse(text)
        reading = pipeline.read(received, source)
        changes += [line for line in drift.report(reading.findings) if line not in changes]
    return Drifted(name, changes, drift.diff(name, given, text), before, reading)
