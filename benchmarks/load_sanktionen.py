"""How long the real BA issues take from file to warehouse.

Given as a multiple of the bare reader's time in the same run.

Usage: python benchmarks/load_sanktionen.py [FOLDER]   (default: $KCA_REAL_DATA or ../shared/real)
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from python_calamine import CalamineWorkbook

from kca_etl.extract import recognise  # noqa: F401 - the pipeline imports its stages late; importing is not loading
from kca_etl.landing.guard import inspect as guard  # noqa: F401 - imported before the clock starts
from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings
from kca_etl.tidy import document  # noqa: F401 - imported before the clock starts
from kca_etl.validate import contracts as gate  # noqa: F401 - imported before the clock starts

RUNS = 5
LIMIT = 4.0


def bare(files: list[Path]) -> float:
    """Read every sheet with the reader alone; seconds."""
    start = time.perf_counter()
    for path in files:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    return time.perf_counter() - start


def whole(files: list[Path]) -> float:
    """Read, validate and load into a fresh SQLite warehouse, without Prefect; seconds."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        engine = warehouse(settings)
        start = time.perf_counter()
        outcomes = list(load_all(files, engine, settings, "ba_sanktionen", None))
        seconds = time.perf_counter() - start
        engine.dispose()
    if any(o.state != "loaded" for o in outcomes):
        sys.exit("not every document was loaded")
    return seconds


def main() -> None:
    """Alternate both, print each pair and the median ratio."""
    folder = Path(
        sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KCA_REAL_DATA", "../shared/real")
    )
    files = sorted((folder / "ba-sanktionen").glob("*.xlsx"))
    if not files:
        sys.exit(f"no files under {folder / 'ba-sanktionen'}")
    ratios = []
    for _ in range(RUNS):
        reader, pipeline = bare(files), whole(files)
        ratios.append(pipeline / reader)
        print(f"reader {reader:5.2f} s · pipeline {pipeline:5.2f} s · ratio {ratios[-1]:.2f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{len(files)} documents · median ratio {statistics.median(ratios):.2f} (limit"
        f" {LIMIT}) · peak memory {memory} MB (limit 400)"
    )


if __name__ == "__main__":
    main()
