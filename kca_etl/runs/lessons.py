"""What the archived issues of a source teach about the relations between its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.learn.evidence import Issue, hold_out
from kca_etl.learn.trial import Lesson, learn
from kca_etl.model.catalogue import verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.month import Month
from kca_etl.runs.rebuild import archived
from kca_etl.sources import registry
from kca_etl.sources.spec import Source

READABLE = (Verdict.ACCEPT, Verdict.WARN)


def lesson(
    name: str, files: Sequence[Path], landing: Path, first: Month | None, last: Month | None
) -> Lesson:
    """Learn from the issues of a source from one month to another, and try on all others.

    Without months the last third is tried. `files`: the issues, if not the archived ones. Raises
    KcaError NO_SOURCE, NO_ISSUES.
    """
    source = registry.load(name)
    documents = [(document_of(path), path) for path in files] if files else _archived(name, landing)
    issues = list(_issues(source, documents))
    known = [i for i in issues if (first or i.month) <= i.month <= (last or i.month)]
    if not known:
        what = f"no issue of {name} to learn from"
        raise KcaError(Finding(Code.NO_ISSUES, what, expected="files, or archived issues"))
    others = [i for i in issues if i not in known]
    learned, tried = (known, others) if others else hold_out(known)
    return learn(source, registry.kennzahlen(source), learned, tried)


def _archived(source: str, landing: Path) -> Iterator[tuple[Document, Path]]:
    yield from ((a.document, a.path) for a in archived(landing) if a.source == source)


def _issues(source: Source, documents: Iterable[tuple[Document, Path]]) -> Iterator[Issue]:
    """Read documents; those that would not be loaded teach nothing.

    Twins that are not declared yet are to be learned, so they are no reason to refuse.
    """
    for document, path in documents:
        reading = pipeline.read(pipeline.open_document(document, path), source)
        doubts = [f for f in reading.findings if f.code != Code.SAME_FIGURES]
        if reading.observations is not None and reading.month and verdict_of(doubts) in READABLE:
            yield Issue(document.file_name, reading.month, reading.observations)
