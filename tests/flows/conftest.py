"""A temporary Prefect server for flows that run inside the tests."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.runs.routes import by_command_alone, drawn, place

__all__ = ["by_command_alone", "drawn", "harness", "place", "server"]


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """Start it once, without a word to the outside.

    The heartbeat thread would cost a second per flow.
    """
    from prefect.settings import (
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_SERVER_ANALYTICS_ENABLED,
        temporary_settings,
    )
    from prefect.testing.utilities import prefect_test_harness

    running = ExitStack()
    running.enter_context(
        temporary_settings(
            {PREFECT_SERVER_ANALYTICS_ENABLED: False, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
        )
    )
    running.enter_context(prefect_test_harness(server_startup_timeout=120))
    yield
    _sweep(running)


@pytest.fixture
def harness(server: None) -> Iterator[None]:  # noqa: ARG001 - it must run
    """The server, and no socket left behind."""
    yield
    _sweep(ExitStack())


def _sweep(running: ExitStack) -> None:
    """Collect the sockets that Prefect's client leaves, lest a later test complain of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running.close()
        gc.collect()
