"""The results of the last whole run, as data and as the table of docs/guarantees.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[2] / "docs" / "guarantees.md"
BEGIN, END = "<!-- crash matrix: make crash-matrix -->", "<!-- end of the crash matrix -->"
FAULTS = ("crash", "power", "full", "lost")


def keep(rows: list[dict[str, Any]], day: str) -> None:
    """Keep results with the day of their run in place of earlier ones; show them on the page."""
    there = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"] if RESULTS.is_file() else []
    by_key = {(r["operation"], r["database"], r["fault"]): r for r in (*there, *rows)}
    found = {"day": day, "rows": list(by_key.values())}
    text = json.dumps(found, ensure_ascii=False, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table()}{END}{after}", encoding="utf-8")


def table() -> str:
    """Return the results as a table: a row for each operation, tries for each fault."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    rows = found["rows"]
    tried, wrong = sum(r["tried"] for r in rows), sum(len(r["wrong"]) for r in rows)
    names = list(dict.fromkeys(row["operation"] for row in rows))
    head = ("Operation", "steps", *FAULTS, "wrong")
    lines = [
        f"The last run ({found['day']}) tried {tried:,} ends; {wrong} came out wrong.",
        "",
        f"| {' | '.join(head)} |",
        f"| --- |{' ---: |' * (len(head) - 1)}",
        *(_line(name, [r for r in rows if r["operation"] == name]) for name in names),
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, rows: list[dict[str, Any]]) -> str:
    steps = max(row["steps"] for row in rows)
    tried = [sum(r["tried"] for r in rows if r["fault"] == fault) for fault in FAULTS]
    wrong = sum(len(row["wrong"]) for row in rows)
    return f"| {' | '.join(map(str, (name, steps, *tried, wrong)))} |"
