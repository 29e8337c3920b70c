"""The plan: what loading documents would change, down to the page and the sentence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl import pipeline
from kca_etl.landing.archive import files
from kca_etl.model.decision import Decision
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.month import Month
from kca_etl.propose.questions import Question
from kca_etl.runs import decide
from kca_etl.runs.outcomes import finding_row
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import decisions
from kca_etl.warehouse.rehearsal import Change, Rehearsal, rehearse
from kca_etl.warehouse.views import queries
from kca_etl.warehouse.writer import LoadResult
from kca_etl.workplace import Run, Workplace

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.runs.touched import Touched

HASH_CHARS = 12


@dataclass(slots=True)
class Plan:
    """What loading one document would do.

    `state`: loaded, unchanged, quarantined or rejected · `months`: the state of the document's
    month before and after.
    """

    file_name: str
    sha256: str
    source: str
    month: Month | None
    state: str
    findings: list[Finding]
    result: LoadResult = field(default_factory=LoadResult)
    changes: list[Change] = field(default_factory=list)
    more: int = 0
    pages: list[Touched] = field(default_factory=list)
    months: tuple[str, str] = ("", "")
    questions: list[Question] = field(default_factory=list)


def workplace(engine: Engine, settings: Settings) -> Workplace:
    """Return a place to look from: nothing that is done there is put on record."""
    return Workplace(
        settings, engine, Run("plan"), writes_notes=False, decisions=decisions.everything(engine)
    )


def plan(
    paths: Iterable[Path], engine: Engine, settings: Settings, source: str | None = None
) -> list[Plan]:
    """Return what loading each of some documents would change. Nothing is changed.

    Each is held against the warehouse as it is now, not against the ones before it.
    """
    work = workplace(engine, settings)
    return [_planned(work, path, source) for path in paths]


def _planned(work: Workplace, path: Path, source: str | None) -> Plan:
    received = pipeline.open_document(files.document_of(path), path)
    reading = pipeline.read(received, source, None, work.decisions)
    out = of_reading(reading, work)
    if out.state == "quarantined":
        out.questions = decide.questions_of(work, received, reading)
    return out


def of_reading(
    reading: pipeline.Reading, work: Workplace, decided: Sequence[Decision] = ()
) -> Plan:
    """Return what keeping a document that was read would change. The reading stays as it is."""
    reading = replace(reading, findings=list(reading.findings))
    pipeline.judge(reading, work.engine, (*work.decisions, *decided))
    done = _rehearsed(reading, work, decided)
    out = Plan(
        reading.document.file_name,
        reading.document.sha256,
        reading.source.source if reading.source else "",
        reading.month,
        _state(reading, done),
        reading.findings,
    )
    out.months = _months(work.engine, out)
    if done is not None:
        out.result, out.changes, out.more = done.result, done.changes, done.more
    if out.changes:
        from kca_etl.runs.touched import touched_pages

        out.pages = touched_pages(work.settings, work.engine, out.source, out.changes)
    return out


def _rehearsed(
    reading: pipeline.Reading, work: Workplace, decided: Sequence[Decision]
) -> Rehearsal | None:
    if reading.observations is None or reading.verdict not in (Verdict.ACCEPT, Verdict.WARN):
        return None
    source = reading.source
    if source is None:
        return None
    try:
        return rehearse(
            work.engine,
            source.source,
            reading.document,
            reading.month,
            reading.observations,
            registry.kennzahlen(source),
            work.settings.lock_timeout,
            decided,
        )
    except KcaError as error:
        reading.findings += error.findings
        return None


def _state(reading: pipeline.Reading, done: Rehearsal | None) -> str:
    if done is not None:
        return "unchanged" if done.result.already else "loaded"
    return "rejected" if reading.verdict is Verdict.REJECT else "quarantined"


def _months(engine: Engine, planned: Plan) -> tuple[str, str]:
    """Return the month's state before and after, as the matrix shows them."""
    if planned.month is None or not planned.source:
        return ("", "")
    day = planned.month.first_day.isoformat()
    known = [
        row["state"]
        for row in queries.coverage(engine)
        if (row["source"], row["berichtsmonat"]) == (planned.source, day)
    ]
    before = known[0] if known else "missing"
    loaded = "revised" if before in ("loaded", "revised") else "loaded"
    after = {"loaded": loaded, "unchanged": before}.get(planned.state, "quarantined")
    return before, after


def fingerprint(plans: Sequence[Plan]) -> str:
    """Return a hash of everything that plans say would change: equal plans, equal hash."""
    said = [_row(one) for one in plans]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARS]


def as_row(planned: Plan) -> dict[str, Any]:
    """Return a plan for JSON."""
    return _row(planned) | {"findings": [finding_row(f) for f in planned.findings]}


def _row(planned: Plan) -> dict[str, Any]:
    changes = [asdict(c) | {"month": str(c.month), "unusual": c.unusual} for c in planned.changes]
    return {
        "file": planned.file_name,
        "sha256": planned.sha256,
        "source": planned.source,
        "berichtsmonat": None if planned.month is None else str(planned.month),
        "state": planned.state,
        "new": planned.result.inserted,
        "revised": planned.result.revised,
        "unchanged": planned.result.unchanged,
        "vanished": sum(c.kind == "vanished" for c in planned.changes),
        "withheld": sum(c.kind == "withheld" for c in planned.changes),
        "changes": changes,
        "more_changes": planned.more,
        "pages": [asdict(p) for p in planned.pages],
        "month_before": planned.months[0],
        "month_after": planned.months[1],
        "questions": [q.what for q in planned.questions],
    }


def lines(planned: Plan) -> list[str]:
    """Return a plan for a terminal."""
    row = _row(planned)
    month = f" {planned.month}" if planned.month is not None else ""
    counts = ", ".join(
        f"{row[k]} {k}" for k in ("new", "revised", "unchanged", "vanished", "withheld")
    )
    out = [f"{planned.file_name}{month}: would be {planned.state} · {counts}"]
    if planned.months[0] != planned.months[1]:
        out.append(f"  the month of {planned.source}: {planned.months[0]} → {planned.months[1]}")
    out += [_line(c) for c in planned.changes]
    if planned.more:
        out.append(f"  … and {planned.more} more changes")
    out += [f"  page {p.page}: {p.kennzahl} {p.printed} → {p.now}" for p in planned.pages]
    out += [f"    no longer true: „{p.sentence}“" for p in planned.pages if p.sentence]
    out += [f"  question: {q.what}" for q in planned.questions]
    return out


def _line(c: Change) -> str:
    name = c.kennzahl + ("" if c.gliederung == "insgesamt" else f"[{c.gliederung}]")
    percent = "" if c.percent is None else f" ({c.percent:+.1f} %)"
    range_ = f", outside its usual {c.usual[0]:g} to {c.usual[1]:g}" if c.usual else ""
    doubt = range_ if c.unusual else ""
    places = " → ".join(filter(None, (c.before_at, c.after_at)))
    what = f"{name} of {c.region_name} in {c.month}: {c.before} → {c.after or 'nothing'}"
    return f"  {c.kind}: {what}{percent}{doubt} · {places}"
