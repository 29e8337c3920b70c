"""Every finding code is raised by a small situation, and by its own rule alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from tests.refusals import (
    commands,
    databases,
    fetched,
    machine,
    operated,
    past,
    released,
    sheets,
    stored,
)
from tests.refusals.entries import Entry, switched_off, without

ENTRIES = [
    *sheets.ENTRIES,
    *fetched.ENTRIES,
    *past.ENTRIES,
    *commands.ENTRIES,
    *stored.ENTRIES,
    *databases.ENTRIES,
    *operated.ENTRIES,
    *machine.ENTRIES,
    *released.ENTRIES,
]


def test_every_code_has_one_entry() -> None:
    held = [entry.code for entry in ENTRIES]
    assert len(held) == len(set(held))
    assert set(Code) == set(held)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.code)
def test_the_situation_raises_the_code(entry: Entry, tmp_path: Path) -> None:
    found = entry.raised(tmp_path)
    places = [(f.sheet, f.cell) for f in found]
    assert (entry.sheet, entry.cell) in places, found
    assert any(entry.what in f.what for f in found)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.code)
def test_without_its_rule_the_code_is_gone(entry: Entry, tmp_path: Path) -> None:
    found: list[Finding] = []
    with switched_off(entry), suppress(Exception):  # what else then fails is not the question
        found = entry.raised(tmp_path)
    assert found == []


def test_a_rule_is_switched_off_for_one_code_only() -> None:
    first, second = Finding(Code.NO_LABEL, "one"), Finding(Code.AFTER_END, "two")

    def refuse(finding: Finding) -> None:
        raise KcaError(finding)

    assert without(Code.NO_LABEL, lambda: [first, second])() == [second]
    assert without(Code.NO_LABEL, lambda: ("x", [first, second]))() == ("x", [second])
    assert list(without(Code.NO_LABEL, lambda: iter([first, second]))()) == [second]
    assert without(Code.NO_LABEL, refuse)(first) is None
    with pytest.raises(KcaError):
        without(Code.NO_LABEL, refuse)(second)
