"""What the command line prints, and the exit codes it ends with."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from kca_etl.model.catalogue import sentence, verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.foreign import visible

OK, OTHER, USAGE, QUARANTINED, REJECTED, WAITING, BUSY = 0, 1, 2, 3, 4, 5, 75
STOPPED = 130  # by Ctrl-C, as shells report it
MIN_COLUMN_WIDTH = 8  # of a table that must be narrowed to fit the terminal
EXIT = {
    Verdict.ACCEPT: OK,
    Verdict.WARN: OK,
    Verdict.QUARANTINE: QUARANTINED,
    Verdict.REJECT: REJECTED,
    Verdict.WAIT: WAITING,
    Verdict.RETRY: OTHER,
}
USAGE_CODES = {
    Code.NO_SOURCE,
    Code.BAD_OFFICE,
    Code.NO_JOBCENTER,
    Code.FOREIGN_FOLDER,
    Code.NO_FILE,
    Code.BAD_MONTH,
    Code.BAD_DAY,
    Code.BAD_RANGE,
    Code.BAD_VALUE,
    Code.DEMO_REFUSED,
    Code.NO_FETCH,
    Code.NO_ISSUE,
    Code.NOTHING_TO_EXPORT,
    Code.NO_CALENDAR,
    Code.NO_KENNZAHL,
    Code.NO_REGION,
    Code.BAD_DECISION,
}

# Faults of the machine and the database: exit codes of BSD's sysexits.h where one fits.
MACHINE = {
    Code.DB_DAMAGED: 65,
    Code.DB_DOWN: 69,
    Code.TOO_MANY_FILES: 71,
    Code.DISK_FAULT: 72,
    Code.NOT_WRITABLE: 73,
    Code.DISK_FULL: 74,
    Code.DB_LOST: 76,
    Code.DB_URL: 78,
}

# What a command ends with that looked into the wrong warehouse, or into an empty one.
FOUND_NOTHING = {Code.NO_FACTS, Code.NO_COMPARISON, Code.NOTHING_TO_EXPORT}

debug = False  # set by --debug


def listing(rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str = "") -> None:
    """Print rows as JSON or as an aligned table with a header."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False, indent=1, default=str))
    elif rows:
        print(table(rows))
    elif empty:
        print(empty)
    if not rows and (empty or as_json):
        nowhere()


def nowhere() -> None:
    """Say where a command looked that found nothing."""
    from kca_etl.settings import Settings

    print(Settings().whereabouts, file=sys.stderr)


def table(rows: Sequence[dict[str, Any]], width: int | None = None) -> str:
    """Align rows under their keys; numbers to the right.

    `width`: characters that a line may have; without it, those of the terminal. Where there is
    no terminal every text stands in full.
    """
    columns = [_aligned(key, [row.get(key) for row in rows]) for key in rows[0]]
    if width is None and sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
    if width is not None:
        columns = _fitted(columns, width)
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _fitted(columns: list[list[str]], width: int) -> list[list[str]]:
    """Narrow the widest columns until a line fits; a shortened text ends with an ellipsis."""
    widths = [len(column[0]) for column in columns]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > MIN_COLUMN_WIDTH:
        widths[widths.index(max(widths))] -= 1
    return [
        [_shortened(cell, size) for cell in column]
        for column, size in zip(columns, widths, strict=True)
    ]


def _shortened(cell: str, size: int) -> str:
    kept = cell.rstrip()
    return cell[:size] if len(kept) <= size else kept[: size - 1] + "…"


@contextmanager
def progress(doing: str, total: int, *, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """Show a bar with the time that is left while something is done `total` times.

    Yields what to call after each. Nothing is shown where nobody watches: without a terminal,
    or with `quiet`.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich import progress as bars
    from rich.console import Console

    shown = (bars.TextColumn(doing), bars.BarColumn(), bars.MofNCompleteColumn())
    left = bars.TimeRemainingColumn()
    with bars.Progress(*shown, left, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def busy(doing: str, *, quiet: bool = False) -> Iterator[None]:
    """Show that something is being done of which nobody knows how long it takes."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


@contextmanager
def interruptible(done: Callable[[], int], total: int) -> Iterator[None]:
    """Say after Ctrl-C how far a load has come, and end; what is loaded stays loaded."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"stopped, {done()} of {total} done, start again to continue", file=sys.stderr)
        sys.exit(STOPPED)


def _aligned(key: str, values: list[object]) -> list[str]:
    """A column with its head, every cell as wide as the widest."""
    cells = [key, *map(text, values)]
    width = max(map(len, cells))
    right = all(value is None or isinstance(value, int | float) for value in values)
    return [cell.rjust(width) if right else cell.ljust(width) for cell in cells]


def text(value: object) -> str:
    """A value as its shortest exact text; nothing for None."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return (
        repr(value)
        if isinstance(value, float) and not value.is_integer()
        else str(int(value))
        if isinstance(value, float)
        else visible(str(value))
    )


def failed(error: KcaError, state: str = "") -> NoReturn:
    """Print an error's findings as sentences; exit with the code its gravest verdict means.

    `state`: what became of the data.
    """
    codes = {f.code for f in error.findings}
    code = _exit_code(codes, error.findings)
    if speaks_json():
        from kca_etl.runs.outcomes import finding_row

        said = {"exit": code, "findings": [finding_row(f) for f in error.findings]}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    for finding in error.findings:
        print(sentence(finding, state=state), file=sys.stderr)
    if codes & FOUND_NOTHING:
        nowhere()
    sys.exit(code)


def _exit_code(codes: set[Code], findings: Sequence[Finding]) -> int:
    """Return an error's exit code: of the machine, a wrong word, or the gravest verdict."""
    for code in MACHINE.keys() & codes:
        return MACHINE[code]
    if codes & USAGE_CODES:
        return USAGE
    return BUSY if Code.BUSY in codes else EXIT[verdict_of(findings)] or OTHER


def speaks_json() -> bool:
    """Tell whether the command was asked for JSON, so that its errors are JSON, too."""
    return "--json" in sys.argv[1:]


def unexpected(error: Exception) -> NoReturn:
    """Say what went wrong without a trace; a busy warehouse has its own code."""
    if type(error).__name__ == "Busy":
        failed(KcaError(Finding(Code.BUSY, str(error))))
    from kca_etl.runs.failures import UNTOUCHED, finding_of

    told = finding_of(error)
    if told is not None:
        failed(KcaError(told), UNTOUCHED)
    said = visible((str(error).splitlines() or [""])[0])
    trace = "run again with --debug for the trace"
    print(f"[UNEXPECTED] {type(error).__name__}: {said} · {trace}", file=sys.stderr)
    sys.exit(OTHER)
