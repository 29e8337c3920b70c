"""What loading a document does and says; both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.observations import Footnote
from kca_etl.warehouse import writer
from tests.warehouse.synthetic import (
    JANUARY,
    Fact,
    document,
    export,
    load,
    load_observations,
    observations,
    rows,
    values,
)


def counts(result: writer.LoadResult) -> tuple[int, int, int, bool]:
    return result.inserted, result.revised, result.unchanged, result.already


def test_first_then_revised_then_confirmed(engine: Engine) -> None:
    assert counts(load(engine, "a", "2020-02-29", [Fact(5.0), Fact(3.2, "quote")])) == (
        2,
        0,
        0,
        False,
    )
    result = load(
        engine, "b", "2020-03-31", [Fact(6.0, row=9, col=27), Fact(3.2, "quote"), Fact(1.0, "geld")]
    )
    assert counts(result) == (1, 1, 1, False)
    assert result.revisions == ["kopf of Main-Kinzig-Kreis in 2020-01: 5 → 6 (Blatt!AB10)"]
    assert values(engine, kennzahl="kopf", history=True) == [
        (5.0, "2020-02-29", "2020-03-31"),
        (6.0, "2020-03-31", None),
    ]
    assert values(engine, kennzahl="quote", history=True) == [(3.2, "2020-02-29", None)]


def test_an_earlier_statement_comes_late(engine: Engine) -> None:
    load(engine, "b", "2020-03-31", [Fact(6.0), Fact(3.2, "quote")])
    result = load(engine, "a", "2020-02-29", [Fact(5.0), Fact(3.2, "quote")])
    assert counts(result) == (0, 1, 1, False)
    assert values(engine, kennzahl="kopf") == [(6.0, "2020-03-31", None)]
    assert values(engine, kennzahl="quote", history=True) == [(3.2, "2020-02-29", None)]


def test_an_unchanged_value_gets_no_new_version_but_its_statement_is_kept(engine: Engine) -> None:
    for n, stand in enumerate(("2020-02-29", "2020-03-31", "2020-04-30")):
        load(engine, f"doc{n}", stand, [Fact(5.0)])
    assert values(engine, history=True) == [(5.0, "2020-02-29", None)]
    assert rows(engine, "SELECT count(*) FROM fact") == [(3,)]


def test_a_value_that_comes_back_is_a_version_again(engine: Engine) -> None:
    for n, (stand, value) in enumerate(
        [("2020-02-29", 5.0), ("2020-03-31", 6.0), ("2020-04-30", 5.0)]
    ):
        load(engine, f"doc{n}", stand, [Fact(value)])
    assert [v for v, _, _ in values(engine, history=True)] == [5.0, 6.0, 5.0]


def test_loaded_twice_changes_nothing(engine: Engine) -> None:
    load(engine, "a", "2020-02-29", [Fact(5.0)])
    before = (
        export(engine, without=""),
        rows(engine, "SELECT * FROM document"),
        rows(engine, "SELECT * FROM block"),
    )
    assert counts(load(engine, "a", "2020-02-29", [Fact(5.0)])) == (0, 0, 0, True)
    assert before == (
        export(engine, without=""),
        rows(engine, "SELECT * FROM document"),
        rows(engine, "SELECT * FROM block"),
    )


def test_conflict_stores_nothing_and_names_both_places(engine: Engine) -> None:
    load(engine, "a", "2020-02-29", [Fact(5.0), Fact("*", "quote")], sheet="Erstes")
    before = export(engine, without="")
    facts = [
        Fact(6.0, row=4, col=2),
        Fact(3.0, "quote"),
        Fact(1.0, "geld", code="06", name="Hessen"),
    ]
    with pytest.raises(KcaError) as caught:
        load(engine, "b", "2020-02-29", facts, sheet="Zweites")
    what = (
        "another document of the same Datenstand states something else: kopf of Main-Kinzig-Kreis"
        " in 2020-01"
    )
    assert caught.value.findings[0] == Finding(
        Code.CONFLICT, what, "Zweites", "C5", "6", "5 as in a.xlsx, sheet Erstes"
    )
    assert [(f.code, f.found, f.expected) for f in caught.value.findings[1:-1]] == [
        ("CONFLICT", "3", "* as in a.xlsx, sheet Erstes")
    ]
    assert caught.value.findings[-1].what == "2 figures in conflict in all"
    assert export(engine, without="") == before
    assert rows(engine, "SELECT file_name FROM document") == [("a.xlsx",)]
    assert rows(engine, "SELECT code FROM region") == [("06435",)]


def test_conflict_with_two_that_agree_counts_once(engine: Engine) -> None:
    for name in "abc":
        load(engine, name, "2020-02-29", [Fact(5.0)])
    for name in "defghi":
        with pytest.raises(KcaError) as caught:
            load(engine, name, "2020-02-29", [Fact(6.0)])
        assert [f.what for f in caught.value.findings][1:] == ["1 figures in conflict in all"]


@pytest.mark.parametrize("first", [[], [Fact(9.0, "quote")]])
def test_a_document_that_contradicts_itself_is_a_conflict(
    engine: Engine, first: list[Fact]
) -> None:
    if first:
        load(engine, "first", "2020-01-31", first)
    o = observations([Fact(5.0), Fact(6.0, block=1)], "2020-02-29", "2020-02-29")
    with pytest.raises(KcaError, match="CONFLICT"):
        load_observations(engine, "a", o)


def test_a_document_that_states_a_fact_twice_with_two_datenstaende_has_one_current_value(
    engine: Engine,
) -> None:
    load_observations(
        engine, "a", observations([Fact(5.0), Fact(6.0, block=1)], "2020-02-29", "2020-03-31")
    )
    assert values(engine) == [(6.0, "2020-03-31", None)]
    assert len(values(engine, history=True)) == 2


def test_sources_do_not_revise_each_other(engine: Engine) -> None:
    load(engine, "a", "2020-02-29", [Fact(5.0)], "eins")
    load(engine, "b", "2020-03-31", [Fact(6.0)], "zwei")
    assert values(engine) == [(5.0, "2020-02-29", None), (6.0, "2020-03-31", None)]


def test_only_the_facts_stated_are_touched(engine: Engine) -> None:
    load(
        engine,
        "a",
        "2020-02-29",
        [
            Fact(5.0),
            Fact(5.0, month=JANUARY + 1),
            Fact(5.0, code="06"),
            Fact(5.0, gliederung="alter=u25"),
        ],
    )
    assert counts(load(engine, "b", "2020-03-31", [Fact(6.0)])) == (0, 1, 0, False)
    assert sorted(v for v, _, _ in values(engine)) == [5.0, 5.0, 5.0, 6.0]


def test_footnotes_are_kept_with_their_cell(engine: Engine) -> None:
    load_observations(
        engine, "a", observations([Fact(5.0)], "2020-02-29"), notes=[Footnote(0, 3, 4, "vorläufig")]
    )
    assert rows(engine, 'SELECT "row", col, text FROM footnote') == [(3, 4, "vorläufig")]


def test_quarantined_then_amended_then_loaded(engine: Engine) -> None:
    doc = document("a")
    writer.quarantine(
        engine,
        "probe",
        doc,
        [Finding(Code.SUM_MISMATCH, "parts do not add up", "Blatt", "B2", "1", "2")],
        "r1",
        "quarantined",
        JANUARY,
    )
    assert rows(engine, "SELECT state, verdict, findings FROM documents") == [
        ("quarantined", "quarantine", 1)
    ]
    assert rows(engine, "SELECT code, verdict, sheet, cell, found, expected FROM findings") == [
        ("SUM_MISMATCH", "quarantine", "Blatt", "B2", "1", "2")
    ]
    assert counts(load(engine, "a", "2020-02-29", [Fact(5.0)])) == (1, 0, 0, False)
    assert rows(engine, "SELECT state, verdict, findings FROM documents") == [
        ("loaded", "accept", 0)
    ]


def test_a_loaded_document_is_never_put_aside(engine: Engine) -> None:
    load(engine, "a", "2020-02-29", [Fact(5.0)])
    writer.quarantine(
        engine, "probe", document("a"), [Finding(Code.SUM_MISMATCH, "")], "r2", "quarantined"
    )
    assert rows(engine, "SELECT state, findings FROM documents") == [("loaded", 0)]
