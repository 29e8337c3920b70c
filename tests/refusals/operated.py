"""Codes of the demo and of Prefect on this machine: one situation each."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kca_etl.cli import demo
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.states import DocumentState
from kca_etl.prefect_server import deploy
from kca_etl.prefect_server.api import Api
from kca_etl.sources.registry import jobcenter_source
from kca_etl.warehouse import writer
from tests.refusals.entries import Entry
from tests.refusals.stored import fresh
from tests.warehouse.synthetic import document


def _own_documents(folder: Path) -> list[Finding]:
    settings, engine = fresh(folder, "warehouse")
    found = [Finding(Code.SUM_MISMATCH, "parts do not add up")]
    state = DocumentState.QUARANTINED
    writer.quarantine(engine, jobcenter_source(), document("eigenes"), found, "r", state)
    demo._only_samples(settings)
    return []


def _flow_ends_with_3(folder: Path) -> list[Finding]:
    settings, _ = fresh(folder, "a")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "kca_etl.cli.demo.subprocess.run",
            lambda command, **_: subprocess.CompletedProcess(command, 3),
        )
        demo._run_flow([], settings)
    return []


def _no_server(_: Path) -> list[Finding]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Api, "answers", lambda _: False)
        deploy.reachable(Api.here())
    return []


ENTRIES = [
    Entry(Code.DEMO_REFUSED, "kca_etl.cli.demo._only_samples", _own_documents, what="must not mix"),
    Entry(Code.FLOW_FAILED, "kca_etl.cli.demo._run_flow", _flow_ends_with_3, what="did not finish"),
    Entry(
        Code.SERVE_FAILED,
        "kca_etl.prefect_server.deploy.reachable",
        _no_server,
        what="no Prefect server answers",
    ),
]
