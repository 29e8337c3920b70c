"""Promise: the route does not matter.

The same documents give the same warehouse by whatever command, folder or flow they came.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from tests.runs.routes import ROUTES, Place, panics_at, rebuilt, seen, situations

SITUATIONS = ("new", "again", "amended", "revised", "conflicting", "panicking")
EXPECTED = {
    "new": ["loaded"],
    "again": ["loaded"],
    "amended": ["loaded", "replaced"],
    "revised": ["loaded", "loaded"],
    "conflicting": ["loaded", "quarantined"],
    "panicking": ["loaded", "rejected"],
}


def carried(place: Place, situation: str, *routes: str) -> dict[str, object]:
    """Bring a situation's documents, each by its route; return what readers see."""
    sheets = situations(place.drawn)[situation]
    if situation == "panicking":
        panics_at(place.patch, sheets[0])
    for sheet, route in zip(sheets, routes, strict=False):
        ROUTES[route](place, sheet)
    return seen(place.engine)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the documents are drawn once for all tests."""
    return tmp_path_factory.mktemp("drawn")


@pytest.fixture(scope="module")
def by_command(
    drawn: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, object]]:
    """What each situation comes to by `kca run`."""
    out = {}
    for situation in SITUATIONS:
        home = tmp_path_factory.mktemp(situation)
        url = f"sqlite:///{shutil.copy(sqlite_template, home / 'warehouse.db')}"
        made = Settings(home=home, database_url=url)  # type: ignore[arg-type]  # made secret
        with pytest.MonkeyPatch.context() as patch:
            place = Place(made, home / "documents", drawn, patch)
            out[situation] = carried(place, situation, "command", "command")
        open_engine(url).dispose()
    return out


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("route", ROUTES)
def test_every_route_comes_to_the_same(
    settings: Settings,
    drawn: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    by_command: dict[str, dict[str, object]],
    situation: str,
    route: str,
) -> None:
    place = Place(settings, tmp_path / "documents", drawn, monkeypatch)
    found = carried(place, situation, route, route)
    assert found == by_command[situation]
    documents = found["documents"]
    assert isinstance(documents, list)
    assert sorted(row["state"] for row in documents) == EXPECTED[situation]


@pytest.mark.parametrize("situation", SITUATIONS[1:])
@pytest.mark.parametrize("second", ROUTES)
@pytest.mark.parametrize("first", ROUTES)
def test_every_pair_of_routes_comes_to_the_same(
    sqlite_template: Path,
    drawn: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    by_command: dict[str, dict[str, object]],
    situation: str,
    first: str,
    second: str,
) -> None:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'warehouse.db')}"
    made = Settings(home=tmp_path, database_url=url)  # type: ignore[arg-type]  # made secret
    found = carried(
        Place(made, tmp_path / "documents", drawn, monkeypatch), situation, first, second
    )
    open_engine(url).dispose()
    assert found == by_command[situation]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_rebuild_comes_to_the_same(
    settings: Settings,
    engine: Engine,
    drawn: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    situation: str,
) -> None:
    place = Place(settings, tmp_path / "documents", drawn, monkeypatch)
    before = carried(place, situation, "command", "command")
    fresh = open_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    rebuilt(place, fresh)
    assert seen(fresh) == before
    assert seen(engine) == before
    fresh.dispose()
