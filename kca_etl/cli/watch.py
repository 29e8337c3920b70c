"""`kca watch`: the inbox."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.settings import Settings


def watch(
    folder: Annotated[
        Path | None, typer.Argument(help="The inbox; default KCA_HOME/inbox.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Pick up what is complete, then end.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Pick up the documents that people drop into FOLDER.

    To `done/`, or with a note to `quarantine/`.

    Example: kca watch --once
    """
    from kca_etl.runs.inbox import pick_up
    from kca_etl.runs.outcomes import as_row, lines, summary
    from kca_etl.runs.record import recorded, warehouse
    from kca_etl.settings import Settings

    settings = Settings()
    inbox = folder or settings.inbox
    engine = warehouse(settings)
    if not once:
        _until_stopped(inbox, engine, settings, as_json=as_json)
        return
    with recorded(engine, settings, "watch --once") as work:
        outcomes = pick_up(inbox, work)
    if as_json:
        console.listing([as_row(o) for o in outcomes], as_json=True)
    else:
        print(
            *(line for o in outcomes for line in lines(o)),
            summary(outcomes) if outcomes else f"nothing lies in {inbox}",
            sep="\n",
        )
    sys.exit(max((console.EXIT[o.reading.verdict] for o in outcomes), default=console.OK))


def _until_stopped(inbox: Path, engine: Engine, settings: Settings, *, as_json: bool) -> None:
    """End on SIGINT or SIGTERM after the document in hand."""
    from kca_etl.runs.inbox import watch as keep_watching
    from kca_etl.runs.outcomes import as_row, lines

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if not as_json:
        print(f"watching {inbox}; end with Ctrl+C", flush=True)
    for outcome in keep_watching(inbox, engine, settings, stop):
        if as_json:
            print(json.dumps(as_row(outcome), ensure_ascii=False), flush=True)
        else:
            print(*lines(outcome), sep="\n", flush=True)
