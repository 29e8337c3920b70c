"""The plan says what a load would change, and changes nothing; the load then does just that."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from kca_etl.runs import plan, reports
from kca_etl.runs.record import load_all
from kca_etl.settings import Settings
from kca_etl.warehouse.tables import metadata
from tests.runs.routes import CHANGED, situations
from tests.runs.world import SHEETS, book, kca, later


def contents(engine: Engine) -> str:
    """Return a hash of all rows of all tables."""
    out = hashlib.sha256()
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            query = text(f"SELECT * FROM {table.name}")  # noqa: S608 - our own tables
            rows = sorted(map(str, connection.execute(query)))
            out.update("\n".join([table.name, *rows]).encode())
    return out.hexdigest()


def laid(folder: Path, name: str, body: bytes) -> Path:
    path = folder / name / "Monat.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("situation", ["new", "again", "revised", "conflicting", "amended"])
def test_a_plan_changes_nothing_and_the_load_does_what_it_said(
    situation: str, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    for n, one in enumerate(situations(tmp_path)[situation]):
        path = laid(tmp_path, str(n), one.body)
        before = contents(engine)
        [planned] = plan.plan([path], engine, settings)
        assert contents(engine) == before
        assert plan.fingerprint([planned]) == plan.fingerprint(plan.plan([path], engine, settings))
        [outcome] = load_all([path], engine, settings, SHEETS)
        assert planned.state == outcome.state
        result = outcome.result
        counts = (0, 0, 0)
        if result is not None:
            counts = (result.inserted, result.revised, result.unchanged)
        expected = (planned.result.inserted, planned.result.revised, planned.result.unchanged)
        assert expected == counts
        assert sum(c.kind in ("revised", "withheld") for c in planned.changes) == counts[1]


def test_a_revision_names_both_cells_the_page_and_its_sentence(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    list(load_all([laid(tmp_path, "a", book(tmp_path))], engine, settings, SHEETS))
    reports.make(settings, "2020-11", forms=("txt",))
    revised = laid(tmp_path, "b", book(tmp_path, **later("15.12.2020", cells=CHANGED)))
    [planned] = plan.plan([revised], engine, settings)
    [change] = planned.changes
    assert (change.kennzahl, change.before, change.after) == ("integrationen", "318", "320")
    assert change.before_at.startswith("Monat.xlsx: Tabelle1!")
    assert change.after_at.startswith("Tabelle1!")
    assert change.percent == pytest.approx(100 * 2 / 318)
    [page] = planned.pages
    assert (page.printed, page.now) == ("318", "320")
    assert page.page.startswith("2020-11")
    assert "318 Integrationen" in page.sentence
    assert planned.months == ("loaded", "revised")


def test_what_vanishes_and_what_is_withheld_is_said(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    list(load_all([laid(tmp_path, "a", book(tmp_path))], engine, settings, SHEETS))
    cells = {("Integrationen", "Monat"): "*"}
    path = laid(tmp_path, "b", book(tmp_path, **later("15.12.2020", cells=cells, order=(0, 1))))
    [planned] = plan.plan([path], engine, settings)
    kinds = [c.kind for c in planned.changes]
    assert kinds.count("withheld") == 1
    assert [c.month for c in planned.changes if c.kind == "vanished"] == []  # other months stay


def test_the_commands_load_only_what_was_planned(tmp_path: Path) -> None:
    first = laid(tmp_path, "a", book(tmp_path))
    second = laid(tmp_path, "b", book(tmp_path, **later("15.12.2020", cells=CHANGED)))
    said: dict[str, Any] = json.loads(kca(tmp_path, "plan", first, "--json"))
    page = tmp_path / "plan.html"
    kca(tmp_path, "plan", first, "--html", page)
    assert "Wird geladen" in page.read_text(encoding="utf-8")
    assert "PLAN_CHANGED" in kca(tmp_path, "run", SHEETS, second, "--plan-hash", "abc", code=1)
    assert "0 figures" not in kca(tmp_path, "run", SHEETS, first, "--plan-hash", said["hash"])
    assert "1 revised" in kca(tmp_path, "plan", second)
    again = kca(tmp_path, "run", SHEETS, first, "--plan-hash", said["hash"], code=1)
    assert "PLAN_CHANGED" in again
