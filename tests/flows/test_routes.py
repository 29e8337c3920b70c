"""The flow `monthly` is one more route: the same documents come to the same warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from tests.runs.routes import Place, by_command, lay, panics_at, seen, situations


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("situation", ["amended", "conflicting", "panicking"])
def test_the_flow_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, situation: str
) -> None:
    from flows.monthly import monthly

    sheets = situations(tmp_path)[situation]
    if situation == "panicking":
        panics_at(monkeypatch, sheets[0])
    own = Place(Settings(home=tmp_path / "own"), tmp_path / "o", tmp_path, monkeypatch)
    for sheet in sheets:
        by_command(own, sheet)
    flown = Place(Settings(home=tmp_path / "flown"), tmp_path / "f", tmp_path, monkeypatch)
    monkeypatch.setenv("KCA_HOME", str(flown.settings.home))
    monthly("2020-11", [lay(flown, sheet) for sheet in sheets])
    assert seen(warehouse(flown.settings)) == seen(own.engine)
    for place in (own, flown):
        open_engine(place.settings.url).dispose()
