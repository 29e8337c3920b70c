"""`kca office`: the folder of an office."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def init(
    folder: Path,
    traeger: Annotated[
        str | None, typer.Option(help="The Jobcenter's Trägernummer, five digits.")
    ] = None,
    ags: Annotated[
        list[str] | None, typer.Option(help="A Kreis that it serves; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the FOLDER of a Jobcenter: its names from the register, the rest to be edited.

    Example: kca office init OFFICE --traeger 43502
    """
    from kca_etl.runs.new_office import write

    if traeger is None and not ags:
        raise typer.BadParameter("give --traeger or --ags", param_hint="--traeger")
    written = write(folder, traeger, tuple(ags or ()))
    console.listing([{"file": str(path)} for path in written], as_json=as_json)
    if not as_json:
        print(
            f"Look through {folder / 'office.yaml'}, then: export KCA_OFFICE={folder.resolve()}",
            "and: kca office check",
            sep="\n",
        )


def check(
    folder: Annotated[
        Path | None, typer.Argument(help="The office's folder; the one in use by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with an office's folder, with file and line.

    Example: kca office check
    """
    from kca_etl.offices import folder as offices
    from kca_etl.runs.office_check import check as find

    faults = find(folder)
    if as_json:
        rows = [{"file": str(f.file), "line": f.line, "what": f.what} for f in faults]
        console.listing(rows, as_json=True)
    else:
        print(*(f"{f.file}:{f.line}: {f.what}" for f in faults), sep="\n", end="")
        if faults:
            print(f"\n{len(faults)} faults in {offices.folder()}")
        else:
            print(f"{offices.current().name}: nothing is wrong in {offices.folder()}")
    sys.exit(console.OTHER if faults else console.OK)


def schema(as_json: AsJson = False) -> None:
    """Print the JSON Schema of office.yaml, for editors.

    Example: kca office schema
    """
    from kca_etl.offices.spec import Office

    del as_json  # a JSON Schema is JSON in any case
    print(json.dumps(Office.model_json_schema(), ensure_ascii=False, indent=1))
