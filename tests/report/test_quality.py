"""The quality report: what came and when, what was revised, warned of, hidden, quarantined.

In words, the same every time.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kca_etl import pipeline
from kca_etl.cli.main import app
from kca_etl.model.catalogue import german_words
from kca_etl.model.month import month_date, month_number
from kca_etl.report import quality, sheet
from kca_etl.report.sheet import Section, Sheet
from kca_etl.runs import record as runs
from kca_etl.runs.quality import build, describe
from kca_etl.runs.states import states
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.sources.calendar import BERLIN
from tests.report.helper import frame
from tests.report.test_html import Reader
from tests.sources import office

SOURCE = "kca_monatszahlen"
OCTOBER, NOVEMBER = month_number(2020, 10), month_number(2020, 11)
NOW = datetime(2021, 1, 2, 8, tzinfo=BERLIN)


@pytest.fixture
def loaded(settings: Settings, tmp_path: Path) -> Settings:
    """Load the sample documents and put one aside."""
    engine = runs.warehouse(settings)
    broken = office.write(
        tmp_path / "November neu.xlsx", office.Shape(cells={("Neuanträge", "Monat"): "viele"})
    )
    files = [p for p in write_samples(tmp_path / "samples") if "Jahresblatt_2020" not in p.name]
    with runs.recorded(engine, settings, "run", SOURCE) as work:
        incoming = [pipeline.Incoming(path, source=SOURCE) for path in (*files, broken)]
        outcomes = list(pipeline.carry(incoming, work))
    assert [o.state for o in outcomes[-1:]] == ["quarantined"]
    return settings


def sections(made: Sheet) -> dict[str, Section]:
    return {s.title: s for s in made.sections}


def test_revisions_lead_to_the_cell_of_the_new_value(loaded: Settings) -> None:
    made = build(loaded, OCTOBER, NOW)
    assert "ein Wert revidiert" in made.headline
    (row,) = sections(made)["Revisionen"].rows
    assert row[:4] == ("Integrationen", "Main-Kinzig-Kreis", "341 → 345", "31.10.2020 → 30.11.2020")
    assert re.search(
        r"KCA_Monatszahlen_2020-11\.xlsx, Blatt „Monatszahlen“, Zelle [A-Z]\d+$", row[4]
    )


def test_what_was_put_aside_is_told_in_plain_words(loaded: Settings) -> None:
    made = build(loaded, NOVEMBER, NOW)
    rows = sections(made)["Zurückgestellte Dokumente"].rows
    assert {row[0] for row in rows} == {"November neu.xlsx"}
    what, do = german_words()["NOT_A_NUMBER"]
    assert any((row[2], row[4]) == (what, do) and "viele" in row[3] for row in rows)
    assert "1 Dokument zurückgestellt" in made.headline
    own = next(
        r for r in sections(made)["Vollständigkeit und Pünktlichkeit"].rows if SOURCE in r[0]
    )
    assert own[1] == "geladen, ein weiteres Dokument zurückgestellt"
    assert made.headline.startswith("1 von ")


def test_every_followed_source_stands_in_the_table_once(loaded: Settings) -> None:
    made = build(loaded, OCTOBER, NOW)
    rows = sections(made)["Vollständigkeit und Pünktlichkeit"].rows
    wanted = [
        s
        for s in states(runs.warehouse(loaded), 2020, NOW)
        if s["berichtsmonat"] == "2020-10" and s["due"]
    ]
    assert [row[1] for row in rows] == [quality.STATES[s["state"]] for s in wanted]
    assert (
        f"1 von {sum(s['state'] != 'not due' for s in wanted)} fälligen Quellen geladen"
        in made.headline
    )


@pytest.mark.parametrize(
    ("received", "words"),
    [
        ("2020-12-07", "pünktlich"),
        ("2020-12-01", "pünktlich"),
        ("2020-12-08", "1 Tag nach Termin"),
        ("2021-01-06", "30 Tage nach Termin"),
    ],
)
def test_punctuality(received: str, words: str) -> None:
    due = datetime(2020, 12, 7, 12, tzinfo=BERLIN)
    assert (
        quality._punctual(
            {"state": "loaded", "due": due, "overdue": due}, date.fromisoformat(received)
        )
        == words
    )


def test_hidden_cells_are_counted_by_kennzahl_and_sign() -> None:
    hidden = {
        ("integrationen", m): {"value": float("nan"), "zeichen": "*"}
        for m in ("2020-10", "2020-11")
    }
    history = frame(hidden)
    history = history[history["berichtsmonat"] == "2020-11-01"]
    made = quality.build(
        month_date(NOVEMBER), NOW, states=[], documents=[], findings=[], history=history, words={}
    )
    assert [row[2:] for row in sections(made)["Geheim gehaltene und fehlende Werte"].rows] == [
        ("*", "geheim gehalten", "1", "1")
    ]


@pytest.mark.parametrize("make", [lambda s: build(s, NOVEMBER, NOW), describe])
def test_every_form_says_the_same_and_the_same_every_time(loaded: Settings, make: Any) -> None:
    made = make(loaded)
    files = sheet.render(made)
    assert sheet.render(make(loaded)) == files
    (html, as_json, as_csv) = (
        files[f"{made.name}.{form}"].decode() for form in ("html", "json", "csv")
    )
    cells = [text for s in made.sections for row in s.rows for text in row]
    assert len(cells) > 20
    heads = {c for s in made.sections for c in s.columns}
    assert [c for c in Reader(html).cells if c not in heads] == [c for c in cells if c not in heads]
    assert [
        text for s in json.loads(as_json)["sections"] for row in s["rows"] for text in row.values()
    ] == cells
    assert [r["text"].lstrip("'") for r in csv.DictReader(io.StringIO(as_csv))] == [
        c.lstrip("'") for c in cells
    ]
    assert re.search(r"https?:|url\(|@import|<script", html.split("</style>")[1]) is None


def test_foreign_text_stays_text() -> None:
    evil = Section("<b>", "<i>", ("A",), (("<script>alert(1)</script>\x00",), ("=1+1",)))
    files = sheet.render(Sheet("x", "<u>", "{{ 7*7 }}", (evil,), "</style>"))
    page = files["x.html"].decode()
    assert not any(raw in page for raw in ("<script", "<b>", "<i>", "<u>", "\x00", ">49<"))
    assert "'=1+1" in files["x.csv"].decode()


def test_the_catalogue_names_everything_declared_and_an_example_with_its_cell(
    loaded: Settings,
) -> None:
    made = sections(describe(loaded))
    codes = {re.search(r"\((\w+)\)$", row[0])[1] for row in made["Kennzahlen"].rows}  # type: ignore[index]  # each has a code
    assert registry.kennzahlen().keys() <= codes
    own = next(row for row in made["Kennzahlen"].rows if "(integrationen)" in row[0])
    assert own[5:7] == (SOURCE, "01/2018 bis 11/2020")
    assert own[7].startswith(
        "Main-Kinzig-Kreis, November 2020: 318 · KCA_Monatszahlen_2020-11.xlsx, Blatt "
        "„Monatszahlen“, Zelle "
    )
    listed = [re.search(r"\((\w+)\)$", row[0])[1] for row in made["Quellen"].rows]  # type: ignore[index]  # each has a name
    assert listed == registry.followed()
    assert {"*", ".", "-", "x", "..."} <= {row[0] for row in made["Zeichen"].rows}


def test_the_catalogue_before_the_first_document(settings: Settings) -> None:
    made = sections(describe(settings))
    assert {row[6] for row in made["Kennzahlen"].rows} == {"noch kein Wert geladen"}
    assert made["Gliederungen"].rows == ()


def test_the_commands(tmp_path: Path) -> None:
    run = CliRunner(env={"KCA_HOME": str(tmp_path)})
    for arguments, name in (
        (["quality", "2020-11"], "Qualitaet_2020-11"),
        (["catalogue"], "Datenkatalog"),
    ):
        done = run.invoke(app, [*arguments, "--json"])
        assert [Path(row["file"]).name for row in json.loads(done.output)] == [
            f"{name}.{form}" for form in ("html", "json", "csv")
        ]
    runs.warehouse(Settings(home=tmp_path, database_url=None)).dispose()
