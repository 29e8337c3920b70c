"""What changed is written, all of it together or nothing."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kca_etl.cli.main import app
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.runs.record import load_all, warehouse
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.site import publish as publishing
from kca_etl.site.publish import COMPLETE, MANIFEST, NEXT, Folder, Page
from tests.site.conftest import publish


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file's bytes and time."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def page(address: str, text: str) -> Page:
    return Page(address, text, text.encode)


def write(folder: Path, *pages: Page) -> publishing.Published:
    with Folder(folder) as place:
        return place.publish(list(pages), {}, lambda _: b"gone", lambda _done, _all: None)


def test_a_second_run_rewrites_nothing(home: Path, website: Path) -> None:
    before = state(website)
    made = publish(home, website)
    assert made.published.written == []
    assert state(website) == before


def test_a_new_month_rewrites_only_what_changed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    samples = tmp_path / "samples"
    samples.mkdir()
    files = write_samples(samples)
    (last,) = [f for f in files if "2020-11" in f.name]
    engine = warehouse(settings)
    list(load_all([f for f in files if f != last], engine, settings, "kca_monatszahlen"))
    folder = tmp_path / "site"
    publish(settings.home, folder)
    before = state(folder)
    list(load_all([last], engine, settings, "kca_monatszahlen"))
    written = publish(settings.home, folder).published.written
    changed = {name for name, now in state(folder).items() if before.get(name) != now}
    assert changed - {MANIFEST} == set(written)
    proofs = {name for name in written if name.startswith("beleg/")}
    # The new month, and the figure that it revised.
    assert {name.rpartition("/")[2] for name in proofs} == {"2020-11.html", "2020-10.html"}
    assert len([name for name in proofs if "2020-10" in name]) == 1
    assert len(written) < 60
    fresh = tmp_path / "fresh"
    publish(settings.home, fresh)
    kept = {n: b for n, (b, _) in state(folder).items() if not n.startswith(".")}
    assert kept == {n: b for n, (b, _) in state(fresh).items() if not n.startswith(".")}


def test_a_damaged_archive_is_said_and_shown_as_no_excerpt(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    file = max((copy / "landing").glob("??/[!.]*"), key=lambda p: p.name)
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    made = publish(copy, tmp_path / "site")
    assert made.unproven == (file.name.split(".")[0],)
    pages = [p.read_text("utf-8") for p in (tmp_path / "site").rglob("beleg/**/*.html")]
    assert any("Darum wird kein Auszug gezeigt" in text for text in pages)


def test_the_command_ends_with_an_error_where_excerpts_are_missing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    monkeypatch.setenv("KCA_HOME", str(copy))
    whole = CliRunner().invoke(app, ["site", str(tmp_path / "site"), "--json"])
    assert whole.exit_code == 0, whole.output
    assert json.loads(whole.stdout)[0]["without excerpt"] == 0
    for file in (copy / "landing").glob("??/[!.]*"):
        file.unlink()
    bare = CliRunner().invoke(app, ["site", str(tmp_path / "other"), "--json"])
    assert bare.exit_code == 1
    assert "kca archive verify" in bare.stderr


def test_nothing_is_moved_before_all_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write(folder, page("a.html", "1"), page("b.html", "1"))
    before = state(folder)

    def fails() -> bytes:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(folder, page("a.html", "2"), Page("b.html", "2", fails))
    assert {n: s for n, s in state(folder).items() if not n.startswith(NEXT)} == before
    write(folder, page("a.html", "1"), page("b.html", "1"))
    assert state(folder) == before


def test_a_run_that_died_while_moving_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    write(folder, page("x/a.html", "1"), page("b.html", "1"))
    whole = Path.replace

    def dies(self: Path, to: Path) -> Path:
        if self.name == "b.html":
            raise KeyboardInterrupt
        return whole(self, to)

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        write(folder, page("x/a.html", "2"), page("b.html", "2"))
    monkeypatch.undo()
    assert (folder / NEXT / COMPLETE).is_file()
    with Folder(folder):
        assert (folder / "b.html").read_text(encoding="utf-8") == "2"
        assert not (folder / NEXT).exists()


def test_a_vanished_page_keeps_its_address(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write(folder, page("a.html", "1"), page("b.html", "1"), page("c.csv", "1"))
    done = write(folder, page("a.html", "1"))
    assert done.vanished == ["b.html", "c.csv"]
    assert (folder / "b.html").read_text(encoding="utf-8") == "gone"
    assert not (folder / "c.csv").exists()
    assert (folder / "a.html").read_text(encoding="utf-8") == "1"
    before = state(folder)
    write(folder, page("a.html", "1"))
    assert state(folder) == before


def test_a_web_server_may_read_the_files_whatever_the_mask(tmp_path: Path) -> None:
    mask = os.umask(0o077)
    try:
        write(tmp_path / "site", page("x/a.html", "1"))
    finally:
        os.umask(mask)
    assert (tmp_path / "site" / "x" / "a.html").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "site" / "x").stat().st_mode & 0o777 == 0o755


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(KcaError) as caught:
        write(tmp_path, page("a.html", "1"))
    assert caught.value.findings[0].code == Code.FOREIGN_FOLDER
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_two_processes_do_not_write_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "LOCK_TIMEOUT_S", 0.05)
    with Folder(tmp_path / "site"), pytest.raises(KcaError) as caught:
        write(tmp_path / "site", page("a.html", "1"))
    assert caught.value.findings[0].code == Code.BUSY
