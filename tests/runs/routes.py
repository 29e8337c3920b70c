"""The routes by which a document comes, and what the warehouse holds afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from pydantic import SecretStr
from sqlalchemy import Engine

from kca_etl.runs import backfill, inbox, rebuild, replay, states
from kca_etl.runs.record import load_all, recorded, warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.conftest import DATABASES, NewWarehouse
from tests.landing.fetch.servers import PORTAL_SPEC, Reply, serving
from tests.runs.world import SHEETS, ask, book, fetched, later

NAMED = PORTAL_SPEC.model_copy(update={"file": "Monat_{yyyymm}"})
CHANGED = {("Integrationen", "Monat"): 320}
OWN_TO_ITS_WAY = ("run_id", "received_at", "origin")


@dataclass(slots=True)
class Place:
    """A test's warehouse and folders, and how it lays traps.

    `folder` takes the documents that come, `drawn` those that were drawn for all tests;
    `fresh` makes another empty warehouse and returns its address.
    """

    settings: Settings
    folder: Path
    drawn: Path
    patch: pytest.MonkeyPatch
    fresh: Callable[[], str]

    @property
    def engine(self) -> Engine:
        """The warehouse."""
        return warehouse(self.settings)

    def move(self) -> None:
        """Go on with another empty warehouse, but the same archive."""
        url = {"database_url": SecretStr(self.fresh())}
        self.settings = self.settings.model_copy(update=url)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document: its month of 2020 and its bytes."""

    month: int
    body: bytes

    @property
    def name(self) -> str:
        """The name it comes under, whatever the route."""
        return f"Monat_2020{self.month:02}.xlsx"


class PanicException(BaseException):
    """What a panic of the spreadsheet reader looks like."""


@cache  # a workbook drawn again has other bytes
def situations(folder: Path) -> dict[str, list[Sheet]]:
    """Return documents in the order in which they come, by what is tried with them."""
    good = Sheet(11, book(folder))
    return {
        "new": [good],
        "again": [good, good],
        "amended": [Sheet(11, book(folder, cells={("Integrationen", "Monat"): "?"})), good],
        "revised": [good, Sheet(11, book(folder, **later("15.12.2020", cells=CHANGED)))],
        "conflicting": [good, Sheet(11, book(folder, cells=CHANGED))],
        "panicking": [Sheet(10, book(folder, month="Berichtsmonat: 10/2020")), good],
    }


def panics_at(patch: pytest.MonkeyPatch, sheet: Sheet) -> None:
    """Let the reader panic at a document."""
    from kca_etl import pipeline

    opened = pipeline._open

    def tripped(path: Path) -> Any:
        if path.read_bytes() == sheet.body:
            raise PanicException("index out of bounds")
        return opened(path)

    patch.setattr(pipeline, "_open", tripped)


_numbers = count()


def lay(place: Place, sheet: Sheet) -> Path:
    """Lay a document into a folder of its own."""
    path = place.folder / str(next(_numbers)) / sheet.name
    path.parent.mkdir(parents=True)
    path.write_bytes(sheet.body)
    return path


def by_command(place: Place, sheet: Sheet) -> None:
    """As `kca run` does."""
    list(load_all([lay(place, sheet)], place.engine, place.settings, SHEETS))


def by_inbox(place: Place, sheet: Sheet) -> None:
    """As `kca watch` does."""
    place.settings.inbox.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(lay(place, sheet), place.settings.inbox / sheet.name)
    with recorded(place.engine, place.settings, "watch") as work:
        inbox.pick_up(place.settings.inbox, work, settle=0.01)


def by_publisher(place: Place, sheet: Sheet) -> None:
    """As `kca run --month` does."""
    with (
        fetched(place.patch, **{SHEETS: NAMED}),
        serving(lambda _: Reply(200, sheet.body)) as served,
    ):
        ask(place.settings, place.engine, served.base, month=2020 * 12 + sheet.month - 1)


def by_backfill(place: Place, sheet: Sheet) -> None:
    """As `kca backfill --folder` does."""
    wanted = Wanted(
        sources=[SHEETS],
        first_month="2020-01",
        last_month="2020-12",
        folder=str(lay(place, sheet).parent),
        ask_publisher=False,
    )
    steps = backfill.plan(place.engine, place.settings, wanted)
    list(backfill.perform(steps, place.engine, place.settings, "backfill"))


def by_replay(place: Place, sheet: Sheet) -> None:
    """As `kca quarantine replay` does, of a document that the program could not read before."""

    def tripped(*_: object) -> None:
        raise KeyError("mended since")

    with place.patch.context() as patch:
        patch.setattr("kca_etl.tidy.document.tidy", tripped)
        by_command(place, sheet)
    with recorded(place.engine, place.settings, "replay") as work:
        list(replay.replay(work))


def by_rebuild(place: Place, sheet: Sheet) -> None:
    """As `kca rebuild` does, of all that came so far; the rebuilt warehouse is gone on with."""
    by_command(place, sheet)
    before = place.engine
    known = rebuild.wanted(list(rebuild.archived(place.settings.landing)), before)
    place.move()
    assert rebuild.rebuild(known, place.engine, place.settings).findings == []
    assert seen(place.engine) == seen(before)


def by_flow(place: Place, sheet: Sheet) -> None:
    """As the flow `monthly` does; needs a Prefect server."""
    from flows.monthly import monthly

    with place.patch.context() as patch:
        patch.setenv("KCA_HOME", str(place.settings.home))
        patch.setenv("KCA_DATABASE_URL", place.settings.url)
        monthly("2020-11", [lay(place, sheet)], return_state=True)


ROUTES: dict[str, Callable[[Place, Sheet], None]] = {
    "command": by_command,
    "inbox": by_inbox,
    "publisher": by_publisher,
    "backfill": by_backfill,
    "replay": by_replay,
    "rebuild": by_rebuild,
}
# The flow is tried in tests/flows, beside the server that it needs.
ALL_ROUTES = ROUTES | {"flow": by_flow}
SITUATIONS = ("new", "again", "amended", "revised", "conflicting", "panicking")
PAIRED = SITUATIONS[1:]  # situations of two documents


def cases(pairs: Iterable[tuple[str, str]], *whole: str) -> list[ParameterSet]:
    """Cross pairs of routes with situations and databases.

    Every run of the suite tries every situation on the databases in `whole`, and each pair in one
    situation, in turn, on the others; `make test-long` tries the rest.
    """
    out = []
    for number, pair in enumerate(pairs):
        for offset, database in enumerate(DATABASES):
            for turn, situation in enumerate(PAIRED):
                daily = database in whole or turn == (number + offset) % len(PAIRED)
                marks = () if daily else (pytest.mark.long,)
                out.append(pytest.param(*pair, situation, database, marks=marks))
    return out


def carried(place: Place, situation: str, *routes: str) -> dict[str, Any]:
    """Bring a situation's documents, each by its route; return what readers see."""
    sheets = situations(place.drawn)[situation]
    if situation == "panicking":
        panics_at(place.patch, sheets[0])
    for sheet, route in zip(sheets, routes, strict=False):
        ALL_ROUTES[route](place, sheet)
    return seen(place.engine)


def seen(engine: Engine) -> dict[str, Any]:
    """Return all that readers see, but for what each way has of its own."""
    now = datetime(2021, 1, 4, 12, tzinfo=UTC)
    frames = (queries.figures(engine, history=history) for history in (False, True))
    figures, history = (queries.records(frame.drop(columns="run_id")) for frame in frames)
    documents = [
        {key: value for key, value in row.items() if key not in OWN_TO_ITS_WAY}
        for row in queries.documents(engine)
    ]
    return {
        "figures": figures,
        "history": history,
        "documents": sorted(documents, key=lambda row: str(row["sha256"])),
        "coverage": queries.coverage(engine),
        "status": states.matrix(states.states(engine, 2020, now)),
    }


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the documents are drawn once for all tests."""
    return tmp_path_factory.mktemp("drawn")


@pytest.fixture
def place(
    request: pytest.FixtureRequest,
    new_warehouse: NewWarehouse,
    drawn: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Place:
    """A warehouse on the database that the test names."""
    fresh = partial(new_warehouse, request.param)
    settings = Settings(home=tmp_path, database_url=SecretStr(fresh()))
    return Place(settings, tmp_path / "documents", drawn, monkeypatch, fresh)


@pytest.fixture(scope="module")
def by_command_alone(
    drawn: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What each situation comes to by `kca run`."""
    out = {}
    for situation in SITUATIONS:
        home = tmp_path_factory.mktemp(situation)
        url = f"sqlite:///{shutil.copy(sqlite_template, home / 'warehouse.db')}"
        settings = Settings(home=home, database_url=SecretStr(url))
        with pytest.MonkeyPatch.context() as patch:
            place = Place(settings, home / "documents", drawn, patch, str)
            out[situation] = carried(place, situation, "command", "command")
        open_engine(url).dispose()
    return out
