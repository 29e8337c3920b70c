"""A website made of the samples."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kca_etl.runs import reports
from kca_etl.runs.record import load_all, warehouse
from kca_etl.runs.site import Made, make
from kca_etl.samples import write_samples
from kca_etl.settings import Settings

NOW = datetime(2020, 12, 15, 9, tzinfo=UTC)


def publish(home: Path, folder: Path) -> Made:
    """Publish the website of a home as of a fixed day."""
    return make(Settings(home=home), folder, NOW)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the samples' warehouse and archive, and one rendered overview."""
    place = tmp_path_factory.mktemp("home")
    settings = Settings(home=place)
    (place / "samples").mkdir()
    files = write_samples(place / "samples")
    list(load_all(files, warehouse(settings), settings, "kca_monatszahlen"))
    reports.make(settings, "2020-11", forms=["csv"])
    return place


@pytest.fixture(scope="session")
def website(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The website."""
    folder = tmp_path_factory.mktemp("website") / "site"
    made = publish(home, folder)
    assert made.unproven == ()
    assert len(made.published.written) == made.pages
    return folder
