"""OLE containers (MS-CFB), read as the spreadsheet reader reads them.

Entry by entry, whatever the directory's tree says.

A chain of sectors in a circle makes the reader fill the memory; a false length makes it ask for all
of it at once.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kca_etl.landing.guard.notes import refuse
from kca_etl.model.codes import Code

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END, LAST = 0xFFFFFFFE, 0xFFFFFFFA  # end of a chain; greater numbers than LAST are no sectors
HEADER, ENTRY, MINI, SMALL = 512, 128, 64, 4096
SECTORS = {3: 512, 4: 4096}  # size of a sector by version
STREAM, ROOT = 2, 5
Table = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Entry:
    """A directory entry: a stream, a storage, the root, or an unused one."""

    name: str
    kind: int
    start: int
    size: int


@dataclass(slots=True)
class Chains:
    """A table of sectors, each with its next.

    Remembers which of them are known to come to an end.
    """

    table: Table
    ending: set[int] = field(default_factory=set)

    def follow(self, start: int) -> list[int]:
        """Return a chain's sectors in order."""
        chain: list[int] = []
        while start != END:
            self._next_is_sound(start, len(chain))
            chain.append(start)
            start = int(self.table[start])
        self.ending.update(chain)
        return chain

    def check(self, start: int) -> None:
        """Follow a chain as far as it is new."""
        new: list[int] = []
        while start < LAST and start not in self.ending:
            self._next_is_sound(start, len(new))
            new.append(start)
            start = int(self.table[start])
        self.ending.update(new)

    def _next_is_sound(self, sector: int, so_far: int) -> None:
        if so_far > len(self.table):
            refuse(Code.HOSTILE, "a chain of sectors runs in a circle")
        if sector >= len(self.table):
            refuse(Code.TRUNCATED, "the workbook's container is damaged: a sector is missing")


@dataclass(slots=True)
class Container:
    """A container's entries, every one of their chains checked."""

    data: bytes
    sector: int = 0
    fat: Chains = field(default_factory=lambda: Chains(np.empty(0, np.uint32)))
    mini: Chains = field(default_factory=lambda: Chains(np.empty(0, np.uint32)))
    mini_stream: bytes = b""
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read header, tables and directory.

        Raises KcaError HOSTILE or TRUNCATED, and struct.error past the end.
        """
        version, _, shift = struct.unpack_from("<HHH", self.data, 26)
        directory, _, _, mini, minis, more = struct.unpack_from("<IIIIII", self.data, 48)
        self.sector = SECTORS.get(version, 0)
        if self.sector != 1 << shift:
            refuse(
                Code.TRUNCATED,
                "the workbook's container is damaged: unknown version",
                f"version {version}, sector size 2**{shift}",
            )
        self.fat = Chains(self._join(self._fat_sectors(more)))
        found = b"".join(map(self._at, self.fat.follow(directory)))
        self.entries = [
            self._entry(found[i : i + ENTRY]) for i in range(0, len(found) - ENTRY + 1, ENTRY)
        ]
        root = (
            self.entries[0]
            if self.entries
            else refuse(Code.TRUNCATED, "the workbook's container has no directory")
        )
        self._check_size(root)
        self.mini = Chains(self._join(self.fat.follow(mini) if minis else []))
        self.mini_stream = b"".join(map(self._at, self.fat.follow(root.start)))
        for entry in self.entries[1:]:
            if entry.kind == STREAM:
                self._check_size(entry)
                self._chains(entry).check(entry.start)

    def read(self, entry: Entry) -> bytes:
        """Return a stream's content."""
        chain = self._chains(entry).follow(entry.start)
        if entry.size < SMALL:
            return b"".join(self.mini_stream[n * MINI : n * MINI + MINI] for n in chain)[
                : entry.size
            ]
        return b"".join(map(self._at, chain))[: entry.size]

    def _chains(self, entry: Entry) -> Chains:
        return self.mini if entry.size < SMALL else self.fat

    def _fat_sectors(self, more: int) -> list[int]:
        """Name the sectors that hold the table: 109 in the header, more in a chain of their own."""
        named = list(struct.unpack_from("<109I", self.data, 76))
        most = len(self.data) // self.sector + 1
        while more < LAST:
            named += np.frombuffer(self._at(more), "<u4").tolist()
            more = named.pop()
            if len(named) > most + HEADER:
                refuse(Code.HOSTILE, "a chain of sectors runs in a circle")
        return [n for n in named if n < LAST]

    def _join(self, sectors: list[int]) -> Table:
        return np.frombuffer(b"".join(map(self._at, sectors)), "<u4")

    def _at(self, number: int) -> bytes:
        at = (number + 1) * self.sector
        found = self.data[at : at + self.sector]
        if not found:
            refuse(Code.TRUNCATED, "the workbook's container is damaged: a sector is missing")
        return found.ljust(self.sector, b"\0")

    def _entry(self, raw: bytes) -> Entry:
        start, low, high = struct.unpack_from("<III", raw, 116)
        name = raw[:64].decode("utf-16-le", "replace").split("\0")[0]
        return Entry(name, raw[66], start, low if self.sector == SECTORS[3] else low | high << 32)

    def _check_size(self, entry: Entry) -> None:
        if entry.size > len(self.data):
            refuse(
                Code.HOSTILE,
                "a part of the workbook's container is larger than the file",
                f"{entry.name}: {entry.size} bytes",
            )
