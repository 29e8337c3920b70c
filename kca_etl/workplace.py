"""What a run works with: settings, warehouse, archive, and the record of what it did so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl.model.decision import Decision
from kca_etl.model.states import REFUSED, DocumentState, RunState
from kca_etl.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.pipeline import Outcome


@dataclass(slots=True)
class Run:
    """A run's id and its outcomes so far.

    `state` says how the run ended where its outcomes do not.
    """

    run_id: str
    outcomes: list[Outcome] = field(default_factory=list)
    state: RunState | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many documents came, failed to come, were refused; what they did to the figures."""
        results = [o.result for o in self.outcomes if o.result is not None]
        return {
            "documents": len(self.outcomes),
            "inserted": sum(r.inserted for r in results),
            "revised": sum(r.revised for r in results),
            "unchanged": sum(r.unchanged for r in results),
            "quarantined": sum(o.state in REFUSED for o in self.outcomes),
            "missing": sum(o.state is DocumentState.MISSING for o in self.outcomes),
        }


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where documents are carried to.

    `writes_notes`: whether the archive is told what became of its documents; a rebuild into
    another warehouse leaves the archive as it is. `decisions`: what people decided so far.
    """

    settings: Settings
    engine: Engine
    run: Run
    writes_notes: bool = True
    decisions: tuple[Decision, ...] = ()

    @property
    def landing(self) -> Path:
        """The archive of everything received."""
        return self.settings.landing
