"""What the text says of a figure: role, kennzahl, scope and month in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.compared_months import when
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.linking import Link
from kca_etl.textcheck.months import When
from kca_etl.textcheck.roles import Role
from kca_etl.textcheck.scope import Scope, scope
from kca_etl.textcheck.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure with all that its sentence says about it.

    `report` is the month that the text is about.
    """

    amount: Amount
    role: Role
    link: Link
    scope: Scope
    when: When
    report: date

    @property
    def sure(self) -> bool:
        """Whether it can mean nothing but what was understood."""
        return self.link.sure and self.scope.sure and self.when.sure


def statement(doc: Document, a: Amount, roles: Mapping[Amount, Role], link: Link) -> Statement:
    """Put together what the text says about a figure."""
    return Statement(
        a, roles[a], link, scope(doc, doc.window(a), a.start), when(doc, a, roles), doc.report
    )


def code(name: str, circle: str) -> str:
    """Return a kennzahl's code in a Rechtskreis; empty if it has none there."""
    found: str = vocabulary()["kennzahlen"][name]["codes"].get(circle, "")
    return found
