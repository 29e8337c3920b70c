"""What became of documents.

In words for a terminal, in Markdown for the Prefect UI, as rows for JSON and tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from kca_etl.model.catalogue import catalogue, sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.foreign import visible
from kca_etl.model.month import month_date
from kca_etl.model.states import REFUSED, SETTLED, DocumentState, MonthState

if TYPE_CHECKING:
    from kca_etl.pipeline import Outcome

TABLE_HEAD = (
    "| Document | Source | Month | State | New | Revised | Unchanged | Findings |",
    "|---|---|---|---|--:|--:|--:|--:|",
)
UNTOUCHED = "nothing of it was loaded; the warehouse stays as it was"
DID_NOT_COME = (MonthState.UNREACHABLE, MonthState.OVERDUE, MonthState.WAITING)
MAX_LISTED_FINDINGS = 5  # of a document, in a run's report; its own page lists all


def became(outcome: Outcome) -> MonthState:
    """Say in one word what became of a document, or of a month that was asked for."""
    if outcome.state in REFUSED:
        return MonthState.QUARANTINED
    if outcome.state in SETTLED:
        return MonthState.UNCHANGED
    if outcome.result is None:
        return _without_document(outcome.reading.findings)
    if outcome.result.already:
        return MonthState.UNCHANGED
    if outcome.result.revised:
        return MonthState.REVISED
    return MonthState.LOADED if outcome.result.inserted else MonthState.UNCHANGED


def _without_document(findings: Sequence[Finding]) -> MonthState:
    """Say why no document came; no finding: the publisher has nothing newer than what is loaded."""
    codes = {finding.code for finding in findings}
    if Code.OVERDUE in codes:
        return MonthState.OVERDUE
    if Code.NOT_YET_PUBLISHED in codes:
        return MonthState.WAITING
    return MonthState.UNREACHABLE if codes else MonthState.UNCHANGED


def lines(outcome: Outcome) -> list[str]:
    """One document's outcome, its revisions and its findings."""
    revisions = [f"  {visible(revision)}" for revision in _revisions(outcome)]
    findings = [f"  {text}" for text in sentences(outcome)]
    return [headline(outcome), *revisions, *findings]


def headline(outcome: Outcome) -> str:
    """Say in one line what became of a document."""
    reading, result = outcome.reading, outcome.result
    if result is None:
        return _not_loaded(outcome)
    if result.already:
        return f"unchanged: {_title(outcome)} · already loaded, nothing to do"
    done = f"{result.inserted} new, {result.revised} revised, {result.unchanged} unchanged"
    return f"loaded: {_title(outcome)} · {done} · {len(reading.findings)} warnings"


def _not_loaded(outcome: Outcome) -> str:
    """Say that a document was refused, or why none came."""
    findings = outcome.reading.findings
    if outcome.state is DocumentState.MISSING:
        why = findings[0].what if findings else "its publisher has nothing newer"
        return f"{became(outcome)}: {_title(outcome)} · {why}"
    count = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    return f"{outcome.state}: {_title(outcome)} · {count} · {UNTOUCHED}"


def sentences(outcome: Outcome) -> list[str]:
    """Return a document's findings as sentences with document, sheet and cell, in their order.

    None for a document that was loaded before: they were told then.
    """
    if outcome.result is not None and outcome.result.already:
        return []
    state = UNTOUCHED if outcome.result is None else "loaded all the same"
    name = outcome.reading.document.file_name
    return [sentence(finding, name, state) for finding in outcome.reading.findings]


def _revisions(outcome: Outcome) -> list[str]:
    result = outcome.result
    if result is None or result.already:
        return []
    return [f"revised: {revision}" for revision in result.revisions]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Say in one line what a run did."""
    counts = Counter(map(became, outcomes))
    loaded = counts[MonthState.LOADED] + counts[MonthState.REVISED]
    missing = sum(counts[state] for state in DID_NOT_COME)
    already = counts[MonthState.UNCHANGED]
    if already == len(outcomes):
        return f"nothing to do: all {already} documents are loaded already, nothing changed"
    results = [outcome.result for outcome in outcomes if outcome.result is not None]
    new, revised = sum(r.inserted for r in results), sum(r.revised for r in results)
    done = f"{loaded} loaded ({new} new figures, {revised} revised)"
    rest = f"{counts[MonthState.QUARANTINED]} quarantined, {already} unchanged"
    came = f", {missing} did not come" if missing else ""
    return f"{len(outcomes)} documents: {done}, {rest}{came}"


def as_row(outcome: Outcome) -> dict[str, Any]:
    """One document's outcome for JSON."""
    reading, result = outcome.reading, outcome.result
    return {
        "file": reading.document.file_name,
        "sha256": reading.document.sha256,
        "source": reading.source.source if reading.source else None,
        "berichtsmonat": _month(reading.month),
        "datenstand": reading.datenstand.isoformat() if reading.datenstand else None,
        "state": outcome.state,
        "verdict": str(reading.verdict),
        "inserted": result.inserted if result else 0,
        "revised": result.revised if result else 0,
        "unchanged": result.unchanged if result else 0,
        "findings": [finding_row(f) for f in reading.findings],
    }


def finding_row(finding: Finding) -> dict[str, str]:
    """One finding for JSON and tables."""
    keys = ("code", "what", "sheet", "cell", "found", "expected")
    row = {"verdict": str(catalogue()[finding.code].verdict)} | {
        key: getattr(finding, key) for key in keys
    }
    return row | {"next_step": catalogue()[finding.code].next_step}


def markdown(
    outcomes: Sequence[Outcome],
    run_id: str,
    title: str,
    links: Mapping[str, str] | None = None,
    decisions: Mapping[str, str] | None = None,
) -> str:
    """A run's report: what came, what became of it, what was revised, what somebody has to do.

    `links` leads from documents (`key`) to the pages with their findings, `decisions` to those
    that ask what they mean.
    """
    links, asked = links or {}, decisions or {}
    out = [f"# {title}", "", summary(outcomes), "", f"Run `{run_id}`", "", *TABLE_HEAD]
    out += [_table_row(outcome, links) for outcome in outcomes]
    revised = [f"- {plain(text)}" for text in chain.from_iterable(map(_changes, outcomes))]
    open_ends = [o for o in outcomes if o.result is None and o.reading.findings]
    to_do = chain.from_iterable(_to_do(outcome, links, asked) for outcome in open_ends)
    out += [*_section("Revised figures", revised), *_section("To do", list(to_do))]
    return "\n".join(out) + "\n"


def _section(title: str, said: list[str]) -> list[str]:
    return ["", f"## {title}", "", *said] if said else []


def _changes(outcome: Outcome) -> Sequence[str]:
    return outcome.result.revisions if outcome.result else ()


def _to_do(outcome: Outcome, links: Mapping[str, str], asked: Mapping[str, str]) -> list[str]:
    """Name a document that did not load, with its first findings and the command that shows all."""
    document, told = outcome.reading.document, sentences(outcome)
    show = f" · `kca quarantine show {document.sha256[:12]}`" if document.sha256 else ""
    decide = f" · [decide]({asked[key(outcome)]})" if key(outcome) in asked else ""
    more = len(told) - MAX_LISTED_FINDINGS
    return [
        f"- {linked(document.file_name, links.get(key(outcome)))}: {outcome.state}{show}{decide}",
        *(f"  - {plain(text)}" for text in told[:MAX_LISTED_FINDINGS]),
        *([f"  - … and {more} more"] if more > 0 else []),
    ]


def key(outcome: Outcome) -> str:
    """Return what a document is known by within a run: its hash, else its name."""
    return outcome.reading.document.sha256 or outcome.reading.document.file_name


def linked(text: object, address: str | None) -> str:
    """Foreign text in Markdown, leading to an address where there is one."""
    return f"[{plain(text)}]({address})" if address else plain(text)


def _table_row(outcome: Outcome, links: Mapping[str, str]) -> str:
    row = as_row(outcome)
    about = (row["source"] or "–", row["berichtsmonat"] or "–", row["state"])
    counts = (row["inserted"], row["revised"], row["unchanged"], len(row["findings"]))
    cells = [linked(row["file"], links.get(key(outcome))), *map(plain, (*about, *counts))]
    return "| " + " | ".join(cells) + " |"


def _title(outcome: Outcome) -> str:
    month = _month(outcome.reading.month)
    return visible(outcome.reading.document.file_name) + (f" {month}" if month else "")


def _month(number: int | None) -> str | None:
    return None if number is None else f"{month_date(number):%Y-%m}"


def plain(text: object) -> str:
    """Foreign text in a Markdown table: no cell ends early, no tag or link comes alive."""
    out = str(text)
    for mark in "\\`*_[]<>|":
        out = out.replace(mark, "\\" + mark)
    return " ".join(out.split())
