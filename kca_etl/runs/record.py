"""A run.

Documents carried through the pipeline under one id, recorded from its start to its end.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl import pipeline
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.settings import Settings
from kca_etl.warehouse import migrate, writer
from kca_etl.warehouse.engine import open_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(slots=True)
class Run:
    """A run's id and the outcomes so far; `state` says how it ended where no outcome does."""

    run_id: str
    outcomes: list[pipeline.Outcome] = field(default_factory=list)
    state: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many documents came, were put aside, and what they did to the figures."""
        results = [o.result for o in self.outcomes if o.result is not None]
        return {
            "documents": len(self.outcomes),
            "inserted": sum(r.inserted for r in results),
            "revised": sum(r.revised for r in results),
            "unchanged": sum(r.unchanged for r in results),
            "quarantined": len(self.outcomes) - len(results),
        }


def warehouse(settings: Settings) -> Engine:
    """Open the warehouse.

    The embedded one is created on first use; any other must have been upgraded.
    """
    engine = open_engine(settings.url)
    engine.update_execution_options(patience=settings.lock_timeout)
    try:
        migrate.check(engine)
    except KcaError as error:  # asked first, since two processes may be the first at once
        if settings.database_url is not None or error.findings[0].code != Code.DB_MISSING:
            raise
        migrate.upgrade(engine)
    return engine


@contextmanager
def recorded(engine: Engine, command: str, source: str | None = None) -> Iterator[Run]:
    """Record a run. One that was killed has no end in the view `runs`."""
    run = Run(uuid.uuid4().hex[:12])
    writer.start_run(engine, run.run_id, command, source)
    state = "failed"
    try:
        yield run
        state = run.state or ("quarantined" if run.counts["quarantined"] else "done")
    finally:
        writer.finish_run(engine, run.run_id, state, run.counts)


def load_all(
    files: list[Path],
    engine: Engine,
    settings: Settings,
    source: str | None = None,
    month: int | None = None,
    command: str = "run",
) -> Iterator[pipeline.Outcome]:
    """Load documents under one run."""
    with recorded(engine, command, source) as run:
        for outcome in pipeline.run(files, engine, settings, run.run_id, source, month):
            run.outcomes.append(outcome)
            yield outcome
