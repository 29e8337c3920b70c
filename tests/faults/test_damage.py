"""No random damage of a workbook ends the program; what has checksums is never read wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kca_etl.landing.guard import wall
from kca_etl.samples import write_samples
from tests.faults.damage import attack


@pytest.mark.skipif(not wall.HAS_WALL, reason="the system cannot fork safely")
def test_damaged_samples_are_stopped_or_harmless(tmp_path: Path) -> None:
    files = [path for path in write_samples(tmp_path / "samples") if path.suffix == ".xlsx"]
    counts = attack(files[:3], 60)
    assert counts.total() == 60
    assert {fate for _, _, fate in counts} <= {"harmless", "stopped"}
    assert sum(n for (_, _, fate), n in counts.items() if fate == "stopped") > 30
