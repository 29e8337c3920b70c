"""`kca deploy`.

The work pool, the deployments of prefect.yaml and the automations on a Prefect server, as often as
one likes.

Prefect runs as child processes and is not imported.
"""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
from collections.abc import Mapping
from pathlib import Path

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.prefect_server.api import POOL, Api

# In a checkout at its top; the wheel carries it beside the flows.
PLACES = tuple(
    Path(__file__).parents[2] / place for place in ("prefect.yaml", "flows/prefect.yaml")
)
QUIET = {
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


def deploy(api: Api, environment: Mapping[str, str]) -> str:
    """Bring pool and deployments to what this version declares; return what Prefect said.

    Raises KcaError SERVE_FAILED.
    """
    file = next((place for place in PLACES if place.is_file()), None)
    if file is None:
        raise KcaError(
            Finding(
                Code.NO_FILE, "prefect.yaml is neither in the checkout nor in the installed package"
            )
        )
    if not _pool_is_there(api):
        api.ask("work_pools/", {"name": POOL, "type": "process"})
    return _child(
        api, environment, "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)
    )


def apply_automations(api: Api, environment: Mapping[str, str]) -> str:
    """Create or change the automations by name; return a line for each."""
    return _child(api, environment, "flows.automations")


def reachable(api: Api) -> None:
    """Raise KcaError SERVE_FAILED where no server answers, or it does not let us in."""
    if not api.answers():
        raise KcaError(
            Finding(
                Code.SERVE_FAILED,
                f"no Prefect server answers at {api.address}",
                expected="`kca serve`, or PREFECT_API_URL set",
            )
        )
    if not api.admits():
        raise KcaError(
            Finding(
                Code.SERVE_FAILED,
                f"the Prefect server at {api.address} refuses us",
                expected="PREFECT_API_AUTH_STRING as the server has it",
            )
        )


def deployed(api: Api) -> list[dict[str, str]]:
    """The deployments as the server has them, for printing."""
    found = api.ask("deployments/filter", {"sort": "NAME_ASC"})
    rows = [d for d in found if d["work_pool_name"] == POOL]
    return [
        {
            "deployment": d["name"],
            "entrypoint": d["entrypoint"],
            "changed": d["updated"][:19],
            "form": f"{api.ui}/deployments/deployment/{d['id']}/run",
        }
        for d in rows
    ]


def _pool_is_there(api: Api) -> bool:
    try:
        return bool(api.ask(f"work_pools/{POOL}"))
    except urllib.error.HTTPError as error:
        error.close()
        return False


def _child(api: Api, environment: Mapping[str, str], module: str, *arguments: str) -> str:
    """Run a module that speaks to the server; what it said is quoted when it fails."""
    known = os.environ | QUIET | dict(environment) | {"PREFECT_API_URL": api.address}
    command = [sys.executable, "-m", module, *arguments]
    # Not in the package's own folder: `-m` looks there first, and modules of ours would hide
    # Python's. Ctrl-C is for us alone.
    done = subprocess.run(  # noqa: S603 - our own arguments
        command,
        cwd="/",
        env=known,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if done.returncode:
        raise KcaError(
            Finding(
                Code.SERVE_FAILED,
                f"`{module} {' '.join(arguments[:2])}` failed",
                found=(done.stderr or done.stdout).strip()[-500:],
            )
        )
    return done.stdout
