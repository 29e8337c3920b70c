"""Declared relations hold or are named with both cells; signs bound, and never contradict."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from kca_etl.model.findings import Finding
from kca_etl.model.observations import Block, Observations, Region, Series
from kca_etl.sources.relations import relations
from kca_etl.sources.spec import Check
from kca_etl.validate.cube import build
from kca_etl.validate.invariants import broken

STAR = 1
SEXES = ["[geschlecht=maenner]", "[geschlecht=frauen]"]
NAMES = ("D", "DW", "DO")


def observed(figures: dict[str, list[Any]], months: list[int] | None = None) -> Observations:
    """Figures by series (`k[a=b]`) for Deutschland, West and Ost, or for Deutschland by month."""
    series = [Series(*name.removesuffix("]").split("[")) for name in figures]
    cells = [(s, i, value) for s, row in enumerate(figures.values()) for i, value in enumerate(row)]
    value = np.array([np.nan if v == "*" else v for *_, v in cells], float)
    place = np.array([i for _, i, _ in cells], np.int32)
    zero = np.zeros(len(cells), np.int32)
    month = zero if months is None else np.array(months, np.int32)[place]
    return Observations(
        [Block("t", "Blatt", date(2020, 1, 1))],
        series,
        [Region("ags", code, code) for code in NAMES],
        month=month,
        series=np.array([s for s, *_ in cells], np.int32),
        region=place if months is None else zero,
        block=zero,
        value=value,
        zeichen=np.where(np.isnan(value), STAR, 0).astype(np.int8),
        row=place,
        col=np.array([s for s, *_ in cells], np.int32),
    )


def found(
    check: dict[str, Any], figures: dict[str, list[Any]], months: list[int] | None = None
) -> list[Finding]:
    """What a check finds among figures."""
    o = observed(figures, months)
    cube = build(o)
    held = relations([Check.model_validate(check)], o.series_list)
    return [finding for relation in held for finding in broken(cube, relation)]


MEN, WOMEN = "k[geschlecht=maenner]", "k[geschlecht=frauen]"
TOTAL = {"total": "k", "parts": SEXES}
REST = TOTAL | {"rest": 0.01, "few": 2}
CASES: list[tuple[dict[str, Any], dict[str, list[Any]], list[str]]] = [
    (TOTAL, {"k": [10, 5, 5], MEN: [6, 3, 3], WOMEN: [4, 2, 3]}, ["A3"]),
    (TOTAL, {"k": [10, 5, 5], MEN: [6, 3, 3], WOMEN: ["*", "*", 2]}, []),
    (TOTAL, {"k": [10, 5, "*"], MEN: [11, 3, 3], WOMEN: ["*", "*", 4]}, ["A1"]),
    (REST, {"k": [10, 5, 900], MEN: [5, 3, 500], WOMEN: [3, 2, 392]}, []),
    (REST, {"k": [10, 5, 900], MEN: [5, 3, 500], WOMEN: [2, 2, 390]}, ["A1", "A3"]),
    (REST, {"k": [10, 5, 9], MEN: [6, 3, 5], WOMEN: [5, 2, 4]}, ["A1"]),
    (REST | {"overlap": 0.01}, {"k": [10, 5, 9], MEN: [6, 3, 5], WOMEN: [5, 2, 4]}, []),
    ({"order": ["a", "b", "c"]}, {"a": [1, 2, 4], "b": [1, 3, 3], "c": [1, 2, "*"]}, ["A3", "B2"]),
    ({"equal": ["a", "b"]}, {"a": [1, 2, "*"], "b": [1, 3, 3]}, ["A2"]),
    ({"ratio": "q", "of": "a", "to": "b"}, {"q": [50, 20, 0], "a": [5, 1, 0], "b": [10, 4, 0]},
     ["A2"]),
    ({"ratio": "q", "of": "a", "to": "b", "times": 1, "rounded": 1},
     {"q": [3, 4, 3], "a": [31, 31, 31], "b": [10, 10, "*"]}, ["A2"]),
    ({"between": "k", "parts": SEXES}, {"k": [5, 7, 7], MEN: [4, 4, 4], WOMEN: [6, 6, "*"]},
     ["A2"]),
    ({"mean": "q"}, {"q": [5, 4, 6]}, []),
    ({"mean": "q"}, {"q": [7, 4, 6]}, ["A1"]),
    ({"mean": "q"}, {"q": [7, 4, "*"]}, []),
    ({"mean": "q", "weight": "w"}, {"q": [5, 4, 8], "w": [4, 3, 1]}, []),
    ({"mean": "q", "weight": "w"}, {"q": [6, 4, 8], "w": [4, 3, 1]}, ["A1"]),
    ({"mean": "q", "weight": "w"}, {"q": [4, 4, "*"], "w": [4, 4, 0]}, []),
]  # fmt: skip


@pytest.mark.parametrize(("check", "figures", "cells"), CASES)
def test_a_contradiction_is_found_at_its_cell(
    check: dict[str, Any], figures: dict[str, list[Any]], cells: list[str]
) -> None:
    assert [f.cell for f in found(check, figures)] == cells


def test_both_sides_are_named() -> None:
    (finding,) = found(TOTAL, {"k": [10], MEN: [6], WOMEN: [3]})
    assert (finding.found, finding.expected) == ("10", "9 by 'Blatt' B1, 'Blatt' C1")


def test_a_year_is_the_sum_of_twelve_months_and_nothing_is_said_of_fewer() -> None:
    months = [2020 * 12 + i for i in range(12)]
    check = {"year": ["s", "k"]}
    figures = {"k": [1.0] * 12, "s": [12.0] * 12}
    assert found(check, figures, months) == []
    assert len(found(check, figures | {"s": [13.0] * 12}, months)) == 12
    assert found(check, {"k": [1.0] * 11, "s": [13.0] * 11}, months[:11]) == []


def test_a_relation_holds_in_every_gliederung_where_its_series_stand() -> None:
    figures = {"a": [1], "b": [2], "a[x=1]": [5], "b[x=1]": [4], "a[x=2]": [9]}
    check = {"order": ["a", "b"]}
    assert found(check, figures) == []
    (finding,) = found(check | {"every_gliederung": True}, figures)
    assert finding.cell == "C1"


def test_a_total_is_left_alone_where_other_parts_stand() -> None:
    figures = {"k": [10], MEN: [6], WOMEN: [3], "k[geschlecht=divers]": [1]}
    assert len(found(TOTAL, figures)) == 1
    assert found(TOTAL | {"without": ["[geschlecht=divers]"]}, figures) == []


@pytest.mark.parametrize(
    "wrong", [{}, {"total": "k"}, {"ratio": "q"}, {"equal": ["a", "b"], "order": ["a", "b"]}]
)
def test_a_check_has_exactly_one_complete_form(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"check|ratio|total"):
        Check.model_validate(wrong)
