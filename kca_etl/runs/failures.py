"""What a command failed with, told as a finding where the machine or the database is the reason."""

from __future__ import annotations

from kca_etl.model import machine
from kca_etl.model.findings import Finding
from kca_etl.settings import Settings
from kca_etl.warehouse import failures

UNTOUCHED = "what was stored before is as it was; what was under way is not stored"


def finding_of(error: BaseException) -> Finding | None:
    """Return the finding of an error of the machine's or the database's; None for another."""
    settings = Settings()
    told = machine.fault(error, f"below {settings.home.resolve()}")
    return told or failures.fault(error, settings.whereabouts)
