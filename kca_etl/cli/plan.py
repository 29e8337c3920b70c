"""`kca plan`: what loading documents would change."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson, OnMonth
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

GERMAN_STATES = {
    "loaded": "Wird geladen",
    "unchanged": "Ist schon geladen",
    "quarantined": "Kommt in Quarantäne",
    "rejected": "Wird abgewiesen",
}
EXITS = {"quarantined": console.QUARANTINED, "rejected": console.REJECTED}


def plan(
    files: Annotated[list[Path], typer.Argument(help="Documents, or folders of documents.")],
    source: Annotated[str | None, typer.Option(help="Read them as this source.")] = None,
    month: OnMonth = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page that can be sent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what loading FILES would change; load nothing.

    Example: kca plan Monat.xlsx
    """
    from kca_etl.report.html import fill
    from kca_etl.runs import plan as planning
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings

    settings = Settings()
    plans = planning.plan(documents(files), reading(settings), settings, source)
    if month is not None:
        wanted = month_id(month)
        plans = [one for one in plans if one.month == wanted]
    rows, known = [planning.as_row(one) for one in plans], planning.fingerprint(plans)
    if html is not None:
        values = {"plans": rows, "states": GERMAN_STATES, "hash": known, "source": source or ""}
        html.write_text(fill("plan.html.j2", ("plan.css",), **values), encoding="utf-8")
    if as_json:
        print(json.dumps({"hash": known, "plans": rows}, ensure_ascii=False, indent=1))
    else:
        for one in plans:
            print(*planning.lines(one), sep="\n")
        print(f"plan {known}: `kca run SOURCE FILES --plan-hash {known}` loads exactly this")
    sys.exit(max((EXITS.get(one.state, console.OK) for one in plans), default=console.OK))


def documents(files: list[Path]) -> list[Path]:
    """Return files as they are, and the files of folders in the order of their names."""
    missing = [f for f in files if not f.exists()]
    if missing:
        raise KcaError(*(Finding(Code.NO_FILE, f"there is no file {str(f)!r}") for f in missing))
    inside = [one for path in files for one in _inside(path)]
    return [path for path in inside if not path.name.startswith(".")]


def _inside(path: Path) -> list[Path]:
    return sorted(filter(Path.is_file, path.iterdir())) if path.is_dir() else [path]
