"""What is there after an operation: warehouse, archive, folders; equal for equal histories.

Left out is what differs between two runs of the same: moments, numbers of runs and decisions.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from kca_etl.landing.archive import files, provenance
from kca_etl.model.findings import KcaError
from kca_etl.runs import archive_record
from kca_etl.settings import Settings
from kca_etl.warehouse import ledger, migrate, sameness
from kca_etl.warehouse.engine import open_engine
from tests.crash.places import Place
from tests.warehouse.synthetic import export

OWN = {"run_id", "received_at", "decided_at", "revoked_at", "rendered_at", "at", "id"}
ID = re.compile(r"\b[0-9a-f]{12}\b")
CHECKED_AT = re.compile(r"Geprüft am .*")
HALF = (".incoming", ".rebuilding", ".staging", ".ready")
KEPT = {"journal.jsonl"}  # compared by its entries


def seen(place: Place) -> dict[str, Any]:
    """Return all of it, as JSON values."""
    settings = place.settings
    found: dict[str, Any] = {"files": _files(place), "left over": _left_over(settings)}
    engine = open_engine(settings.url)
    try:
        migrate.check(engine)
    except KcaError as error:
        return found | {"warehouse": error.findings[0].code}
    found |= {
        name: _digest(export(engine, history=name == "history")) for name in ("now", "history")
    }
    found |= {"state": _state(engine), "misfits": _misfits(engine, settings)}
    found["archive"] = _archive(settings)
    found["rebuilt"] = sorted({_rebuilt(path) for path in place.home.glob("rebuilt*.db")})
    return found


def facts(place: Place) -> str:
    """Return a digest of what the warehouse states: before, after, or nothing in between."""
    engine = open_engine(place.settings.url)
    try:
        migrate.check(engine)
    except KcaError as error:
        return str(error.findings[0].code)
    return _digest(export(engine))


def damaged(place: Place) -> list[str]:
    """Return the archived files that are not what their names say."""
    return [path.name for path in files.verify(place.settings.landing)]


def _state(engine: Engine) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {
        kind: sorted(_plain(row) for row in sameness.rows(engine, query))
        for kind, query in sameness.ROWS.items()
    }
    pages = [e for e in ledger.entries(engine) if e["kind"] == "page"]
    came = {str(e["sha256"]) for e in ledger.entries(engine) if e["kind"] == "arrival"}
    return rows | {"page": sorted(map(_plain, pages)), "arrival": sorted(came)}


def _plain(row: dict[str, Any]) -> str:
    kept = {name: value for name, value in row.items() if name not in OWN}
    return ID.sub("ID", json.dumps(kept, ensure_ascii=False, sort_keys=True))


def _misfits(engine: Engine, settings: Settings) -> list[str]:
    return [str(finding.code) for finding in archive_record.misfits(engine, settings.landing)]


def _archive(settings: Settings) -> list[str]:
    """Return each document's note and each decision's copy."""
    notes = [
        provenance.read(path.name.split(".")[0], settings.landing)
        for path in provenance.documents(settings.landing)
    ]
    copies = sorted((settings.landing / "decisions").glob("[!.]*.json"))
    decided = [json.loads(path.read_text(encoding="utf-8")) for path in copies]
    for note in notes:
        note.pop("arrival", None)
    return sorted(_plain(one) for one in (*notes, *decided))


def _files(place: Place) -> dict[str, str]:
    """Return name and content of every file that people see."""
    out = {}
    for path in sorted(place.home.rglob("*")):
        name = path.relative_to(place.home).as_posix()
        visible = not any(part.startswith(".") for part in path.relative_to(place.home).parts)
        ours = name.startswith(("landing/", "inbox/", "reports/")) and "decisions/" not in name
        if path.is_file() and visible and ours and path.name not in KEPT:
            text = path.read_bytes().decode("utf-8", "replace")
            out[name] = _digest(CHECKED_AT.sub("", text))
    return out


def _left_over(settings: Settings) -> list[str]:
    """Return what nobody should find: half files, empty ones, marks and claims of the dead."""
    home, out = settings.home, []
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        half = path.name.startswith(HALF) or name.endswith(".part")
        marked = "/.reading/" in name or name.startswith(("tmp/", "inbox/claimed/"))
        empty = (
            name.startswith(("inbox/", "reports/")) and path.is_file() and not path.stat().st_size
        )
        if (half or marked or empty) and not name.endswith(".lock"):
            out.append(re.sub(r"\d+-[0-9a-f]{32}", "CLAIM", name))
    return out


def _rebuilt(path: Path) -> str:
    engine = open_engine(f"sqlite:///{path}")
    try:
        return _digest(export(engine))
    finally:
        engine.dispose()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
