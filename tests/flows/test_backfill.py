"""The flows `backfill`, `monthly`, `report`, `replay`, `housekeeping` in Prefect's harness."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kca_etl.model.document import Document
from kca_etl.model.month import Month
from kca_etl.model.states import SIGNS, DocumentState
from kca_etl.pipeline import Outcome, Reading
from kca_etl.runs import backfill as core
from kca_etl.runs.record import load_all, warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.flows.artifacts import artifact, rows_of
from tests.sources.office import Shape, write

pytestmark = [
    pytest.mark.usefixtures("harness"),
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning",
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
    ),
]
SOURCE = "kca_monatszahlen"
MOST = 0.05  # seconds that Prefect may add to a document


def wanted(folder: Path, **changes: Any) -> Wanted:
    given: dict[str, Any] = {
        "sources": [SOURCE],
        "first_month": "2020-09",
        "last_month": "2020-12",
        "folder": str(folder),
        "ask_publisher": False,
    }
    return Wanted(**given | changes)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KCA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.usefixtures("home")
def test_the_backfill_leaves_plan_matrix_and_summary(tmp_path: Path) -> None:
    from flows.backfill import backfill

    (tmp_path / "given").mkdir()
    write_samples(tmp_path / "given")
    write(
        tmp_path / "given" / "bad.xlsx",
        Shape(month="Berichtsmonat: Dezember 2020", cells={("Integrationen", "Monat"): "?"}),
    )
    rows = rows_of(backfill(wanted(tmp_path / "given", dry_run=True), return_state=True))
    assert {r["state"] for r in rows} == {"planned"}
    assert queries.documents(open_engine(Settings().url)) == []
    state = backfill(wanted(tmp_path / "given"), return_state=True)
    said = "Quarantined: 1 of 4, 2 loaded, 1 revised"
    assert (state.name, state.message) == ("Quarantined", said)
    rows = json.loads(artifact("backfill-plan"))
    assert [r["state"] for r in rows] == ["loaded", "loaded", "revised", "loaded", "quarantined"]
    assert all("/runs/task-run/" in row["page"] for row in rows)
    matrix = re.sub(r"\]\([^)]*\)", "]", artifact("backfill-matrix"))
    assert "| [ok] | [ok] | [rev] | **[QUAR]** |" in matrix
    assert "## QUAR quarantined: 1" in artifact("backfill-summary")
    assert "kca quarantine show" in artifact("run-report")


@pytest.mark.usefixtures("home")
def test_prefect_adds_little_to_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import backfill as flow

    took: list[float] = []
    steps = [
        core.Step(SOURCE, Month(2020 * 12 + n), "load", "test", "publisher") for n in range(40)
    ]

    def nothing(*_: object) -> Outcome:
        took.append(time.perf_counter())
        return Outcome(Reading(Document("", "", 0), Path()), None, DocumentState.MISSING)

    monkeypatch.setattr(core, "plan", lambda *_: steps)
    monkeypatch.setattr(core, "_asked", nothing)
    flow.backfill(wanted(tmp_path), return_state=True)
    gaps = sorted(b - a for a, b in pairwise(took))
    print(
        f"Prefect per document: median {gaps[len(gaps) // 2]:.4f} s, mean"
        f" {sum(gaps) / len(gaps):.4f} s"
    )
    assert gaps[len(gaps) // 2] < MOST


def test_monthly_without_a_month_takes_what_lies_in_the_inbox(home: Path) -> None:
    from flows.monthly import monthly
    from kca_etl.runs import states as status

    assert monthly(ask_publishers=False, return_state=True).name == "Overdue"
    (home / "inbox").mkdir(parents=True, exist_ok=True)
    write(home / "inbox" / "november.xlsx", Shape())
    state = monthly(ask_publishers=False, return_state=True)
    assert (state.name, "1 loaded" in str(state.message)) == ("Overdue", True)
    (document,) = queries.documents(open_engine(Settings().url))
    assert (document["state"], document["berichtsmonat"]) == ("loaded", "2020-11-01")
    now = datetime.now(UTC)
    shown = status.states(open_engine(Settings().url), 2020, now)
    [line] = [s for s in artifact("status").splitlines() if SOURCE in s and "[ok](" in s]
    signs = [re.sub(r"\[|\]\([^)]*\)|\*", "", s).strip() for s in line.split("|")[2:-1]]
    assert signs == [SIGNS[row["state"]] for row in shown if row["source"] == SOURCE]
    assert f"## {now.year}" in artifact("status")
    state = monthly(ask_publishers=False, return_state=True)
    assert "loaded" not in str(state.message)


def test_the_report_shows_its_page(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.report import report

    list(load_all(write_samples(tmp_path), warehouse(Settings()), Settings()))
    paths = report("2020-11")
    assert isinstance(paths, list)
    assert [Path(path).name for path in paths][:2] == [
        "Ueberblick_2020-11.pdf",
        "Ueberblick_2020-11.html",
    ]
    assert all((home / "reports").joinpath(Path(path).name).stat().st_size for path in paths)
    assert f"`{home / 'reports'}` on " in artifact("report-files")
    monkeypatch.setenv("KCA_PUBLIC_URL", "https://kca.example/")
    report("2020-11")
    address = "https://kca.example/reports/Ueberblick_2020-11"
    assert f"({address}.html)" in artifact("report-files")
    assert f"({address}.pdf)" in artifact("report-file")
    assert "file://" not in artifact("report-file") + artifact("report-files")
    assert "7.273" in artifact("report")
    picture = artifact("report-picture")
    assert picture.startswith("data:image/png;base64,iVBOR")
    assert len(picture) < 600_000


def test_replay_and_housekeeping(home: Path, tmp_path: Path) -> None:
    from flows.monthly import monthly
    from flows.upkeep import housekeeping, replay

    bad = write(tmp_path / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    monthly("2020-12", [bad], return_state=True)
    again = replay(return_state=True)
    assert (again.name, again.message) == ("Quarantined", "Quarantined: 1 of 1")
    assert housekeeping() == 1
    (file,) = (home / "landing").glob("??/[!.]*")
    file.chmod(0o644)
    file.write_bytes(b"rotten")
    with pytest.raises(RuntimeError, match="1 archived files are damaged"):
        housekeeping()
