"""The 33 real issues of “Sanktionen (Monatszahlen)”.

Every cell against an independent reading, in any order, on both databases.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.model.catalogue import catalogue
from kca_etl.model.findings import Verdict
from kca_etl.model.month import Month
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import frames, queries
from kca_etl.workplace import Run, Workplace
from tests.conftest import Server
from tests.integration import sheets
from tests.warehouse.synthetic import export, rows

SOURCE = "ba_sanktionen"
LAYOUTS = ["201701", "201801", "201901", "202001"]  # sheets, columns and header rows differ
Warehouse = tuple[Engine, list[pipeline.Outcome]]


@pytest.fixture(scope="module")
def issues(real: Path) -> list[Path]:
    return sorted((real / "ba-sanktionen").glob("*.xlsx"))


@pytest.fixture(scope="module")
def fresh(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Settings]]:
    """Return a maker of homes, each with an empty SQLite warehouse."""
    made = []

    def make() -> Settings:
        home = tmp_path_factory.mktemp("home")
        shutil.copy(sqlite_template, home / "warehouse.db")
        made.append(Settings(home=home))
        return made[-1]

    yield make
    for settings in made:
        open_engine(settings.url).dispose()
        shutil.rmtree(settings.home)


def load(settings: Settings, paths: list[Path], run_id: str = "r") -> list[pipeline.Outcome]:
    work = Workplace(settings, open_engine(settings.url), Run(run_id))
    return list(pipeline.carry((pipeline.Incoming(p, source=SOURCE) for p in paths), work))


@pytest.fixture(scope="module")
def single(issues: list[Path], fresh: Callable[[], Settings]) -> Callable[[str], Warehouse]:
    """Load one issue into an empty warehouse, once for all tests here."""
    known: dict[str, Warehouse] = {}

    def of(month: str) -> Warehouse:
        if month not in known:
            settings = fresh()
            known[month] = (
                open_engine(settings.url),
                load(settings, [p for p in issues if month in p.name]),
            )
        return known[month]

    return of


@pytest.mark.parametrize("month", LAYOUTS)
def test_every_value_and_sign_of_an_issue(
    single: Callable[[str], Warehouse], issues: list[Path], month: str
) -> None:
    engine, outcomes = single(month)
    (path,) = [p for p in issues if month in p.name]
    taken, differing = sheets.read(path)
    stored = rows(engine, "SELECT sheet, cell, value, zeichen FROM figures_history")
    assert {(s, c, z or repr(v)) for s, c, v, z in stored} == taken
    assert len(stored) == len(taken) > 30_000
    warned = {(f.sheet, f.cell) for f in outcomes[0].reading.findings if f.code == "REPEAT_SIGN"}
    assert {(sheet, cell) for sheet, cell, _, _ in differing} == warned
    assert all(
        (upper in sheets.SIGNS) != (lower in sheets.SIGNS) for _, _, upper, lower in differing
    )
    assert outcomes[0].state == "loaded"


@pytest.mark.parametrize(
    ("month", "value", "sheet", "cell"),
    [("201701", 17099.0, "3.1 eLb insg", "G164"), ("201901", 16576.0, "3.1 ELB insg", None)],
)
def test_main_kinzig_kreis(
    single: Callable[[str], Warehouse], month: str, value: float, sheet: str, cell: str | None
) -> None:
    engine, _ = single(month)
    frame = queries.figures(
        engine,
        kennzahl="elb",
        region="traeger:43102",
        gliederung="insgesamt",
        month=Month.of(int(month[:4]), int(month[4:])),
    )
    (row,) = frame.to_dict("records")
    assert (row["value"], row["sheet"], row["region_name"]) == (
        value,
        sheet,
        "JC Main-Kinzig-Kreis",
    )
    assert cell in (None, row["cell"])


@pytest.mark.parametrize("month", LAYOUTS)
def test_hessen_is_the_sum_of_its_jobcenter(single: Callable[[str], Warehouse], month: str) -> None:
    engine, _ = single(month)
    frame = queries.figures(engine, kennzahl="elb", gliederung="insgesamt")
    jobcenter = frame[
        (frame["region_system"] == "traeger") & frame["region_code"].str.startswith("4")
    ]
    (hessen,) = frame[(frame["region_system"] == "ags") & (frame["region_code"] == "06")]["value"]
    assert len(jobcenter) == 26
    total = float(jobcenter["value"].sum())
    if jobcenter["zeichen"].isna().all():
        assert total == pytest.approx(hessen, abs=1e-6)
    else:  # the Land's figure was extrapolated for those who reported nothing
        assert total < hessen


def test_a_second_load_says_unchanged_and_changes_nothing(
    issues: list[Path], fresh: Callable[[], Settings]
) -> None:
    settings = fresh()
    engine = open_engine(settings.url)
    tables = (
        "document",
        "finding",
        "kennzahl",
        "series",
        "region",
        "month",
        "block",
        "fact",
        "footnote",
    )
    load(settings, issues[:2])
    before = [rows(engine, f"SELECT * FROM {table}") for table in tables]  # noqa: S608 - our own names
    assert [o.state for o in load(settings, issues[:2], "again")] == ["unchanged", "unchanged"]
    assert [rows(engine, f"SELECT * FROM {table}") for table in tables] == before  # noqa: S608 - our own names


def test_both_databases_give_the_same_export(
    issues: list[Path], fresh: Callable[[], Settings], postgres: Server
) -> None:
    some = issues[8:11]  # the layout changes in between
    postgres.execute("CREATE DATABASE kca_real TEMPLATE kca_template")
    there = Settings(home=fresh().home, database_url=postgres.url("kca_real"))  # type: ignore[arg-type]  # pydantic makes it secret
    here = fresh()
    load(here, some)
    load(there, some[::-1])
    exports = [export(open_engine(s.url)) for s in (here, there)]
    open_engine(there.url).dispose()
    postgres.execute("DROP DATABASE kca_real")
    assert exports[0] == exports[1]
    assert exports[0].count("\n") > 90_000


class Digest:
    """A file that keeps only its hash and its number of lines."""

    def __init__(self) -> None:
        self.hash, self.lines = hashlib.sha256(), 0

    def write(self, text: str) -> None:
        """Take one piece."""
        self.hash.update(text.encode())
        self.lines += text.count("\n")

    def writelines(self, lines: Iterator[str]) -> None:
        """Take many pieces."""
        while some := "".join(islice(lines, 20_000)):
            self.write(some)


def digest(engine: Engine, **wanted: Any) -> tuple[str, int]:
    """Export figures without the run; return hash and number of lines."""
    out = Digest()
    columns = [c for c in queries.COLUMNS if c != "run_id"]
    frames.write_csv(queries.found(engine, **wanted), out, columns)  # type: ignore[arg-type]  # as much of a file as is needed
    return out.hash.hexdigest(), out.lines


def test_all_issues_in_two_orders_give_the_same_bytes(
    issues: list[Path], fresh: Callable[[], Settings]
) -> None:
    """Each issue is read once and stored twice: what is stored must not depend on the order."""
    assert len(issues) == 33
    archive = fresh()
    readings = [
        pipeline.read(pipeline.receive(pipeline.Incoming(path), archive.landing), SOURCE)
        for path in issues
    ]
    assert {catalogue()[f.code].verdict for r in readings for f in r.findings} <= {Verdict.WARN}
    shuffled = random.Random(0).sample(readings, len(readings))
    # The last three state the annual values of 2019, each of them: the later statements must come
    # first for once.
    assert [r for r in shuffled if r in readings[-3:]] == readings[:-4:-1]
    found = []
    for order in (readings, shuffled):
        settings = fresh()
        engine = open_engine(settings.url)
        assert {
            pipeline.keep(reading, Workplace(settings, engine, Run("r"))).state for reading in order
        } == {"loaded"}
        found.append((digest(engine, history=True), digest(engine, month=Month.of(2019, 1))))
    assert found[0] == found[1]
    assert found[0][0][1] > 1_200_000
    assert found[0][1][1] > 30_000
