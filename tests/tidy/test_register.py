"""The register of regions.

Whole, without contradictions, and equal to the publishers' lists where these are at hand.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from kca_etl.warehouse.views.gebietsstand import breaks_between
from schemas import regions
from schemas.codelists import LAENDER
from tests.sources.test_office_sheets import read


def test_every_code_lies_in_a_land_and_has_a_known_art() -> None:
    for ags, territories in regions.kreise().items():
        assert re.fullmatch(r"\d{5}", ags)
        assert ags[:2] in LAENDER
        assert {k.art for k in territories} <= {
            "Kreisfreie Stadt",
            "Stadtkreis",
            "Kreis",
            "Landkreis",
            "Regionalverband",
        }


def test_the_territories_of_a_code_follow_each_other() -> None:
    for territories in regions.kreise().values():
        for earlier, later in pairwise(territories):
            assert earlier.valid_to is not None
            assert later.valid_from == earlier.valid_to + timedelta(days=1)


def test_what_begins_was_made_of_what_ended_the_day_before() -> None:
    everything = [k for territories in regions.kreise().values() for k in territories]
    ended = {(k.ags, k.valid_to) for k in everything if k.valid_to}
    used = set()
    for kreis in everything:
        assert bool(kreis.predecessors) == (kreis.valid_from is not None), kreis
        if kreis.valid_from is not None:
            parts = {(p, kreis.valid_from - timedelta(days=1)) for p in kreis.predecessors}
            assert parts <= ended, kreis
            used |= parts
    assert used == ended


@pytest.mark.parametrize(
    ("month", "count"),
    [
        (date(2009, 1, 1), 413),
        (date(2020, 4, 1), 401),
        (date(2023, 12, 1), 400),
        (date(2026, 2, 1), 401),
    ],
)
def test_the_number_of_kreise(month: date, count: int) -> None:
    """412 Kreise and Aachen's two in 2009, 401 from 2016, 400 from 2021, Hanau as the 401st."""
    assert sum(regions.existed(ags, month) for ags in regions.kreise()) == count


def test_the_real_list_of_kreise_is_the_register_of_its_day(real: Path) -> None:
    o = read(real / "destatis" / "04-kreise.xlsx").observations
    assert o is not None
    assert {r.code for r in o.regions} == {
        ags for ags in regions.kreise() if regions.existed(ags, date(2023, 12, 1))
    }
    names = {
        k.ags: k.name for t in regions.kreise().values() for k in t if k.existed(date(2023, 12, 1))
    }
    assert {
        r.code for r in o.regions if not r.name.startswith(names[r.code].split(",")[0])
    } == set()


@pytest.mark.parametrize(
    ("file", "month"),
    [
        ("kurzarbeit-d-0-201304-xls.xls", date(2013, 4, 1)),
        ("kurzarbeit-d-0-202004-xlsx.xlsx", date(2020, 4, 1)),
    ],
)
def test_the_kreise_of_real_issues_existed_then(real: Path, file: str, month: date) -> None:
    o = read(real / "ba-kurzarbeit" / file).observations
    assert o is not None
    codes = {r.code for r in o.regions if r.system == "ags" and len(r.code) == 5}
    assert len(codes) > 390
    assert {code for code in codes if not regions.existed(code, month)} == set()


def test_jobcenter_serve_kreise_of_the_register_no_two_the_same() -> None:
    served = Counter(ags for j in regions.jobcenter().values() for ags in j.kreise)
    assert served.keys() <= regions.kreise().keys()
    assert set(served.values()) == {1}
    assert len(regions.jobcenter()) == 407
    assert regions.jobcenter()["43102"].kreise == ("06435",)
    assert regions.jobcenter()["43504"].kreise == ("06633",)
    assert regions.jobcenter()["92202"].kreise == ()  # a part of Berlin


@pytest.mark.parametrize(
    "name", ["Kassel", "Offenbach", "München", "Leipzig", "Frankfurt", "Oldenburg", "Rostock"]
)
def test_names_that_two_share(name: str) -> None:
    assert len(regions.ambiguous()[name]) == 2


@pytest.mark.parametrize(
    "name", ["Main-Kinzig-Kreis", "Göttingen", "Hanau", "Offenbach am Main", "Burgenlandkreis"]
)
def test_names_that_nobody_shares_at_any_one_time(name: str) -> None:
    assert name not in regions.ambiguous()


@pytest.mark.parametrize(
    ("region", "then", "now", "count"),
    [
        ("ags:03159", (2016, 10), (2016, 11), 1),
        ("ags:03156", (2016, 1), (2017, 1), 1),
        ("ags:16063", (2021, 6), (2021, 7), 1),
        ("ags:16063", (2021, 7), (2021, 8), 0),
        ("ags:06415", (2025, 12), (2026, 1), 1),
        ("ags:13072", (2011, 8), (2011, 9), 1),
        ("ags:13072", (2011, 9), (2011, 10), 0),
        ("ags:14612", (2008, 7), (2008, 8), 0),  # Dresden was only numbered anew
        ("traeger:43102", (2025, 12), (2026, 1), 1),
        ("traeger:06435", (2025, 12), (2026, 1), 0),  # a Trägernummer is no AGS
        ("local:06435", (2025, 12), (2026, 1), 0),
    ],
)
def test_breaks(region: str, then: tuple[int, int], now: tuple[int, int], count: int) -> None:
    assert len(breaks_between(region, date(*then, 1), date(*now, 1))) == count


def test_every_change_has_its_sentence() -> None:
    changes = {change for ags in regions.kreise() for change in regions.changes(ags)}
    assert len(changes) == 7
    assert all(
        change.reason.endswith(".") and str(change.since.year) in change.reason
        for change in changes
    )
    assert max(change.since for change in changes) <= regions.GEBIETSSTAND
