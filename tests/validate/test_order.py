"""Good documents load in any order and from any start.

What is held against the past accuses none of them.
"""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import Engine

from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.validate import sheets
from tests.warehouse import synthetic

# One of each product whose documents are small enough to be held against their past.
REAL = (
    "ba-interaktiv/arbeitslose_nach_altersgruppe_2015.csv",
    "ba-interaktiv/arbeitslose_nach_altersgruppe_2024.csv",
    "ba-kurzarbeit/kurzarbeit-d-0-200912-xls.xls",
    "ba-kurzarbeit/kurzarbeit-d-0-201304-xls.xls",
    "ba-kurzarbeit/kurzarbeit-d-0-202004-xlsx.xlsx",
    "destatis/04-kreise.xlsx",
    "dresden/arbeitslose_2012-2017_4_quartal.csv",
    "inkar/arbeitslosenquote.xls",
    "it-nrw-koeln/13211-03ir_stand-2014-07.xls",
    "kiel/kiel_arbeitslose.xlsx",
)


def orders(paths: list[Path], count: int) -> list[list[Path]]:
    """Forwards, backwards, and some at random."""
    drawn = [random.Random(seed).sample(paths, len(paths)) for seed in range(count)]
    return [paths, paths[::-1], *drawn]


def test_made_up_months_in_any_order(tmp_path: Path, engine: Engine, settings: Settings) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    months = [sheets.sheet(folder, sheets.FIRST + n) for n in range(16)]
    found = set()
    for order in orders(months, 1):
        synthetic.empty(engine)
        outcomes = [sheets.load(path, engine, settings) for path in order]
        assert [(o.state, sheets.codes(o)) for o in outcomes] == [("loaded", [])] * len(months)
        found.add(queries.figures(engine)[["berichtsmonat", "kennzahl", "value"]].to_csv())
    assert len(found) == 1


def test_the_samples_in_any_order(tmp_path: Path, engine: Engine, settings: Settings) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    for order in orders(sorted(write_samples(folder)), 1):
        synthetic.empty(engine)
        outcomes = [sheets.load(path, engine, settings) for path in order]
        assert {o.state for o in outcomes} == {"loaded"}
        # The only jump in three years is the one of May 2020, told by the document that is the
        # first to state it.
        told = {
            (f.code, f.what.split(" of ")[0])
            for o in outcomes
            for f in o.reading.findings
            if f.code != "TEXT_NUMBER"
        }
        assert told <= {("JUMP", "arbeitslose_sgb2"), ("JUMP", "arbeitslosenquote_sgb2")}


def test_real_documents_in_a_drawn_order(real: Path, engine: Engine, settings: Settings) -> None:
    for name in random.Random(1).sample(REAL, len(REAL)):
        outcome = sheets.load(real / name, engine, settings, None)
        assert outcome.state == "loaded", (name, outcome.reading.findings[:3])
