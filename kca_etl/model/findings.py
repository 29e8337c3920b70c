"""Findings.

What a reader should know of a document or a command, and the error that carries them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from kca_etl.model.codes import Code

MAX_FINDINGS_PER_KIND = 50  # a shifted sheet would otherwise list thousands of the same


class Verdict(StrEnum):
    """What becomes of a document (DESIGN: verdicts)."""

    ACCEPT = "accept"
    WARN = "warn"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    WAIT = "wait"
    RETRY = "retry"


_ORDER = list(Verdict)


def worst(verdicts: list[Verdict]) -> Verdict:
    """Return the gravest verdict; ACCEPT for none."""
    return max(verdicts, key=_ORDER.index, default=Verdict.ACCEPT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the reader should know: what, where, found and expected.

    `code` stands in the catalogue (`kca_etl.model.catalogue`); it gives severity and next step.
    `cell` is in A1 notation; for CSV column and row likewise.
    """

    code: Code
    what: str
    sheet: str = ""
    cell: str = ""
    found: str = ""
    expected: str = ""


class KcaError(Exception):
    """A document or a command cannot go on; carries the findings that say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f"[{f.code}] {f.what}" for f in findings))
        self.findings = list(findings)

    def __reduce__(self) -> tuple[type[KcaError], tuple[Finding, ...]]:
        return KcaError, tuple(self.findings)


def capped(findings: list[Finding]) -> list[Finding]:
    """Keep the first findings of each code and sheet, and say how many more there were."""
    counts: Counter[tuple[Code, str]] = Counter()
    out = []
    for finding in findings:
        counts[finding.code, finding.sheet] += 1
        if counts[finding.code, finding.sheet] <= MAX_FINDINGS_PER_KIND:
            out.append(finding)
    last = {(f.code, f.sheet): i for i, f in enumerate(out)}
    for key, count in counts.items():
        if count > MAX_FINDINGS_PER_KIND:
            i = last[key]
            out[i] = replace(
                out[i], what=f"{out[i].what} (and {count - MAX_FINDINGS_PER_KIND} more like it)"
            )
    return out
