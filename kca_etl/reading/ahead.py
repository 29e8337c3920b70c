"""Documents read in child processes, two at a time, and handed on in order."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from kca_etl.landing.archive import attempts
from kca_etl.landing.guard.wall import Child
from kca_etl.model.findings import KcaError

if TYPE_CHECKING:
    from pathlib import Path

    from kca_etl.pipeline import Incoming, Reading, Received

STAGES = (
    "kca_etl.landing.guard.inspect",
    "kca_etl.extract.recognise",
    "kca_etl.tidy.document",
    "kca_etl.validate.document",
    "python_calamine",
)
AHEAD = 2  # documents read while another one is loaded; one more process gained nothing


def readings(
    documents: Iterable[Incoming],
    take_in: Callable[[Incoming], Received],
    work: Callable[[Any], Reading],
    landing: Path,
) -> Iterator[tuple[Incoming, Received, Reading | KcaError | None]]:
    """Take documents in, in order, and read two ahead behind the wall.

    A document that is not to be read comes without a reading, one that its reader did not
    survive with the error. Where a process died before, none is read ahead: a document that
    kills must not take its neighbour along.
    """
    ahead = 0 if attempts.left_behind(landing) else AHEAD
    idle = [Child(work) for _ in range(AHEAD)]
    waiting: deque[tuple[Incoming, Received, Child]] = deque()
    documents = iter(documents)

    def take(most: int) -> None:
        for incoming in islice(documents, max(0, most - len(waiting))):
            received = take_in(incoming)
            child = idle.pop()
            waiting.append((incoming, received, child))
            if received.is_unread:
                _import_stages()
                child.begin((received.bare(), incoming.source, incoming.month))

    try:
        while True:
            take(max(1, ahead))
            if not waiting:
                return
            incoming, received, child = waiting[0]
            reading = _result(child) if received.is_unread else None
            waiting.popleft()
            idle.append(child)
            take(ahead)
            yield incoming, received, reading
    finally:
        for _, received, child in waiting:
            received.attempt.end()
            child.close()
        for child in idle:
            child.close()


def _import_stages() -> None:
    """Import what the children read with once, before they are forked."""
    for name in STAGES:
        importlib.import_module(name)


def reading_of(work: Callable[[Any], Reading], job: Any) -> Reading | KcaError:  # noqa: ANN401 - as the work's
    """Read one document behind the wall; return the error where its reader did not survive it."""
    child = Child(work)
    try:
        child.begin(job)
        return _result(child)
    finally:
        child.close()


def _result(child: Child) -> Reading | KcaError:
    try:
        found: Reading = child.result()
    except KcaError as error:
        return error
    return found
