"""The command line as a person uses it: what it prints, what it exits with."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kca_etl.cli import console
from tests.sources.office import Shape, write


def kca(home: Path, *arguments: object, code: int = 0) -> str:
    """Run a command in its own process, as a person would; return what it printed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")} | {
        "KCA_HOME": str(home)
    }
    command = [sys.executable, "-m", "kca_etl", *map(str, arguments)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def rows(home: Path, *arguments: object, code: int = 0) -> Any:
    said = kca(home, *arguments, "--json", code=code)
    return json.JSONDecoder().raw_decode(said)[0]  # notes for people follow on stderr


def test_load_figures_explain(tmp_path: Path) -> None:
    file = write(tmp_path / "november.xlsx", Shape())
    home = tmp_path / "home"
    assert "18 new" in kca(home, "run", "kca_monatszahlen", file)
    assert "nothing to do" in kca(home, "run", "kca_monatszahlen", file, "--month", "2020-11")
    (found,) = rows(home, "figures", "--kennzahl", "arbeitslose_sgb2", "--month", "2020-11")
    assert (found["value"], found["sheet"], found["cell"]) == (7273, "Tabelle1", "B6")
    table = kca(home, "explain", "arbeitslose_sgb2", "2020-11")
    assert "'Tabelle1' B6" in table
    assert "header     Monat" in table
    csv = kca(
        home, "figures", "--from", "2020-10", "--to", "2020-11", "--format", "csv"
    ).splitlines()
    assert len(csv) == 13
    assert csv[0].startswith("source,berichtsmonat,kennzahl")
    said = kca(home, "figures", "--month", "1999-01").splitlines()
    assert said[0] == "no figures fit"
    assert said[1] == f"warehouse: {home}/warehouse.db; KCA_HOME names another folder"
    assert rows(home, "db", "check")[0]["state"] == "current"


def test_inspect_loads_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "x.xlsx", Shape())
    (found,) = rows(tmp_path / "home", "inspect", file)
    assert (found["source"], found["berichtsmonat"], found["datenstand"], found["facts"]) == (
        "kca_monatszahlen",
        "2020-11",
        "2020-11-30",
        18,
    )
    assert not (tmp_path / "home").exists()


def test_exit_codes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    good = write(tmp_path / "good.xlsx", Shape())
    bad = write(tmp_path / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    page = tmp_path / "page.xlsx"
    page.write_text("<html><body>Wartung</body></html>")
    assert "[NO_SOURCE]" in kca(home, "run", "unbekannt", good, code=2)
    assert "[NO_FILE]" in kca(home, "run", "kca_monatszahlen", tmp_path / "none.xlsx", code=2)
    assert "[BAD_MONTH]" in kca(home, "run", "kca_monatszahlen", good, "--month", "2020-13", code=2)
    assert "[UNKNOWN_SIGN]" in kca(home, "run", "kca_monatszahlen", good, bad, code=3)
    assert "[WRONG_MONTH]" in kca(
        home,
        "run",
        "kca_monatszahlen",
        write(tmp_path / "g2.xlsx", Shape(rows_above=1)),
        "--month",
        "2020-10",
        code=3,
    )
    assert "[NOT_A_WORKBOOK]" in kca(home, "run", "kca_monatszahlen", page, code=4)
    kca(home, "figures", "--format", "xml", code=2)


def test_put_aside_amended_and_replayed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = write(tmp_path / "x.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    kca(home, "run", "kca_monatszahlen", file, code=3)
    (aside,) = rows(home, "quarantine", "list")
    assert "B8" in kca(home, "quarantine", "show", aside["sha256"][:8])
    kca(home, "quarantine", "replay", code=3)
    write(file, Shape())
    assert "18 new" in kca(home, "quarantine", "replay")
    assert rows(home, "quarantine", "list") == []


def test_report_in_all_forms_as_of_any_day(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for path in rows(tmp_path, "samples", tmp_path / "s"):
        kca(home, "run", "kca_monatszahlen", path["file"])
    made = [Path(row["file"]) for row in rows(home, "report", "2020-11")]
    assert [path.suffix for path in made] == [".pdf", ".html", ".xlsx", ".csv", ".json"]
    assert all(path.stat().st_size > 1000 for path in made)
    page = made[1].read_text(encoding="utf-8")
    assert "7.273" in page
    assert "erfunden" in page
    kca(home, "report", "2020-10", "--as-of", "2020-11-15", "--format", "html")
    before = (home / "reports" / "Ueberblick_2020-10.html").read_text(encoding="utf-8")
    assert "341" in before
    assert "345" not in before
    assert "[NO_FACTS]" in kca(home, "report", "1999-01", code=3)
    assert "[BAD_DAY]" in kca(home, "report", "2020-11", "--as-of", "gestern", code=2)
    kca(home, "report", "2020-11", "--format", "doc", code=2)


def test_samples_are_written(tmp_path: Path) -> None:
    assert len(rows(tmp_path, "samples", tmp_path / "s")) == 6


def test_help_is_quick() -> None:
    """0.3 s is what a person does not notice.

    Computing time, bytecode compiled: other work on the machine does not count.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    assert (
        min(_seconds([sys.executable, "-m", "kca_etl", "--help"], environment) for _ in range(5))
        < 0.3
    )


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_the_version(tmp_path: Path) -> None:
    assert kca(tmp_path, "--version").startswith("kca-etl ")


def test_an_error_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    said = rows(tmp_path, "figures", "--source", "kca_monatszalen", code=2)
    assert said["exit"] == 2
    assert said["findings"][0]["code"] == "NO_SOURCE"
    assert said["findings"][0]["next_step"]


def test_explain_takes_the_office_s_own_region(tmp_path: Path) -> None:
    home = tmp_path / "home"
    kca(home, "run", "kca_monatszahlen", write(tmp_path / "november.xlsx", Shape()))
    own = rows(home, "explain", "arbeitslose_sgb2", "2020-11")
    assert {row["region_code"] for row in own} == {"06435"}
    assert rows(home, "explain", "arbeitslose_sgb2", "2020-11", "--all") == own
    assert "--all for every region" in kca(home, "explain", "arbeitslose_sgb2", "1999-11")


def test_a_backfill_ends_red_every_time_it_leaves_a_month_quarantined(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    write(folder / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    wanted = ("--source", "kca_monatszahlen", "--from-month", "2020-11", "--to-month", "2020-11")
    for _ in range(2):
        said = kca(home, "backfill", *wanted, "--folder", folder, code=3)
        assert "QUAR" in said


def test_a_table_is_fitted_to_the_terminal() -> None:
    listed = [{"name": "kurz", "title": "x" * 100, "n": 7}]
    whole, narrow = console.table(listed), console.table(listed, width=40)
    assert max(map(len, whole.splitlines())) > 100
    assert max(map(len, narrow.splitlines())) == 40
    assert "…" in narrow
    assert narrow.splitlines()[1].endswith("7")


def test_ctrl_c_says_how_far_a_load_has_come(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, console.interruptible(lambda: 14, 33):
        raise KeyboardInterrupt
    assert ended.value.code == console.STOPPED
    assert capsys.readouterr().err == "stopped, 14 of 33 done, start again to continue\n"
