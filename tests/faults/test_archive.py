"""Promise: every received file is kept unchanged under its hash."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from kca_etl.landing.archive import files as archive


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    return tmp_path / "landing"


def received(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def kept(landing: Path) -> list[Path]:
    return sorted(p for p in landing.rglob("*") if p.is_file())


def test_stored_under_its_hash_with_name_and_size(tmp_path: Path, landing: Path) -> None:
    data = b"x" * (2 * archive.CHUNK + 7)
    source = received(tmp_path, "Überblick 11.XLSX", data)
    document, path = archive.store(source, landing)
    digest = hashlib.sha256(data).hexdigest()
    assert (document.sha256, document.file_name, document.size) == (
        digest,
        "Überblick 11.XLSX",
        len(data),
    )
    assert path == landing / digest[:2] / f"{digest}.xlsx"
    assert path.read_bytes() == source.read_bytes() == data
    assert archive.document_of(source) == document
    assert archive.find(digest, landing) == path


def test_the_same_bytes_are_kept_once_whatever_their_name(tmp_path: Path, landing: Path) -> None:
    _, first = archive.store(received(tmp_path, "a.xlsx", b"same"), landing)
    before = first.stat()
    document, second = archive.store(received(tmp_path, "b.xls", b"same"), landing)
    assert document.file_name == "b.xls"
    assert second == first
    assert kept(landing) == [first]
    assert (first.stat().st_mtime_ns, first.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_kept_files_are_read_only_and_the_source_is_not_touched(
    tmp_path: Path, landing: Path
) -> None:
    source = received(tmp_path, "a.xlsx", b"data")
    _, path = archive.store(source, landing)
    assert path.stat().st_mode & 0o777 == 0o444
    assert source.stat().st_mode & 0o200
    source.write_bytes(b"changed later")
    assert path.read_bytes() == b"data"


def test_verify_finds_a_flipped_bit(tmp_path: Path, landing: Path) -> None:
    paths = [
        archive.store(received(tmp_path, f"{n}.xlsx", bytes([n]) * 999), landing)[1]
        for n in range(5)
    ]
    assert archive.verify(landing) == []
    data = bytearray(paths[3].read_bytes())
    data[500] ^= 1
    paths[3].chmod(0o644)
    paths[3].write_bytes(data)
    assert archive.verify(landing) == [paths[3]]


def test_a_damaged_copy_is_replaced_when_the_bytes_come_again(
    tmp_path: Path, landing: Path
) -> None:
    """Reading the damaged copy under the sound file's hash would break the lineage."""
    source = received(tmp_path, "a.xlsx", b"sound")
    _, path = archive.store(source, landing)
    path.chmod(0o644)
    path.write_bytes(b"so")
    _, again = archive.store(source, landing)
    assert again.read_bytes() == b"sound"
    assert archive.verify(landing) == []
    assert kept(landing) == [again]


def test_a_half_written_copy_is_no_document(
    tmp_path: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    source = received(tmp_path, "a.xlsx", b"data")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            archive.store(source, landing)
    assert kept(landing) == []
    with pytest.raises(FileNotFoundError):
        archive.find(hashlib.sha256(b"data").hexdigest(), landing)
    assert archive.store(source, landing)[1].read_bytes() == b"data"


def test_what_a_killed_run_left_is_swept_up_but_not_what_another_run_is_writing(
    tmp_path: Path, landing: Path
) -> None:
    (landing / "decisions").mkdir(parents=True)
    old, young, decision = (
        received(landing, ".incoming-old", b"half"),
        received(landing, ".incoming-young", b"half"),
        received(landing / "decisions", ".incoming-old", b"half"),
    )
    for path in (old, decision):
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    archive.store(received(tmp_path, "a.xlsx", b"data"), landing)
    assert not old.exists()
    assert not decision.exists()
    assert young.exists()
    assert archive.verify(landing) == []


def test_nothing_is_found_in_an_empty_archive(landing: Path) -> None:
    assert archive.find_or_none("00" * 32, landing) is None
    assert archive.verify(landing) == []
