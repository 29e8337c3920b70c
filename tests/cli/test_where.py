"""Where state lives, what a command says that finds nothing, and that reading creates nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kca_etl.model.nearest import nearest
from kca_etl.settings import Settings
from tests.sources.office import Shape, write


def kca(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run a command in a folder, without KCA_HOME; the user's data folder is beside it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")} | {
        "XDG_DATA_HOME": str(folder / "data")
    }
    done = subprocess.run(
        [sys.executable, "-m", "kca_etl", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_home_is_the_nearest_above_else_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    deep = tmp_path / "office" / "2020" / "November"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert Settings().home == tmp_path / "data" / "kca-etl"
    assert Settings().office is None
    (tmp_path / "office" / "office.yaml").write_text("name: x\n", encoding="utf-8")
    assert Settings().home == tmp_path / "office" / ".kca"
    assert Settings().office == tmp_path / "office"
    (tmp_path / "office" / "2020" / ".kca").mkdir()
    assert Settings().home == tmp_path / "office" / "2020" / ".kca"
    monkeypatch.setenv("KCA_HOME", str(tmp_path / "own"))
    assert Settings().home == tmp_path / "own"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["figures"], "no figures fit"),
        (["figures", "--json"], "[]"),
        (["explain", "elb", "2019-01"], "no figure fits"),
        (["status", "--year", "2020"], "LATE"),
        (["quarantine", "list"], "nothing is quarantined"),
        (["report", "2020-11"], ""),
        (["compare", "elb", "2019-01"], ""),
        (["reconcile", "2020-11"], "no declared pair"),
        (["db", "check"], ""),
    ],
)
def test_reading_where_nothing_is_says_where_and_creates_nothing(
    tmp_path: Path, command: list[str], said: str
) -> None:
    _, out, log = kca(tmp_path, *command)
    assert said in out
    place = tmp_path / "data" / "kca-etl" / "warehouse.db"
    assert f"warehouse: {place} (there is none yet); KCA_HOME names another folder" in log
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_creates_nothing(tmp_path: Path) -> None:
    months = ("--from-month", "2020-11", "--to-month", "2020-11")
    code, out, _ = kca(
        tmp_path, "backfill", "--source", "kca_monatszahlen", *months, "--dry-run", "--no-ask"
    )
    assert (code, "dry run" in out) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_what_was_loaded_is_found_from_every_folder_below(tmp_path: Path) -> None:
    (tmp_path / ".kca").mkdir()
    (tmp_path / "deep").mkdir()
    write(tmp_path / "november.xlsx", Shape())
    assert kca(tmp_path, "run", "kca_monatszahlen", "november.xlsx")[0] == 0
    code, out, _ = kca(tmp_path / "deep", "explain", "arbeitslose_sgb2", "2020-11")
    assert (code, "7273" in out) == (0, True)
    assert list((tmp_path / "deep").iterdir()) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["figures", "--source", "kca_monatzahlen"], "expected kca_monatszahlen"),
        (["figures", "--kennzahl", "arbeitslos_sgb2"], "arbeitslose_sgb2 ("),
        (["figures", "--kennzahl", "Integration"], "integrationen ("),
        (["figures", "--region", "Main-Kinzig"], "Main-Kinzig-Kreis"),
        (["figures", "--region", "traeger:43192"], "traeger:43102"),
        (["explain", "arbeitslose", "2020-11", "--region", "06453"], "ags:0643"),
        (["compare", "elb_sanktionsquoten", "2019-01"], "elb_sanktionsquote"),
        (["rules", "ba_sanktion"], "ba_sanktionen"),
        (["run", "ba_eckwert", "--month", "2020-11"], "ba_eckwerte"),
    ],
)
def test_a_name_that_nobody_knows_is_answered_with_the_nearest(
    tmp_path: Path, command: list[str], said: str
) -> None:
    code, _, log = kca(tmp_path, *command)
    assert (code, said in log) == (2, True), log
    assert list(tmp_path.iterdir()) == []


def test_the_nearest_names_come_first() -> None:
    known = ["kiel", "koeln", "leipzig", "ba_sanktionen"]
    assert nearest("KIEL", known) == ["kiel"]
    assert nearest("sanktionen", known) == ["ba_sanktionen"]
    assert nearest("kölln", known) == ["koeln"]
    assert nearest("zzzz", known) == []
