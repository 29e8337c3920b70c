"""Texts for people without a shell: answers beside dropped texts, drafts with their proofs."""

from __future__ import annotations

import os
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kca_etl.cli.main import app
from kca_etl.runs import inbox
from kca_etl.runs.press_draft import draft
from kca_etl.runs.record import load_all, recorded, warehouse
from kca_etl.runs.text_inbox import answer_texts
from kca_etl.runs.texts import check_text
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources.registry import jobcenter_source
from kca_etl.textcheck.markup import office_text
from kca_etl.textcheck.results import PROVEN

RIGHT = "Im November 2020 waren 7.273 Menschen arbeitslos."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, database_url=None)
    engine = warehouse(settings)
    list(load_all(write_samples(home / "samples"), engine, settings, jobcenter_source()))
    return settings


def drop(settings: Settings, name: str, text: str, age: float = 60) -> Path:
    folder = settings.inbox / "texte"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    now = path.stat().st_mtime - age
    os.utime(path, (now, now))
    return path


def test_each_dropped_text_gets_its_answer_beside_it(settings: Settings) -> None:
    dropped = [
        drop(settings, "richtig.txt", RIGHT),
        drop(settings, "falsch.txt", RIGHT.replace("7.273", "7.237")),
        drop(settings, "2020-11 ohne Monat.txt", "7.273 Menschen waren arbeitslos."),
        drop(settings, "kein Monat.txt", "7.273 Menschen waren arbeitslos."),
        drop(settings, "unlesbar.docx", "PK\x03\x04"),
    ]
    with recorded(warehouse(settings), settings, "watch --once") as work:
        outcomes = inbox.pick_up(settings.inbox, work, settle=0.01)
    assert outcomes == []
    pages = [Path(f"{p}.pruefung.html").read_text(encoding="utf-8") for p in dropped[:4]]
    assert ["richtig: 7.273" in page for page in pages] == [False, True, False, False]
    assert "1 belegt" in pages[0]
    assert "1 belegt" in pages[2]
    assert "nicht geprüft" in pages[3]
    assert "2020-11 Entwurf.docx" in pages[3]
    assert all(path.is_file() for path in dropped)
    assert (
        answer_texts(settings.inbox, settings, settle=0) == []
        or not Path(f"{dropped[4]}.pruefung.html").exists()
    )
    drop(settings, "falsch.txt", RIGHT, age=30)
    assert [p.name for p in answer_texts(settings.inbox, settings, settle=1)] == [
        "falsch.txt.pruefung.html"
    ]


def test_a_text_that_is_still_written_waits(settings: Settings) -> None:
    drop(settings, "neu.txt", RIGHT, age=0)
    assert answer_texts(settings.inbox, settings, settle=30) == []
    path = drop(settings, "offen.txt", RIGHT)
    with path.open("a"):
        assert "offen.txt.pruefung.html" not in [
            p.name for p in answer_texts(settings.inbox, settings, settle=1)
        ]


def test_a_draft_carries_a_proof_at_every_number(settings: Settings) -> None:
    drafted = draft(settings, "2020-11")
    numbers = re.findall(r"(?<!November )(?<![\w.,])\d[\d.]*(?:,\d+)?", drafted.text)
    assert [p.number for p in drafted.proofs] == [n.rstrip(".") for n in numbers]
    assert all(drafted.text[p.start : p.end] == p.number for p in drafted.proofs)
    assert all("Zelle " in p.text for p in drafted.proofs)
    said = drafted.with_comments()
    assert re.sub(r"<!-- [^>]* -->", "", said) == drafted.text + "\n"
    labels = [line.split(" <!")[0] for line in drafted.text.splitlines()]
    assert "Arbeitslosenquote" in labels[0]
    assert "teil" in labels[5]


def test_the_draft_is_right_by_the_check_and_its_word_form_says_the_same(
    settings: Settings,
) -> None:
    drafted = draft(settings, "2020-11")
    checked = check_text(settings, "entwurf", drafted.text, "2020-11")
    numbers = [c for c in checked.claims if c.number and c.verdict != "nicht prüfbar"]
    assert {c.verdict for c in numbers} == {PROVEN}
    made = drafted.as_word()
    assert office_text(made).split("\n\n") == drafted.text.split("\n")
    with zipfile.ZipFile(BytesIO(made)) as archive:
        comments = archive.read("word/comments.xml").decode()
    assert comments.count("<w:comment ") == len(drafted.proofs)
    assert made == draft(settings, "2020-11").as_word()


def test_the_commands(settings: Settings, tmp_path: Path) -> None:
    run = CliRunner(env={"KCA_HOME": str(settings.home)})
    word, marked = tmp_path / "entwurf.docx", tmp_path / "geprueft.docx"
    assert run.invoke(app, ["draft", "2020-11", "--docx", str(word)]).exit_code == 0
    assert "<!-- Arbeitslosenquote" in run.invoke(app, ["draft", "2020-11"]).output
    done = run.invoke(app, ["check-text", str(word), "--comments", str(marked)])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(marked) as archive:
        assert "belegt" in archive.read("word/comments.xml").decode()
    assert run.invoke(app, ["check-text", str(word), "--coverage", "100"]).exit_code == 0
    (tmp_path / "a.txt").write_text(RIGHT + " Zwölf Gäste kamen.", encoding="utf-8")
    short = run.invoke(app, ["check-text", str(tmp_path / "a.txt"), "--coverage", "100"])
    assert short.exit_code == 1
