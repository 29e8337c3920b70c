"""Random damages of workbooks, and what becomes of them. Usage: see `make damage`.

A damage is `harmless` (the same figures are read), `stopped` (nothing would be loaded), `died`
(its reader did not survive it, which stops it, too) or `silent` (other figures would be loaded).
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from kca_etl import pipeline
from kca_etl.landing.guard.wall import Child
from kca_etl.model.document import Document
from kca_etl.model.findings import KcaError, Verdict

LOADS = (Verdict.ACCEPT, Verdict.WARN)
Kind = Callable[[bytearray, random.Random], None]


def _bit(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _bits(data: bytearray, chance: random.Random) -> None:
    for _ in range(20):
        _bit(data, chance)


def _zeros(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at : at + 512] = bytes(len(data[at : at + 512]))


def _noise(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at : at + 64] = chance.randbytes(len(data[at : at + 64]))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _lost(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    del data[at : at + 512]


def _moved(data: bytearray, chance: random.Random) -> None:
    a, b = (512 * chance.randrange(len(data) // 512) for _ in range(2))
    data[a : a + 512], data[b : b + 512] = data[b : b + 512], data[a : a + 512]


KINDS: dict[str, Kind] = {
    "one bit": _bit,
    "twenty bits": _bits,
    "512 bytes zero": _zeros,
    "64 bytes noise": _noise,
    "cut": _cut,
    "512 bytes lost": _lost,
    "two sectors exchanged": _moved,
}


def reading(path: Path) -> pipeline.Reading:
    """Read a file as the pipeline does, nothing stored."""
    return pipeline.read(pipeline.open_document(Document("0" * 64, path.name, 0), path))


def figures(found: pipeline.Reading) -> Any:
    """Return what would be loaded; None where nothing would be."""
    o = found.observations
    if o is None or found.verdict not in LOADS:
        return None
    return found.month, o.series_list, o.regions, o.value, o.zeichen, o.month, o.row, o.col


def same(one: Any, other: Any) -> bool:
    """Tell whether two documents state the same."""
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) else a == b
        for a, b in zip(one, other, strict=True)
    )


def becomes(child: Child, path: Path, sound: Any) -> str:
    """Read a damaged file behind the wall; return what becomes of it."""
    child.begin(path)
    try:
        found = figures(child.result())
    except KcaError:
        return "died"
    if found is None:
        return "stopped"
    return "harmless" if same(found, sound) else "silent"


def attack(files: list[Path], count: int, seed: int = 1) -> Counter[tuple[str, str, str]]:
    """Damage files `count` times; count what became of them by suffix and kind."""
    chance, counts, child = random.Random(seed), Counter[tuple[str, str, str]](), Child(reading)
    sound = {path: figures(reading(path)) for path in files}
    with tempfile.TemporaryDirectory() as folder:
        for n in range(count):
            path, kind = files[n % len(files)], chance.choice(list(KINDS))
            data = bytearray(path.read_bytes())
            KINDS[kind](data, chance)
            damaged = Path(folder) / path.name
            damaged.write_bytes(data)
            counts[path.suffix, kind, becomes(child, damaged, sound[path])] += 1
    child.close()
    return counts


def table(counts: Counter[tuple[str, str, str]]) -> str:
    """Return the counts as a table."""
    fates = ("harmless", "stopped", "died", "silent")
    rows = [f"| File | Damage | {' | '.join(fates)} |", "|---|---|---:|---:|---:|---:|"]
    for suffix in sorted({key[0] for key in counts}):
        for kind in KINDS:
            row = partial(lambda s, k, fate: str(counts[s, k, fate]), suffix, kind)
            rows.append(f"| {suffix} | {kind} | {' | '.join(map(row, fates))} |")
    return "\n".join(rows)


def main() -> None:
    """Damage the real files of declared sources."""
    real = Path(os.environ.get("KCA_REAL_DATA", "../shared/real"))
    found = [
        path
        for path in sorted(real.rglob("*.xls*"))
        if path.stat().st_size < 1_000_000 and figures(reading(path)) is not None
    ]
    old = [path for path in found if path.suffix == ".xls"]
    new = [path for path in found if path.suffix == ".xlsx"]
    if not found:
        sys.exit(f"no readable files under {real}")
    half = int(sys.argv[1] if len(sys.argv) > 1 else 3000) // 2
    print(table(attack(old, half) + attack(new, half) if old and new else attack(found, 2 * half)))


if __name__ == "__main__":
    main()
