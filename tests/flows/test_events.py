"""The events that the flows tell: one per document and month, an overdue month once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flows import events
from kca_etl.model.month import month_number
from kca_etl.runs.record import load_all, recorded
from kca_etl.settings import Settings
from tests.sources.office import Shape, write

SOURCE = "kca_monatszahlen"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, str]]]:
    """What was emitted: event, resource, payload."""
    out: list[tuple[str, str, dict[str, str]]] = []

    def emit(event: str, resource: dict[str, str], payload: dict[str, str]) -> None:
        out.append((event, resource["prefect.resource.id"], payload))

    monkeypatch.setattr(events, "emit_event", emit)
    return out


def test_every_document_is_told_once_with_source_month_and_hash(
    engine: Engine, settings: Settings, tmp_path: Path, told: list[tuple[str, str, dict[str, Any]]]
) -> None:
    later = Shape(cells={("Integrationen", "Monat"): 320}, footnotes=("Datenstand: 11.12.2020",))
    files = [
        write(tmp_path / "first.xlsx", Shape()),
        write(tmp_path / "first again.xlsx", Shape()),
        write(tmp_path / "later.xlsx", later),
        write(tmp_path / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"})),
    ]
    for outcome in load_all(files, engine, settings):
        events.tell(outcome, "r1")
    assert [(event, resource) for event, resource, _ in told] == [
        (f"kca.month.{state}", f"kca.month.{SOURCE}.2020-11")
        for state in ("loaded", "revised", "quarantined")
    ]
    assert {len(payload["sha256"]) for *_, payload in told} == {64}
    first = told[0][2]
    assert (first["source"], first["berichtsmonat"], first["file"], first["run_id"]) == (
        SOURCE,
        "2020-11",
        "first.xlsx",
        "r1",
    )
    assert "bad.xlsx" in told[-1][2]["what"]


def test_a_month_that_became_overdue_is_told_once(
    engine: Engine, settings: Settings, told: list[tuple[str, str, dict[str, Any]]]
) -> None:
    from kca_etl.sources import calendar

    late = calendar.overdue(SOURCE, month_number(2020, 11))
    assert events.last_look(engine) is None
    with recorded(engine, settings, events.LOOKS):
        pass
    since = events.last_look(engine)
    assert since is not None
    assert abs(datetime.now(UTC) - since) < timedelta(minutes=1)
    rows = events.overdue_months(engine, late + timedelta(hours=1))
    mine = [x for x in events.tell_overdue(rows, late - timedelta(days=1)) if x.startswith(SOURCE)]
    assert mine == [f"{SOURCE} 2020-11"]
    assert ("kca.month.overdue", f"kca.month.{SOURCE}.2020-11") in {
        (event, resource) for event, resource, _ in told
    }
    assert not [x for x in events.tell_overdue(rows, late) if x.startswith(SOURCE)]
