"""Which month and region a text speaks of."""

from __future__ import annotations

from datetime import date

import pytest

from kca_etl.model.codes import Code
from kca_etl.textcheck.about import month_of_text, other_subject
from tests.textcheck.helper import NOVEMBER, RECENT, published

APRIL = (
    "Statistikreport April 2024\n\nIm April waren 7.273 Menschen arbeitslos, 73 weniger als im März "
    "und 1.260 mehr als im April 2023."
)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        (APRIL, date(2024, 4, 1)),
        ("Im Dezember waren es 10.809, 453 mehr als im November und 859 mehr als im Dezember 2021.", date(2022, 12, 1)),
        ("Im Januar waren es 10.809, 453 mehr als im Dezember 2021.", date(2022, 1, 1)),
        ("Im Oktober lag die Zahl noch bei 7.346, im November 2020 bei 7.273.", NOVEMBER),
        ("Von Januar bis November 2020 gelangen 3.000 Integrationen. Im Mai 2020 waren es 300.", date(2020, 5, 1)),
        ("Pressemitteilung vom 30. November 2020: Im November waren 7.273 Menschen arbeitslos.", NOVEMBER),
        ("Im November waren 7.273 Menschen arbeitslos.", None),
        ("Die Quote ist unverändert.", None),
        ("Im März waren es 10, im Juli 2020 waren es 20.", None),
    ],
)  # fmt: skip
def test_the_month_of_a_text(text: str, month: date | None) -> None:
    assert month_of_text(text) == month


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("kca_press_release_2020-11.txt", NOVEMBER),
        ("texts/02-agentur-hanau-2022-12.txt", date(2022, 12, 1)),
        ("texts/03-agentur-hanau-2024-11.txt", date(2024, 11, 1)),
        ("texts/14-schmalkalden-2014-10.txt", date(2014, 10, 1)),
        ("texts/16-ortenau-2024-04.txt", date(2024, 4, 1)),
        ("texts/20-vorsprung-2018-12.txt", date(2018, 12, 1)),
        ("texts/12-steinfurt-2023-05.txt", None),
    ],
)
def test_the_month_of_published_texts(name: str, month: date | None) -> None:
    assert month_of_text(published(name).read_text(encoding="utf-8")) == month


def codes(text: str, month: date = NOVEMBER) -> list[Code]:
    return [f.code for f in other_subject(text, month, RECENT, "ags:06435")]


def test_a_text_of_another_month_stops() -> None:
    assert codes(APRIL, date(2024, 1, 1)) == [Code.TEXT_OTHER_MONTH]
    assert codes(APRIL, date(2023, 4, 1)) == [Code.TEXT_OTHER_MONTH]
    assert codes(APRIL, date(2024, 5, 1)) == [Code.TEXT_OTHER_MONTH]
    assert codes(APRIL, date(2024, 4, 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "7.273 Menschen sind arbeitslos. Im Oktober waren es 7.346.",
        "Die Quote ist gegenüber Oktober und gegenüber November 2019 gestiegen.",
        "Am 30. November wurde das Papier verabschiedet. Seit Januar gibt es ein Projekt.",
        "Im November waren es 7.273. Im Juli eröffnet ein Haus; im Juli 2021 ein weiteres.",
        "Im November waren es 7.273 Arbeitslose, im November 2019 waren es 6.013.",
        "Im Main-Kinzig-Kreis lag die Quote bei 3,2 Prozent, im Wetteraukreis bei 2,9 Prozent.",
        "In Fulda fand eine Messe statt.",
    ],
)
def test_what_a_text_compares_with_is_not_what_it_is_about(text: str) -> None:
    assert codes(text) == []


def test_a_text_of_another_region_stops() -> None:
    assert codes("Im Wetteraukreis waren im November 5.000 Menschen arbeitslos.") == [
        Code.TEXT_OTHER_REGION
    ]
    often = "Der Landkreis Fulda meldet. Im Landkreis Fulda sank die Zahl. Der Landkreis Fulda grüßt den MKK."
    assert codes(often) == [Code.TEXT_OTHER_REGION]
