"""What a text proves or doubts by its own numbers, without any warehouse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.document import Document
from kca_etl.textcheck.inner.changes import differences, shares
from kca_etl.textcheck.inner.moves import likewise, moves
from kca_etl.textcheck.inner.relations import Claim, Relation, exact
from kca_etl.textcheck.inner.same_month import same_months
from kca_etl.textcheck.inner.sums import sums
from kca_etl.textcheck.inner.topics import Said
from kca_etl.textcheck.results import SOUND, UNSOUND, Judgement
from kca_etl.textcheck.roles import LEVEL

_TELLING = 1_000  # two figures of this size are the same by no chance


def arithmetic(doc: Document, said: Said) -> dict[Claim, Judgement]:
    """Return a judgement for every figure and word that others of the text prove or doubt."""
    found = list(chain.from_iterable(_kinds(doc, said)))
    judged: dict[Claim, Judgement] = {}
    for relation in (r for r in found if r.holds):
        for claim in relation.claims:
            judged.setdefault(claim, Judgement(SOUND, relation.calculation))
    return judged | _doubted(found, judged.keys())


def _doubted(found: Iterable[Relation], proven: Collection[Claim]) -> dict[Claim, Judgement]:
    """Return what is doubted: the part of a wrong calculation that no right one proves."""
    doubted: dict[Claim, Judgement] = {}
    for relation in (r for r in found if not r.holds):
        claims = [c for c in relation.claims if c not in proven] or relation.claims[:1]
        doubted |= dict.fromkeys(claims, Judgement(UNSOUND, relation.calculation))
    return doubted


def _kinds(doc: Document, said: Said) -> Iterator[Iterable[Relation]]:
    """Yield the kinds of calculation, the more telling ones first."""
    yield same_months(doc, said)
    yield sums(doc, said)
    yield differences(doc, said)
    yield shares(doc, said)
    yield moves(doc, said)
    yield likewise(doc, said)
    yield _repeated(doc, said)


def _repeated(doc: Document, said: Said) -> Iterator[Relation]:
    """Yield a figure that stands in two sentences alike."""
    first: dict[object, Amount] = {}
    for a in doc.figures:
        if a.value < _TELLING or not exact(a) or said[a].role.kind != LEVEL:
            continue
        other = first.setdefault((a.value, a.unit), a)
        if doc.sentence(other.start) != doc.sentence(a.start):
            yield Relation(
                holds=True, calculation="steht zweimal gleich im Text", claims=(other, a)
            )
