"""`kca rules` names every rule that can stop or mark a document of a source."""

from __future__ import annotations

import json

import pytest

from kca_etl.cli import rules as command
from kca_etl.model.catalogue import catalogue
from kca_etl.sources import registry


def rules(source: str, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    command.rules(source, as_json=True)
    return {row["rule"]: row["verdict"] for row in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize("source", registry.names())
def test_the_rules_of_every_source_are_listed(
    source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = rules(source, capsys)
    assert set(command.EVERYWHERE) <= set(listed)
    asks = {
        "shared_name",
        "same_content",
        "unit",
        "swapped",
        "foreign",
        "rows",
        "revision",
        "stated_change",
    }
    warns = {"lost_zero", "known_kreis", "kreis_then", "region_moved", "all_moved"}
    warns |= {"odd_figure", "gaps", "row_order", "change_since"}
    assert {listed[rule] for rule in asks} == {"quarantine"}
    assert {listed[rule] for rule in warns} == {"warn"}
    assert listed.get("base") == ("warn" if source == "kca_monatszahlen" else None)
    assert ("jump" in listed) == bool(registry.load(source).jump)
    assert ("reconcile" in listed) == (
        source in ("kca_monatszahlen", "ba_eckwerte", "inkar", "genesis_13211")
    )


def test_every_rule_has_a_finding_of_the_catalogue() -> None:
    assert {code for code, _ in command.EVERYWHERE.values()} <= catalogue().keys()
