"""The inbox through the pipeline.

Each document that people dropped is recognised by its content, loaded or put aside with a note.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from kca_etl import pipeline
from kca_etl.landing.inbox.folder import SETTLE, Handled, Inbox, work
from kca_etl.landing.inbox.notice import note
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.runs.record import Run, recorded
from kca_etl.settings import Settings
from kca_etl.warehouse import writer
from kca_etl.warehouse.engine import Busy

if TYPE_CHECKING:
    from sqlalchemy import Engine

# Looks for what a dead process held or somebody is still writing; the rest is for the next pick-up
ROUNDS = 3


def pick_up(
    folder: Path, engine: Engine, settings: Settings, run: Run, *, settle: float = SETTLE
) -> list[pipeline.Outcome]:
    """Pick up once what is complete.

    An empty inbox costs nothing; otherwise two looks, `settle` seconds apart.
    """
    first = len(run.outcomes)
    with Inbox(folder, settle=settle) as box:
        box.look()
        for _ in range(ROUNDS):
            if box.settled() and not any((folder / "claimed").glob("[!.]*")):
                break
            time.sleep(settle)
            for _gone in work(box.pick(), handler(folder, engine, settings, run)):
                pass
    return run.outcomes[first:]


def watch(
    folder: Path,
    engine: Engine,
    settings: Settings,
    stop: Event,
    *,
    every: float = 1.0,
    settle: float = SETTLE,
) -> Iterator[pipeline.Outcome]:
    """Pick up until told to stop; what is complete at one look is one run."""
    with Inbox(folder, settle=settle) as box:
        while not stop.wait(every):
            claims = box.pick()
            for claimed in claims:
                with recorded(engine, "watch") as run:
                    seen = 0
                    for _ in work(chain([claimed], claims), handler(folder, engine, settings, run)):
                        yield from run.outcomes[seen:]
                        seen = len(run.outcomes)


def handler(
    folder: Path, engine: Engine, settings: Settings, run: Run
) -> Callable[[Path], Handled]:
    """Return what is done with one document; its outcome goes into the run."""

    def handle(path: Path) -> Handled:
        origin = str(folder.resolve() / path.name)
        try:
            outcome = pipeline.keep(
                _read(pipeline.receive(path, settings, origin)), engine, settings, run.run_id
            )
        except Busy:
            return Handled("back")
        run.outcomes.append(outcome)
        reading = outcome.reading
        reading.observations = None  # a thousand documents must not pile up
        if outcome.result is None:
            return Handled("quarantine", note(path.name, reading.findings, datetime.now(UTC)))
        if reading.source is not None:
            writer.supersede(
                engine,
                reading.source.source,
                reading.month,
                reading.document.origin,
                reading.document.sha256,
            )
        return Handled("done")

    return handle


def _read(received: pipeline.Received) -> pipeline.Reading:
    """Read a document whatever it does.

    One that trips the reader is put aside and must not hold up the others for ever.
    """
    try:
        return pipeline.read(received)
    except (KcaError, OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - said in a finding
        finding = Finding(
            Code.UNREADABLE,
            "the document trips the reader; report this",
            found=type(error).__name__,
        )
        return pipeline.Reading(received.document, received.path, findings=[finding])
