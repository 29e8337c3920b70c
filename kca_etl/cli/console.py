"""What the command line prints, and the exit codes it ends with."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from kca_etl.model.catalogue import sentence, verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict

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
    Code.NO_FILE,
    Code.BAD_MONTH,
    Code.BAD_DAY,
    Code.BAD_RANGE,
    Code.DEMO_REFUSED,
    Code.NO_FETCH,
    Code.NO_ISSUE,
    Code.NOTHING_TO_EXPORT,
    Code.NO_CALENDAR,
    Code.BAD_DECISION,
}

debug = False  # set by --debug


def listing(rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str = "") -> None:
    """Print rows as JSON or as an aligned table with a header."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False, indent=1, default=str))
    elif rows:
        print(table(rows))
    elif empty:
        print(empty)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Align rows under their keys; numbers to the right."""
    head = list(rows[0])
    cells = [[text(row.get(key)) for key in head] for row in rows]
    widths = [max(len(key), *(len(line[i]) for line in cells)) for i, key in enumerate(head)]
    right = [
        all(isinstance(row.get(key), int | float) or row.get(key) is None for row in rows)
        for key in head
    ]
    lines = [
        "  ".join(
            key.rjust(w) if r else key.ljust(w)
            for key, w, r in zip(head, widths, right, strict=True)
        )
    ]
    lines += [
        "  ".join(
            c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right, strict=True)
        )
        for line in cells
    ]
    return "\n".join(line.rstrip() for line in lines)


def text(value: object) -> str:
    """A value as its shortest exact text; nothing for None."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return (
        repr(value)
        if isinstance(value, float) and not value.is_integer()
        else str(int(value))
        if isinstance(value, float)
        else str(value)
    )


def failed(error: KcaError) -> NoReturn:
    """Print an error's findings as sentences; exit with the code its gravest verdict means."""
    for finding in error.findings:
        print(sentence(finding), file=sys.stderr)
    codes = {f.code for f in error.findings}
    if codes & USAGE_CODES:
        sys.exit(USAGE)
    if Code.BUSY in codes:
        sys.exit(BUSY)
    sys.exit(EXIT[verdict_of(error.findings)] or OTHER)


def unexpected(error: Exception) -> NoReturn:
    """Say what went wrong without a trace; a busy warehouse has its own code."""
    if type(error).__name__ == "Busy":
        failed(KcaError(Finding(Code.BUSY, str(error))))
    print(
        f"[UNEXPECTED] {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} · run again with --debug for the trace",
        file=sys.stderr,
    )
    sys.exit(OTHER)
