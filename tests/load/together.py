"""Writers and readers on one warehouse at once, and what must be true afterwards.

Each writer brings documents of one of four sources, so that two of them contend for each. Every
document states the same number in all its facts, so a reader sees at once if it got half of one.
At the end the warehouse must be that of the same documents loaded one after the other.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.queues import Queue
from typing import Any

from kca_etl.model.month import Month
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import Busy, open_engine
from kca_etl.warehouse.views import queries
from tests.warehouse.synthetic import Fact, export, load

WRITERS, READERS, SOURCES = 8, 4, 4
MONTHS, FACTS = 24, 60  # of a source; of a document
FIRST = Month.of(2018, 1)


def stated(number: int) -> tuple[str, str, list[Fact]]:
    """Return a document's name, its datenstand and what it states, all by its number."""
    chance = random.Random(number)
    month, day = FIRST + chance.randrange(MONTHS), 1 + number % 28
    stand = f"{2021 + number // 336}-{1 + number // 28 % 12:02}-{day:02}"
    value = float(chance.randrange(1_000_000))
    facts = [Fact(value, month=month, code=f"{n:05}", row=n) for n in range(FACTS)]
    return f"document {number}", stand, facts


def write(url: str, own: int, until: float, told: Queue[Any]) -> None:
    """Bring documents until the time is over; tell which."""
    brought, busy, number = [], 0, own
    while time.time() < until:
        source = f"source {own % SOURCES}"
        name, stand, facts = stated(number)
        try:
            load(open_engine(url), f"{source} {name}", stand, facts, source)
        except Busy:
            busy += 1
            continue
        brought.append((source, number))
        number += WRITERS
    told.put(("writer", brought, busy))


def read(url: str, own: int, until: float, told: Queue[Any]) -> None:
    """Ask for a month's figures until the time is over; tell how often, and what was torn."""
    chance, asked, torn = random.Random(own), 0, 0
    while time.time() < until:
        source, month = f"source {chance.randrange(SOURCES)}", FIRST + chance.randrange(MONTHS)
        found = queries.found(open_engine(url), source=source, month=Month(month))
        values = set(found.ids["value"].tolist())
        torn += len(values) > 1 or len(found) not in (0, FACTS)
        asked += 1
    told.put(("reader", asked, torn))


def tried(url: str, seconds: float) -> dict[str, Any]:
    """Let all work at once; return what they did, and whether the warehouse is as it must be."""
    context = get_context("fork")  # all modules are loaded; no connection is open
    open_engine(url).dispose()
    open_engine.cache_clear()
    told: Queue[Any] = context.Queue()
    until = time.time() + seconds
    work = [(write, n) for n in range(WRITERS)] + [(read, n) for n in range(READERS)]
    processes = [context.Process(target=t, args=(url, n, until, told)) for t, n in work]
    for process in processes:
        process.start()
    answers = [told.get(timeout=seconds + 300) for _ in processes]
    for process in processes:
        process.join(60)
    brought = [one for kind, *about in answers if kind == "writer" for one in about[0]]
    asked = [about for kind, *about in answers if kind == "reader"]
    return {
        "seconds": seconds,
        "documents": len(brought),
        "busy": sum(about[1] for kind, *about in answers if kind == "writer"),
        "queries": sum(about[0] for about in asked),
        "torn reads": sum(about[1] for about in asked),
        "as one after the other": _digest(url) == _alone(brought),
        "exit codes": sorted({process.exitcode for process in processes}),
    }


def _alone(brought: list[tuple[str, int]]) -> str:
    """Load the same documents one after the other; return what the warehouse then states."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/alone.db"
        migrate.upgrade(open_engine(url))
        for source, number in sorted(brought):
            name, stand, facts = stated(number)
            load(open_engine(url), f"{source} {name}", stand, facts, source)
        try:
            return _digest(url)
        finally:
            open_engine(url).dispose()


def _digest(url: str) -> str:
    return hashlib.sha256(export(open_engine(url)).encode()).hexdigest()
