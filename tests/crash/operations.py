"""The operations of the matrix: each prepares its state, and can be repeated.

One more operation is one more line in OPERATIONS.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.runs import backfill, decide, inbox, replay, reports
from kca_etl.runs import rebuild as rebuilding
from kca_etl.runs.archive_record import complete
from kca_etl.runs.record import load_all, recorded, warehouse
from kca_etl.runs.wanted import Wanted
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.crash.places import Place
from tests.runs.world import SHEETS

GOOD, LATER, FAULTY, UNKNOWN = "2020-11.xlsx", "2020-11b.xlsx", "2020-10.xlsx", "2020-09.xlsx"
OTHER_FIGURES: dict[str, list[Any]] = {
    "Arbeitslose SGB II": [7300, 7290],
    "Leistungsbezieher SGB II": [24600, 24500],
    "Integrationen": [300, 310],
    "Neuanträge": [500, 510],
    "Maßnahmeteilnehmer": [900, 905],
    "Neu": [1, 2],
}
PERSON = decide.Person("A. Muster", "neue Vorlage")
Act = Callable[[Place], None]


@dataclass(frozen=True, slots=True)
class Operation:
    """What is tried: `prepare` makes the state before, `act` is ended at its steps."""

    act: Act
    prepare: tuple[Act, ...] = ()


def upgrade(place: Place) -> None:
    """As `kca db upgrade` does."""
    migrate.upgrade(open_engine(place.settings.url))


def load(*names: str) -> Act:
    """As `kca run` does."""

    def act(place: Place) -> None:
        files = [place.samples / name for name in names]
        list(load_all(files, warehouse(place.settings), place.settings, SHEETS))

    return act


def drop(*names: str) -> Act:
    """Lay documents into the inbox, as people do."""

    def act(place: Place) -> None:
        folder = place.settings.inbox
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(place.samples / name, folder / name)

    return act


def pick_up(place: Place) -> None:
    """As `kca watch` does."""
    with recorded(warehouse(place.settings), place.settings, "watch") as work:
        inbox.pick_up(place.settings.inbox, work, settle=0.0)


def fetch(place: Place) -> None:
    """As `kca run --month` does, from a server on this machine."""
    from kca_etl.runs.fetch_month import obtain
    from kca_etl.sources import registry
    from tests.landing.fetch.servers import PORTAL_SPEC, session
    from tests.runs.world import NOW

    given, engine = registry.load, warehouse(place.settings)
    asking = session(place.home, place.base, wall=lambda: NOW, folder=place.settings.downloads)
    spec = {"fetch": PORTAL_SPEC}
    with (
        patch.object(registry, "load", lambda name: given(name).model_copy(update=spec)),
        recorded(engine, place.settings, "run", SHEETS) as work,
    ):
        obtain(SHEETS, Month(2020 * 12 + 10), work, asking)


def fill_gaps(place: Place) -> None:
    """As `kca backfill` does."""
    wanted = Wanted(
        sources=[SHEETS],
        first_month="2020-01",
        last_month="2020-12",
        folder=str(place.samples),
        ask_publisher=False,
    )
    engine = warehouse(place.settings)
    steps = backfill.plan(engine, place.settings, wanted)
    list(backfill.perform(steps, engine, place.settings, "backfill"))


def decide_on(answer: str) -> Act:
    """As `kca decide` does, where something is still quarantined."""

    def act(place: Place) -> None:
        with recorded(warehouse(place.settings), place.settings, "decide") as work:
            if replay.quarantined(work.engine):
                asked = decide.ask(work, "")
                given = decide.answer(work, asked, {"1": answer}, PERSON)
                decide.apply(work, asked, given)

    return act


def withdraw(place: Place) -> None:
    """As `kca withdraw` does, unless it is done."""
    with recorded(warehouse(place.settings), place.settings, "withdraw") as work:
        if not work.decisions:
            loaded = queries.documents(work.engine)[-1]["sha256"]
            decide.withdraw(work, loaded, PERSON)


def revoke(place: Place) -> None:
    """As `kca decisions revoke` does; a second time it says that it is done."""
    with recorded(warehouse(place.settings), place.settings, "revoke") as work:
        for one in work.decisions:
            with suppress(KcaError):
                decide.revoke(work, one.id, PERSON)


def replay_all(place: Place) -> None:
    """As `kca quarantine replay` does, with what was mended in between."""
    with recorded(warehouse(place.settings), place.settings, "replay") as work:
        list(replay.replay(work))


def unreadable(*names: str) -> Act:
    """Bring documents that the program cannot read yet."""

    def tripped(*_: object) -> None:
        raise KeyError("mended since")

    def act(place: Place) -> None:
        with patch("kca_etl.tidy.document.tidy", tripped):
            load(*names)(place)

    return act


def rebuild(place: Place) -> None:
    """As `kca rebuild` does."""
    before = warehouse(place.settings)
    complete(before, place.settings.landing)
    documents = rebuilding.wanted(list(rebuilding.archived(place.settings.landing)), before)
    with rebuilding.fresh_file(place.home) as half:
        after = open_engine(f"sqlite:///{half}")
        done = rebuilding.rebuild(documents, after, place.settings)
        if done.findings or (found := rebuilding.difference(before, after)):
            raise AssertionError(done.findings or found)
        rebuilding.put_in_place(half)


def report(place: Place) -> None:
    """As `kca report` does, in the forms without a chart: its library lives no fork."""
    reports.make(place.settings, "2020-11", forms=("csv", "txt"))


OPERATIONS = {
    "upgrade": Operation(upgrade),
    "load": Operation(load(GOOD), (upgrade,)),
    "load several": Operation(load(UNKNOWN, FAULTY, GOOD), (upgrade,)),
    "revision": Operation(load(LATER), (upgrade, load(GOOD))),
    "quarantine": Operation(load(FAULTY), (upgrade, load(GOOD))),
    "inbox": Operation(pick_up, (upgrade, drop(GOOD, FAULTY))),
    "fetch": Operation(fetch, (upgrade,)),
    "backfill": Operation(fill_gaps, (upgrade, load(GOOD))),
    "decide": Operation(decide_on("ignore"), (upgrade, load(GOOD, UNKNOWN))),
    "refuse": Operation(decide_on("refuse"), (upgrade, load(GOOD, UNKNOWN))),
    "withdraw": Operation(withdraw, (upgrade, load(GOOD, LATER))),
    "revoke": Operation(revoke, (upgrade, load(GOOD, UNKNOWN), decide_on("ignore"))),
    "replay": Operation(replay_all, (upgrade, load(GOOD), unreadable(LATER))),
    "rebuild": Operation(rebuild, (upgrade, load(GOOD, FAULTY, LATER), report)),
    "report": Operation(report, (upgrade, load(GOOD))),
}


def draw(folder: Path) -> None:
    """Draw the documents that the operations bring."""
    from tests.runs.test_decide import sheet
    from tests.sources.office import Shape, write

    folder.mkdir(parents=True, exist_ok=True)
    write(folder / GOOD, Shape())
    changed = {("Integrationen", "Monat"): 320}
    write(folder / LATER, Shape(cells=changed, footnotes=("Datenstand: 15.12.2020",)))
    broken = {("Integrationen", "Monat"): "?"}
    write(folder / FAULTY, Shape(month="Berichtsmonat: 10/2020", cells=broken))
    sheet(folder / UNKNOWN, month="September 2020", more=OTHER_FIGURES)
