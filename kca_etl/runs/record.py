"""A run: documents carried through the pipeline under one id, recorded from start to end."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.model.states import MonthState, RunState
from kca_etl.settings import Settings
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.pipeline import Outcome
    from kca_etl.workplace import Run, Workplace


IN_MEMORY = "sqlite://"
_LOG = logging.getLogger(__name__)


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


def reading(settings: Settings) -> Engine:
    """Open the warehouse to read from it; nothing is created.

    Where there is none, an empty one in memory answers that there is nothing.
    """
    if settings.is_there:
        return warehouse(settings)
    engine = open_engine(IN_MEMORY)
    try:
        migrate.check(engine)
    except KcaError:
        migrate.upgrade(engine)
    return engine


@contextmanager
def recorded(
    engine: Engine,
    settings: Settings,
    command: str,
    source: str | None = None,
    *,
    writes_notes: bool = True,
) -> Iterator[Workplace]:
    """Record a run while documents are carried in. One that was killed never ends on record."""
    from kca_etl.landing.archive import decisions as copies
    from kca_etl.runs import archive_record
    from kca_etl.warehouse import decisions, statistics, writer
    from kca_etl.workplace import Run, Workplace

    run = Run(uuid.uuid4().hex[:12])
    if writes_notes:
        _settle(engine, settings.landing)
    writer.start_run(engine, run.run_id, command, source)
    state = RunState.FAILED
    try:
        decided = decisions.everything(engine)
        if writes_notes:  # also those whose copy a killed process owed
            copies.write(decided, settings.landing)
        yield Workplace(settings, engine, run, writes_notes, decided)
        state = run.state or _ended(run)
        statistics.keep_true(engine)
    finally:
        writer.finish_run(engine, run.run_id, state, run.counts)
    if writes_notes:
        archive_record.bring_up_to_date(engine, settings.landing)


def _settle(engine: Engine, landing: Path) -> None:
    """Do what killed processes left undone in the archive; name what does not fit."""
    from kca_etl.landing.archive import files
    from kca_etl.runs import archive_record

    files.sweep(landing)
    for misfit in archive_record.misfits(engine, landing, archive_record.NEWEST_DOCUMENTS):
        _LOG.warning(sentence(misfit))
    archive_record.bring_up_to_date(engine, landing)


def _ended(run: Run) -> RunState:
    """Say how a run ended by what became of its documents."""
    from kca_etl.runs import outcomes

    became = {outcomes.became(outcome) for outcome in run.outcomes}
    if MonthState.QUARANTINED in became:
        return RunState.QUARANTINED
    return RunState.FAILED if MonthState.UNREACHABLE in became else RunState.DONE


def load_all(
    files: list[Path],
    engine: Engine,
    settings: Settings,
    source: str | None = None,
    month: Month | None = None,
    command: str = "run",
    *,
    reread: bool = False,
) -> Iterator[Outcome]:
    """Load documents under one run; with `reread` read also those that are loaded already."""
    from kca_etl import pipeline

    with recorded(engine, settings, command, source) as work:
        claimed = partial(pipeline.Incoming, source=source, month=month, reread=reread)
        yield from pipeline.carry(map(claimed, files), work)
