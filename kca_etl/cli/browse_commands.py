"""The body of `kca browse`.

The embedded warehouse in a web browser, read-only, on this machine alone. Needs the extra `browse`.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.tables import metadata
from kca_etl.warehouse.views.contract import VIEWS

LIMITS = {
    "sql_time_limit_ms": "5000",
    "facet_time_limit_ms": "1000",
    "max_returned_rows": "10000",
    "allow_download": "off",
}


def browse(port: int) -> NoReturn:
    """Become Datasette. Raises KcaError NOT_SQLITE or NOT_INSTALLED."""
    settings = Settings()
    if warehouse(settings).dialect.name != "sqlite":
        raise KcaError(Finding(Code.NOT_SQLITE, "only the embedded warehouse can be browsed"))
    if find_spec("datasette") is None:
        raise KcaError(
            Finding(Code.NOT_INSTALLED, "datasette is not installed", expected="the extra `browse`")
        )
    print(f"http://127.0.0.1:{port}/{Path(_database(settings)).stem}; end with Ctrl+C", flush=True)
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
    hidden = {name: {"hidden": True} for name in [*metadata.tables, "alembic_version"]}
    shown = {
        name: {"description": meaning, "columns": {c.name: c.bedeutung for c in columns}}
        for name, (meaning, columns) in VIEWS.items()
    }
    return {"title": "kca-etl", "databases": {database: {"tables": hidden | shown}}}
