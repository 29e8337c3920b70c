"""What decisions mean for one document: which count, what they let pass, what they leave out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kca_etl.model.codes import Code
from kca_etl.model.decision import Decision
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.states import DocumentState


def applying(
    decisions: Iterable[Decision], source: str, sha256: str, month: Month | None
) -> list[Decision]:
    """Return the decisions that count for a document of a source, in the order of their ids.

    `month` is what the document states of itself, None where only its tables say it.
    """
    found = [d for d in decisions if d.source == source and d.covers(sha256, month)]
    return sorted(found, key=lambda d: (d.decided_at, d.id))


def read_by(counting: Sequence[Decision]) -> list[Finding]:
    """Say by which decisions a document is read: no leniency is silent."""
    what = "the document is read as people decided"
    found = "; ".join(d.sentence for d in counting)
    return [Finding(Code.DECIDED, what, found=found)] if counting else []


def settled(sha256: str, decisions: Sequence[Decision]) -> list[Finding]:
    """Say that a decision leaves a document out, whatever it holds."""
    return [
        Finding(Code.SETTLED, f"the document does not count: {one.reason}", found=one.sentence)
        for one in decisions
        if one.sha256 == sha256 and not one.revoked_at
        if one.about("refuse") or one.about("withdraw")
    ]


def state(sha256: str, decisions: Sequence[Decision]) -> DocumentState | None:
    """Return the state that a decision gives to a document; None where none is about it."""
    mine = [d for d in decisions if d.sha256 == sha256 and not d.revoked_at]
    if any(d.about("withdraw") for d in mine):
        return DocumentState.WITHDRAWN
    return DocumentState.REFUSED if any(d.about("refuse") for d in mine) else None


def accepted(
    findings: Sequence[Finding], sha256: str, month: Month | None, decisions: Sequence[Decision]
) -> list[Finding]:
    """Turn findings that a person accepted for this document into warnings that say so."""
    mine = [d for d in decisions if d.sha256 == sha256 and d.covers(sha256, month)]
    by_code = {a.new: one for one in mine for a in one.about("accept")}
    return [_warning(f, by_code[f.code]) if f.code in by_code else f for f in findings]


def _warning(finding: Finding, one: Decision) -> Finding:
    what = f"[{finding.code}] {finding.what}; accepted by {one.name}"
    found = f"{finding.found} · decision {one.id}"
    return replace(finding, code=Code.DECIDED, what=what, found=found)
