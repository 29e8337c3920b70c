"""Codes of commands, settings, databases and the archive: one situation each."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.extract.reader import open_csv
from kca_etl.landing.archive import attempts
from kca_etl.landing.archive.files import document_of
from kca_etl.landing.guard import wall
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.offices import folder as offices
from kca_etl.open_data import export
from kca_etl.runs import arguments, lessons, names, new_office, publishers, texts
from kca_etl.runs.wanted import Wanted
from kca_etl.sources import calendar, registry
from kca_etl.textcheck import about
from kca_etl.textcheck.readers import read_text
from kca_etl.warehouse import migrate, roles
from kca_etl.warehouse.engine import open_engine
from tests.landing.packs import with_sheet
from tests.refusals.entries import Entry, Situation
from tests.textcheck.helper import rows


def done(action: Callable[[], object]) -> Situation:
    """The situation that something is done that needs no file."""

    def situation(_: Path) -> list[Finding]:
        action()
        return []

    return situation


def _empty(folder: Path) -> Engine:
    return open_engine(f"sqlite:///{folder / 'empty.db'}")


def _missing(folder: Path) -> list[Finding]:
    migrate.check(_empty(folder))
    return []


def _at(revision: str) -> Situation:
    def situation(folder: Path) -> list[Finding]:
        engine = _empty(folder)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))
        migrate.check(engine)
        return []

    return situation


def _no_roles(folder: Path) -> list[Finding]:
    roles.grant_readers(_empty(folder), "reader", (), 10, None)
    return []


def _foreign(folder: Path) -> list[Finding]:
    (folder / "letter.txt").write_text("x", encoding="utf-8")
    export._check(folder)
    return []


def _binary_text(folder: Path) -> list[Finding]:
    path = folder / "text.txt"
    path.write_bytes(b"a\x00b")
    read_text(path)
    return []


def _about(text: str) -> Situation:
    """The situation that a text is checked as one of the Main-Kinzig-Kreis of November 2020."""

    def situation(_: Path) -> list[Finding]:
        return about.other_subject(text, date(2020, 11, 1), rows({}), "ags:06435")

    return situation


def _no_office(folder: Path) -> list[Finding]:
    offices.read(folder)
    return []


def _no_document(folder: Path) -> list[Finding]:
    received = pipeline.receive(pipeline.Incoming(folder / "gone.xlsx"), folder / "landing")
    return received.findings


def _changed_in_archive(folder: Path) -> list[Finding]:
    landing = folder / "landing"
    landing.mkdir()
    path = landing / "x.csv"
    path.write_bytes(b"a;b\n1;2\n")
    known = document_of(path)
    path.write_bytes(b"a;b\n1;3\n")
    return pipeline.receive(pipeline.Incoming(path, archived=known), landing).findings


def _died_twice(folder: Path) -> list[Finding]:
    path = folder / "x.csv"
    path.write_bytes(b"a;b\n1;2\n")
    marks = folder / "landing" / attempts.FOLDER
    marks.mkdir(parents=True)
    (marks / document_of(path).sha256).write_text("2", encoding="ascii")
    received = pipeline.receive(pipeline.Incoming(path), folder / "landing")
    received.attempt.end()
    return received.findings


def _reader_died(folder: Path) -> list[Finding]:
    path = folder / "x.csv"
    path.write_bytes(b"a;b\n1;2\n")
    received = pipeline.receive(pipeline.Incoming(path), folder / "landing")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wall, "HAS_WALL", True)
            patch.setattr(pipeline, "_open", lambda _: os.abort())
            return pipeline.read_apart(received, "kca_monatszahlen", None, ()).findings
    finally:
        received.attempt.end()


def _two_values(folder: Path) -> list[Finding]:
    path = folder / "x.xlsx"
    path.write_bytes(with_sheet('<row r="1"><c r="A1"><v>3</v><v>18</v></c></row>'))
    return pipeline.open_document(document_of(path), path).findings


def _long_field(folder: Path) -> list[Finding]:
    path = folder / "x.csv"
    path.write_bytes(b"a;" + b"x" * 5_000_000 + b"\n")
    open_csv(path)
    return []


def _relative_home(_: Path) -> list[Finding]:
    from flows import parts
    from kca_etl.settings import Settings

    class InDeployment:
        id = "1"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "deployment", InDeployment)
        parts.configured(Settings(home=Path("here")))
    return []


def _wanted(first: str, last: str) -> Wanted:
    return Wanted(sources=["ba_eckwerte"], first_month=first, last_month=last)


def _unknown(kind: str) -> Situation:
    def situation(folder: Path) -> list[Finding]:
        engine = open_engine(f"sqlite:///{folder / 'warehouse.db'}")
        migrate.upgrade(engine)
        names.refuse_unknown(engine, **{kind: "x"})
        engine.dispose()
        return []

    return situation


def of_form(given: dict[str, object]) -> Wanted:
    return Wanted.of_form(given)


PIPELINE = "kca_etl.pipeline."

ENTRIES = [
    Entry(
        Code.BAD_DAY,
        "kca_etl.runs.arguments.day",
        done(lambda: arguments.day("gestern")),
        "",
        "",
        "no day",
    ),
    Entry(
        Code.BAD_MONTH,
        "kca_etl.runs.arguments.month_id",
        done(lambda: arguments.month_id("bald")),
        what="no month",
    ),
    Entry(
        Code.BAD_RANGE,
        "tests.refusals.commands.Wanted",
        done(lambda: _wanted("2020-11", "2020-10")),
        what="no range",
    ),
    Entry(Code.BAD_OFFICE, "kca_etl.offices.folder.read", _no_office),
    Entry(
        Code.NO_JOBCENTER,
        "kca_etl.runs.new_office.identity",
        done(lambda: new_office.identity("43503", ())),
    ),
    Entry(
        Code.BAD_VALUE,
        "tests.refusals.commands.of_form",
        done(lambda: of_form({"sources": [], "first_month": "2020-11", "last_month": "2020-11"})),
        what="sources: ",
    ),
    Entry(
        Code.NO_ISSUES,
        "kca_etl.runs.lessons.lesson",
        done(lambda: lessons.lesson("kiel", [], Path("nowhere"), None, None)),
    ),
    Entry(Code.NO_KENNZAHL, "kca_etl.runs.names._known_kennzahl", _unknown("kennzahl"), what="'x'"),
    Entry(Code.NO_REGION, "kca_etl.runs.names._known_region", _unknown("region"), what="'x'"),
    Entry(Code.NO_SOURCE, "kca_etl.sources.registry.load", done(lambda: registry.load("nichts"))),
    Entry(
        Code.NO_CALENDAR, "kca_etl.sources.calendar._rule", done(lambda: calendar._rule("nichts"))
    ),
    Entry(
        Code.NO_FETCH,
        "kca_etl.runs.publishers.endpoint",
        done(lambda: publishers.endpoint("kca_monatszahlen")),
    ),
    Entry(
        Code.NO_ISSUE,
        "kca_etl.runs.publishers.endpoint",
        done(lambda: publishers.endpoint("ba_eckwerte", 2)),
    ),
    Entry(Code.DB_MISSING, "kca_etl.warehouse.migrate.check", _missing),
    Entry(Code.DB_OUTDATED, "kca_etl.warehouse.migrate.check", _at("0001")),
    Entry(Code.DB_TOO_NEW, "kca_etl.warehouse.migrate.check", _at("9999")),
    Entry(Code.NOT_POSTGRESQL, "kca_etl.warehouse.roles.grant_readers", _no_roles),
    Entry(Code.FOREIGN_FOLDER, "kca_etl.open_data.export._check", _foreign),
    Entry(Code.NO_CONTRIBUTOR, "kca_etl.open_data.export.lacking", lambda _: export.lacking()),
    Entry(Code.NOT_A_TEXT, "kca_etl.textcheck.readers._plain", _binary_text),
    Entry(
        Code.TEXT_WITHOUT_MONTH,
        "tests.refusals.commands.texts._month_said",
        done(lambda: texts._month_said("Die Quote ist unverändert.")),
    ),
    Entry(
        Code.TEXT_OTHER_MONTH,
        "kca_etl.textcheck.about._other_month",
        _about("Im April waren 7.000 Menschen arbeitslos, 10 mehr als im März."),
        what="April",
    ),
    Entry(
        Code.TEXT_OTHER_REGION,
        "kca_etl.textcheck.about._other_region",
        _about("Im Wetteraukreis waren im November 5.000 Menschen arbeitslos."),
        what="Wetteraukreis",
    ),
    Entry(Code.NO_FILE, PIPELINE + "_archived", _no_document, what="gone.xlsx"),
    Entry(Code.ARCHIVE_DAMAGED, PIPELINE + "_archived", _changed_in_archive, what="x.csv"),
    Entry(Code.CRASHED_TWICE, PIPELINE + "receive", _died_twice, what="died 2 times"),
    Entry(Code.READER_DIED, "kca_etl.reading.ahead.reading_of", _reader_died, what="survive"),
    Entry(Code.TWO_MEANINGS, "kca_etl.landing.guard.walk.refuse_doubt", _two_values, "Sheet", "A1"),
    Entry(Code.UNREADABLE, "tests.refusals.commands.open_csv", _long_field),
    Entry(Code.RELATIVE_HOME, "flows.parts.configured", _relative_home),
]
