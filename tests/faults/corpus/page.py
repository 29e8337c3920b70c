"""The page that lists all kinds, with what the last long run of the corpus measured."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

from tests.faults.corpus.kind import Kind
from tests.faults.corpus.table import KINDS

RESULTS = Path(__file__).with_name("results.csv")
COLUMNS = ("group", "kind", "cpu_s", "peak_mb", "exit", "faults")
BECOMES = {
    "loaded": "loaded",
    "quarantined": "quarantined",
    "rejected": "rejected",
    "absent": "never a document",
}


def page() -> str:
    """Render `docs/faults.md`."""
    open_ = sum(bool(kind.open) for kind in KINDS)
    head = [
        "# Faults",
        "",
        "Generated from `tests/faults/corpus` by `make docs`. Every kind of faulty document that the suite",
        f"makes, and what becomes of it: {len(KINDS)} kinds. Every second goes through `kca run` in `make test`; all go",
        "through `kca run` and the inbox in `make corpus`, a good document behind them that must",
        "load. A refused document leaves nothing in the warehouse, and a note beside it names the finding.",
        "What a publisher's server can do wrong stands in `tests/landing/fetch` and `tests/runs/test_hostile.py`,",
        "what the machine and the database can in [operating](operating.md#when-the-machine-fails).",
        "",
        *_measured(),
        f"{open_} kinds are *open*: known, not yet as they should be, not counted above.",
    ]
    for group, found in groupby(KINDS, key=lambda kind: kind.group):
        head += ["", f"## {group}", "", "| Kind | Becomes | Finding | Cell |", "|---|---|---|---|"]
        head += [_row(kind) for kind in found]
    return "\n".join(head) + "\n"


def _row(kind: Kind) -> str:
    name = "".join(c if c.isprintable() and c != "|" else " " for c in kind.name)
    code = f"`{kind.code}`" if kind.code else ""
    becomes = BECOMES[kind.state] + (f" · *open: {kind.open}*" if kind.open else "")
    return f"| {name} | {becomes} | {code} | {kind.cell} |"


def _measured() -> list[str]:
    """Sum up the last long run, in which each kind had a process of its own."""
    if not RESULTS.is_file():
        return []
    with RESULTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    worst, most = (max(float(row[key]) for row in rows) for key in ("cpu_s", "peak_mb"))
    wrong = sum(bool(row["faults"]) for row in rows)
    return [
        f"The last long run (`results.csv` beside the kinds): {len(rows)} kinds, each both ways in a process of",
        f"its own, {wrong} of them not as they should be. The costliest took {worst:.1f} s of CPU and {most:.0f} MB,",
        "start of the program, good documents and checks included.",
        "",
    ]


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[3]
    (root / "docs" / "faults.md").write_text(page(), encoding="utf-8")
