"""The inbox: what counts as complete, who gets it, where it goes.

And a thousand documents at once.
"""

from __future__ import annotations

import errno
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kca_etl.landing.inbox import folder as module
from kca_etl.landing.inbox.claimed_files import ClaimedFiles, move_into, undo_half_move
from kca_etl.landing.inbox.folder import Claimed, Handled, Inbox, pick, seems_whole, watch, work
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from tests.landing.fetch.servers import workbook
from tests.landing.inbox import players

PLAYERS = Path(players.__file__)
CSV = b"a;b\r\n1;2\r\n"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(tmp_path: Path, clock: Clock) -> Iterator[Inbox]:
    with Inbox(tmp_path / "inbox", settle=2.0, patience=600.0, clock=clock) as opened:
        yield opened


def drop(box: Inbox, name: str, data: bytes = CSV) -> Path:
    path = box.folder / name
    path.write_bytes(data)
    return path


def names(box: Inbox, clock: Clock, after: float = 2.0) -> list[str]:
    clock.now += after
    return [c.path.name for c in _disposed(box.pick())]


def _disposed(claims: Iterator[Claimed]) -> Iterator[Claimed]:
    for claimed in claims:
        claimed.dispose(Handled("done"))
        yield claimed


def test_taken_when_unchanged_between_two_looks(box: Inbox, clock: Clock) -> None:
    path = drop(box, "Monat.csv")
    assert names(box, clock) == []
    assert names(box, clock, 1.9) == []
    path.write_bytes(CSV * 2)  # it grows
    assert names(box, clock, 0.2) == []
    os.utime(path, ns=(0, 1))  # only its time changes
    assert names(box, clock, 2.0) == []
    assert names(box, clock, 2.0) == ["Monat.csv"]
    assert names(box, clock) == []
    assert (box.folder / "done" / "Monat.csv").read_bytes() == CSV * 2
    assert box.settled()


@pytest.mark.parametrize(
    "name",
    [
        "~$Monat.xlsx",
        ".~lock.Monat.ods#",
        ".versteckt.csv",
        ".DS_Store",
        "~WRL0001.tmp",
        "Monat.csv.part",
        "Monat.csv.PARTIAL",
        "Monat.tmp",
        "Monat.xlsx.crdownload",
        "Monat.xlsx.download",
        "Monat.csv.filepart",
        "Thumbs.db",
        "desktop.ini",
        "Monat.lnk",
        "Monat.csv.hinweis.txt",
    ],
)
def test_never_taken(box: Inbox, clock: Clock, name: str) -> None:
    path = drop(box, name)
    assert names(box, clock) == names(box, clock) == names(box, clock, 10_000.0) == []
    assert path.exists()


def test_only_regular_files_are_taken(box: Inbox, clock: Clock, tmp_path: Path) -> None:
    (box.folder / "Ordner").mkdir()
    (tmp_path / "elsewhere.csv").write_bytes(CSV)
    (box.folder / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    os.mkfifo(box.folder / "pipe.csv")
    assert names(box, clock) == names(box, clock, 10_000.0) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        workbook()[:-1],
        workbook()[:500],
        workbook() + bytes(100),
        bytes(5000),
        CSV + bytes(5000),
    ],
    ids=["empty", "cut", "half", "longer", "zeros", "zeros after"],
)
def test_what_says_itself_that_it_is_incomplete_waits_but_not_for_ever(
    box: Inbox, clock: Clock, data: bytes
) -> None:
    path = drop(box, "Monat.xlsx", data)
    assert not seems_whole(path)
    assert names(box, clock) == names(box, clock) == names(box, clock, 500.0) == []
    assert not box.settled()
    assert names(box, clock, 600.0) == ["Monat.xlsx"]


def test_a_whole_workbook_and_other_bytes_need_no_patience(box: Inbox, clock: Clock) -> None:
    drop(box, "a.xlsx", workbook())
    drop(box, "b.bin", b"\x00\x01")
    names(box, clock)
    assert names(box, clock) == ["a.xlsx", "b.bin"]


@pytest.mark.parametrize("lock", ["~$Monat.xlsx", ".~lock.Monat.xlsx#"])
def test_open_in_a_program(box: Inbox, clock: Clock, lock: str) -> None:
    drop(box, "Monat.xlsx", workbook())
    drop(box, lock)
    assert names(box, clock) == names(box, clock) == []
    (box.folder / lock).unlink()
    assert names(box, clock, 0.1) == ["Monat.xlsx"]


def test_a_copy_that_pauses_waits_until_its_writer_lets_go(box: Inbox, clock: Clock) -> None:
    with drop(box, "Monat.csv").open("ab") as out:
        assert names(box, clock) == names(box, clock) == names(box, clock, 500.0) == []
        out.write(CSV)
    names(box, clock)
    with (box.folder / "Monat.csv").open("rb"):  # a reader holds nothing up
        assert names(box, clock) == ["Monat.csv"]
    with drop(box, "vergessen.csv").open("ab"):
        names(box, clock)
        assert names(box, clock, 600.0) == ["vergessen.csv"]


def test_oldest_first(box: Inbox, clock: Clock) -> None:
    for name, at in (("c", 1), ("a", 3), ("b", 2)):
        os.utime(drop(box, name), ns=(at, at))
    names(box, clock)
    assert names(box, clock) == ["c", "b", "a"]


def test_done_quarantine_and_back(box: Inbox, clock: Clock) -> None:
    for name in ("gut.csv", "schlecht.csv", "später.csv"):
        drop(box, name)
    plan = {
        "gut.csv": Handled("done"),
        "schlecht.csv": Handled("quarantine", "Grund: ä\n"),
        "später.csv": Handled("back"),
    }
    names(box, clock)
    clock.now += 2
    went = dict(work(box.pick(), lambda path: plan[path.name]))
    assert {p.relative_to(box.folder).as_posix() for p in went} == {
        "done/gut.csv",
        "quarantine/schlecht.csv",
        "später.csv",
    }
    note = box.folder / "quarantine" / "schlecht.csv.hinweis.txt"
    assert note.read_text(encoding="utf-8-sig") == "Grund: ä\n"
    assert note.read_bytes().startswith(
        b"\xef\xbb\xbf"
    )  # so that the simplest editor shows the umlauts
    names(box, clock)
    assert names(box, clock) == ["später.csv"]


def test_nothing_is_overwritten(box: Inbox, clock: Clock) -> None:
    for n in range(3):
        drop(box, "Monat.csv", CSV * (n + 1))
        names(box, clock)
        clock.now += 2
        list(work(box.pick(), lambda _: Handled("quarantine", "x")))
    kept = sorted(p.name for p in (box.folder / "quarantine").iterdir())
    assert kept == sorted(
        f"Monat{n}.csv{end}" for n in ("", " (2)", " (3)") for end in ("", ".hinweis.txt")
    )
    assert {p.stat().st_size for p in (box.folder / "quarantine").glob("*.csv")} == {
        len(CSV) * n for n in (1, 2, 3)
    }


@pytest.mark.parametrize(
    "name",
    [
        "ä" * 125 + ".csv",
        "x" * 255,
        "a." + "b" * 250,
        "Zeile\nzwei.csv",
        "a;b`$(c).csv",
        os.fsdecode(b"\xff\xfe.csv"),
    ],
)
def test_odd_names_survive(box: Inbox, clock: Clock, name: str) -> None:
    for _ in range(2):
        drop(box, name)
        names(box, clock)
        clock.now += 2
        assert len(list(work(box.pick(), lambda _: Handled("quarantine", "x")))) == 1
    assert len(list((box.folder / "quarantine").iterdir())) == 4


def test_a_document_that_changes_in_our_hands_comes_back(box: Inbox, clock: Clock) -> None:
    drop(box, "Monat.csv")
    names(box, clock)
    clock.now += 2

    def somebody_still_writes(path: Path) -> Handled:
        with path.open("ab") as out:
            out.write(CSV)
        return Handled("done")

    [(target, handled)] = work(box.pick(), somebody_still_writes)
    assert (target, handled) == (box.folder / "Monat.csv", Handled("back"))
    names(box, clock)
    assert names(box, clock) == ["Monat.csv"]


def test_another_document_of_that_name_between_look_and_claim(
    box: Inbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(box, "Monat.csv")
    names(box, clock)
    clock.now += 2
    seen = box.look()
    monkeypatch.setattr(box, "look", lambda: seen)
    drop(box, "Monat.csv", CSV * 3)
    assert list(box.pick()) == []
    assert (box.folder / "Monat.csv").read_bytes() == CSV * 3


@pytest.mark.parametrize("error", [ConnectionError("database gone"), KeyboardInterrupt()])
def test_what_is_no_documents_fault_puts_it_back_and_is_raised(
    box: Inbox, clock: Clock, error: BaseException
) -> None:
    drop(box, "Monat.csv")
    names(box, clock)
    clock.now += 2

    def broken(_: Path) -> Handled:
        raise error

    with pytest.raises(type(error)):
        list(work(box.pick(), broken, (ConnectionError,)))
    assert (box.folder / "Monat.csv").read_bytes() == CSV


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("a bug of ours"),
        MemoryError(),
        OSError(5, "Input/output error"),
        KcaError(Finding(Code.TRUNCATED, "the file is cut short")),
    ],
)
def test_any_other_error_quarantines_that_document_alone(
    box: Inbox, clock: Clock, error: Exception
) -> None:
    drop(box, "a.csv")
    drop(box, "b.csv")
    names(box, clock)
    clock.now += 2

    def handler(path: Path) -> Handled:
        if path.name == "a.csv":
            raise error
        return Handled("done")

    went = {target.name: handled.kept for target, handled in work(box.pick(), handler)}
    assert went == {"a.csv": "quarantine", "b.csv": "done"}
    text = (box.folder / "quarantine" / "a.csv.hinweis.txt").read_text(encoding="utf-8-sig")
    assert ("TRUNCATED" if isinstance(error, KcaError) else type(error).__name__) in text


def test_a_document_that_vanishes_stops_nobody(box: Inbox, clock: Clock) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        drop(box, name)
    names(box, clock)
    clock.now += 2

    def handler(path: Path) -> Handled:
        if path.name != "c.csv":
            path.unlink()
        if path.name == "b.csv":
            raise FileNotFoundError(2, "No such file")
        return Handled("done")

    assert [target.name for target, _ in work(box.pick(), handler)] == ["c.csv"]
    assert box.settled()


def test_a_document_that_vanishes_before_it_is_claimed_stops_nobody(
    box: Inbox, clock: Clock
) -> None:
    for name in ("a.csv", "b.csv"):
        drop(box, name)
    names(box, clock)
    clock.now += 2
    picked = box.pick()
    next(picked).dispose(Handled("done"))
    (box.folder / "b.csv").unlink()
    assert list(picked) == []


def test_a_name_that_the_file_system_does_not_take_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / ("x" * 226 + ".csv")
    document.write_bytes(CSV)
    given = Path.hardlink_to

    def takes_143_bytes(path: Path, target: Path) -> None:  # as eCryptfs does
        if len(path.name) > 143:
            raise OSError(errno.ENAMETOOLONG, "File name too long")
        given(path, target)

    monkeypatch.setattr(Path, "hardlink_to", takes_143_bytes)
    target = move_into(tmp_path / "quarantine", document, "Grund\n")
    assert target.name == "x" * 96 + ".csv"
    assert target.with_name(target.name + ".hinweis.txt").exists()


def test_unreadable_document_gets_a_note_and_stops_nobody(box: Inbox, clock: Clock) -> None:
    drop(box, "a.csv")
    drop(box, "b.csv")
    names(box, clock)
    clock.now += 2

    def handler(path: Path) -> Handled:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return Handled("done")

    went = {target.name: handled.kept for target, handled in work(box.pick(), handler)}
    assert went == {"a.csv": "quarantine", "b.csv": "done"}
    assert "Zugriffsrechte" in (box.folder / "quarantine" / "a.csv.hinweis.txt").read_text(
        encoding="utf-8-sig"
    )


def test_leaving_early_gives_back(box: Inbox, clock: Clock) -> None:
    drop(box, "a.csv")
    drop(box, "b.csv")
    names(box, clock)
    clock.now += 2
    for _ in box.pick():
        break
    box.__exit__()
    assert sorted(p.name for p in box.folder.iterdir()) == ["a.csv", "b.csv", "claimed"]
    assert list((box.folder / "claimed").iterdir()) == []


def test_pick_once(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "Monat.csv").write_bytes(CSV)
    assert [c.dispose(Handled("done")).name for c in pick(tmp_path, clock, clock.sleep)] == [
        "Monat.csv"
    ]
    assert clock.now == module.SETTLE_S
    assert list(pick(tmp_path / "new", clock, clock.sleep)) == []


def test_watch_until_told_to_stop(tmp_path: Path) -> None:
    stop = threading.Event()
    seen: list[str] = []

    def run() -> None:
        with Inbox(tmp_path, settle=0.05) as opened:
            seen.extend(
                target.name for target, _ in watch(opened, lambda _: Handled("done"), stop, 0.02)
            )

    thread = threading.Thread(target=run)
    thread.start()
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(CSV)
        _until(lambda name=name: (tmp_path / "done" / name).exists(), 10)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert seen == ["a.csv", "b.csv"]


def test_only_one_claim_wins(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    first, second = ClaimedFiles(tmp_path), ClaimedFiles(tmp_path)
    assert first.claim("a.csv") is not None
    assert second.claim("a.csv") is None
    assert list(second.take_over()) == []  # the first lives
    first.close()
    assert (tmp_path / "a.csv").exists()
    second.close()
    assert list((tmp_path / "claimed").iterdir()) == []


def _die_over(inbox: Path, take: str) -> None:
    """Let a process claim the only document and kill it."""
    code = f"""
import time, pathlib
from kca_etl.landing.inbox.claimed_files import ClaimedFiles
claimed = ClaimedFiles(pathlib.Path({str(inbox)!r}))
{take}
print("claimed", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "claimed\n"
        assert list(ClaimedFiles(inbox).take_over()) == []  # it lives
        other.send_signal(signal.SIGKILL)


def test_documents_of_dead_processes_are_taken_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    _die_over(tmp_path, "claimed.claim('a.csv')")
    _die_over(tmp_path, "taking = claimed.take_over(); next(taking)")
    with Inbox(tmp_path) as box:
        [claimed] = box.pick()
        assert (claimed.path.name, claimed.path.read_bytes()) == ("a.csv", CSV)
        claimed.dispose(Handled("quarantine", "zweimal\n"))
        assert list(box.pick()) == []
    assert list((tmp_path / "claimed").iterdir()) == []


def test_both_documents_of_one_name_are_kept(tmp_path: Path) -> None:
    for n in range(2):
        (tmp_path / "x.csv").write_bytes(b"%d" % n)
        move_into(tmp_path / "done", tmp_path / "x.csv")
    assert [(tmp_path / "done" / name).read_bytes() for name in ("x.csv", "x (2).csv")] == [
        b"0",
        b"1",
    ]


def _until(happened, seconds: float) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a question
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.02)
    assert happened()


@pytest.mark.parametrize("crash", [False, True])
def test_a_thousand_documents_at_once(tmp_path: Path, crash: bool) -> None:
    """Three processes write, some slowly; three pick up.

    Each document is handled exactly once, none lost, none read half.

    With `crash` one of the three dies over a document it holds: that one is handled by another,
    once.
    """
    box, stop, total = tmp_path / "inbox", tmp_path / "stop", 1000
    box.mkdir()
    logs = [tmp_path / f"log{n}" for n in range(3)]
    pickers = [
        _player("pick", box, log, stop, *(["crash"] if crash and n == 0 else []))
        for n, log in enumerate(logs)
    ]
    cuts = [0, 333, 666, total]
    writers = [_player("write", box, a, b) for a, b in itertools.pairwise(cuts)]
    try:
        assert [w.wait(60) for w in writers] == [0, 0, 0]
        _until(
            lambda: sum(_lines(log) for log in logs) >= total and not list(box.glob("*.csv")), 60
        )
        time.sleep(0.3)  # would anything be handled twice?
    finally:
        stop.touch()
        codes = [p.wait(30) for p in pickers]
    handled = [
        line.split("|")
        for log in logs
        if log.exists()
        for line in log.read_text(encoding="utf-8").splitlines()
    ]
    assert sorted(name for name, _ in handled) == sorted(f"Monat {n}.csv" for n in range(total))
    assert {state for _, state in handled} == {"whole"}
    assert codes == ([-signal.SIGKILL, 0, 0] if crash else [0, 0, 0])
    kept = [p for folder in ("done", "quarantine") for p in (box / folder).glob("*.csv")]
    assert sorted(p.name for p in kept) == sorted(f"Monat {n}.csv" for n in range(total))
    assert all(players.is_whole(p.read_bytes()) for p in kept)
    assert list((box / "claimed").iterdir()) == []
    assert [p for p in box.iterdir() if p.is_file()] == []


def _player(*args: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-W", "error", str(PLAYERS), *map(str, args)])


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.exists() else 0


def halfway(box: Inbox, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a process die between the new name of a document and the end of its old one."""
    (box.folder / "a.xlsx").write_bytes(b"x" * 20)
    box.look()
    clock.now += 10
    (claimed,) = list(box.pick())
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            claimed.dispose(Handled("quarantine", "why"))
    return claimed.path


def test_a_killed_move_leaves_no_document_twice(
    box: Inbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = halfway(box, clock, monkeypatch)
    assert (box.folder / "quarantine" / "a.xlsx").samefile(path)
    undo_half_move(box.folder, path)
    assert path.read_bytes() == b"x" * 20
    assert list((box.folder / "quarantine").iterdir()) == []


def test_where_no_further_name_can_be_given_an_empty_file_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    for n in (1, 2):
        (tmp_path / "a.xlsx").write_bytes(bytes([n]))
        move_into(tmp_path / "done", tmp_path / "a.xlsx")
    names = {p.name: p.read_bytes() for p in (tmp_path / "done").iterdir()}
    assert names == {"a.xlsx": b"\x01", "a (2).xlsx": b"\x02"}
