"""Rendered reports are registered with their fact versions.

A correction finds exactly the pages that show the figure.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from kca_etl.cli.main import app
from kca_etl.model.findings import KcaError
from kca_etl.model.month import month_date, month_number
from kca_etl.report import register
from kca_etl.report.overview import SERIES_MONTHS, build
from kca_etl.report.render import render
from kca_etl.runs import record as runs
from kca_etl.samples import write_samples
from kca_etl.samples.figures import KENNZAHLEN
from kca_etl.settings import Settings
from kca_etl.sources.registry import jobcenter_source
from kca_etl.warehouse import migrate, published, reports
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.published import Rendered, Version
from kca_etl.warehouse.views import queries
from tests.report.helper import frame
from tests.warehouse import synthetic

REGION = "ags:06435"
FIRST, LAST = month_number(2018, 1), month_number(2020, 11)
PAGES = [month_date(n) for n in range(FIRST, LAST + 1)]
CURRENT = frame(first="2018-01")


def page(month: date, figures: pd.DataFrame = CURRENT, as_of: str | None = None) -> Rendered:
    made = build(figures, month)
    return register.rendered(
        made, REGION, as_of, {f"Ueberblick_{month:%Y-%m}.csv": render(made, "csv")}
    )


REGISTERED = [page(month) for month in PAGES]


@examples(max_examples=8)
@given(st.sampled_from(KENNZAHLEN), st.sampled_from(PAGES))
def test_a_correction_touches_exactly_the_pages_that_show_the_figure(
    kennzahl: str, month: date
) -> None:
    corrected = frame(
        {(kennzahl, f"{month:%Y-%m}"): {"value": 1.5, "datenstand": "2021-01-31", "cell": "Z9"}},
        first="2018-01",
    )
    found = {report.month: register.changes(report, corrected) for report in REGISTERED}
    distance = {m: (m.year - month.year) * 12 + m.month - month.month for m in PAGES}
    uses = {0: "month", 1: "previous", 12: "year_before"}
    wanted = {
        m: [uses.get(by, "series")] if 0 <= by < SERIES_MONTHS else [] for m, by in distance.items()
    }
    assert {m: [row["use"] for row in rows] for m, rows in found.items()} == wanted
    rows = [row for rows in found.values() for row in rows]
    assert {(row["berichtsmonat"], row["datenstand"], row["cell"]) for row in rows} == {
        (f"{month:%Y-%m}", "2021-01-31", "Z9")
    }
    assert not register.changes(page(month, corrected), corrected)


def test_what_was_printed_and_what_it_is_now() -> None:
    november = PAGES[-1]
    key = ("integrationen", "2020-11")
    hidden = register.changes(
        page(november),
        frame(
            {key: {"value": float("nan"), "zeichen": "*", "datenstand": "2021-01-31"}}, "2018-01"
        ),
    )
    assert [(r["printed"], r["now"]) for r in hidden] == [("318", "*")]
    gone = register.changes(page(november), frame({key: {"missing": True}}, "2018-01"))
    assert [(r["printed"], r["now"], r["cell"]) for r in gone] == [("318", "–", None)]
    late = register.changes(
        page(november, frame({("integrationen", "2020-03"): {"missing": True}}, "2018-01")), CURRENT
    )
    assert [(r["printed"], r["berichtsmonat"]) for r in late] == [("–", "2020-03")]


def test_only_the_last_rendering_is_in_force_and_none_as_of_a_day() -> None:
    first, second = (
        page(PAGES[-1]),
        page(PAGES[-1], frame({("integrationen", "2020-10"): {"value": 1.0}}, "2018-01")),
    )
    then = page(PAGES[-1], as_of="2020-12-10")
    assert published.in_force([first, second, then]) == [second]


def rows_of(engine: Engine) -> list[list[tuple[object, ...]]]:
    with engine.connect() as connection:
        tables = ("report", "report_file", "report_figure")
        return [
            [tuple(row) for row in connection.execute(text(f"SELECT * FROM {t} ORDER BY 1, 2, 3"))]  # noqa: S608 - our own names
            for t in tables
        ]


def test_the_register_keeps_what_it_is_given_and_the_same_page_is_a_no_op(engine: Engine) -> None:
    october = page(
        PAGES[-2],
        frame({("integrationen", "2020-10"): {"value": float("nan"), "zeichen": "*"}}, "2018-01"),
    )
    assert reports.register(engine, october)
    before = rows_of(engine)
    assert not reports.register(engine, october)
    assert rows_of(engine) == before
    (kept,) = reports.registered(engine)
    assert (kept.month, kept.region, kept.files, kept.figures) == (
        october.month,
        october.region,
        october.files,
        october.figures,
    )
    assert kept.figures["integrationen", PAGES[-2]] == Version(None, "*", "2020-11-30")
    further = Rendered(
        october.month,
        REGION,
        "",
        october.figures_sha256,
        {"Ueberblick_2020-10.pdf": "cd" * 32},
        october.figures,
    )
    assert reports.register(engine, further)
    (kept,) = reports.registered(engine)
    assert set(kept.files) == {"Ueberblick_2020-10.csv", "Ueberblick_2020-10.pdf"}


def test_load_render_revise_and_render_again(engine: Engine) -> None:
    """Three pages; a document revises one figure of the middle month."""
    facts = [
        synthetic.Fact(100.0 + n + m, k, m, row=n, col=m - FIRST)
        for n, k in enumerate(KENNZAHLEN)
        for m in range(FIRST, LAST + 1)
    ]
    catalogue = synthetic.KENNZAHLEN | dict.fromkeys(KENNZAHLEN, synthetic.KENNZAHLEN["kopf"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synthetic, "KENNZAHLEN", catalogue)
        synthetic.load(engine, "first", "2020-12-01", facts, jobcenter_source())
        pages = [date(2020, 9, 1), date(2020, 10, 1), date(2020, 11, 1)]
        for month in pages:
            reports.register(engine, page(month, current(engine)))
        assert [changed(engine, m) for m in pages] == [[], [], []]
        synthetic.load(
            engine,
            "second",
            "2021-01-01",
            [synthetic.Fact(99.0, "neuantraege", month_number(2020, 10), row=7)],
            jobcenter_source(),
        )
    assert [changed(engine, m) for m in pages] == [[], ["month"], ["previous"]]
    reports.register(engine, page(pages[1], current(engine)))
    assert [changed(engine, m) for m in pages] == [[], [], ["previous"]]


def current(engine: Engine) -> pd.DataFrame:
    return queries.figures(engine, source=jobcenter_source(), region=REGION)


def changed(engine: Engine, month: date) -> list[str]:
    (report,) = [r for r in published.in_force(reports.registered(engine)) if r.month == month]
    return [row["use"] for row in register.changes(report, current(engine))]


def test_the_command(tmp_path: Path) -> None:
    settings, run = (
        Settings(home=tmp_path, database_url=None),
        CliRunner(env={"KCA_HOME": str(tmp_path)}),
    )
    files = write_samples(tmp_path / "samples")

    def load(*names: str) -> None:
        run.invoke(
            app, ["run", jobcenter_source(), *(str(p) for p in files if p.stem.endswith(names))]
        )

    load("2018", "2019", "2020-09", "2020-10")
    for month in ("2020-09", "2020-10"):
        assert run.invoke(app, ["report", month, "--format", "csv"]).exit_code == 0
    assert "no rendered report" in run.invoke(app, ["report", "--changed"]).output
    load("2020-11")
    shown = run.invoke(app, ["report", "--changed"]).output
    assert "Integrationen" in shown
    assert " 341 " in shown
    assert " 345 " in shown
    assert len(shown.splitlines()) == 2
    run.invoke(app, ["report", "2020-10", "--format", "csv"])
    assert "no rendered report" in run.invoke(app, ["report", "--changed"]).output
    assert run.invoke(app, ["report"]).exit_code == 2
    open_engine(settings.url).dispose()


def test_every_format_is_registered_with_its_hash(tmp_path: Path) -> None:
    run = CliRunner(env={"KCA_HOME": str(tmp_path)})
    settings = Settings(home=tmp_path, database_url=None)
    engine = runs.warehouse(settings)
    list(runs.load_all(write_samples(tmp_path / "samples"), engine, settings, jobcenter_source()))
    assert run.invoke(app, ["report", "2020-11"]).exit_code == 0
    assert run.invoke(app, ["report", "2020-11"]).exit_code == 0
    (kept,) = reports.registered(engine)
    assert kept.files == {
        p.name: sha256(p.read_bytes()).hexdigest() for p in sorted(settings.reports.iterdir())
    }
    engine.dispose()


def test_a_warehouse_of_the_first_version_gets_the_register(empty_url: str) -> None:
    from alembic import command

    engine = open_engine(empty_url)
    with engine.connect() as plain, plain.execution_options(writer=True).begin() as transaction:
        command.upgrade(migrate._config(transaction.connection), "0001")
    with pytest.raises(KcaError, match="DB_OUTDATED"):
        migrate.check(engine)
    migrate.upgrade(engine)
    assert reports.registered(engine) == []
    assert reports.register(engine, REGISTERED[0])
