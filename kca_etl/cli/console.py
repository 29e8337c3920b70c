"""What the command line prints, and the exit codes it ends with."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from kca_etl.model.catalogue import sentence, verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.foreign import visible

OK, OTHER, USAGE, QUARANTINED, REJECTED, WAITING, BUSY = 0, 1, 2, 3, 4, 5, 75
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


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Align rows under their keys; numbers to the right."""
    head = list(rows[0])
    columns = [_aligned(key, [row.get(key) for row in rows]) for key in head]
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


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
    for finding in error.findings:
        print(sentence(finding, state=state), file=sys.stderr)
    codes = {f.code for f in error.findings}
    for code in MACHINE.keys() & codes:
        sys.exit(MACHINE[code])
    if codes & FOUND_NOTHING:
        nowhere()
    if codes & USAGE_CODES:
        sys.exit(USAGE)
    if Code.BUSY in codes:
        sys.exit(BUSY)
    sys.exit(EXIT[verdict_of(error.findings)] or OTHER)


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
