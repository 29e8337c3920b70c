"""Processes that play in the inbox.

`write FOLDER FIRST LAST` drops documents in every way people and programs do, `pick FOLDER LOG STOP
[crash]` picks them up until the file STOP exists.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

from kca_etl.landing.inbox.folder import Handled, Inbox, work

SETTLE = 1.5


def body(number: int) -> bytes:
    """Make a tiny document that knows its own hash."""
    text = "".join(f"Zeile {n};{number * n}\r\n" for n in range(20 + number % 30)).encode()
    return text + hashlib.sha256(text).hexdigest().encode()


def is_whole(data: bytes) -> bool:
    """Tell whether a document was read to its end."""
    return hashlib.sha256(data[:-64]).hexdigest().encode() == data[-64:]


def write(folder: Path, first: int, last: int) -> None:
    """Drop documents.

    By rename, at once, in two halves, under a foreign suffix, into a space kept with zeros;
    some share a name.
    """
    for number in range(first, last):
        data, name = body(number), f"Monat {number}.csv"
        way = number % 5
        if way == 0:
            (folder / f"{name}.part").write_bytes(data)
            (folder / f"{name}.part").rename(folder / name)
        elif way == 1:
            (folder / name).write_bytes(data)
        elif way == 2:
            with (folder / name).open("wb") as out:
                out.write(data[: len(data) // 2])
                out.flush()
                time.sleep(0.01)
                out.write(data[len(data) // 2 :])
        elif way == 3:
            (folder / f"~${name}").write_bytes(b"x")
            (folder / name).write_bytes(data)
            (folder / f"~${name}").unlink()
        else:
            with (folder / name).open("wb") as out:
                out.truncate(len(data))
                time.sleep(0.005)
                out.write(data)


def pick(folder: Path, log: Path, stop: Path, *, crash: bool) -> None:
    """Pick up and note what was read; one player dies over its tenth document."""
    count = 0

    def handler(path: Path) -> Handled:
        nonlocal count
        data = path.read_bytes()
        count += 1
        if crash and count == 10:
            os.kill(os.getpid(), signal.SIGKILL)
        with log.open("a", encoding="utf-8") as out:
            out.write(f"{path.name}|{'whole' if is_whole(data) else 'half'}\n")
        return Handled("done") if count % 4 else Handled("quarantine", "Probe\n")

    with Inbox(folder, settle=SETTLE) as inbox:
        while not stop.exists():
            for _ in work(inbox.pick(), handler):
                pass
            time.sleep(0.05)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        pick(Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), crash="crash" in sys.argv)
