"""The inbox through the pipeline.

Each document that people dropped is recognised by its content, loaded, or quarantined with a note.
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
from kca_etl.landing.inbox.folder import SETTLE_S, Handled, Inbox
from kca_etl.landing.inbox.folder import work as hand_over
from kca_etl.landing.inbox.notice import note
from kca_etl.runs.record import recorded
from kca_etl.runs.text_inbox import TEXTS, answer_texts
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import UNREACHABLE, Busy
from kca_etl.workplace import Workplace

if TYPE_CHECKING:
    from sqlalchemy import Engine

MAX_LOOKS = 3  # for what a dead process held or somebody still writes; the rest waits
# The pipeline makes a finding of whatever a document does; these are the machine's own.
MACHINE_FAILURES = (OSError, *UNREACHABLE)


def pick_up(
    folder: Path,
    work: Workplace,
    task: pipeline.Task | None = None,
    *,
    settle: float = SETTLE_S,
) -> list[pipeline.Outcome]:
    """Pick up once what is complete.

    An empty inbox costs nothing; otherwise two looks, `settle` seconds apart. `task` runs the
    work on each document, e.g. as a task of a flow. Texts in the folder `texte` get their answer.
    """
    answer_texts(folder, work.settings, settle=settle)
    first = len(work.run.outcomes)
    with Inbox(folder, settle=settle) as box:
        box.look()
        for _ in range(MAX_LOOKS):
            if box.settled() and not any((folder / "claimed").glob("[!.]*")):
                break
            time.sleep(settle)
            for _gone in hand_over(box.pick(), handler(folder, work, task), MACHINE_FAILURES):
                pass
    return work.run.outcomes[first:]


def watch(
    folder: Path,
    engine: Engine,
    settings: Settings,
    stop: Event,
    *,
    every: float = 1.0,
    settle: float = SETTLE_S,
) -> Iterator[pipeline.Outcome]:
    """Pick up until told to stop; what is complete at one look is one run.

    Texts in the folder `texte`, which is made, get their answer.
    """
    (folder / TEXTS).mkdir(parents=True, exist_ok=True)
    with Inbox(folder, settle=settle) as box:
        while not stop.wait(every):
            answer_texts(folder, settings, settle=settle)
            documents = box.pick()
            for claimed in documents:
                with recorded(engine, settings, "watch") as work:
                    seen = 0
                    handle = handler(folder, work)
                    for _ in hand_over(chain([claimed], documents), handle, MACHINE_FAILURES):
                        yield from work.run.outcomes[seen:]
                        seen = len(work.run.outcomes)


def handler(
    folder: Path, work: Workplace, task: pipeline.Task | None = None
) -> Callable[[Path], Handled]:
    """Return what is done with one document; its outcome goes into the run."""

    def handle(path: Path) -> Handled:
        origin = str(folder.resolve() / path.name)
        try:
            outcome = pipeline.carry_one(pipeline.Incoming(path, origin), work, task)
        except Busy:
            return Handled("back")
        if outcome.result is None:
            findings = outcome.reading.findings
            return Handled("quarantine", note(path.name, findings, datetime.now(UTC)))
        return Handled("done")

    return handle
