"""`kca browse`: the embedded warehouse in a web browser, read-only. Needs the extra `browse`."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

if TYPE_CHECKING:
    from kca_etl.settings import Settings


LIMITS = {
    "sql_time_limit_ms": "5000",
    "facet_time_limit_ms": "1000",
    "max_returned_rows": "10000",
    "allow_download": "off",
}


def browse(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8001,
    as_json: AsJson = False,
) -> None:
    """Show the embedded warehouse in a web browser, read-only.

    Needs the extra `browse`; Ctrl-C ends it.

    Example: kca browse
    """
    from kca_etl.runs.record import warehouse
    from kca_etl.settings import Settings

    settings = Settings()
    if not settings.is_there:
        raise KcaError(Finding(Code.DB_MISSING, f"there is no {settings.whereabouts}"))
    if warehouse(settings).dialect.name != "sqlite":
        raise KcaError(Finding(Code.NOT_SQLITE, "only the embedded warehouse can be browsed"))
    if find_spec("datasette") is None:
        raise KcaError(
            Finding(Code.NOT_INSTALLED, "datasette is not installed", expected="the extra `browse`")
        )
    address = f"http://127.0.0.1:{port}/{Path(_database(settings)).stem}"
    if as_json:
        console.listing([{"address": address}], as_json=True)
    else:
        print(f"{address}; end with Ctrl+C")
    sys.stdout.flush()
    os.execv(sys.executable, command(settings, port))  # noqa: S606 - our own interpreter, arguments of our own making


def command(settings: Settings, port: int) -> list[str]:
    """Return the command line: base tables hidden, views explained, queries bounded.

    Datasette opens the file read-only.
    """
    settings.downloads.mkdir(parents=True, exist_ok=True)
    about = settings.downloads / "browse.json"
    about.write_text(json.dumps(_about(Path(_database(settings)).stem)), encoding="utf-8")
    limits = [word for name, value in LIMITS.items() for word in ("--setting", name, value)]
    return [
        sys.executable,
        "-m",
        "datasette",
        _database(settings),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--metadata",
        str(about),
        *limits,
    ]


def _database(settings: Settings) -> str:
    return settings.url.removeprefix("sqlite:///")


def _about(database: str) -> dict[str, object]:
    from kca_etl.warehouse.tables import metadata
    from kca_etl.warehouse.views.contract import VIEWS

    hidden = {name: {"hidden": True} for name in [*metadata.tables, "alembic_version"]}
    shown = {
        name: {"description": meaning, "columns": {c.name: c.bedeutung for c in columns}}
        for name, (meaning, columns) in VIEWS.items()
    }
    return {"title": "kca-etl", "databases": {database: {"tables": hidden | shown}}}
