"""Checks a German text: every number and every word of direction.

Against the warehouse, and against the other numbers of the text.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from kca_etl.offices import folder as offices
from kca_etl.textcheck.book import book
from kca_etl.textcheck.document import Document, read
from kca_etl.textcheck.history import history_claims
from kca_etl.textcheck.inner.arithmetic import arithmetic
from kca_etl.textcheck.results import PROVEN, UNKNOWN, UNTESTABLE, WRONG, CheckedClaim, Judgement
from kca_etl.textcheck.roles import roles
from kca_etl.textcheck.series import judge_history
from kca_etl.textcheck.statements import statement
from kca_etl.textcheck.subjects import links
from kca_etl.textcheck.tables import rows
from kca_etl.textcheck.trends import trends, unlinked
from kca_etl.textcheck.verdicts import judge, judge_trend, said_before

if TYPE_CHECKING:
    import pandas as pd


def check(
    text: str, month: date, figures: pd.DataFrame, region: str | None = None
) -> list[CheckedClaim]:
    """Return the claims of a text about a month, in its order.

    `figures` are rows of the view `figures`; `region` is `system:code`, the office's own if
    none is given. Every number of the text and every word of direction comes out.
    """
    region = region or offices.current().region_key
    known = book(figures, region)
    doc = read(text, month.replace(day=1), region, known.own_names, known.other_names)
    roled = roles(doc)
    linked = links(doc, roled)
    said = {a: statement(doc, a, roled, linked[a]) for a in doc.figures} | rows(doc)
    numbers = {
        a: judge(said[a], known) if a in said else Judgement(UNTESTABLE, a.fault)
        for a in doc.amounts
    }
    numbers |= said_before(doc, numbers)
    words = {t.direction: judge_trend(t, known, numbers) for t in trends(doc, said)}
    words |= {d: unlinked(doc, d) for d in doc.directions if d not in words}
    inner = arithmetic(doc, said)
    found = [
        _claim(doc, text, (a.start, a.stop), _settled(finding, inner.get(a)))
        for a, finding in numbers.items()
    ]
    found += [
        replace(_claim(doc, text, (d.start, d.end), _settled(finding, inner.get(d))), number=False)
        for d, finding in words.items()
    ]
    found += [
        replace(
            _claim(doc, text, (h.start, h.end), judge_history(h, doc.report, known)), number=False
        )
        for h in history_claims(doc)
    ]
    return sorted(found, key=lambda c: (c.start, c.end))


def _settled(finding: Judgement, inner: Judgement | None) -> Judgement:
    """What the warehouse leaves open the text's own numbers may settle."""
    return inner if inner and finding.verdict == UNKNOWN else finding


def _claim(doc: Document, text: str, span: tuple[int, int], finding: Judgement) -> CheckedClaim:
    start, end = doc.plain.span(*span)
    truth = finding.truth
    return CheckedClaim(
        start,
        end,
        text[start:end],
        finding.verdict,
        finding.reason,
        kennzahl=truth.kennzahl if truth else "",
        month=truth.month if truth else None,
        base=truth.base if truth else None,
        expected=finding.expected,
        where=truth.cells if truth and finding.verdict in (PROVEN, WRONG) else (),
    )
