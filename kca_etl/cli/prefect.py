"""`kca serve`, `kca deploy`, `kca automations` and `kca doctor`: Prefect, and this machine."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def serve(
    port: Annotated[int, typer.Option(help="Port of UI and API on 127.0.0.1.")] = 4200,
    as_json: AsJson = False,
) -> None:
    """Bring up Prefect on this machine: server with UI, work pool, worker, deployments.

    Ctrl-C ends it.

    Example: kca serve
    """
    from kca_etl.prefect_server.serve import serve as serve_until_stopped

    if as_json:
        console.listing([{"ui": f"http://127.0.0.1:{port}"}], as_json=True)
    serve_until_stopped(port)


def deploy(as_json: AsJson = False) -> None:
    """Bring work pool, deployments and automations of the server at PREFECT_API_URL up to date.

    Example: kca deploy
    """
    from kca_etl.prefect_server.api import Api
    from kca_etl.prefect_server.deploy import apply_automations, deployed, reachable
    from kca_etl.prefect_server.deploy import deploy as bring_up

    api = Api.configured()
    reachable(api)
    bring_up(api, {})
    said = apply_automations(api, {})
    console.listing(deployed(api), as_json=as_json)
    if not as_json:
        print("", said, sep="\n", end="")


def apply(as_json: AsJson = False) -> None:
    """Create or change Prefect's automations by name: crashed runs are found.

    Notifications where an address is set.

    Example: kca automations apply
    """
    from kca_etl.prefect_server.api import Api
    from kca_etl.prefect_server.deploy import apply_automations, reachable

    api = Api.configured()
    reachable(api)
    said = apply_automations(api, {})
    if as_json:
        console.listing([{"automation": row} for row in said.splitlines()], as_json=True)
    else:
        print(said, end="")


def doctor(
    port: Annotated[
        int | None,
        typer.Option(help="Where `kca serve` serves; default PREFECT_API_URL, else 4200."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at Python, versions, folder, disk, database, archive, clock, server, worker, scheduler.

    Say what to do.

    Example: kca doctor
    """
    from kca_etl.prefect_server.api import Api
    from kca_etl.prefect_server.doctor import examine
    from kca_etl.runs import archive_record
    from kca_etl.settings import Settings

    settings = Settings()
    misfits = partial(archive_record.misfits_of, settings)
    lines_ = list(examine(settings, Api.configured(port), misfits))
    rows = [
        {"check": line.check, "state": line.state, "found": line.found, "next_step": line.next_step}
        for line in lines_
    ]
    console.listing(rows, as_json=as_json)
    sys.exit(console.OTHER if any(line.next_step for line in lines_) else console.OK)
