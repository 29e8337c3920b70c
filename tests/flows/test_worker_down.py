"""A worker that was away makes up for what it missed, in order and once.

One that died blocks nobody.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from kca_etl.model.month import month_date, month_number
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.flows.cluster import cluster
from tests.flows.served import until
from tests.flows.sheets import sheet

FIRST, MOST = month_number(2013, 1), 150  # seconds that a dead run may keep the next one waiting
pytestmark = [pytest.mark.project, pytest.mark.long]


def test_two_months_that_were_missed_are_loaded_in_order_and_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    with cluster(home) as prefect:
        days = [datetime.now(UTC) - timedelta(days=35), datetime.now(UTC) - timedelta(days=3)]
        runs = []
        for day, month in zip(days, (month_number(2020, 10), month_number(2020, 11)), strict=True):
            sheet(inbox / f"{month_date(month):%Y-%m}.xlsx", month)
            runs.append(prefect.submit("monthly", {"ask_publishers": False}, day.isoformat()))
        until(lambda: {prefect.run(run)["state_name"] for run in runs} == {"Late"}, 120)
        prefect.worker("back again")
        ended = [prefect.ended(run) for run in runs]
        assert [run["state_name"] for run in ended] == ["Completed", "Completed"], prefect.logs()
        assert ended[0]["name"] == f"monthly due {days[0]:%Y-%m-%d}"
    engine = open_engine(Settings(home=home).url)
    try:
        assert {d["state"] for d in queries.documents(engine)} == {"loaded"}
        with engine.connect() as connection:
            assert list(connection.scalars(text("SELECT file_name FROM document ORDER BY id"))) == [
                "2020-10.xlsx",
                "2020-11.xlsx",
            ]
        assert [json.loads(run["counts"])["documents"] for run in queries.runs(engine)] == [2, 0]
    finally:
        engine.dispose()
    assert not list(inbox.glob("*.xlsx"))


def test_a_machine_that_died_frees_the_place_of_its_run(tmp_path: Path) -> None:
    """One run of a deployment at a time: a dead one must not keep the next waiting for good."""
    (tmp_path / "given").mkdir()
    for month in range(FIRST, FIRST + 96):
        sheet(tmp_path / "given" / f"{month_date(month):%Y-%m}.xlsx", month)
    wanted = {
        "sources": ["kca_monatszahlen"],
        "first_month": "2013-01",
        "last_month": "2020-12",
        "folder": str(tmp_path / "given"),
    }
    with cluster(tmp_path / "home") as prefect:
        prefect.worker("first")
        dead = prefect.submit("backfill", {"wanted": wanted})
        until(lambda: prefect.run(dead)["state_type"] == "RUNNING" and prefect.beats(dead), 120)
        prefect.kill("first")
        killed = time.monotonic()
        prefect.worker("second")
        following = prefect.submit("backfill", {"wanted": wanted})
        until(lambda: prefect.run(following)["state_type"] == "RUNNING", 400)
        waited = time.monotonic() - killed
        assert prefect.run(dead)["state_name"] == "Crashed", prefect.logs()
        assert prefect.ended(following)["state_name"] == "Completed", prefect.logs()
    print(f"the next run began {waited:.0f} s after the kill")
    assert waited < MOST
