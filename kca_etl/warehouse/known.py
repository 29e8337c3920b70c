"""What the warehouse knows of a document by its hash alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.states import DocumentState
from kca_etl.warehouse.tables import document, finding


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loaded document was taken for, and what was found about it."""

    source: str
    month: Month | None
    datenstand: date | None
    findings: list[Finding]


def loaded(engine: Engine, sha256: str) -> Loaded | None:
    """Return what is known of a loaded document; None where it is not loaded."""
    columns = (document.c.id, document.c.source, document.c.month, document.c.datenstand)
    mine = (document.c.sha256 == sha256) & (document.c.state == DocumentState.LOADED.value)
    keys = (finding.c.what, finding.c.sheet, finding.c.cell, finding.c.found, finding.c.expected)
    with engine.connect() as connection:
        row = connection.execute(select(*columns).where(mine)).first()
        if row is None:
            return None
        found = connection.execute(
            select(finding.c.code, *keys).where(finding.c.document == row.id).order_by(finding.c.id)
        ).all()
    known = [Finding(Code(code), *words) for code, *words in found if code in set(Code)]
    month = None if row.month is None else Month(row.month)
    day = None if row.datenstand is None else date.fromisoformat(row.datenstand)
    return Loaded(row.source, month, day, known)
