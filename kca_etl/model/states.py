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
SETTLED = (DocumentState.REFUSED, DocumentState.WITHDRAWN)  # by a person: nothing is left to do


class RunState(StrEnum):
    """How a run stands. One that was killed stays RUNNING."""

    RUNNING = "running"
    DONE = "done"
    QUARANTINED = "quarantined"  # at least one document was refused
    WAITING = "waiting"
    FAILED = "failed"


class MonthState(StrEnum):
    """How a source's month stands, or what a run made of it."""

    NOT_DUE = "not due"
    PLANNED = "planned"  # a run is about to load it
    DUE = "due"
    WAITING = "waiting"  # asked for since it was due, and not there yet
    OVERDUE = "overdue"
    LOADED = "loaded"
    REVISED = "revised"
    UNCHANGED = "unchanged"  # it was there before: a run changed nothing
    QUARANTINED = "quarantined"
    UNREACHABLE = "unreachable"  # its publisher did not answer, refused us, or no longer has it
    WITHHELD = "withheld"


# One sign per state, the same wherever months are drawn. Capitals: somebody has to act.
SIGNS: dict[MonthState, str] = {
    MonthState.QUARANTINED: "QUAR",
    MonthState.UNREACHABLE: "FAIL",
    MonthState.OVERDUE: "LATE",
    MonthState.PLANNED: "plan",
    MonthState.WAITING: "wait",
    MonthState.DUE: "due",
    MonthState.REVISED: "rev",
    MonthState.LOADED: "ok",
    MonthState.UNCHANGED: "same",
    MonthState.WITHHELD: "held",
    MonthState.NOT_DUE: "·",
}
GRAVITY = tuple(SIGNS)  # the gravest first: it speaks for a month with several documents
TO_ACT = (MonthState.QUARANTINED, MonthState.UNREACHABLE, MonthState.OVERDUE)
