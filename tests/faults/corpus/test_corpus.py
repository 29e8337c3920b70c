"""Every kind of fault gets its verdict, code and cell; the good documents behind them load."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kca_etl.model.catalogue import catalogue
from kca_etl.settings import Settings
from tests.faults.corpus.carry import Carried, by_command, by_inbox
from tests.faults.corpus.page import page
from tests.faults.corpus.table import KINDS

ROOT = Path(__file__).resolve().parents[3]
MIN_KINDS, GOOD_BEHIND = 200, 5
SETTLED = [kind for kind in KINDS if not kind.open]


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk: what a loss of power does is asked elsewhere."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setenv("RUST_BACKTRACE", "0")


def home(folder: Path, template: Path) -> Settings:
    (folder / "home").mkdir()
    shutil.copy(template, folder / "home" / "warehouse.db")
    return Settings(home=folder / "home")


def wrong(carried: list[Carried]) -> dict[str, list[str]]:
    return {f"{c.kind.group}: {c.kind.name}": c.faults for c in carried if c.faults}


def test_half_of_the_kinds_by_the_command(tmp_path: Path, sqlite_template: Path) -> None:
    kinds = SETTLED[::2]
    settings = home(tmp_path, sqlite_template)
    assert wrong(by_command(kinds, settings, tmp_path, GOOD_BEHIND)) == {}


@pytest.mark.long
def test_the_other_half_by_the_inbox(tmp_path: Path, sqlite_template: Path) -> None:
    kinds = SETTLED[1::2]
    assert wrong(by_inbox(kinds, home(tmp_path, sqlite_template), GOOD_BEHIND)) == {}


def test_the_corpus_sees_what_is_wrong(tmp_path: Path, sqlite_template: Path) -> None:
    """A kind that says something else than what happens is found."""
    kind = next(k for k in KINDS if k.code == "ERROR_CELL")
    lies = [replace(kind, code="HOSTILE"), replace(kind, state="loaded"), replace(kind, cell="Z9")]
    named = [replace(lie, file=f"{n}.xlsx") for n, lie in enumerate(lies)]
    carried = by_command(named, home(tmp_path, sqlite_template), tmp_path)
    assert all(one.faults for one in carried)


def test_the_kinds_are_many_and_each_is_named_once() -> None:
    assert len(SETTLED) >= MIN_KINDS
    assert len({(kind.group, kind.name) for kind in KINDS}) == len(KINDS)
    assert len({kind.file_name for kind in KINDS}) == len(KINDS)
    assert {kind.code for kind in KINDS if kind.code} <= set(catalogue())


@pytest.mark.project
def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "faults.md").read_text(encoding="utf-8") == page(), "run `make docs`"
