"""Relations are learned from issues: those that must hold, none that only seems to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from kca_etl.learn import patch
from kca_etl.learn.evidence import Issue, hold_out
from kca_etl.learn.trial import Known, Lesson, learn
from kca_etl.model.month import Month
from kca_etl.model.observations import Block, Observations, Region, Series
from kca_etl.runs.lessons import lesson
from kca_etl.sources import registry
from kca_etl.sources.relations import coords, series_of
from kca_etl.sources.spec import Check, Source

CATALOGUE: dict[str, dict[str, Any]] = {
    "k": {"unit": "Personen", "kind": "bestand", "additive": True},
    "j": {"unit": "Personen", "kind": "bestand", "additive": True},
    "q": {"unit": "Prozent", "kind": "quote", "additive": False},
}
MEN, WOMEN = "k[geschlecht=maenner]", "k[geschlecht=frauen]"
REGIONS = 60
SEXES = '{total: k, parts: ["[geschlecht=maenner]", "[geschlecht=frauen]"]}'


def issue(month: int, figures: dict[str, Sequence[float]]) -> Issue:
    """One issue with figures by series, a value for each region."""
    value = np.concatenate([np.asarray(row, float) for row in figures.values()])
    region = np.tile(np.arange(len(value) // len(figures), dtype=np.int32), len(figures))
    zero = np.zeros(len(value), np.int32)
    o = Observations(
        [Block("t", "Blatt", date(2020, 1, 1))],
        [Series(*name.removesuffix("]").split("[")) for name in figures],
        [Region("local", str(i), str(i)) for i in range(int(region.max()) + 1)],
        month=np.full(len(value), month, np.int32),
        series=np.repeat(np.arange(len(figures), dtype=np.int32), len(value) // len(figures)),
        region=region,
        block=zero,
        value=value,
        zeichen=np.isnan(value).astype(np.int8),
        row=region,
        col=zero,
    )
    return Issue(str(month), Month(month), o)


def figures(seed: int, regions: int = REGIONS) -> dict[str, Any]:
    """Men and women, and their sum."""
    chance = np.random.default_rng(seed)
    men, women = chance.integers(100, 900, (2, regions)).astype(float)
    return {"k": men + women, MEN: men, WOMEN: women}


def taught(issues: Sequence[Issue], others: Sequence[Issue], *checks: str) -> Lesson:
    """Learn as if a source had declared checks."""
    declared = tuple(Check.model_validate(yaml.safe_load(text)) for text in checks)
    source = Source.model_construct(checks=declared)
    return learn(source, CATALOGUE, issues, others)


def lines(lesson: Lesson) -> set[str]:
    return {patch.line(one.check).strip(" -") for one in lesson.relations}


def test_a_sum_is_found_with_its_support_and_held_on_others() -> None:
    found = taught([issue(1, figures(1)), issue(2, figures(2))], [issue(3, figures(3))])
    (total,) = [one for one in found.relations if one.check.total]
    assert patch.line(total.check).strip(" -") == SEXES
    assert (total.rows, total.issues, total.tried, total.against) == (2 * REGIONS, 2, 1, 0)
    assert not total.declared


def test_what_is_declared_in_other_words_is_not_new() -> None:
    found = taught([issue(1, figures(1)), issue(2, figures(2))], [], SEXES)
    assert [one.check.form for one in found.relations if not one.declared] == []


def test_too_few_rows_prove_nothing() -> None:
    assert taught([issue(1, figures(1, regions=29))], []).relations == []


def test_one_exception_refutes() -> None:
    wrong = figures(1)
    wrong["k"][5] += 400
    assert SEXES not in lines(taught([issue(1, wrong), issue(2, figures(2))], []))


def test_what_others_contradict_says_so() -> None:
    wrong = figures(3)
    wrong[MEN][7] += 1
    found = taught([issue(1, figures(1)), issue(2, figures(2))], [issue(3, wrong)])
    (total,) = [one for one in found.relations if one.check.total]
    assert (total.tried, total.against) == (1, 1)


def test_signs_are_counted_and_bound_only() -> None:
    hidden = figures(1)
    hidden[MEN][:15] = np.nan
    (total,) = [one for one in taught([issue(1, hidden)], []).relations if one.check.total]
    assert (total.rows, total.signs) == (REGIONS - 15, 0.25)


def test_an_order_that_fails_in_one_gliederung_is_chance_in_another() -> None:
    known = figures(1)
    known |= {"j": known["k"] * 1.0, "j[geschlecht=maenner]": known[MEN] * 2}
    known["j"][3] = known["k"][3] - 1
    checks = [one.check for one in taught([issue(1, known)], []).relations]
    assert [c for c in checks if c.order and {o.kennzahl for o in c.order} == {"j", "k"}] == []


def test_a_rate_is_found_with_its_rounding() -> None:
    known = figures(1)
    known = {"j": known["k"], "k": known[MEN], "q": np.round(100 * known[MEN] / known["k"], 1)}
    assert "{ratio: q, of: k, to: j, rounded: 0.1}" in lines(taught([issue(1, known)], []))


def test_the_last_third_is_tried() -> None:
    issues = [issue(month, figures(month)) for month in range(6)]
    first, last = hold_out(issues)
    assert [[int(i.month) for i in part] for part in (first, last)] == [[0, 1, 2, 3], [4, 5]]


# What the issues of 2017 must teach: each kind of relation, as it is declared.
BA = """
{equal: [sanktionen_zugang, sanktionen_neu]}
{equal: [kuerzung_elb_mit_sanktion, elb_mit_sanktion], every_gliederung: true}
{ratio: elb_sanktionsquote, of: elb_mit_sanktion, to: elb, every_gliederung: true}
{order: [arbeitslose_elb, elb], every_gliederung: true}
{order: [elb_mit_sanktion, elb], every_gliederung: true}
{order: [elb_neu_sanktioniert, sanktionen_zugang]}
{order: [sanktionen_zugang, sanktionen_jahressumme], every_gliederung: true}
{order: [elb_neu_sanktioniert, sanktionen_neu]}
{total: elb, parts: ["[geschlecht=maenner]", "[geschlecht=frauen]"], rest: 0.01}
{total: elb, parts: ["[alter=u25]", "[alter=25_u55]", "[alter=55plus]"]}
{total: kuerzung_betrag, parts: ["[leistung=regel_mehrbedarf]", "[leistung=unterkunft]"], \
every_gliederung: true}
{mean: kuerzung_betrag, weight: kuerzung_elb_mit_sanktion, every_gliederung: true}
{mean: kuerzung_anteil, every_gliederung: true}
regions: true
"""


@pytest.fixture(scope="module")
def files(real: Path) -> list[Path]:
    """A year of real issues, and every third of the later years."""
    found = sorted((real / "ba-sanktionen").glob("*.xlsx"))
    later = [path for path in found if "-0-2017" not in path.name]
    return [path for path in found if "-0-2017" in path.name] + later[::3]


@pytest.fixture(scope="module")
def bare(files: list[Path]) -> Lesson:
    """What 2017 teaches about a source that has declared nothing, tried on later years."""
    declared = registry.load("ba_sanktionen")
    with pytest.MonkeyPatch.context() as patched:
        nothing = declared.model_copy(update={"checks": ()})
        patched.setattr(registry, "load", lambda _: nothing)
        return lesson("ba_sanktionen", files, Path(), Month(2017 * 12), Month(2017 * 12 + 11))


def test_the_issues_of_2017_teach_every_kind_of_relation(bare: Lesson) -> None:
    wanted = [Check.model_validate(yaml.safe_load(text)) for text in BA.splitlines() if text]
    names = {series_of(c) for check in wanted for c in coords(check)}
    known = Known(tuple(one.check for one in bare.relations), sorted(names, key=str))
    assert [patch.line(check) for check in wanted if not known.says(check)] == []
    grounds = [c for c in lines(bare) if c.startswith("{total: sanktionen_")]
    assert len(grounds) == 2
    assert all(one.issues >= 9 for one in bare.relations)


def test_nothing_of_2017_is_false_in_later_years(bare: Lesson) -> None:
    assert [patch.line(one.check) for one in bare.relations if one.against] == []


def test_what_the_declaration_says_already_is_not_printed(files: list[Path]) -> None:
    found = lesson("ba_sanktionen", files, Path(), Month(2017 * 12), Month(2017 * 12 + 11))
    assert [patch.line(one.check) for one in found.relations if not one.declared] == []
