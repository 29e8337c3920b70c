"""`kca doctor` finds what a newcomer gets wrong, and says what to do."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from kca_etl.offices import folder as offices
from kca_etl.offices.spec import Office
from kca_etl.prefect_server import doctor
from kca_etl.prefect_server.api import Api
from kca_etl.settings import Settings
from tests.cli.test_commands import kca


@pytest.fixture
def port() -> Iterator[int]:
    """A port where nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def states(settings: Settings, port: int) -> dict[str, str]:
    return {line.check: line.state for line in doctor.examine(settings, Api.here(port))}


def test_a_fresh_machine_lacks_only_the_server(tmp_path: Path, port: int) -> None:
    rows = json.loads(kca(tmp_path / "home", "doctor", "--port", port, "--json", code=1))
    assert [r["check"] for r in rows if r["state"] == "problem"] == [
        "server",
        "worker",
        "scheduler",
        "dead runs",
    ]
    assert all(r["next_step"] for r in rows if r["state"] == "problem")
    assert "Start it: kca serve." in kca(tmp_path / "home", "doctor", "--port", port, code=1)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "found"),
    [("fastapi", "0.151.0"), ("sqlalchemy", "2.1.0b1"), ("prefect", "4.0.0"), ("pandas", "3.2.0")],
)
def test_versions_that_do_not_go_together(
    monkeypatch: pytest.MonkeyPatch, name: str, found: str
) -> None:
    monkeypatch.setattr(
        doctor, "version", lambda package: found if package == name else version(package)
    )
    line = doctor._versions()
    assert (line.state, f"{name} {found}" in line.found) == ("problem", True)


def test_what_stands_is_fine() -> None:
    assert (
        doctor._versions().state
        == doctor._python().state
        == doctor._time_zone().state
        == doctor._fonts().state
        == "ok"
    )


def test_fonts_that_are_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> list[Path]:
        raise ModuleNotFoundError("font_source_sans_pro")

    monkeypatch.setattr(doctor, "faces", none)
    assert doctor._fonts().state == "problem"
    monkeypatch.setattr(doctor, "faces", lambda: [Path("no/such.ttf")] * 3)
    assert doctor._fonts().state == "problem"


def test_a_database_that_is_empty_or_away(tmp_path: Path, port: int, empty_url: str) -> None:
    def line(url: str) -> doctor.Line:
        return doctor._database(Settings(home=tmp_path, database_url=url))  # type: ignore[arg-type]  # pydantic makes it secret

    assert line(empty_url).next_step == "Run `kca db upgrade`."
    away = line(f"postgresql://nobody:geheim@127.0.0.1:{port}/none")
    assert "KCA_DATABASE_URL" in away.next_step
    assert "geheim" not in away.found


def test_a_home_that_is_a_file_and_a_full_disk(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    assert doctor._home(tmp_path / "file").state == "problem"
    monkeypatch.setattr(doctor, "ROOM", 1 << 60)
    assert doctor._disk(tmp_path).state == "problem"
    assert states(Settings(home=tmp_path), port)["KCA_HOME"] == "ok"


def test_an_office_that_cannot_be_read_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor._office().state == "ok"

    def read() -> Office:
        return offices.read(tmp_path)

    monkeypatch.setattr(offices, "current", read)
    assert doctor._office().state == "problem"
    assert "KCA_OFFICE" in doctor._office().next_step
