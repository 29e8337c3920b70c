"""The flow `check-text` in Prefect's harness."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kca_etl.runs.record import load_all, warehouse
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources.registry import jobcenter_source
from tests.flows.artifacts import artifact

pytestmark = [
    pytest.mark.usefixtures("harness"),
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning",
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
    ),
]
TEXT = "Im November 2020 waren 7.273 Menschen arbeitslos."


def test_a_pasted_text_and_a_file_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import automations
    from flows.check_text import check_text

    monkeypatch.setenv("KCA_HOME", str(tmp_path / "home"))
    files = write_samples(tmp_path / "samples")
    list(load_all(files, warehouse(Settings()), Settings(), jobcenter_source()))
    state: Any = check_text(text=TEXT, return_state=True)
    assert (state.type.value, state.message) == (
        "COMPLETED",
        "Geprüft: 1 von 1 Zahlen (100 %) und 0 von 0 Aussagen.",
    )
    wrong = tmp_path / "falsch.txt"
    wrong.write_text(TEXT.replace("7.273", "7.237"), encoding="utf-8")
    state = check_text(file=str(wrong), return_state=True)
    assert (state.type.value, state.name) == ("FAILED", "Contradicted")
    assert f"prefect.flow-run.{state.name}" in automations.ENDS, "it would be taken for dead"
    assert "richtig: 7.273" in artifact("text-check")
    pages = sorted(p.name for p in (tmp_path / "home" / "reports").iterdir())
    assert pages[0] == "Textpruefung_2020-11_falsch.html"
    assert len(pages) == 2
    state = check_text(return_state=True)
    assert (state.type.value, "BAD_VALUE" in state.message) == ("FAILED", True)
