"""The bodies of the commands that operate the pipeline: `kca backfill`."""

from __future__ import annotations

import sys
from typing import Any

from kca_etl import console
from kca_etl.commands import month_id
from kca_etl.model import Verdict, month_date
from kca_etl.operate import backfill as core
from kca_etl.operate.doctor import examine
from kca_etl.operate.matrix import Matrix
from kca_etl.operate.wanted import Wanted
from kca_etl.report.outcomes import lines
from kca_etl.runs import warehouse
from kca_etl.settings import Settings


def backfill(given: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    """Plan, load document by document, print the matrix; exit with the gravest outcome."""
    months = {key: f"{month_date(month_id(given[key])):%Y-%m}" for key in ("first_month", "last_month")}
    wanted = Wanted(**given | months)
    settings = Settings()
    engine = warehouse(settings)
    steps = core.plan(engine, settings, wanted)
    matrix = Matrix(steps)
    code = console.OK
    if not dry_run and any(s.action == "load" for s in steps):
        for step, outcome in core.perform(steps, engine, settings, wanted.command):
            if outcome.reading.verdict is not Verdict.WAIT:  # a month still to come is no failure of the backfill
                code = max(code, console.EXIT[outcome.reading.verdict])
            matrix.add(step, outcome)
            if not as_json:
                print(*lines(outcome), sep="\n")
    if as_json:
        console.listing(matrix.rows(), as_json=True)
    elif dry_run:  # the matrix shows what is missing
        console.listing([s.as_row() | {"sha256": _short(s)} for s in steps if s.action != "missing"], as_json=False)
    if not as_json:
        print(f"\n{wanted.title}{' (dry run: nothing was loaded)' if dry_run else ''}", matrix.text(), sep="\n")
    sys.exit(code)


def doctor(port: int, *, as_json: bool) -> None:
    """Look at everything a newcomer gets wrong; exit 1 if something is."""
    lines_ = list(examine(Settings(), port))
    rows = [{"check": line.check, "state": line.state, "found": line.found, "next_step": line.next_step} for line in lines_]
    console.listing(rows, as_json=as_json)
    sys.exit(console.OTHER if any(line.next_step for line in lines_) else console.OK)


def _short(step: core.Step) -> str:
    return step.document.sha256[:12] if step.document else ""
