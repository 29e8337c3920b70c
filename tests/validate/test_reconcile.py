"""The same kennzahl from two sources.

The Jobcenter's own sheet and the BA's Eckwerte (made by us), and two real publishers.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.cli import reconcile as command
from kca_etl.model.findings import Verdict
from kca_etl.model.month import Month, month_number
from kca_etl.runs.record import recorded
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import reconcile
from tests.sources.test_eckwerte import HEAD
from tests.validate import sheets

FEBRUARY = month_number(2026, 2)
ECKWERTE = """Arbeitslose insgesamt;{all};9.810;9.630;90;0,9;
im Rechtskreis SGB III;2.500;2.510;2.600;-100;-3,8;
im Rechtskreis SGB II;{sgb2};7.300;7.030;190;2,7;
Arbeitslosenquote (bezogen auf alle zivilen Erwerbspersonen);4,2;4,2;4,3;-0,1;-;
im Rechtskreis SGB III;1,1;1,1;1,2;-0,1;-;
im Rechtskreis SGB II;{rate};3,1;3,1;0,0;-;
© Statistik der Bundesagentur für Arbeit
"""


def eckwerte(folder: Path, persons: str = "7.220", rate: str = "3,1") -> Path:
    path = folder / "eckwerte.csv"
    total = f"{int(persons.replace('.', '')) + 2500:,}".replace(",", ".")
    body = ECKWERTE.format(all=total, sgb2=persons, rate=rate)
    path.write_text(HEAD.format(region="Main-Kinzig-Kreis") + body, encoding="utf-8")
    return path


def own(folder: Path, persons: float, rate: float = 3.1) -> Path:
    figures = sheets.true(FEBRUARY) | {sheets.PERSONS: persons, sheets.RATE: rate}
    return sheets.sheet(folder, FEBRUARY, {"Monat": figures})


def load(path: Path, engine: Engine, settings: Settings) -> list[tuple[str, str]]:
    with recorded(engine, settings, "run") as work:
        outcome = pipeline.keep(
            pipeline.read(pipeline.receive(pipeline.Incoming(path), settings.landing)), work
        )
    assert outcome.state == "loaded", outcome.reading.findings
    assert outcome.reading.verdict in (Verdict.ACCEPT, Verdict.WARN)
    return [(f.code, f.cell) for f in outcome.reading.findings if f.code == "RECONCILE"]


@pytest.mark.parametrize(
    ("persons", "differs"),
    [(7220, False), (7225, False), (7215, False), (7226, True), (7214, True)],
)
def test_what_is_rounded_to_ten_may_be_five_apart(
    tmp_path: Path, engine: Engine, settings: Settings, persons: int, differs: bool
) -> None:
    load(eckwerte(tmp_path), engine, settings)
    assert load(own(tmp_path, persons), engine, settings) == (
        [("RECONCILE", "B4")] if differs else []
    )


def test_whichever_comes_second_tells(tmp_path: Path, engine: Engine, settings: Settings) -> None:
    load(own(tmp_path, 7226, 3.2), engine, settings)
    assert load(eckwerte(tmp_path), engine, settings) == [
        ("RECONCILE", "B11"),
        ("RECONCILE", "B14"),
    ]


def test_a_rate_may_not_differ(tmp_path: Path, engine: Engine, settings: Settings) -> None:
    load(eckwerte(tmp_path, rate="3,2"), engine, settings)
    assert load(own(tmp_path, 7220), engine, settings) == [("RECONCILE", "B3")]


def test_a_sign_is_compared_with_nothing(
    tmp_path: Path, engine: Engine, settings: Settings
) -> None:
    load(eckwerte(tmp_path, rate="*"), engine, settings)
    assert load(own(tmp_path, 7220), engine, settings) == []
    verdicts = {c.pair.name: c.verdict for c in reconcile.compare(engine, Month.of(2026, 2))}
    assert verdicts == {"arbeitslose_sgb2": "agrees", "arbeitslosenquote_sgb2": "sign"}


def test_the_command_lists_both_figures_with_their_cells(
    tmp_path: Path,
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    load(own(tmp_path, 7230), engine, settings)
    monkeypatch.setenv("KCA_HOME", str(settings.home))
    monkeypatch.setenv("KCA_DATABASE_URL", settings.url)
    command.reconcile("2026-02", as_json=True)
    assert {row["verdict"] for row in json.loads(capsys.readouterr().out)} == {"one side"}
    load(eckwerte(tmp_path), engine, settings)
    command.reconcile("2026-02", as_json=True)
    (row, _) = json.loads(capsys.readouterr().out)
    assert (row["left"], row["right"], row["difference"], row["tolerance"], row["verdict"]) == (
        "7230",
        "7220",
        10,
        5,
        "differs",
    )
    assert (row["left_cell"][-2:], row["right_cell"]) == ("B4", "eckwerte.csv, 'csv' B11")
    command.reconcile("2020-01", as_json=False)
    assert "no declared pair has figures of 2020-01" in capsys.readouterr().out


def test_every_pair_is_declared_on_both_sides() -> None:
    for pair in reconcile.pairs():
        for side in (pair.left, pair.right):
            source = registry.load(side.source)
            assert side.kennzahl in registry.kennzahlen(source), side
        assert pair.tolerance >= 0
    assert len({pair.name for pair in reconcile.pairs()}) == len(reconcile.pairs())


def test_inkar_and_genesis_state_the_same_rates_but_for_two(
    real: Path, engine: Engine, settings: Settings
) -> None:
    assert load(real / "inkar" / "arbeitslosenquote.xls", engine, settings) == []
    found = load(real / "regionalstatistik" / "13211-02-05-4_2015-2020.csv", engine, settings)
    assert found == [
        ("RECONCILE", "L1681"),
        ("RECONCILE", "L3219"),
    ]  # Wilhelmshaven 2017 and Eisenach 2015, by 0.1 each
    compared = reconcile.compare(engine, Month.of(2016, 12))
    assert {c.verdict for c in compared} == {"agrees"}
    assert len(compared) > 390
