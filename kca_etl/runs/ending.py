"""How a run ended: in one name, one message and one exit code, whatever kind of run it was.

A run that leaves something for a person to do is named for the gravest of it. It is never green.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kca_etl.model.states import MonthState

DONE = "Completed"
# What a person must look at, the gravest first: the name of the run's state and its exit code.
GRAVE: Mapping[MonthState, tuple[str, int]] = {
    MonthState.QUARANTINED: ("Quarantined", 3),
    MonthState.UNREACHABLE: ("Unreachable", 1),
    MonthState.OVERDUE: ("Overdue", 5),
}
NAMES = tuple(name for name, _ in GRAVE.values())
COUNTED = (
    MonthState.LOADED,
    MonthState.REVISED,
    MonthState.UNCHANGED,
    MonthState.WAITING,
    MonthState.DUE,
    MonthState.NOT_DUE,
    *GRAVE,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """The name of a run's last state, what it says, and what a script exits with."""

    name: str
    message: str
    exit_code: int

    @property
    def is_green(self) -> bool:
        """Whether nothing is left for a person to do."""
        return self.exit_code == 0


def ending(states: Iterable[str]) -> Ending:
    """Judge a run by what became of its documents and months, one word (`MonthState`) for each."""
    counts = Counter(states)
    total = sum(counts.values())
    gravest = next((state for state in GRAVE if counts[state]), None)
    rest = [f"{counts[state]} {state}" for state in COUNTED if counts[state] and state != gravest]
    if gravest is None:
        said = f"{total} documents: {', '.join(rest)}" if total else "nothing to do"
        return Ending(DONE, said, 0)
    name, code = GRAVE[gravest]
    said = ", ".join([f"{name}: {counts[gravest]} of {total}", *rest])
    return Ending(name, said, code)


def exit_code(name: str) -> int:
    """Return what a script exits with whose run ended in a state of this name."""
    return {DONE: 0, **dict(GRAVE.values())}.get(name, 1)
