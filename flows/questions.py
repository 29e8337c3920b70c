"""Starting the run that asks about a quarantined document."""

from __future__ import annotations

import hashlib
from typing import cast

from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound

from kca_etl.pipeline import Outcome
from kca_etl.propose.questions import answerable

DEPLOYMENT = "decide/decide"


def open_run(outcome: Outcome) -> str:
    """Start the run that asks about a quarantined document; return its id, '' if none is needed.

    One document never has two that wait: the waiting run with the same questions is found again.
    One that has ended, by its answers or after two weeks without any, is followed by another.
    Without a server that knows the deployment there is nobody to ask on a screen; `kca decide`
    asks then.
    """
    reading = outcome.reading
    if outcome.state != "quarantined" or not answerable(reading.findings):
        return ""
    document = reading.document
    about = {
        "sha256": document.sha256,
        "source": reading.source.source if reading.source else "unknown",
        "month": "unknown" if reading.month is None else str(reading.month),
    }
    asked = sorted({f"{f.code} {f.sheet} {f.found}" for f in reading.findings})
    key = "decide " + hashlib.sha256("\n".join([document.sha256, *asked]).encode()).hexdigest()
    try:
        while (run := _run(about, key)).state is not None and run.state.is_final():
            key = f"decide after {run.id}"
    except ObjectNotFound:
        return ""
    return str(run.id)


def _run(about: dict[str, str], key: str) -> FlowRun:
    """Start a run, or find the one that was started by this key."""
    run = run_deployment(
        DEPLOYMENT, parameters=about, timeout=0, idempotency_key=key, as_subflow=False
    )
    return cast("FlowRun", run)
