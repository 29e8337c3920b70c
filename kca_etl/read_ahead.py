"""Documents taken in in order, the sheets of the next one read while this one is loaded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING

from kca_etl.landing.archive import attempts
from kca_etl.model.findings import KcaError
from kca_etl.model.guarded import whatever_happens
from kca_etl.sources import registry

if TYPE_CHECKING:
    from pathlib import Path

    from kca_etl.extract.reader import Workbook
    from kca_etl.pipeline import Incoming, Received


def opened(
    documents: Iterable[Incoming], take_in: Callable[[Incoming], Received], landing: Path
) -> Iterator[tuple[Incoming, Received]]:
    """Take documents in, in order, reading one ahead: the reader lets go of the interpreter.

    Not where a process died before: a document that kills must not take its neighbour along.
    """
    ahead = 0 if attempts.left_behind(landing) else 1
    waiting: deque[tuple[Incoming, Received, Future[None]]] = deque()
    documents = iter(documents)
    with ThreadPoolExecutor(1) as reader:
        try:
            while True:
                for incoming in islice(documents, 1 + ahead - len(waiting)):
                    received = take_in(incoming)
                    begun = reader.submit(_read_ahead, received.book, incoming.source)
                    waiting.append((incoming, received, begun))
                if not waiting:
                    return
                incoming, received, begun = waiting.popleft()
                begun.result()
                yield incoming, received
        finally:
            for _, received, _ in waiting:
                received.attempt.end()


def _read_ahead(book: Workbook | None, source: str | None) -> None:
    """Read the sheets that a known source needs.

    What cannot be read is reported when the document is read.
    """
    if book is None:
        return
    with whatever_happens([]):
        ignored = registry.load(source).ignore_sheets if source else ("*",)
        for name in book.names:
            if not any(fnmatchcase(name.strip(), i) for i in ignored):
                with suppress(KcaError):
                    book[name]
