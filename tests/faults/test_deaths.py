"""A document over which the program died twice is not read a third time, and stops nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from kca_etl.landing.archive import attempts
from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.sources.office import Shape, write

SOURCE = "kca_monatszahlen"
# Is killed while a child reads a marked document for it.
DYING = """
import os, signal, sys
from pathlib import Path
from kca_etl import pipeline
from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings

opened, deadly, main = pipeline._open, Path(sys.argv[1]).read_bytes(), os.getpid()
def dying(path):
    if path.read_bytes() == deadly:
        os.kill(main, signal.SIGKILL)
    return opened(path)
pipeline._open = dying
settings = Settings()
list(load_all([Path(name) for name in sys.argv[2:]], warehouse(settings), settings))
"""


def dies(home: Path, deadly: Path, files: list[Path]) -> None:
    """Load files in a process of its own, which dies over one of them."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")}
    command = [sys.executable, "-c", DYING, str(deadly), *map(str, files)]
    done = subprocess.run(command, env=environment | {"KCA_HOME": str(home)}, check=False)
    assert done.returncode == -signal.SIGKILL


def sheet(path: Path, month: int) -> Path:
    """Draw a sheet of a month of 2020."""
    own = {("Neuanträge", "Monat"): 550 + month}
    return write(path, Shape(month=f"Berichtsmonat: {month:02}/2020", order=(0, 1), cells=own))


def test_after_two_deaths_it_is_quarantined_unread_and_the_others_load(tmp_path: Path) -> None:
    names = ("September", "Oktober", "November")
    files = [sheet(tmp_path / f"{name}.xlsx", n) for n, name in enumerate(names, 9)]
    settings = Settings(home=tmp_path / "home")
    for _ in range(attempts.MAX_DEATHS):
        dies(settings.home, files[1], files)
    engine = warehouse(settings)
    outcomes = list(load_all(files, engine, settings, SOURCE))
    assert [o.state for o in outcomes] == ["unchanged", "quarantined", "loaded"]
    assert [f.code for f in outcomes[1].reading.findings] == ["CRASHED_TWICE"]
    assert {d["file_name"]: d["state"] for d in queries.documents(engine)} == {
        "September.xlsx": "loaded",
        "Oktober.xlsx": "quarantined",
        "November.xlsx": "loaded",
    }
    assert not attempts.left_behind(settings.landing)
    engine.dispose()


def test_a_document_that_a_live_process_reads_counts_no_death(tmp_path: Path) -> None:
    first = attempts.begin("ab", tmp_path)
    assert (first.deaths, attempts.begin("ab", tmp_path).deaths) == (0, 0)
    first.end()
    first.end()
    assert attempts.begin("ab", tmp_path).deaths == 0
