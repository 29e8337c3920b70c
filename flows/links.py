"""Addresses that people can open: pages of Prefect's UI, and files of the reports folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from prefect.runtime import flow_run
from prefect.settings import PREFECT_UI_URL

from kca_etl.settings import Settings


def of_task(task_run_id: object) -> str:
    """Return the page of a task, with its state, log and artifacts."""
    return f"{_ui()}/runs/task-run/{task_run_id}"


def of_flow() -> str:
    """Return the page of the run in hand; empty where nobody knows one."""
    return of_run(flow_run.id) if flow_run.id else ""


def of_run(run_id: object) -> str:
    """Return the page of a run."""
    return f"{_ui()}/runs/flow-run/{run_id}"


def of_report(path: Path, settings: Settings) -> str:
    """Return where a browser finds a rendered file; empty where nobody serves the folder."""
    base = (settings.public_url or "").rstrip("/")
    return f"{base}/reports/{quote(path.name)}" if base else ""


def _ui() -> str:
    return PREFECT_UI_URL.value() or ""
