"""Slips of every kind in one document each: what stops, and what may pass in silence.

`make mutate-documents` does the same to all real issues, over more past, and more often.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.mutate.documents import mutant, original
from tests.mutate.harness import Sorted, run, warehouse_with
from tests.mutate.kinds import KINDS, WITHOUT_EVIDENCE

# What a sheet of 400 areas, of which every column stands in sums, cannot hide.
ALWAYS_STOPPED = {
    "row lost",
    "row twice",
    "sheet lost",
    "label of another row",
    "cell with an unknown sign",
    "cell with an error",
    "cell with a date",
    "number negative",
    "number with a decimal point",
    "number with an English comma",
    "columns exchanged",
    "column × 10",
    "titles of two sheets exchanged",
    "two rows exchanged in one sheet",
    "figures moved by one row",
    "sheet × 10",
}


@pytest.fixture(scope="module")
def found(real: Path) -> Sorted:
    """One slip of each kind in a real issue, over an empty warehouse."""
    into = Sorted()
    with TemporaryDirectory() as home:
        engine = warehouse_with([], Path(home))
        run(original(next((real / "ba-sanktionen").glob("*-201811-*"))), engine, into, 1, "nothing")
        engine.dispose()
    return into


def test_there_are_many_kinds() -> None:
    assert len(KINDS) >= 40
    assert set(WITHOUT_EVIDENCE) < set(KINDS)
    assert set(KINDS) >= ALWAYS_STOPPED


def test_what_the_document_itself_contradicts_is_stopped(found: Sorted) -> None:
    assert {k: dict(found.counts[k]) for k in ALWAYS_STOPPED if found.counts[k]["silent"]} == {}


def test_few_slips_pass_in_silence_without_any_past(found: Sorted) -> None:
    assert found.total() >= 40
    silent = [line for line in found.silent if line.split(" · ")[0] not in WITHOUT_EVIDENCE]
    assert len(silent) <= found.total() // 8, silent


def test_the_same_seed_changes_the_same(real: Path) -> None:
    of = original(real / "dresden" / "arbeitslose_2012-2017_4_quartal.csv")
    first, second = (mutant(of, KINDS["digits transposed"], "seed") for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.changed == second.changed
    assert first.changed["csv"] != of.grids["csv"].rows
