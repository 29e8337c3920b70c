"""`kca calendar` and `kca status`: what is due, and source × month with its state."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import get_args

import numpy as np
from sqlalchemy import Engine

from kca_etl.model.fingerprint import content_sha256
from kca_etl.model.month import Month
from kca_etl.model.observations import Block, Observations, Region, Series
from kca_etl.model.states import SIGNS, TO_ACT, MonthState
from kca_etl.runs import states as status
from kca_etl.runs.record import load_all
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources.calendar import BERLIN, State
from kca_etl.warehouse.views import queries
from tests.runs.world import SHEETS, kca
from tests.sources.office import ROWS, Shape, write


def of(rows: list[dict[str, object]], source: str) -> list[object]:
    return [row["state"] for row in rows if row["source"] == source]


def test_year_sheets_cover_their_months(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    list(load_all(write_samples(tmp_path / "s"), engine, settings, SHEETS))
    now = datetime(2020, 12, 2, tzinfo=BERLIN)
    assert of(status.states(engine, 2019, now), SHEETS) == ["loaded"] * 12
    assert of(status.states(engine, 2020, now), SHEETS) == ["loaded"] * 10 + ["loaded", "not due"]
    assert (
        of(status.states(engine, 2020, now), "ba_sanktionen") == ["overdue"] * 7 + ["not due"] * 5
    )
    text = status.matrix(status.states(engine, 2020, now))
    assert text.splitlines()[0].split() == [f"{m:02}" for m in range(1, 13)]
    assert next(line for line in text.splitlines() if line.startswith(SHEETS)).split() == [
        SHEETS,
        *["ok"] * 11,
        "·",
    ]
    assert "LATE overdue" in text.splitlines()[-1]


def test_commands(tmp_path: Path) -> None:
    rows = json.loads(kca(tmp_path, "calendar", "--year", "2020", "--json"))
    eckwerte = next(
        r for r in rows if (r["source"], r["berichtsmonat"]) == ("ba_eckwerte", "2020-04")
    )
    assert eckwerte["due"].startswith("2020-04-30 10:00")
    assert "2020-01-03 10:00" in kca(tmp_path, "calendar", "--year", "2020")
    months = json.loads(kca(tmp_path, "status", "--year", "2020", "--json"))
    assert {r["state"] for r in months} == {"overdue", "not due"}
    assert len({r["source"] for r in months}) * 12 == len(months)


def _drawn(**changes: object) -> Observations:
    given: dict[str, object] = {
        "blocks": [Block("t", "s", datetime(2020, 11, 30).date())],
        "series_list": [Series("elb"), Series("elb", "alter=u25")],
        "regions": [Region("ags", "D", "Deutschland"), Region("ags", "06", "Hessen")],
        "month": np.array([1, 1, 2], np.int32),
        "series": np.array([0, 1, 0], np.int32),
        "region": np.array([0, 0, 1], np.int32),
        "block": np.zeros(3, np.int32),
        "value": np.array([1.5, np.nan, 0.0]),
        "zeichen": np.array([0, 1, 0], np.int8),
        "row": np.arange(3, dtype=np.int32),
        "col": np.zeros(3, np.int32),
    }
    return Observations(**(given | changes))  # type: ignore[arg-type]


def test_the_content_hash_knows_figures_not_files() -> None:
    plain = content_sha256(_drawn())
    back = slice(None, None, -1)
    o = _drawn()
    turned = _drawn(
        **{
            k: getattr(o, k)[back]
            for k in ("month", "series", "region", "value", "zeichen", "row", "col")
        }
    )
    assert content_sha256(turned) == plain
    swapped = _drawn(
        series_list=o.series_list[back],
        series=1 - o.series,
        regions=[*o.regions[back], Region("ags", "07", "unused")],
        region=1 - o.region,
    )
    assert content_sha256(swapped) == plain
    assert content_sha256(_drawn(row=o.row + 7, value=np.array([1.5, -np.nan, -0.0]))) == plain
    twice = {
        k: np.concatenate([getattr(o, k)] * 2)
        for k in ("month", "series", "region", "block", "value", "zeichen", "row", "col")
    }
    assert content_sha256(_drawn(**twice)) == plain
    for other in (
        {"value": np.array([1.5, np.nan, 0.1])},
        {"zeichen": np.array([0, 2, 0], np.int8)},
        {"month": np.array([1, 1, 3], np.int32)},
        {"region": np.array([0, 1, 1], np.int32)},
        {"series_list": [Series("elb"), Series("elb", "alter=25plus")]},
    ):
        assert content_sha256(_drawn(**other)) != plain


def test_signs_stand_for_all_states() -> None:
    assert set(get_args(State)) < set(SIGNS)
    assert set(SIGNS) == set(MonthState)
    assert len(SIGNS) == len(set(SIGNS.values()))
    assert all(sign.isupper() == (state in TO_ACT) for state, sign in SIGNS.items())


def test_a_month_of_which_figures_are_only_announced_is_not_there(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    to_come: dict[tuple[str, str], object] = {(row, "Monat"): "..." for row in ROWS}
    december = Shape(
        month="Berichtsmonat: Dezember 2020", cells=to_come, footnotes=("Datenstand: 1.12.2020",)
    )
    [outcome] = load_all([write(tmp_path / "x.xlsx", december)], engine, settings, SHEETS)
    assert outcome.state == "quarantined", outcome.reading.findings
    now = datetime(2021, 3, 1, tzinfo=BERLIN)
    found = of(status.states(engine, 2020, now), SHEETS)
    assert found[11] in ("quarantined", "overdue")
    assert Month.of(2020, 12) not in queries.delivered(engine, SHEETS)


def test_red_months_carry_the_command_that_mends_them(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    bad = write(tmp_path / "bad.xlsx", Shape(cells={("Integrationen", "Monat"): "?"}))
    list(load_all([bad], engine, settings, SHEETS))
    now = datetime(2020, 12, 20, tzinfo=BERLIN)
    rows = status.states(engine, 2020, now)
    said = status.actions(engine, rows)
    (document,) = queries.documents(engine)
    sha = document["sha256"][:12]
    assert said[0] == (
        f"QUAR {SHEETS} 2020-11 bad.xlsx: kca quarantine show {sha}, then kca decide {sha}"
    )
    gap = f"kca backfill --source {SHEETS} --from-month 2020-01 --to-month 2020-10"
    assert f"LATE {SHEETS} 2020-01 to 2020-10 (10 months): {gap} --folder FOLDER" in said[-1]
    assert any(line.startswith("LATE ba_sanktionen 2020-01 to ") for line in said)
    drawn = status.markdown(rows, {(SHEETS, "2020-11"): "http://ui/1"})
    assert "**[QUAR](http://ui/1)**" in drawn
    assert "**LATE**" in drawn
    assert status.shown_years(engine, now) == [2020]
