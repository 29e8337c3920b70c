"""Ends an operation at each of its steps, repeats it, and compares with one that nothing disturbed.

Everything runs in processes forked from one that has all modules loaded: a crash costs
milliseconds. The forking process itself opens no warehouse and has no threads.
"""

from __future__ import annotations

import faulthandler
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.crash import operations
from tests.crash.places import Place, let_go
from tests.crash.seen import damaged, facts, seen
from tests.crash.steps import CRASHED, Steps

FAILED = 1
MAX_S = 10  # a process that takes longer hangs: it says where, and ends
MAX_TIMES = 2  # how often a fault's process may be followed by one that repeats its operation


@dataclass(slots=True)
class Tried:
    """How an operation fared under a fault: steps, tries, and what came out wrong."""

    operation: str
    database: str
    fault: str
    steps: int = 0
    tried: int = 0
    wrong: list[str] = field(default_factory=list)

    def as_row(self) -> dict[str, Any]:
        """The result for JSON."""
        return asdict(self)


def forked(act: Callable[[], Any]) -> tuple[int, Any]:
    """Do something in a process of its own; return its exit code and its result, if any."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _in_child(act, write)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(text) if text else None


def _in_child(act: Callable[[], Any], pipe: int) -> None:
    """End this process with the act's result in the pipe; never return."""
    code = 0
    faulthandler.dump_traceback_later(MAX_S, exit=True)
    try:
        result = act()
    except BaseException:  # noqa: BLE001 - the exit code and the text tell of it
        code, result = FAILED, traceback.format_exc(limit=-6)
    with os.fdopen(pipe, "w", encoding="utf-8") as out:
        json.dump(result, out)
    os._exit(code)


class Trial:
    """An operation on a place, prepared once and tried often."""

    def __init__(self, name: str, place: Place) -> None:
        self.name, self.place = name, place
        self.operation = operations.OPERATIONS[name]
        place.begin()
        for act in self.operation.prepare:
            self._undisturbed(act)
        place.keep()
        self.before = self._looked(facts)
        self.steps: list[str] = []
        code, self.steps = forked(lambda: self._acted("crash", 0))
        if code:
            raise AssertionError(f"{name} fails undisturbed: {self.steps}")
        self.wanted = self._looked(seen)
        self.after = self._looked(facts)

    def fares(self, fault: str, at: int) -> str:
        """Try a fault at a step; return what came out wrong, or nothing."""
        self.place.set_back()
        code, said = forked(lambda: self._acted(fault, at))
        if fault in ("crash", "power") and code != CRASHED:
            return f"the process went on: {said}"
        if found := self._looked(facts) not in (self.before, self.after) and self._is_atomic:
            return f"half of it is in the warehouse: {found}"
        if found := self._looked(damaged):
            return f"damaged in the archive: {found}"
        self.place.let_days_pass()
        for _ in range(MAX_TIMES):
            code, said = forked(lambda: self._acted("crash", 0))
            if code == 0:
                break
        if code:
            return f"it cannot be repeated: {said}"
        return _difference(self.wanted, self._looked(seen))

    @property
    def _is_atomic(self) -> bool:
        """Whether the operation changes the warehouse's figures in one transaction."""
        return self.name not in ("load several", "backfill", "revoke", "inbox")

    def _acted(self, fault: str, at: int) -> list[str]:
        steps = Steps(self.place.home, fault, at)
        steps.watch()
        with let_go(self.place.settings):
            self.operation.act(self.place)
        return steps.taken

    def _undisturbed(self, act: operations.Act) -> None:
        def prepared() -> None:
            with let_go(self.place.settings):
                act(self.place)

        code, said = forked(prepared)
        if code:
            raise AssertionError(f"{self.name} cannot be prepared: {said}")

    def _looked(self, look: Callable[[Place], Any]) -> Any:
        def looked() -> Any:
            with let_go(self.place.settings):
                return look(self.place)

        code, found = forked(looked)
        if code:
            raise AssertionError(f"nothing can be seen of {self.name}: {found}")
        return found


def tried(
    name: str, place: Place, fault: str, chosen: Callable[[int], list[int]]
) -> tuple[Tried, list[str]]:
    """Try an operation under a fault at the chosen of its steps; return its steps, too."""
    trial = Trial(name, place)
    result = Tried(name, "postgresql" if place.server else "sqlite", fault, len(trial.steps))
    for at in chosen(len(trial.steps)):
        result.tried += 1
        if found := trial.fares(fault, at):
            result.wrong.append(f"step {at} ({trial.steps[at - 1]}): {found}"[:2000])
    return result, trial.steps


@contextmanager
def publisher(samples: Path) -> Iterator[str]:
    """Serve the good document from a process of its own; yield the server's address."""
    from tests.landing.fetch.servers import Reply, serving

    parent = os.getpid()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        body = (samples / operations.GOOD).read_bytes()
        with serving(lambda _: Reply(200, body, {"ETag": '"1"'})) as served:
            os.write(write, served.base.encode())
            os.close(write)
            while os.getppid() == parent:  # also where the matrix itself is killed
                time.sleep(0.2)
            os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        base = pipe.read()
    try:
        yield base
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def warm(folder: Path) -> Path:
    """Draw the documents and load all modules, so that forked processes have them; no engine."""
    samples = folder / "samples"
    operations.draw(samples)
    place = Place(folder / "warm", samples)
    place.begin()
    for act in (operations.upgrade, operations.load(operations.GOOD), operations.report):
        with let_go(place.settings):
            act(place)
    with let_go(place.settings):
        seen(place)
    shutil.rmtree(place.folder)
    from kca_etl.warehouse.engine import open_engine

    open_engine.cache_clear()
    return samples


def _difference(wanted: dict[str, Any], found: dict[str, Any]) -> str:
    keys = [k for k in sorted(wanted.keys() | found.keys()) if wanted.get(k) != found.get(k)]
    return "; ".join(f"{key}: {_shown(wanted.get(key), found.get(key))}" for key in keys)


def _shown(wanted: Any, found: Any) -> str:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return _difference(wanted, found)
    if isinstance(wanted, list) and isinstance(found, list):
        lost, more = [x for x in wanted if x not in found], [x for x in found if x not in wanted]
        return f"lacks {lost}, has {more}"[:700]
    return f"{found} instead of {wanted}"


def say(result: Tried) -> None:
    """Print a line on a result."""
    wrong = f", {len(result.wrong)} WRONG" if result.wrong else ""
    line = f"{result.operation:<14} {result.database:<11} {result.fault:<6}"
    print(f"{line} {result.tried:>4} of {result.steps} steps{wrong}", file=sys.stderr, flush=True)
    for one in result.wrong[:5]:
        print(f"    {one}", file=sys.stderr, flush=True)
