"""The routes by which a document comes, and what the warehouse holds afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kca_etl.runs import backfill, inbox, rebuild, replay, states
from kca_etl.runs.record import load_all, recorded, warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.landing.fetch.servers import PORTAL_SPEC, Reply, serving
from tests.runs.world import SHEETS, ask, book, fetched, later

NAMED = PORTAL_SPEC.model_copy(update={"file": "Monat_{yyyymm}"})
CHANGED = {("Integrationen", "Monat"): 320}
OWN_TO_ITS_WAY = ("run_id", "received_at", "origin")


@dataclass(frozen=True, slots=True)
class Place:
    """A test's warehouse, folders for documents come and drawn, and how to lay traps."""

    settings: Settings
    folder: Path
    drawn: Path
    patch: pytest.MonkeyPatch

    @property
    def engine(self) -> Engine:
        """The warehouse."""
        return warehouse(self.settings)


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


ROUTES: dict[str, Callable[[Place, Sheet], None]] = {
    "command": by_command,
    "inbox": by_inbox,
    "publisher": by_publisher,
    "backfill": by_backfill,
    "replay": by_replay,
}


def rebuilt(place: Place, into: Engine) -> None:
    """As `kca rebuild` does."""
    known = rebuild.wanted(list(rebuild.archived(place.settings.landing)), place.engine)
    assert rebuild.rebuild(known, into, place.settings).findings == []


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
