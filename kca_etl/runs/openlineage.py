"""OpenLineage.

Which documents a run read into which table, told to a file or a service where KCA_OPENLINEAGE names
one.

The events are those of the specification 2-0-2, https://openlineage.io/spec/2-0-2/OpenLineage.json.
One that cannot be delivered is logged and lost: no figure waits for a catalogue.
"""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPException
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kca_etl.model.findings import KcaError
from kca_etl.pipeline import Outcome
from kca_etl.settings import Settings
from kca_etl.workplace import Run

LOG = logging.getLogger(__name__)
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACET = "https://openlineage.io/spec/facets/1-0-0/{0}.json#/$defs/{0}"
NAMESPACE = "kca-etl"
PATIENCE = 5.0  # seconds for the service's answer


@contextmanager
def reported(run: Run, job: str, settings: Settings) -> Iterator[None]:
    """Tell of a run's START, and of its COMPLETE or FAIL with what was loaded until then.

    Nothing where nobody is named.

    A run that was killed has no end here either. Its id is a UUID made of ours, so that one
    leads to the other.
    """
    if settings.openlineage is None:
        yield
        return
    target = settings.openlineage.get_secret_value()
    _deliver(target, _event("START", run, job, settings))
    try:
        yield
    except BaseException as error:
        _deliver(target, _event("FAIL", run, job, settings, error))
        raise
    _deliver(target, _event("COMPLETE", run, job, settings))


def run_uuid(run_id: str) -> str:
    """The id that OpenLineage wants for a run of ours."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"kca-etl:run:{run_id}"))


def _event(
    kind: str, run: Run, job: str, settings: Settings, error: BaseException | None = None
) -> dict[str, Any]:
    # What other programs say of an error may quote an address with its password.
    said = (
        None
        if error is None
        else str(error)
        if isinstance(error, KcaError)
        else type(error).__name__
    )
    failed = (
        {}
        if said is None
        else {
            "errorMessage": _facet(
                "ErrorMessageRunFacet", message=said, programmingLanguage="PYTHON"
            )
        }
    )
    loaded = [outcome for outcome in run.outcomes if outcome.result is not None]
    return {
        "eventType": kind,
        "eventTime": datetime.now(UTC).isoformat(),
        "run": {"runId": run_uuid(run.run_id), "facets": failed},
        "job": {"namespace": NAMESPACE, "name": job},
        "inputs": [_document(outcome) for outcome in loaded],
        "outputs": [_table(settings.url, run)] if loaded else [],
        "producer": _producer(),
        "schemaURL": SPEC,
    }


def _document(outcome: Outcome) -> dict[str, Any]:
    """A document by source and name; its hash is its version."""
    document, source = outcome.reading.document, outcome.reading.source
    name = f"{source.source}/{document.file_name}" if source else document.file_name
    facets = {"version": _facet("DatasetVersionDatasetFacet", datasetVersion=document.sha256)}
    return {"namespace": NAMESPACE, "name": name, "facets": facets}


def _table(url: str, run: Run) -> dict[str, Any]:
    """The warehouse's table of facts, named as the specification wants it.

    User and password of the URL stay out.
    """
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        place = {"namespace": f"sqlite://{parts.path.removeprefix('/')}", "name": "main.fact"}
    else:
        host = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
        place = {"namespace": f"postgres://{host}", "name": f"{parts.path.lstrip('/')}.public.fact"}
    written = run.counts["inserted"] + run.counts["revised"]
    return place | {
        "outputFacets": {
            "outputStatistics": _facet("OutputStatisticsOutputDatasetFacet", rowCount=written)
        }
    }


def _facet(name: str, **content: str | int) -> dict[str, str | int]:
    return {"_producer": _producer(), "_schemaURL": FACET.format(name)} | content


def _producer() -> str:
    return f"urn:kca-etl:{version('kca-etl')}"


def _deliver(target: str, event: dict[str, Any]) -> None:
    """Post it, or add it to a file as a line of its own."""
    data = json.dumps(event).encode()
    try:
        if target.startswith(("https://", "http://")):
            request = urllib.request.Request(target, data, {"Content-Type": "application/json"})  # noqa: S310 - the operator's own address
            urllib.request.urlopen(request, timeout=PATIENCE).close()  # noqa: S310 - likewise
        else:
            with Path(target).open("ab") as file:
                file.write(data + b"\n")
    except (OSError, ValueError, HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        # The address may carry a token, and an error may quote it.
        LOG.warning(
            "an OpenLineage event (%s) was not delivered: %s; see KCA_OPENLINEAGE",
            event["eventType"],
            type(error).__name__,
        )
