"""Codes of the warehouse beside its documents: schema, locks, roles, other sources, open data."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy.exc import DBAPIError

from kca_etl.cli import console
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.offices.spec import Pair, Side
from kca_etl.open_data import export
from kca_etl.runs import comparison
from kca_etl.warehouse import integrity, reconcile, roles, schema
from kca_etl.warehouse.engine import Busy, open_engine, writing
from tests.refusals.commands import done
from tests.refusals.entries import Entry
from tests.refusals.stored import fresh
from tests.warehouse.synthetic import Fact, document, load, observations

SECRET_PART = [
    Fact(10.0, code="06"),
    Fact("*", code="06435"),
    Fact(4.0, code="06436"),
    Fact(5.0, code="06437"),
]


def _without_index(folder: Path) -> list[Finding]:
    _, engine = fresh(folder, "a")
    with engine.connect() as plain, plain.execution_options(writer=True).begin():
        query = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        index = plain.exec_driver_sql(query).scalars().first()
        plain.exec_driver_sql(f"DROP INDEX {index}")
    return schema.differences(engine)


def _damaged(folder: Path) -> list[Finding]:
    """Overwrite a page in the middle of the file, as a failing disk does."""
    _, engine = fresh(folder, "a")
    load(engine, "a", "2020-02-29", [Fact(5.0)])
    engine.dispose()
    path = Path(str(engine.url.database))
    content = bytearray(path.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    content[3 * page : 4 * page] = b"\xff" * page
    path.write_bytes(content)
    return integrity.faults(engine)


def _busy(folder: Path) -> list[Finding]:
    """Write while another writer holds the source; say so as the command line does."""

    def said(error: KcaError) -> NoReturn:
        raise error

    _, engine = fresh(folder, "a")
    with pytest.MonkeyPatch.context() as patch, writing(engine, "probe"):
        patch.setattr(console, "failed", said)
        try:
            with writing(engine, "probe", timeout=0.01):
                pass
        except Busy as error:
            console.unexpected(error)
    return []


def _grant(role: str) -> None:
    engine = open_engine("postgresql://nobody@localhost/none")  # is never connected
    roles.grant_readers(engine, role, (), 60, None)


def _denied(_: Path) -> list[Finding]:
    class NotAllowed(Exception):  # noqa: N818 - as the driver calls it
        sqlstate = "42501"

    class Weak:
        class dialect:  # noqa: N801 - an attribute of an engine
            name = "postgresql"

        def begin(self) -> NoReturn:
            raise DBAPIError("CREATE ROLE", {}, NotAllowed("permission denied to create role"))

    engine: Any = Weak()
    roles.grant_readers(engine, "leser", (), 60, None)
    return []


def _other_source(folder: Path) -> list[Finding]:
    _, engine = fresh(folder, "a")
    load(engine, "other", "2020-02-29", [Fact(6.0)], "other")
    sides = [Side(source=source, kennzahl="kopf") for source in ("probe", "other")]
    pair = Pair(name="kopf", left=sides[0], right=sides[1], tolerance=0, why="heads")
    stated = observations([Fact(5.0, row=5, col=1)], "2020-02-29")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reconcile, "pairs", lambda: (pair,))
        return reconcile.check(engine, "probe", document("probe"), stated)


def _secret(folder: Path) -> list[Finding]:
    _, engine = fresh(folder, "a")
    load(engine, "land", "2020-02-01", SECRET_PART)
    return export.export(engine, folder / "out", export.Wanted()).findings


def _nothing_to_compare(folder: Path) -> list[Finding]:
    settings, _ = fresh(folder, "a")
    comparison.build(settings, "arbeitslose_sgb2", date(2020, 1, 1))
    return []


WAREHOUSE = "kca_etl.warehouse."

ENTRIES = [
    Entry(Code.DB_DAMAGED, WAREHOUSE + "integrity.faults", _damaged, what="is damaged"),
    Entry(
        Code.DB_DIFFERS,
        WAREHOUSE + "schema.differences",
        _without_index,
        what="differs from the program",
    ),
    Entry(Code.BUSY, "kca_etl.cli.console.unexpected", _busy, what="another run writes to probe"),
    Entry(
        Code.BAD_ROLE, WAREHOUSE + "roles.grant_readers", done(lambda: _grant("")), what="cannot"
    ),
    Entry(Code.ROLE_DENIED, WAREHOUSE + "roles.grant_readers", _denied, what="'leser'"),
    Entry(Code.RECONCILE, WAREHOUSE + "reconcile.check", _other_source, "Blatt", "B6"),
    Entry(
        Code.SECRET_FOLLOWS,
        "kca_etl.open_data.export.findings",
        _secret,
        what="kopf Main-Kinzig-Kreis 2020-01 is withheld",
    ),
    Entry(
        Code.NO_COMPARISON,
        "kca_etl.runs.comparison.build",
        _nothing_to_compare,
        what="stands in 0 sources",
    ),
]
