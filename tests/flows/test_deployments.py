"""prefect.yaml.

Prefect ignores keys it does not know, and a schedule that misses its window says nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.rrule import rrulestr
from prefect.cli.deploy import _models
from prefect.cli.deploy._models import (
    ConcurrencyLimitSpec,
    DeploymentConfig,
    PrefectYamlModel,
    RawScheduleConfig,
    WorkPoolConfig,
)
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.flows import load_flow_from_entrypoint
from pydantic import ConfigDict, ValidationError

from kca_etl.model.month import month_number
from kca_etl.sources import calendar

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.project


class Pool(WorkPoolConfig):
    model_config = ConfigDict(extra="forbid")


class Limit(ConcurrencyLimitSpec):
    model_config = ConfigDict(extra="forbid")


class Deployment(DeploymentConfig):
    model_config = ConfigDict(extra="forbid")
    name: str
    description: str
    tags: list[str]
    entrypoint: str
    work_pool: Pool
    concurrency_limit: Limit
    schedules: list[RawScheduleConfig]  # type: ignore[assignment]  # narrower than Prefect's


class File(PrefectYamlModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    deployments: list[Deployment]  # type: ignore[assignment]  # narrower than Prefect's


for _model in (Deployment, File):
    _model.model_rebuild(
        _types_namespace=vars(_models) | globals()
    )  # their annotations are strings


def given() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    return loaded


def test_prefect_yaml_has_no_key_that_prefect_would_ignore() -> None:
    file = File.model_validate(given())
    assert [d.name for d in file.deployments] == [
        "monthly",
        "backfill",
        "backfill-part",
        "report",
        "check-text",
        "decide",
        "replay",
        "housekeeping",
    ]
    for d in file.deployments:
        together = 64 if d.name == "backfill-part" else 1
        assert (
            d.work_pool.name,
            d.concurrency_limit.limit,
            d.concurrency_limit.collision_strategy,
        ) == ("kca", together, "ENQUEUE")
        assert load_flow_from_entrypoint(
            d.entrypoint, use_placeholder_flow=False
        ).name == d.name.removesuffix("-part")
        assert not d.triggers
        assert all(s.timezone == "Europe/Berlin" and s.rrule for s in d.schedules)


@pytest.mark.parametrize("where", ["", "deployment", "work_pool", "concurrency_limit", "schedule"])
def test_a_slip_of_the_pen_is_an_error(where: str) -> None:
    text = given()
    first = text["deployments"][0]
    {"": text, "deployment": first, "schedule": first["schedules"][0]}.get(where, first.get(where))[
        "tpyo"
    ] = 1
    with pytest.raises(ValidationError):
        File.model_validate(text)


def test_every_due_day_of_ten_years_is_followed_by_a_look_within_a_long_weekend() -> None:
    rule = next(d for d in given()["deployments"] if d["name"] == "monthly")["schedules"][0][
        "rrule"
    ]
    looks = rrulestr(rule, dtstart=datetime(2019, 1, 1))
    for source in (
        "kca_monatszahlen",
        "ba_sanktionen",
        "ba_eckwerte",
        "ba_kurzarbeit",
        "genesis_13211",
    ):
        for month in range(month_number(2019, 1), month_number(2028, 12)):
            if calendar.expected(source, month):
                due = calendar.due(source, month).replace(tzinfo=None)
                assert looks.after(due) - due < timedelta(days=4), (source, due)


def test_every_announced_date_is_looked_at_on_the_day() -> None:
    """The daily window covers them all: no date of its own stands in the schedule."""
    rule = next(d for d in given()["deployments"] if d["name"] == "monthly")["schedules"][0][
        "rrule"
    ]
    looks = rrulestr(rule, dtstart=datetime(2019, 1, 1))
    announced = calendar.calendar().known
    assert sum(map(len, announced.values())) > 5
    for name, days in announced.items():
        for day in days.values():
            at = datetime.combine(day, calendar.calendar().rules[name].time)
            assert looks.after(at).date() == day, (name, day)


def test_half_past_ten_is_half_past_ten_in_summer_and_in_winter() -> None:
    rule = RRuleSchedule(
        rrule=given()["deployments"][0]["schedules"][0]["rrule"], timezone="Europe/Berlin"
    ).to_rrule()
    for start in (datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC)):
        found = rule.between(start, start + timedelta(days=12))
        assert {(d.hour, d.minute) for d in found} == {(10, 30), (12, 30)}
