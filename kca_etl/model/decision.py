"""A person's decision on a refused document: what was asked and answered, by whom, and why."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from kca_etl.model.month import Month

ONE_DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change of what a document is held against.

    `op` names an operation of `kca_etl.sources.amend` or of a single document (`accept`,
    `refuse`, `withdraw`). `table`: the id of the table that it changes · `old`: the declared
    text · `new`: the text that was found · `value`: what `new` shall mean.
    """

    op: str
    table: str = ""
    old: str = ""
    new: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer on record.

    `holds`: `document`, or the month (`2020-11`) from which on it counts for the source ·
    `sha256`: the document that it was first needed for · `question`, `answer`: as they were
    put and given · `decided_at`, `revoked_at`: ISO time in UTC, empty if not revoked.
    """

    id: str
    source: str
    sha256: str
    holds: str
    question: str
    answer: str
    amendments: tuple[Amendment, ...]
    name: str
    reason: str
    decided_at: str
    revoked_at: str = ""
    revoked_by: str = ""
    revoked_reason: str = ""

    def covers(self, sha256: str, month: Month | None) -> bool:
        """Tell whether it counts for a document; one without a month of its own is covered."""
        if self.revoked_at:
            return False
        if self.holds == ONE_DOCUMENT:
            return self.sha256 == sha256
        return month is None or str(month) >= self.holds

    def about(self, op: str) -> list[Amendment]:
        """Return its amendments of one kind."""
        return [a for a in self.amendments if a.op == op]

    @property
    def sentence(self) -> str:
        """The decision in one line."""
        return f"{self.id}: {self.question} → {self.answer} ({self.name}: {self.reason})"


def to_row(decision: Decision) -> dict[str, Any]:
    """Return a decision as texts; the amendments as JSON."""
    row = {f.name: getattr(decision, f.name) for f in fields(Decision)}
    given = [{key: text for key, text in asdict(a).items() if text} for a in decision.amendments]
    return row | {"amendments": json.dumps(given, ensure_ascii=False, sort_keys=True)}


def from_row(row: dict[str, Any]) -> Decision:
    """Read what `to_row` wrote; other keys are left alone."""
    known = {f.name: str(row[f.name]) for f in fields(Decision) if f.name != "amendments"}
    amendments = tuple(Amendment(**given) for given in json.loads(row["amendments"]))
    return replace(Decision(**known, amendments=()), amendments=amendments)
