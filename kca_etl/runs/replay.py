"""The one replay: quarantined documents are carried in again, after file or declaration changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl import pipeline
from kca_etl.landing.archive import files
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.states import REFUSED
from kca_etl.warehouse.views import queries
from kca_etl.workplace import Workplace

if TYPE_CHECKING:
    from sqlalchemy import Engine


def quarantined(engine: Engine, prefix: str = "") -> list[dict[str, Any]]:
    """Return the quarantined documents whose hash begins with a prefix.

    Raises KcaError NO_FILE where a prefix is given and none fits.
    """
    rows = [
        row
        for row in queries.documents(engine)
        if row["state"] in REFUSED and row["sha256"].startswith(prefix)
    ]
    if prefix and not rows:
        what = f"no quarantined document has a hash that begins with {prefix!r}"
        raise KcaError(Finding(Code.NO_FILE, what))
    return rows


def replay(
    work: Workplace,
    prefix: str = "",
    file: Path | None = None,
    task: pipeline.Task | None = None,
) -> Iterator[pipeline.Outcome]:
    """Carry quarantined documents in again: all, or those whose hash begins with a prefix.

    Each comes as `file` where one is given, else as the file where it first lay if that has
    changed since, else as it lies in the archive.
    """
    rows = quarantined(work.engine, prefix)
    yield from pipeline.carry((_again(row, file, work.landing) for row in rows), work, task)


def _again(row: dict[str, Any], file: Path | None, landing: Path) -> pipeline.Incoming:
    """Return where a document's bytes are taken from this time."""
    sha256, source, origin = row["sha256"], row["source"] or None, Path(row["origin"])
    if file is None and _changed(origin, sha256):
        file = origin
    if file is not None:
        return pipeline.Incoming(file, source=source, replaces=sha256)
    known = Document(sha256, row["file_name"], row["size"], row["origin"])
    path = files.find_or_none(sha256, landing) or origin
    return pipeline.Incoming(path, archived=known, source=source, title=known.file_name)


def _changed(origin: Path, sha256: str) -> bool:
    return origin.is_file() and files.document_of(origin).sha256 != sha256
