"""What the archive knows of a document beside its bytes, in `.<sha256>.json` beside it.

When it came, its name and source, what became of it and what was found: as it was judged when it
came, so that a rebuild need not judge anew. A note that is missing costs a name or a warning,
never a figure.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kca_etl.landing.archive.files import INCOMING, find_or_none
from kca_etl.model.document import Document
from kca_etl.model.machine import storing

BERLIN = ZoneInfo("Europe/Berlin")
PACKAGE = "package"  # the state of a ZIP that was unpacked: what it holds is a document of its own


def today() -> date:
    """Return the day in Berlin: the day of receipt of what is not in the archive."""
    return datetime.now(BERLIN).date()


def read(sha256: str, landing: Path) -> dict[str, Any]:
    """Return the note on a document; empty where there is none that can be read."""
    try:
        found = json.loads(_place(sha256, landing).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def received(document: Document, landing: Path) -> None:
    """Note the name under which a document came.

    Once the warehouse knows it by a name, that one stays.
    """
    known = read(document.sha256, landing)
    if "state" not in known:
        at = known.get("received_at") or datetime.now(UTC).isoformat(timespec="microseconds")
        note(
            document.sha256,
            landing,
            file_name=document.file_name,
            origin=document.origin,
            size=document.size,
            received_at=at,
        )


def moment_of_receipt(sha256: str, landing: Path) -> str:
    """Return when a document's bytes came first, to the second; empty where no note says it."""
    try:
        at = datetime.fromisoformat(str(read(sha256, landing).get("received_at", "")))
    except ValueError:
        return ""
    return at.isoformat(timespec="seconds")


def day_of_receipt(sha256: str, landing: Path) -> date | None:
    """Return the day on which a document was received, in Berlin; None where no note says it."""
    try:
        at = datetime.fromisoformat(str(read(sha256, landing).get("received_at", "")))
    except ValueError:
        return None
    return at.astimezone(BERLIN).date()


def note(sha256: str, landing: Path, **facts: Any) -> None:  # noqa: ANN401 - JSON values
    """Add to the note on an archived document.

    The file is whole or as it was, also after a kill.
    """
    known = read(sha256, landing)
    if not facts or known | facts == known or find_or_none(sha256, landing) is None:
        return
    with storing():
        _write(known | facts, _place(sha256, landing), landing)


def _write(facts: dict[str, Any], place: Path, landing: Path) -> None:
    handle, name = tempfile.mkstemp(dir=landing, prefix=INCOMING)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(json.dumps(facts, indent=1, sort_keys=True) + "\n")
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o600 | (landing.stat().st_mode & 0o044))
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)


def documents(landing: Path) -> list[Path]:
    """Return the archived files, packages too, in the order of their hashes."""
    return sorted(p for p in landing.glob("??/*") if not p.name.startswith("."))


def _place(sha256: str, landing: Path) -> Path:
    return landing / sha256[:2] / f".{sha256}.json"
