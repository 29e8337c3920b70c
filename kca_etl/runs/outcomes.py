"""What became of documents.

In words for a terminal, in Markdown for the Prefect UI, as rows for JSON and tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kca_etl.model.catalogue import catalogue, sentence
from kca_etl.model.findings import Finding
from kca_etl.model.month import month_date
from kca_etl.pipeline import Outcome

TABLE_HEAD = (
    "| Document | Source | Month | State | New | Revised | Unchanged | Findings |",
    "|---|---|---|---|--:|--:|--:|--:|",
)
UNTOUCHED = "nothing of it was loaded; the warehouse stays as it was"


def lines(outcome: Outcome) -> list[str]:
    """One document's outcome, its revisions and its findings."""
    reading, result = outcome.reading, outcome.result
    if result is not None and result.already:
        return [f"unchanged: {_title(outcome)} · already loaded, nothing to do"]
    if result is None:
        first, state = (
            f"{outcome.state}: {_title(outcome)} · {len(reading.findings)} findings · {UNTOUCHED}",
            UNTOUCHED,
        )
    else:
        done = f"{result.inserted} new, {result.revised} revised, {result.unchanged} unchanged"
        first, state = (
            f"loaded: {_title(outcome)} · {done} · {len(reading.findings)} warnings",
            "loaded all the same",
        )
    revisions = [f"  revised: {revision}" for revision in result.revisions] if result else []
    return [
        first,
        *revisions,
        *("  " + sentence(f, reading.document.file_name, state) for f in reading.findings),
    ]


def summary(outcomes: Sequence[Outcome]) -> str:
    """Say in one line what a run did."""
    loaded = [o.result for o in outcomes if o.result and not o.result.already]
    refused = sum(o.result is None for o in outcomes)
    new, revised = sum(r.inserted for r in loaded), sum(r.revised for r in loaded)
    if not loaded and not refused:
        return f"nothing to do: all {len(outcomes)} documents are loaded already, nothing changed"
    already = len(outcomes) - len(loaded) - refused
    figures = f"{new} new figures, {revised} revised"
    done = f"{len(loaded)} loaded ({figures}), {refused} quarantined, {already} unchanged"
    return f"{len(outcomes)} documents: {done}"


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


def markdown(outcomes: Sequence[Outcome], run_id: str, title: str) -> str:
    """A run's report: what came, what became of it, what was revised, what somebody has to do."""
    out = [f"# {title}", "", summary(outcomes), "", f"Run `{run_id}`", "", *TABLE_HEAD]
    out += [_table_row(outcome) for outcome in outcomes]
    revisions = [text for o in outcomes if o.result for text in o.result.revisions]
    if revisions:
        out += ["", "## Revised figures", "", *(f"- {plain(text)}" for text in revisions)]
    refused = [o.reading.document for o in outcomes if o.result is None]
    if refused:
        out += ["", "## To do", ""]
        out += [f"- `kca quarantine show {d.sha256[:12]}` ({plain(d.file_name)})" for d in refused]
    return "\n".join(out) + "\n"


def _table_row(outcome: Outcome) -> str:
    row = as_row(outcome)
    about = (row["file"], row["source"] or "–", row["berichtsmonat"] or "–", row["state"])
    counts = (row["inserted"], row["revised"], row["unchanged"], len(row["findings"]))
    return "| " + " | ".join(plain(cell) for cell in (*about, *counts)) + " |"


def _title(outcome: Outcome) -> str:
    month = _month(outcome.reading.month)
    return outcome.reading.document.file_name + (f" {month}" if month else "")


def _month(number: int | None) -> str | None:
    return None if number is None else f"{month_date(number):%Y-%m}"


def plain(text: object) -> str:
    """Foreign text in a Markdown table: no cell ends early, no tag or link comes alive."""
    out = str(text)
    for mark in "\\`*_[]<>|":
        out = out.replace(mark, "\\" + mark)
    return " ".join(out.split())
