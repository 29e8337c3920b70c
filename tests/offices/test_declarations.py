"""Declarations of the office: beside the shipped ones, or on top of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from kca_etl.offices import folder as offices
from kca_etl.runs import backfill
from kca_etl.sources import calendar, registry

ADDED = """
extends: kiel
summary: Mit einer Zeile mehr
zeichen: {"#": "."}
ignore_sheets: [Neu*]
"""


def test_additions_are_merged_with_the_shipped_declaration() -> None:
    shipped, ours = registry.load("kiel"), registry.parse(ADDED)
    assert (ours.source, ours.tables, ours.title) == ("kiel", shipped.tables, shipped.title)
    assert ours.zeichen == shipped.zeichen | {"#": "."}
    assert ours.ignore_sheets == (*shipped.ignore_sheets, "Neu*")
    assert ours.summary == "Mit einer Zeile mehr"


def test_tables_of_the_same_id_are_replaced_others_stand_behind() -> None:
    base = {"tables": [{"id": "a", "x": 1}, {"id": "b", "x": 1}], "title": "T"}
    added = {"extends": "base", "tables": [{"id": "b", "x": 2}, {"id": "c", "x": 2}]}
    assert registry.merged(base, added) == {
        "tables": [{"id": "a", "x": 1}, {"id": "b", "x": 2}, {"id": "c", "x": 2}],
        "title": "T",
    }


def test_what_extends_nothing_shipped_is_refused() -> None:
    with pytest.raises(ValueError, match="no shipped source"):
        registry.parse("extends: nichts")


def test_the_shipped_text_is_read_with_the_offices_additions() -> None:
    text = registry.path("ba_eckwerte").read_text(encoding="utf-8")
    assert registry.parse(text) == registry.load("ba_eckwerte")
    assert registry.load("ba_eckwerte").regions


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the office follow some sources, all if none are given."""

    def follow(*names: str) -> None:
        office = offices.current().model_copy(update={"follow": names})
        monkeypatch.setattr(offices, "current", lambda: office)

    return follow


def test_only_followed_sources_are_expected(following: Callable[..., None]) -> None:
    december = 2020 * 12 + 11
    assert calendar.expected("ba_sanktionen", december)
    following("kca_monatszahlen")
    assert registry.followed() == ["kca_monatszahlen"]
    assert not calendar.expected("ba_sanktionen", december)
    assert backfill.due(datetime.now(calendar.BERLIN)) is None  # people bring its own sheets
    following("ba_eckwerte")
    wanted = backfill.due(datetime.now(calendar.BERLIN))
    assert wanted is not None
    assert wanted.sources == ["ba_eckwerte"]
    following()
    assert registry.followed() == registry.names()


@pytest.mark.parametrize("name", registry.names())
def test_every_declaration_says_what_it_is_and_keeps_a_known_rule(name: str) -> None:
    source = registry.load(name)
    assert source.summary.endswith(".")
    assert source.url.startswith("https://") or source.source == registry.jobcenter_source()
    assert source.calendar in {"", *calendar.calendar().rules}


def test_the_rule_of_the_declaration_comes_before_the_patterns() -> None:
    assert calendar._rule("kca_monatszahlen")[0] == "eigene"
    assert calendar._rule("ba_kurzarbeit")[0] == registry.load("ba_kurzarbeit").calendar


def test_a_patch_names_the_file_that_declares() -> None:
    where, path = registry.patched_path("ba_sanktionen")
    assert (where, path) == ("the folder above kca_etl", "kca_etl/sources/ba_sanktionen.yaml")
    own = registry.patched_path("kca_monatszahlen")[1]
    assert own == "kca_etl/offices/kca/sources/kca_monatszahlen.yaml"


def test_the_shipped_office_is_sound(tmp_path: Path) -> None:
    from tests.offices.helper import kca

    assert "nothing is wrong" in kca(tmp_path, offices.SHIPPED, "office", "check")
