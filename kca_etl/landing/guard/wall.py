"""Child processes in which foreign files are read, under limits that the system keeps.

The spreadsheet reader is not ours: a damaged file can abort its process, fill the memory or never
end. A child that dies over a document costs that document; a new one takes its place.

A child is a fork of the process that needs it: it starts in a few milliseconds and knows all that
its parent knows. Where a system cannot fork safely (Windows, macOS), the work is done in the
process itself, without a wall. See docs/decisions/12-the-reader-behind-a-wall.md.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NoReturn

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

MAX_MEMORY = 768 << 20  # bytes a child may ask for beside what its parent had
MAX_CPU_S = 60  # seconds of computing for one document
DEADLINE_S = 180.0  # seconds for one document by the clock
STUCK_CPU_S = 0.5  # a child that computed less than this until the deadline was never let go
HAS_WALL = sys.platform == "linux"
_PROTOCOL = 5


class Child:
    """A process that does one kind of work, one job after the other.

    It starts with its first job. `work` takes a job that can be pickled; so can what it returns.
    """

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._job: Any = None
        self._pid = 0
        self._end: Connection | None = None

    def begin(self, job: Any) -> None:  # noqa: ANN401 - whatever the work takes
        """Hand over a job; its result must be asked for before the next."""
        self._job = job
        if HAS_WALL:
            with suppress(BrokenPipeError):  # it died; asking for the result says of what
                self._running().send_bytes(pickle.dumps(job, _PROTOCOL))

    def result(self) -> Any:  # noqa: ANN401 - whatever the work returns
        """Return what became of the job; raise what the work raised.

        Raises KcaError READER_DIED where the child did not survive it. The next job starts
        another.
        """
        if not HAS_WALL:
            return self._work(self._job)
        answer = self._answer()
        if answer is None:
            died, seconds = self._end_of_it()
            if died != "the deadline" or seconds > STUCK_CPU_S:
                _say(died, seconds)
            # Another thread held a lock when the child was forked: that is no document's fault.
            self.begin(self._job)
            answer = self._answer()
            if answer is None:
                _say(*self._end_of_it())
        succeeded, value = pickle.loads(answer)  # noqa: S301 - of our own child
        if succeeded:
            return value
        raise value

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._end is not None:
            self._end_of_it()

    def _running(self) -> Connection:
        if self._end is None:
            ours, theirs = Pipe()
            with warnings.catch_warnings():
                # Python warns of any fork beside other threads; `result` lives with a stuck one.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._pid = os.fork()
            if self._pid == 0:
                _serve(self._work, theirs)
            theirs.close()
            self._end = ours
        return self._end

    def _answer(self) -> bytes | None:
        """Return what the child sends in time; None where it died or is too slow."""
        end = self._running()
        with suppress(EOFError, OSError):
            return end.recv_bytes() if end.poll(DEADLINE_S) else None
        return None

    def _end_of_it(self) -> tuple[str, float]:
        """End and bury the process; return what it died of, and its seconds of computing."""
        late = self._end is not None and not _at_end(self._end)
        if late:
            os.kill(self._pid, signal.SIGKILL)
        _, status, used = os.wait4(self._pid, 0)
        if self._end is not None:
            self._end.close()
        self._end, self._pid = None, 0
        return "the deadline" if late else _reason(status), used.ru_utime + used.ru_stime


def _at_end(end: Connection) -> bool:
    """Tell whether the other side of a pipe has closed."""
    try:
        while end.poll(0):
            end.recv_bytes()
    except (EOFError, OSError):
        return True
    return False


def _reason(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        return f"{MAX_CPU_S} s of computing"
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _say(died: str, seconds: float) -> NoReturn:
    what = "the process that read the document did not survive it"
    limits = f"{MAX_CPU_S} s of computing, {DEADLINE_S:g} s in all, {MAX_MEMORY >> 20} MB"
    raise KcaError(
        Finding(
            Code.READER_DIED,
            what,
            found=f"{died} after {seconds:.1f} s computing",
            expected=f"at most {limits}",
        )
    )


def _serve(work: Callable[[Any], Any], end: Connection) -> NoReturn:
    """Do jobs until the parent hangs up; never return into the parent's code."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends its children
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        faulthandler.disable()  # its dump of a dying process has no reader
        _let_go_of_files(end.fileno())
        gc.freeze()
        _limit_memory()
        while True:
            job = pickle.loads(end.recv_bytes())  # noqa: S301 - of our own parent
            _limit_cpu()
            end.send_bytes(_done(work, job))
    except (EOFError, OSError):  # the parent hung up or was killed
        os._exit(0)
    except BaseException:  # noqa: BLE001 - memory gone: the parent says so
        os._exit(70)


def _done(work: Callable[[Any], Any], job: Any) -> bytes:  # noqa: ANN401 - as the work's
    try:
        return pickle.dumps((True, work(job)), _PROTOCOL)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - raised in the parent
        return pickle.dumps((False, error), _PROTOCOL)


def _let_go_of_files(kept: int) -> None:
    """Let go of all open files and sockets, so that no lock of the parent outlives it here.

    Their numbers stay taken: what closes one later hits nothing else.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        if number not in (kept, nothing):
            with suppress(OSError):  # the listing's own
                os.fstat(number)
                os.dup2(nothing, number)


def _limit_memory() -> None:
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MAX_MEMORY
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_cpu() -> None:
    """Give a document its seconds, beyond what the process has used."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = int(used.ru_utime + used.ru_stime) + 1 + MAX_CPU_S
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
