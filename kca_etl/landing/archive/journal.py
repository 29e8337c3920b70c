"""What the warehouse alone would know, kept beside the documents: runs, answers, pages.

`journal.jsonl` holds one entry a line and is only ever appended to. The last entry of a key
counts; a line that a dying process left half written is no entry and is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NAME = "journal.jsonl"
Entry = dict[str, Any]


def append_missing(entries: Iterable[Entry], landing: Path) -> int:
    """Append the entries whose line is not there yet; return how many there were."""
    path = landing / NAME
    there = path.read_bytes() if path.is_file() else b""
    known = set(there.splitlines())
    missing = [line for line in map(_line, entries) if line not in known]
    if missing:
        landing.mkdir(parents=True, exist_ok=True)
        half = there and not there.endswith(b"\n")
        data = (b"\n" if half else b"") + b"".join(line + b"\n" for line in missing)
        with path.open("ab", buffering=0) as out:
            out.write(data)
            os.fsync(out.fileno())
    return len(missing)


def entries(landing: Path, newest: int | None = None) -> list[Entry]:
    """Return the entries in the order in which they were made, or only the newest lines' ones."""
    path = landing / NAME
    lines = path.read_bytes().splitlines() if path.is_file() else []
    found = map(_entry, lines if newest is None else lines[-newest:])
    return [entry for entry in found if entry is not None]


def _line(entry: Entry) -> bytes:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _entry(line: bytes) -> Entry | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "kind" in found else None
