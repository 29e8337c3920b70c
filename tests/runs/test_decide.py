"""A refusal is a question with an answer: asked, answered, loaded, rebuilt, taken back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.landing.archive import decisions as copies
from kca_etl.model.findings import KcaError
from kca_etl.model.states import DocumentState
from kca_etl.runs import decide, plan, rebuild
from kca_etl.runs.record import load_all, recorded, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.runs.routes import CHANGED, seen
from tests.runs.world import SHEETS, book, kca, later

PERSON = decide.Person("M. Muster", "die Vorlage ist neu")
HEADER = ["Merkmal", "Monat", "Vormonat"]
BODY: dict[str, list[Any]] = {
    "Arbeitslosenquote SGB II": [3.2, 3.2],
    "Arbeitslose SGB II": [7273, 7346],
    "Leistungsbezieher SGB II": [24736, 24803],
    "Integrationen": [318, 345],
    "Neuanträge": [553, 555],
    "Maßnahmeteilnehmer": [932, 921],
}
RENAMED = "Personen in Förderung"


def sheet(
    path: Path,
    header: list[Any] | None = None,
    month: str = "November 2020",
    more: dict[str, list[Any]] | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Path:
    """Draw an office's sheet: other headers, rows of another name, cells of another value."""
    drawn = Workbook()
    page = drawn.worksheets[0]
    page.append(["Kommunales Center für Arbeit – Monatszahlen"])
    page.append([f"Berichtsmonat: {month}"])
    page.append([])
    page.append(header or HEADER)
    rows = BODY | (more or {})
    for label, values in rows.items():
        page.append([(renamed or {}).get(label, label), *values])
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.save(path)
    return path


def load(settings: Settings, engine: Engine, *files: Path) -> list[pipeline.Outcome]:
    """As `kca run` does."""
    return list(load_all(list(files), engine, settings, SHEETS))


def answered(
    settings: Settings, engine: Engine, answers: dict[str, str], sha256: str = "", **how: Any
) -> list[pipeline.Outcome]:
    """Decide on the one document that is quarantined."""
    with recorded(engine, settings, "decide") as work:
        asked = decide.ask(work, sha256)
        keys = {_key(asked, name): text for name, text in answers.items()}
        outcomes = decide.apply(work, asked, decide.answer(work, asked, keys, PERSON, **how))
        work.run.outcomes[:] = outcomes
    return outcomes


def _key(asked: decide.Asked, text: str) -> str:
    """Find a question by the text that it is about."""
    found = [q.key for q in asked.questions if text in (q.text, q.kind)]
    assert len(found) == 1, [q.key for q in asked.questions]
    return found[0]


def values(engine: Engine, month: str = "2020-11-01") -> dict[str, Any]:
    """Return a month's figures by kennzahl."""
    frame = queries.figures(engine)
    rows = queries.records(frame[frame["berichtsmonat"] == month])
    return {r["kennzahl"]: r["value"] if r["zeichen"] is None else r["zeichen"] for r in rows}


ANSWERS: dict[str, tuple[dict[str, Any], dict[str, str], dict[str, Any]]] = {
    "a renamed row": (
        {"renamed": {"Maßnahmeteilnehmer": RENAMED}},
        {RENAMED: "same:Maßnahmeteilnehmer"},
        {"massnahmeteilnehmer": 932},
    ),
    "a new row that is ignored": (
        {"more": {"Widersprüche": [12, 14]}},
        {"Widersprüche": "ignore"},
        {"massnahmeteilnehmer": 932},
    ),
    "a new row with a kennzahl of its own": (
        {"more": {"Widersprüche": [12, 14]}},
        {"Widersprüche": "new:widersprueche|Widersprüche|Anzahl"},
        {"widersprueche": 12},
    ),
    "a renamed column": (
        {"header": ["Merkmal", "Wert des Monats", "Vormonat"]},
        {"Wert des Monats": "a"},
        {"integrationen": 318},
    ),
    "a new column": (
        {"header": [*HEADER, "nachrichtlich"], "more": {k: [*v, 1] for k, v in BODY.items()}},
        {"nachrichtlich": "ignore"},
        {"integrationen": 318},
    ),
    "a row with signs of a pattern": (
        {"more": {"Fälle {neu}*|alt": [5, 6]}},
        {"Fälle {neu}*|alt": "new:faelle|Fälle|Anzahl"},
        {"faelle": 5},
    ),
    "an unknown sign": (
        {"more": {"Integrationen": ["n.v.", 345]}},
        {"n.v.": "sign:."},
        {"integrationen": "."},
    ),
    "a slip in one cell": (
        {"more": {"Integrationen": ["318 (vorl.)", 345]}},
        {"318 (vorl.)": "value:318"},
        {"integrationen": 318},
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_loads_the_document_exactly(
    name: str, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    changes, answers, expected = ANSWERS[name]
    [refused] = load(settings, engine, sheet(tmp_path / "a" / "Monat.xlsx", **changes))
    assert (refused.state, values(engine)) == (DocumentState.QUARANTINED, {})
    before = seen(engine)
    [outcome] = answered(settings, engine, answers)
    assert outcome.state is DocumentState.LOADED, outcome.reading.findings
    assert values(engine).items() >= expected.items()
    assert values(engine)["arbeitslose_sgb2"] == 7273
    assert "DECIDED" in [f.code for f in outcome.reading.findings]
    into = open_engine(f"sqlite:///{tmp_path / 'anew.db'}")
    known = rebuild.wanted(list(rebuild.archived(settings.landing)), None)
    assert rebuild.rebuild(known, into, settings).findings == []
    assert seen(into) == seen(engine)
    with recorded(engine, settings, "revoke") as work:
        for one in work.decisions:
            work.run.outcomes[:] = decide.revoke(work, one.id, PERSON)
    assert seen(engine) == before


def test_a_decision_counts_for_later_documents_and_not_for_earlier_ones(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    renamed = {"Maßnahmeteilnehmer": RENAMED}
    months = ("Dezember 2020", "November 2020", "Oktober 2020")
    december, november, october = (
        sheet(
            tmp_path / m / f"{m}.xlsx",
            month=m,
            renamed=renamed,
            more={"Neuanträge": [553 + n, 555]},
        )
        for n, m in enumerate(months)
    )
    refused = load(settings, engine, december, november)
    sha256 = refused[1].reading.document.sha256
    outcomes = answered(settings, engine, {RENAMED: "same:Maßnahmeteilnehmer"}, sha256)
    assert [o.state for o in outcomes] == [DocumentState.LOADED] * 2  # December was waiting
    states = {d["file_name"]: d["state"] for d in queries.documents(engine)}
    assert states == {"Dezember 2020.xlsx": "loaded", "November 2020.xlsx": "loaded"}
    load(settings, engine, october)
    covered = {o.holds for o in copies.read(settings.landing)}
    assert covered == {"2020-11"}


def test_only_this_holds_for_one_document(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    renamed = {"Maßnahmeteilnehmer": RENAMED}
    first = sheet(tmp_path / "a" / "November.xlsx", renamed=renamed)
    load(settings, engine, first)
    answered(settings, engine, {RENAMED: "same:Maßnahmeteilnehmer"}, only_this=True)
    second = sheet(tmp_path / "b" / "Dezember.xlsx", month="Dezember 2020", renamed=renamed)
    [outcome] = load(settings, engine, second)
    assert outcome.state is DocumentState.QUARANTINED


def test_of_two_documents_in_conflict_a_person_says_which_counts(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    first, second = tmp_path / "a" / "Monat.xlsx", tmp_path / "b" / "Monat.xlsx"
    for path, changes in ((first, {}), (second, {"cells": CHANGED})):
        path.parent.mkdir()
        path.write_bytes(book(tmp_path, **changes))
    load(settings, engine, first)
    [refused] = load(settings, engine, second)
    assert [f.code for f in refused.reading.findings][:1] == ["CONFLICT"]
    before = seen(engine)
    with recorded(engine, settings, "decide") as work:
        asked = decide.ask(work, "")
        other = next(c.answer for c in asked.questions[0].choices if "instead" in c.answer)
    [outcome] = answered(settings, engine, {"conflict": other})
    assert outcome.state is DocumentState.LOADED
    assert values(engine)["integrationen"] == 320
    assert len(queries.figures(engine, kennzahl="integrationen", history=True)) == 3
    states = sorted(d["state"] for d in queries.documents(engine))
    assert states == ["loaded", "withdrawn"]
    with recorded(engine, settings, "revoke") as work:
        decide.revoke(work, work.decisions[0].id, PERSON)
    assert seen(engine) == before


def test_a_correction_of_a_later_day_is_a_revision(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    first, second = tmp_path / "a" / "Monat.xlsx", tmp_path / "b" / "Monat.xlsx"
    for path, changes in ((first, {}), (second, {"cells": CHANGED})):
        path.parent.mkdir()
        path.write_bytes(book(tmp_path, **changes))
    load(settings, engine, first, second)
    [outcome] = answered(settings, engine, {"conflict": "day:2020-12-15"})
    assert (outcome.state, outcome.result and outcome.result.revised) == ("loaded", 1)
    known = queries.figures(engine, kennzahl="integrationen", history=True)
    november = known[known["berichtsmonat"] == "2020-11-01"]
    assert sorted(november["value"]) == [318, 320]


def test_a_withdrawn_document_leaves_the_version_before(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    files = (tmp_path / "a" / "Monat.xlsx", tmp_path / "b" / "Monat.xlsx")
    for path, changes in zip(files, ({}, later("15.12.2020", cells=CHANGED)), strict=True):
        path.parent.mkdir()
        path.write_bytes(book(tmp_path, **changes))
    load(settings, engine, files[0])
    before = seen(engine)
    [revised] = load(settings, engine, files[1])
    after = seen(engine)
    with recorded(engine, settings, "withdraw") as work:
        one = decide.withdraw(work, revised.reading.document.sha256, PERSON)
    assert seen(engine)["figures"] == before["figures"]
    assert seen(engine)["history"] == before["history"]
    assert seen(engine)["coverage"] == before["coverage"]
    [planned] = plan.plan([files[1]], engine, settings)
    assert (planned.state, planned.changes) == ("quarantined", [])
    [again] = load(settings, engine, files[1])  # the same file brought again stays out
    assert (again.state, again.reading.findings[-1].code) == ("withdrawn", "SETTLED")
    with recorded(engine, settings, "revoke") as work:
        decide.revoke(work, one.id, PERSON)
    assert seen(engine) == after


def test_a_doubt_that_is_right_loads_with_a_warning(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    alone = {label: values[:1] for label, values in BODY.items()}
    load(settings, engine, sheet(tmp_path / "a" / "November.xlsx", header=HEADER[:2], more=alone))
    december = sheet(
        tmp_path / "b" / "Dezember.xlsx", header=HEADER[:2], more=alone, month="Dezember 2020"
    )
    [refused] = load(settings, engine, december)
    assert [f.code for f in refused.reading.findings] == ["SAME_CONTENT"]
    with recorded(engine, settings, "look") as work:
        asked = decide.ask(work, "")
        given = decide.answer(work, asked, {"1": "accept"}, PERSON)
        found = list(given.reading.findings)
        planned = plan.of_reading(given.reading, work, given.decisions)
    assert (planned.state, given.reading.findings) == ("loaded", found)
    [outcome] = answered(settings, engine, {"doubt": "accept"})
    assert outcome.state is DocumentState.LOADED
    assert {f.code for f in outcome.reading.findings} == {"DECIDED"}
    assert values(engine, "2020-12-01") == values(engine)


def test_a_refused_document_leaves_no_question(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    load(settings, engine, sheet(tmp_path / "a" / "M.xlsx", more={"Neu": [1, 2]}))
    [outcome] = answered(settings, engine, {"Neu": "refuse"})
    assert outcome.state is DocumentState.REFUSED
    assert queries.coverage(engine) == []
    assert decide.open_documents(engine) == []


def test_who_is_second_changes_nothing_twice(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    more = {"Neu": [1, 2], "Anders": [3, 4]}
    load(settings, engine, sheet(tmp_path / "a" / "M.xlsx", more=more))
    with recorded(engine, settings, "decide") as work:
        asked, late = decide.ask(work, ""), decide.ask(work, "")
        key = _key(asked, "Neu")
        first = decide.answer(work, asked, {key: "ignore"}, PERSON)
        second = decide.answer(work, late, {key: "new:neu|Neu|Anzahl"}, PERSON)
        work.run.outcomes[:] = decide.apply(work, asked, first)
        before = seen(engine)
        with pytest.raises(KcaError, match="DECIDED_BEFORE"):
            decide.apply(work, late, second)
    assert seen(engine) == before
    assert [d.answer for d in copies.read(settings.landing)] == ["ignore"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"9": "ignore"}, "no question '9'"),
        ({"1": "sign:-"}, "answers another question"),
        ({"1": "new:arbeitslose_sgb2|Etwas anderes|Personen"}, "in the catalogue already"),
        ({"1": "same:"}, "say which one"),
    ],
)
def test_a_wrong_answer_is_answered_with_the_right_ones(
    answers: dict[str, str], said: str, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    load(settings, engine, sheet(tmp_path / "a" / "M.xlsx", more={"Neu": [1, 2]}))
    with recorded(engine, settings, "decide") as work:
        asked = decide.ask(work, "")
        with pytest.raises(KcaError, match=said):
            decide.answer(work, asked, answers, PERSON)


@pytest.mark.parametrize(("name", "reason"), [("", "x"), ("x", " ")])
def test_a_decision_needs_a_name_and_a_reason(name: str, reason: str) -> None:
    with pytest.raises(KcaError, match="a decision needs a"):
        decide.Person(name, reason)


DYING = """
import sys
from kca_etl.landing.archive import decisions as copies
from kca_etl.runs import decide
from kca_etl.runs.record import recorded, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse import bulk, decisions, writer
from tests.faults import victim

settings = Settings()
with recorded(warehouse(settings), settings, "decide") as work:
    asked = decide.ask(work, "")
    answered = decide.answer(work, asked, {"1": "ignore"}, decide.Person("A", "B"))
    module, name = sys.argv[2].split(".")
    getattr(victim, sys.argv[1])(globals()[module], name)
    decide.apply(work, asked, answered)
"""
DEATHS = (
    "before decisions.record",
    "after decisions.record",
    "after writer._document",
    "after writer._blocks",
    "after bulk.insert_facts",
    "after writer.load",
    "before copies.write",
    "after copies.write",
)


@pytest.mark.parametrize("death", DEATHS)
def test_a_killed_decision_is_recorded_once_or_not_at_all(death: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    load(settings, warehouse(settings), sheet(tmp_path / "a" / "M.xlsx", more={"Neu": [1, 2]}))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")}
    command = [sys.executable, "-c", DYING, *death.split()]
    done = subprocess.run(command, env=environment | {"KCA_HOME": str(tmp_path)}, check=False)
    assert done.returncode < 0
    engine = warehouse(settings)
    loaded = values(engine) != {}
    with recorded(engine, settings, "look") as work:
        assert len(work.decisions) == (1 if loaded else 0)
    if not loaded:
        answered(settings, engine, {"Neu": "ignore"})
    assert values(engine)["integrationen"] == 318
    assert len(copies.read(settings.landing)) == 1
    engine.dispose()


def test_the_commands_lead_from_the_refusal_to_the_figure(tmp_path: Path) -> None:
    file = sheet(tmp_path / "a" / "M.xlsx", renamed={"Maßnahmeteilnehmer": RENAMED})
    kca(tmp_path, "run", SHEETS, file, code=3)
    assert RENAMED in kca(tmp_path, "questions")
    sha256 = queries.documents(warehouse(Settings(home=tmp_path)))[0]["sha256"]
    who = ("--name", "M. Muster", "--reason", "neue Vorlage")
    assert "no question '7'" in kca(tmp_path, "decide", sha256, "--answer", "7=a", *who, code=2)
    said = kca(tmp_path, "decide", sha256, "--answer", "1=a", *who)
    assert "loaded: M.xlsx 2020-11" in said
    assert "932" in kca(tmp_path, "figures", "--month", "2020-11")
    one = copies.read(Settings(home=tmp_path).landing)[0]
    assert "neue Vorlage" in kca(tmp_path, "decisions", "show", one.id)
    assert one.id in kca(tmp_path, "decisions", "list")
    kca(tmp_path, "decisions", "revoke", one.id, *who)
    assert "932" not in kca(tmp_path, "figures", "--month", "2020-11")


@pytest.mark.parametrize(
    ("drawn", "likely"),
    [
        ({"more": {"Widersprüche": [1, 2]}}, "ignore"),
        ({"renamed": {"Neuanträge": "Neuanträge auf Leistung"}}, "same:Neuanträge"),
        ({"renamed": {"Maßnahmeteilnehmer": "Widersprüche"}}, ""),
    ],
    ids=["a new row", "a row in like words", "a row in other words"],
)
def test_no_answer_is_likely_that_the_words_do_not_speak_for(
    settings: Settings, engine: Engine, tmp_path: Path, drawn: dict[str, Any], likely: str
) -> None:
    load(settings, engine, sheet(tmp_path / "Monat.xlsx", **drawn))
    asked = decide.ask(plan.workplace(engine, settings), "")
    assert next(q.likely for q in asked.questions if q.kind == "row") == likely
