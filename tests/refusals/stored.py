"""Codes that take a warehouse, a server or an installation: one situation each."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.cli import browse, documents
from kca_etl.landing.fetch.fetch import fetch
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.open_data import export
from kca_etl.runs import archive_record, decide, rebuild
from kca_etl.runs.record import recorded
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from tests.landing.fetch.servers import API_SPEC, MONTH, Reply, serving, session
from tests.landing.fetch.test_allow_list import _certificate
from tests.refusals.entries import Entry, Situation
from tests.refusals.sheets import HEADER, PERSONS, RATE, TOP, Rows, declared, write


def fresh(folder: Path, name: str) -> tuple[Settings, Engine]:
    """Make a warehouse of its own."""
    url = f"sqlite:///{folder / name}.db"
    engine = open_engine(url)
    migrate.upgrade(engine)
    return Settings(home=folder, database_url=SecretStr(url)), engine


def carried(folder: Path, name: str, *documents: Rows) -> tuple[Engine, list[pipeline.Outcome]]:
    """Carry documents into a warehouse of that name."""
    settings, engine = fresh(folder, name)
    outcomes = []
    given = registry.load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "load", lambda name: declared() if name == "probe" else given(name))
        with recorded(engine, settings, "run", "probe") as work:
            for rows in documents:
                incoming = pipeline.Incoming(_written(folder, rows), source="probe")
                outcomes.append(pipeline.carry_one(incoming, work))
    return engine, outcomes


def _written(folder: Path, rows: Rows) -> Path:
    """Write a document once: a workbook's bytes change with the second it is written in."""
    place = folder / hashlib.sha256(repr(rows).encode()).hexdigest()[:12]
    if not place.exists():
        place.mkdir()
        write(place, {"Blatt": [*TOP, HEADER, *rows]})
    return next(place.iterdir())


ONE: Rows = [PERSONS, RATE]
OTHER: Rows = [["Arbeitslose", 7274], RATE]


def _conflict(folder: Path) -> list[Finding]:
    _, outcomes = carried(folder, "a", ONE, OTHER)
    return outcomes[-1].reading.findings


def _replaced(folder: Path) -> list[Finding]:
    settings, engine = fresh(folder, "a")
    with recorded(engine, settings, "rebuild") as work:
        received = pipeline.receive(pipeline.Incoming(_written(folder, ONE)), settings.landing)
        reading = pipeline.read(received, declared())
        reading.became = "replaced"
        return pipeline.keep(reading, work).reading.findings


def _not_empty(folder: Path) -> list[Finding]:
    engine, _ = carried(folder, "a", ONE)
    rebuild.rebuild([], engine, Settings(home=folder))
    return []


def _lost(folder: Path) -> list[Finding]:
    return rebuild.difference(carried(folder, "a", ONE)[0], fresh(folder, "b")[1])


def _different(folder: Path) -> list[Finding]:
    before, _ = carried(folder, "a", ONE)
    after, _ = carried(folder, "b", ONE)
    with after.connect() as plain:
        connection = plain.execution_options(writer=True)
        with connection.begin():
            connection.exec_driver_sql("UPDATE fact SET value = 7274 WHERE value = 7273")
    return rebuild.difference(before, after)


def _ahead(folder: Path) -> list[Finding]:
    """Set an empty warehouse beside the archive of another."""
    carried(folder, "a", ONE)
    settings, engine = fresh(folder, "b")
    return archive_record.misfits(engine, settings.landing)


def _behind(folder: Path) -> list[Finding]:
    """Set a warehouse beside an archive that lacks its document."""
    engine, _ = carried(folder, "a", ONE)
    return archive_record.misfits(engine, folder / "another")


def _decided(folder: Path, *answers: dict[str, str]) -> list[pipeline.Outcome]:
    """Quarantine a document with an unknown row and decide on it, once or more often."""
    outcomes: list[pipeline.Outcome] = []
    settings, engine = fresh(folder, "a")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "load", lambda _: declared())
        with recorded(engine, settings, "run", "probe") as work:
            path = _written(folder, [*ONE, ["Neu", 1]])
            pipeline.carry_one(pipeline.Incoming(path, source="probe"), work)
            asked = decide.ask(work, "")
            for given in answers:
                answered = decide.answer(work, asked, given, decide.Person("A", "B"))
                outcomes += decide.apply(work, asked, answered)
    return outcomes


def _read_by_decision(folder: Path) -> list[Finding]:
    return _decided(folder, {"1": "ignore"})[0].reading.findings


def _settled(folder: Path) -> list[Finding]:
    return _decided(folder, {"1": "refuse"})[0].reading.findings


def _decided_twice(folder: Path) -> list[Finding]:
    _decided(folder, {"1": "ignore"}, {"1": "refuse"})
    return []


def _other_plan(folder: Path) -> list[Finding]:
    fresh(folder, "a")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCA_HOME", str(folder))
        patch.setattr(registry, "load", lambda _: declared())
        documents._hold_to_plan("probe", [_written(folder, ONE)], "abc")
    return []


def _no_such_question(folder: Path) -> list[Finding]:
    _decided(folder, {"2": "ignore"})
    return []


def _nothing(folder: Path) -> list[Finding]:
    export.export(fresh(folder, "a")[1], folder / "out", export.Wanted())
    return []


def browsing(engine: Any, *, installed: bool) -> Situation:
    """The situation that a warehouse is to be browsed."""

    def situation(_: Path) -> list[Finding]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("kca_etl.runs.record.warehouse", lambda _: engine)
            patch.setattr(Settings, "is_there", True)
            patch.setattr(browse, "find_spec", lambda _: object() if installed else None)
            patch.setattr("os.execv", lambda *_: None)
            browse.browse(1)
        return []

    return situation


def _of(dialect: str) -> Any:
    class Dialect:
        name = dialect

    class Opened:
        dialect = Dialect

    return Opened


def _port_taken(folder: Path) -> list[Finding]:
    from kca_etl.prefect_server import serve
    from kca_etl.prefect_server.api import Api

    class Idle:
        stop = None

        def __init__(self, *_: object) -> None:
            raise ChildProcessError

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KCA_HOME", str(folder))
        patch.setattr(Api, "answers", lambda _: False)
        patch.setattr(serve, "Supervisor", Idle)
        serve.serve(taken.getsockname()[1])
    return []


def _bad_channel(_: Path) -> list[Finding]:
    from flows import channels

    channels._mail(SecretStr("mailtos://host"))
    return []


def _untrusted(folder: Path) -> list[Finding]:
    _, context = _certificate(folder, ipaddress.IPv4Address("127.0.0.1"))
    with serving(
        lambda _: Reply(200, b"a;b\n"), lambda sock: context.wrap_socket(sock, server_side=True)
    ) as served:
        return fetch(API_SPEC, MONTH, session(folder, served.base)).findings


ENTRIES = [
    Entry(Code.REPLACED_BEFORE, "kca_etl.pipeline.against_warehouse", _replaced),
    Entry(Code.CONFLICT, "kca_etl.warehouse.writer._raise_conflicts", _conflict, "Blatt", "B6"),
    Entry(Code.NOT_EMPTY, "kca_etl.runs.rebuild.rebuild", _not_empty),
    Entry(Code.NOT_IN_ARCHIVE, "kca_etl.runs.rebuild.difference", _lost),
    Entry(Code.ARCHIVE_AHEAD, "kca_etl.runs.archive_record.misfits", _ahead),
    Entry(Code.ARCHIVE_BEHIND, "kca_etl.runs.archive_record.misfits", _behind),
    Entry(Code.REBUILD_DIFFERS, "kca_etl.runs.rebuild.difference", _different),
    Entry(Code.DECIDED, "kca_etl.sources.decided.read_by", _read_by_decision),
    Entry(Code.SETTLED, "kca_etl.sources.decided.settled", _settled),
    Entry(Code.DECIDED_BEFORE, "kca_etl.warehouse.decisions.record", _decided_twice),
    Entry(Code.PLAN_CHANGED, "kca_etl.cli.documents._hold_to_plan", _other_plan),
    Entry(Code.BAD_DECISION, "kca_etl.runs.decide._named", _no_such_question),
    Entry(Code.NOTHING_TO_EXPORT, "kca_etl.open_data.export.export", _nothing),
    Entry(
        Code.NOT_SQLITE,
        "kca_etl.cli.browse.browse",
        browsing(_of("postgresql"), installed=True),
    ),
    Entry(
        Code.NOT_INSTALLED,
        "kca_etl.cli.browse.browse",
        browsing(_of("sqlite"), installed=False),
    ),
    Entry(Code.PORT_TAKEN, "kca_etl.prefect_server.serve.serve", _port_taken),
    Entry(Code.BAD_CHANNEL, "flows.channels._mail", _bad_channel),
    Entry(Code.TLS, "kca_etl.landing.fetch.session.guarded", _untrusted),
]
