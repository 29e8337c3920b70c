"""Promise.

After `kill -9` at any step the warehouse shows the old state or the new one, and a second run
succeeds.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kca_etl.landing.archive import files as archive
from kca_etl.landing.archive import provenance
from kca_etl.model.findings import KcaError
from kca_etl.runs.record import load_all
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.faults import victim
from tests.warehouse.synthetic import export

OLD, NEW = "KCA_Monatszahlen_2020-10.xlsx", "KCA_Monatszahlen_2020-11.xlsx"
COMMITTED = {"after commit", "before the run's end"}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


def load(settings: Settings, path: Path) -> list[str]:
    return [
        o.state for o in load_all([path], open_engine(settings.url), settings, "kca_monatszahlen")
    ]


@pytest.fixture(scope="module")
def states(
    samples: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Load both documents undisturbed; return the exports before and after the second."""
    home = tmp_path_factory.mktemp("undisturbed")
    (home / "warehouse.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(home=home)
    out = {}
    for name in (OLD, NEW):
        assert load(settings, samples / name) == ["loaded"]
        out[name] = export(open_engine(settings.url))
    open_engine(settings.url).dispose()
    assert out[OLD] != out[NEW]
    return out


@pytest.mark.parametrize("point", victim.POINTS)
def test_old_state_or_new_state_and_the_next_run_succeeds(
    settings: Settings, samples: Path, states: dict[str, str], point: str
) -> None:
    engine = open_engine(settings.url)
    assert load(settings, samples / OLD) == ["loaded"]
    assert victim.run(victim.load, point, settings.home, settings.url, [samples / NEW]) == [-9]
    assert export(engine) == states[NEW if point in COMMITTED else OLD]
    assert [d["file_name"] for d in queries.documents(engine) if d["file_name"] == NEW] == (
        [NEW] if point in COMMITTED else []
    )
    assert {r["state"]: r["finished_at"] is None for r in queries.runs(engine)} == {
        "done": False,
        "running": True,
    }
    assert load(settings, samples / NEW) == ["unchanged" if point in COMMITTED else "loaded"]
    assert export(engine) == states[NEW]
    assert archive.verify(settings.landing) == []
    assert len(provenance.documents(settings.landing)) == 2


@pytest.mark.parametrize("point", ["tables made", "views made"])
def test_a_killed_upgrade_leaves_no_half_schema(empty_url: str, point: str) -> None:
    assert victim.run(victim.upgrade, point, empty_url) == [-9]
    engine = open_engine(empty_url)
    with pytest.raises(KcaError, match="DB_MISSING"):
        migrate.check(engine)
    migrate.upgrade(engine)
    assert migrate.check(engine)
    assert queries.figures(engine).empty
