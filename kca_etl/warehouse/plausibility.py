"""A document that would be loaded is held against its own past and against other sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine

from kca_etl.model.catalogue import verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, Verdict
from kca_etl.model.guarded import whatever_happens
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.model.stated_change import StatedChange
from kca_etl.model.states import DocumentState
from kca_etl.sources import registry
from kca_etl.sources.spec import Source
from kca_etl.validate.over_time import check as over_time
from kca_etl.validate.over_time.issue import Issue, of_document
from kca_etl.validate.stated_changes import check_past
from kca_etl.warehouse import reconcile
from kca_etl.warehouse.issues import issues
from kca_etl.warehouse.past import is_loaded, past, revisions, stated


@dataclass(slots=True)
class Held:
    """What was found, and the document's figures as the next documents are held against them."""

    findings: list[Finding] = field(default_factory=list)
    issue: Issue | None = None


def check(
    engine: Engine,
    source: Source,
    document: Document,
    month: Month,
    o: Observations,
    became: str = "",
    changes: Sequence[StatedChange] = (),
) -> Held:
    """Hold a document against what the warehouse knows.

    `changes`: what it says of figures that only the warehouse knows · `became`: its state, where
    a rebuild carries it in again. A rebuild asks nothing anew: what was loaded is loaded, what
    was replaced stays replaced, whatever part of the past is there.
    """
    held = Held(reconcile.check(engine, source.source, document, o))
    if became == DocumentState.REPLACED:
        what = "the document was quarantined, and an amended one has taken its place"
        held.findings.append(Finding(Code.REPLACED_BEFORE, what))
    elif not is_loaded(engine, document.sha256):
        with whatever_happens(held.findings):
            held.issue = of_document(o, month, document.file_name)
            found = _against_past(engine, source, held.issue, o, changes)
            settled = became == DocumentState.LOADED
            held.findings += [f for f in found if not settled or verdict_of([f]) is Verdict.WARN]
    return held


def _against_past(
    engine: Engine, source: Source, own: Issue, o: Observations, changes: Sequence[StatedChange]
) -> list[Finding]:
    """Hold a document's figures, tables and revisions against those of its source."""
    catalogue = registry.kennzahlen(source)
    around, repeated = issues(engine, source.source, own)
    found = over_time.check_tables(o, own, around, repeated, catalogue)
    if len(o) <= over_time.MAX_FIGURES:
        known = past(engine, source.source, o)
        found += over_time.check(o, known, own.month, source, catalogue)
        found += check_past(o, changes, known, catalogue)
    known = stated(engine, source.source, o)
    if len(known.month):
        seen = revisions(engine, source.source, o, known)
        found += over_time.check_revisions(o, known, seen)
    return found
