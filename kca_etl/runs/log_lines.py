"""What a run's log says of a document: each line with its level and what it is of.

A document that was refused stands there in red, with sheet and cell. `LogLine.about` goes beside
the text into JSON logs (`KCA_LOG_JSON`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from kca_etl.model.catalogue import catalogue
from kca_etl.model.findings import Verdict
from kca_etl.model.states import TO_ACT
from kca_etl.pipeline import Outcome
from kca_etl.runs.outcomes import as_row, became, headline, sentences

LEVELS = {
    Verdict.ACCEPT: logging.INFO,
    Verdict.WARN: logging.WARNING,
    Verdict.WAIT: logging.WARNING,
    Verdict.QUARANTINE: logging.ERROR,
    Verdict.REJECT: logging.ERROR,
    Verdict.RETRY: logging.ERROR,
}
ABOUT = ("file", "sha256", "source", "berichtsmonat", "state")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, its level (`logging.INFO` …) and the fields it is of."""

    level: int
    text: str
    about: dict[str, str | None]


def log_lines(outcome: Outcome) -> Iterator[LogLine]:
    """Say what became of a document, line by line."""
    row = as_row(outcome)
    about = {name: row[name] for name in ABOUT}
    state = became(outcome)
    yield LogLine(logging.ERROR if state in TO_ACT else logging.INFO, headline(outcome), about)
    if outcome.result is not None and not outcome.result.already:
        for revision in outcome.result.revisions:
            yield LogLine(logging.INFO, f"revised: {revision}", about)
    for finding, text in zip(outcome.reading.findings, sentences(outcome), strict=False):
        where = {"code": str(finding.code), "sheet": finding.sheet, "cell": finding.cell}
        level = LEVELS[catalogue()[finding.code].verdict]
        yield LogLine(level, text, about | where)
