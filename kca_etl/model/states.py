"""What can become of a document, a month and a run: the words that the warehouse keeps."""

from __future__ import annotations

from enum import StrEnum


class DocumentState(StrEnum):
    """What became of a document. All but UNCHANGED and MISSING stand in the warehouse."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"  # it was loaded before: nothing happened
    QUARANTINED = "quarantined"
    REJECTED = "rejected"
    REPLACED = "replaced"  # quarantined once; another document of its month was loaded since
    REFUSED = "refused"  # by a person's decision: no question is open any more
    WITHDRAWN = "withdrawn"  # loaded once; by a person's decision it counts no more
    MISSING = "missing"  # no document came


REFUSED = (DocumentState.QUARANTINED, DocumentState.REJECTED)


class RunState(StrEnum):
    """How a run stands. One that was killed stays RUNNING."""

    RUNNING = "running"
    DONE = "done"
    QUARANTINED = "quarantined"  # at least one document was refused
    WAITING = "waiting"
    FAILED = "failed"


class MonthState(StrEnum):
    """How a source's month stands."""

    NOT_DUE = "not due"
    DUE = "due"
    WAITING = "waiting"  # asked for since it was due, and not there yet
    OVERDUE = "overdue"
    LOADED = "loaded"
    REVISED = "revised"
    QUARANTINED = "quarantined"
    WITHHELD = "withheld"
