"""A copy of every decision beside the documents, from which a rebuild replays it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from kca_etl.landing.archive.files import INCOMING
from kca_etl.model.decision import Decision, from_row, to_row

FOLDER = "decisions"


def write(decided: Iterable[Decision], landing: Path) -> None:
    """Write the decisions whose copy is missing or older; each file is whole or as it was."""
    for one in decided:
        path = landing / FOLDER / f"{one.id}.json"
        text = json.dumps(to_row(one), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=INCOMING)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)


def read(landing: Path) -> list[Decision]:
    """Return the decisions that the archive holds, in the order in which they were taken."""
    rows = [json.loads(p.read_text("utf-8")) for p in (landing / FOLDER).glob("[!.]*.json")]
    return sorted(map(from_row, rows), key=lambda one: (one.decided_at, one.id))
