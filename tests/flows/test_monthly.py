"""The flow `monthly` in Prefect's test harness: names, states, artifacts.

And the demo as a newcomer runs it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.artifacts import artifact
from tests.sources.office import Shape, write


@pytest.mark.usefixtures("harness")
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_the_flow_loads_what_is_good_and_reports_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.monthly import monthly

    monkeypatch.setenv("KCA_HOME", str(tmp_path / "home"))
    good = write(tmp_path / "good.xlsx", Shape())
    bad = write(tmp_path / "bad | [x](y).xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    state = monthly("2020-11", [good, bad], return_state=True)
    assert (state.name, state.type.value) == ("Quarantined", "FAILED")
    assert state.message == "Quarantined: 1 of 2, 1 loaded"
    report, findings = artifact("run-report"), artifact("findings")
    assert "18 new figures" in report
    assert "bad \\| \\[x\\](y).xlsx" in report
    (row,) = json.loads(findings)
    assert (row["code"], row["sheet"], row["cell"]) == ("UNKNOWN_SIGN", "Tabelle1", "B8")


def test_the_demo_prints_the_six_figures_twice_alike(tmp_path: Path) -> None:
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("KCA_", "PREFECT_"))
    } | {"KCA_HOME": str(tmp_path)}
    environment["KCA_DATABASE_URL"] = (
        "postgresql://nobody@127.0.0.1:1/none"  # the demo keeps to the embedded warehouse
    )

    def demo() -> str:
        done = subprocess.run(
            [sys.executable, "-m", "kca_etl", "demo"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    first = demo()
    page = tmp_path / "reports" / "Ueberblick_2020-11.html"
    before = page.read_bytes()
    for text in (
        "3,2 %",
        "unverändert zum Vormonat",
        "7.273",
        "−73 (−1,0 %) zum Vormonat",
        "+1.260 (+21,0 %) zum Vorjahresmonat",
        "24.736",
        "318",
        "553",
        "932",
    ):
        assert text in first
        assert re.sub(" zum .*", "", text) in before.decode()
    assert "Beispieldaten" in first
    assert "erfunden" in before.decode()
    assert demo() == first
    assert page.read_bytes() == before
