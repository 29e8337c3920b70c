"""Pages into a folder: what changed only, all together or not at all.

Pages are made in `.next`. Only when the last one is complete are they moved to their places; a
process that dies before leaves the website as it was, and one that dies meanwhile is finished by
the next run.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

MANIFEST, NEXT, COMPLETE, LOCK = ".site.json", ".next", ".complete", ".site.lock"
LOCK_TIMEOUT_S = 60.0
READABLE, ENTERABLE = 0o644, 0o755  # a web server of another account hands the files out
GONE = "gone"  # what a vanished page is made from


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the website: its address, a hash of what it is made from, how it is made."""

    address: str
    inputs: str
    make: Callable[[], bytes]


@dataclass(slots=True)
class Published:
    """Addresses that were written, that stayed, and that are no longer made."""

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Folder:
    """The website's folder, held by this process while it is open."""

    root: Path
    known: dict[str, Any] = field(default_factory=dict)
    _lock: FileLock | None = None

    def __enter__(self) -> Self:
        """Take the folder, and finish what a dead process left. Raises KcaError.

        FOREIGN_FOLDER where it holds something else, BUSY where another process writes.
        """
        _refuse_foreign(self.root)
        if not self.root.is_dir():
            self.root.mkdir(parents=True)
            self.root.chmod(ENTERABLE)
        self._lock = FileLock(self.root / LOCK)
        try:
            self._lock.acquire(timeout=LOCK_TIMEOUT_S)
        except Timeout:
            what = f"another process writes the website in {self.root}"
            raise KcaError(Finding(Code.BUSY, what)) from None
        if (self.root / NEXT / COMPLETE).is_file():
            self._move()
        shutil.rmtree(self.root / NEXT, ignore_errors=True)
        with suppress(OSError, ValueError):
            self.known = json.loads((self.root / MANIFEST).read_text(encoding="utf-8"))
        return self

    def __exit__(self, *_: object) -> None:
        """Give the folder back."""
        if self._lock is not None:
            self._lock.release()

    def publish(
        self,
        pages: Sequence[Page],
        kept: dict[str, Any],
        gone: Callable[[str], bytes],
        watch: Callable[[int, int], None],
    ) -> Published:
        """Write what changed. `kept`: what the next run needs; `gone`: a vanished page's words.

        `watch` is told how many pages are done, and of how many.
        """
        done, before = Published(), self.known.get("pages", {})
        now: dict[str, list[str]] = {}
        for number, page in enumerate(pages, 1):
            watch(number, len(pages))
            old = before.get(page.address, ["", ""])
            if old[0] == page.inputs and (self.root / page.address).is_file():
                now[page.address] = old
                done.unchanged += 1
            else:
                now[page.address] = [page.inputs, self._stage(page.address, page.make(), done)]
        for address in sorted(before.keys() - now.keys()):
            if address.endswith(".html"):
                content = gone(address)
                now[address] = [GONE, self._stage(address, content, done)]
            if before[address][0] != GONE:
                done.vanished.append(address)
        self._complete({"pages": now} | kept, done)
        for address in done.vanished:
            if not address.endswith(".html"):
                (self.root / address).unlink(missing_ok=True)
        return done

    def _stage(self, address: str, content: bytes, done: Published) -> str:
        """Put a file into `.next` unless its bytes stand in its place already."""
        path = self.root / address
        if path.is_file() and path.read_bytes() == content:
            done.unchanged += 1
        else:
            part = self.root / NEXT / address
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.chmod(READABLE)
            done.written.append(address)
        return sha256(content).hexdigest()

    def _complete(self, kept: dict[str, Any], done: Published) -> None:
        text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        path, folder = self.root / MANIFEST, self.root / NEXT
        if not done.written and path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        folder.mkdir(exist_ok=True)
        (folder / MANIFEST).write_text(text, encoding="utf-8")
        with (folder / COMPLETE).open("wb") as mark:
            os.fsync(mark.fileno())
        self._move()

    def _move(self) -> None:
        """Move every file of `.next` to its place: proofs before the pages that lead to them."""
        folder = self.root / NEXT
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != COMPLETE]
        for path in sorted(files, key=lambda p: (p.name == MANIFEST, -len(p.parts), p)):
            target = self.root / path.relative_to(folder)
            _make_folders(self.root, target.parent)
            path.replace(target)
        shutil.rmtree(folder)


def _make_folders(root: Path, folder: Path) -> None:
    """Make folders that everybody may enter, whatever this process's mask is."""
    for one in (*reversed(folder.parents), folder):
        if one.is_relative_to(root) and not one.is_dir():
            one.mkdir()
            one.chmod(ENTERABLE)


def _refuse_foreign(root: Path) -> None:
    """Refuse a folder that holds something else: its index.html may be somebody's own."""
    there = sorted(path.name for path in root.glob("*")) if root.is_dir() else []
    there = [name for name in there if name not in (NEXT, LOCK)]
    if there and not (root / MANIFEST).is_file() and not (root / NEXT / COMPLETE).is_file():
        what = f"{root} holds something else"
        raise KcaError(
            Finding(Code.FOREIGN_FOLDER, what, found=there[0], expected="an empty folder")
        )


def digest(*parts: object) -> str:
    """Return a hash of values by what they look like."""
    return sha256(repr(parts).encode()).hexdigest()[:24]
