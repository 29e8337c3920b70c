"""Sources that are fetched from a server on the loopback, and the documents that it serves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kca_etl.landing.fetch.session import Session
from kca_etl.model.month import Month, month_number
from kca_etl.runs.fetch_month import Obtained, obtain
from kca_etl.runs.record import recorded
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.sources.endpoint import Fetch
from tests.landing.fetch.servers import API_SPEC, GENESIS_SPEC, PORTAL_SPEC, Asked, Reply, session
from tests.sources.office import Shape, write
from tests.sources.test_eckwerte import BODY, HEAD

SHEETS, ECKWERTE = "kca_monatszahlen", "ba_eckwerte"
MONTH, FEBRUARY = month_number(2020, 11), month_number(2026, 2)
CSV = (HEAD.format(region="Hessen") + BODY).encode()
NOW = datetime(2020, 12, 10, 12, tzinfo=UTC)  # after the sheet's due day, before it is late


def book(path: Path, **changes: Any) -> bytes:
    """Draw the Jobcenter's sheet of November 2020."""
    return write(path / "drawn.xlsx", Shape(**changes)).read_bytes()


def later(day: str, **changes: Any) -> dict[str, Any]:
    """Changes to the sheet that was issued again on a later day."""
    return {"footnotes": (f"Datenstand: {day}",), **changes}


@contextmanager
def fetched(patch: pytest.MonkeyPatch, **specs: Fetch) -> Iterator[None]:
    """Let sources be fetched from the portal, the API or GENESIS."""
    given = registry.load
    with patch.context() as inner:
        inner.setattr(
            registry,
            "load",
            lambda name: (
                given(name).model_copy(update={"fetch": specs[name]})
                if name in specs
                else given(name)
            ),
        )
        yield


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sheets from the portal, the Eckwerte from the API."""
    with fetched(monkeypatch, **{SHEETS: PORTAL_SPEC, ECKWERTE: API_SPEC}):
        yield


@pytest.fixture
def genesis(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The Eckwerte as GENESIS would send them: a CSV in a ZIP, asked for by POST with a token."""
    with fetched(monkeypatch, **{ECKWERTE: GENESIS_SPEC}):
        yield


def ask(
    settings: Settings,
    engine: Engine,
    base: str,
    source: str = SHEETS,
    month: int = MONTH,
    *,
    issue: int | None = None,
    **options: Any,
) -> Obtained:
    """Obtain a month under a run of its own."""
    asking: Session = session(settings.home, base, **({"wall": lambda: NOW} | options))
    with recorded(engine, settings, "run", source) as work:
        return obtain(source, Month(month), work, asking, issue=issue)


class Publisher:
    """Serves the latest of its issues, with ETags."""

    def __init__(self, *issues: bytes) -> None:
        self.issues = list(issues)

    def __call__(self, asked: Asked) -> Reply:
        if not self.issues:
            return Reply(404)
        etag = f'"v{len(self.issues)}"'
        return (
            Reply(304, headers={"ETag": etag})
            if asked.headers.get("if-none-match") == etag
            else Reply(200, self.issues[-1], {"ETag": etag})
        )


def kca(home: Path, *arguments: object, code: int = 0, **environment: str) -> str:
    """Run a command in its own process; return what it printed."""
    given = (
        {k: v for k, v in os.environ.items() if not k.startswith("KCA_")}
        | {"KCA_HOME": str(home)}
        | environment
    )
    command = [sys.executable, "-W", "error", "-m", "kca_etl", *map(str, arguments)]
    done = subprocess.run(
        command, env=given, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
