"""Promise: whatever ends an operation at any step, nothing is half done, and it can be repeated.

A sample of the matrix; `make crash-matrix` tries every step, its results lie beside the matrix.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.crash.operations import OPERATIONS
from tests.crash.results import RESULTS, table

BRIEFLY = {  # the faults → the operations that the suite ends at one step each
    ("crash",): ("decide", "rebuild", "report"),
    ("crash", "power", "full"): ("inbox",),
}


def matrix(*arguments: str) -> str:
    """Run a part of the matrix in a process of its own, which must not have threads."""
    command = [sys.executable, "-m", "tests.crash", "--sample", "1", "--seed", "17", *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("faults", BRIEFLY, ids=", ".join)
def test_a_step_on_sqlite(faults: tuple[str, ...]) -> None:
    operations = BRIEFLY[faults]
    asked = ("--databases", "sqlite", "--faults", *faults, "--operations", *operations)
    rows = json.loads(matrix(*asked))
    assert {(row["operation"], row["fault"]) for row in rows} == set(product(operations, faults))


def test_a_step_on_postgresql(postgres: Server) -> None:
    asked = ("--databases", "postgresql", "--server", postgres.uri, "--operations", "revision")
    rows = json.loads(matrix(*asked, "--faults", "crash", "lost"))
    assert [(row["steps"] > 20, row["wrong"]) for row in rows] == [(True, [])] * 2


def test_the_last_whole_run_found_nothing_wrong() -> None:
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"]
    assert {row["operation"] for row in rows} >= set(OPERATIONS)
    assert [row for row in rows if row["wrong"]] == []


@pytest.mark.project
def test_the_page_shows_the_last_run() -> None:
    page = Path(__file__).parents[2] / "docs" / "guarantees.md"
    assert table() in page.read_text(encoding="utf-8")
