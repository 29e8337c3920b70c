"""`kca quarantine`: the quarantined documents, with their findings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.foreign import visible


def show_all(as_json: AsJson = False) -> None:
    """List the quarantined documents.

    Example: kca quarantine list
    """
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings
    from kca_etl.warehouse.views import queries

    rows = [
        r
        for r in queries.documents(reading(Settings()))
        if r["state"] in ("quarantined", "rejected")
    ]
    keys = ("sha256", "file_name", "source", "state", "received_at", "findings")
    listed = [
        {k: str(r[k])[:12] if k == "sha256" and not as_json else r[k] for k in keys} for r in rows
    ]
    console.listing(listed, as_json=as_json, empty="nothing is quarantined")


def show(
    sha256: Annotated[str, typer.Argument(help="The document's hash or its beginning.")],
    as_json: AsJson = False,
) -> None:
    """Show a document's findings.

    Example: kca quarantine show 3f2a
    """
    from kca_etl.runs import replay as replays
    from kca_etl.runs.outcomes import UNTOUCHED
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings
    from kca_etl.warehouse.views import queries

    engine = reading(Settings())
    for document in replays.quarantined(engine, sha256):
        rows = queries.findings(engine, document["sha256"])
        if as_json:
            console.listing(rows, as_json=True)
            continue
        print(
            f"{visible(document['file_name'])} · {document['state']} · sha256 {document['sha256']}"
        )
        for row in rows:
            words = (row[k] or "" for k in ("what", "sheet", "cell", "found", "expected"))
            finding = Finding(Code(row["code"]), *words)
            print("  " + sentence(finding, "", UNTOUCHED))


def replay(
    sha256: Annotated[
        str | None, typer.Argument(help="One document; all if none is given.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="The amended file that takes its place.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try documents again: after the declaration or the file was amended.

    Example: kca quarantine replay
    """
    from kca_etl.runs import replay as replays
    from kca_etl.runs.outcomes import as_row, lines
    from kca_etl.runs.record import recorded, warehouse
    from kca_etl.settings import Settings

    settings = Settings()
    engine = warehouse(settings)
    with recorded(engine, settings, "replay") as work:
        again = work.run
        for outcome in replays.replay(work, sha256 or "", file):
            if not as_json:
                print(*lines(outcome), sep="\n")
    if as_json:
        console.listing([as_row(o) for o in again.outcomes], as_json=True)
    elif not again.outcomes:
        print("nothing is quarantined")
    sys.exit(max((console.EXIT[o.reading.verdict] for o in again.outcomes), default=console.OK))
