"""All that a document's facts are held against before the warehouse is asked."""

from __future__ import annotations

from kca_etl.model.findings import Finding
from kca_etl.model.observations import Observations
from kca_etl.model.stated_change import StatedChange
from kca_etl.sources import registry
from kca_etl.sources.spec import Source
from kca_etl.validate import contracts, invariants, regions, stated_changes


def check_document(
    o: Observations, source: Source, stated: list[StatedChange]
) -> tuple[list[Finding], list[StatedChange]]:
    """Hold a document's facts against their contracts and against each other.

    Returns the findings, and the stated changes that only the warehouse can tell of.
    """
    catalogue = registry.kennzahlen(source)
    if broken := contracts.check(o, catalogue):
        return broken + regions.check(o), []
    found, left = stated_changes.check(o, stated, catalogue)
    return invariants.check(o, source, catalogue) + found + regions.check(o), left
