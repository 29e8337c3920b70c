"""The published texts against warehouses that have their figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from kca_etl.textcheck.check import check
from kca_etl.textcheck.results import REFUSED, CheckedClaim
from kca_etl.textcheck.show import judged
from kca_etl.textcheck.times import shifted
from tests.textcheck.helper import published, rows

A2, A3, ALL = "arbeitslose_sgb2", "arbeitslose_sgb3", "arbeitslose_insgesamt"
Q2, Q = "arbeitslosenquote_sgb2", "arbeitslosenquote_insgesamt"
L = "leistungsbezieher_sgb2"
LEAST = 0.6  # of all numbers


@dataclass(frozen=True)
class Published:
    """A text's month and region, and figures: the month's, the month before's, the year before's."""

    name: str
    month: date
    region: str
    region_name: str
    figures: dict[str, tuple[str, str, str]]
    slips: tuple[str, ...] = ()

    def claims(self, **changed: str) -> list[CheckedClaim]:
        """Check the text; `changed` puts other figures of the month into the warehouse."""
        values = {}
        for kennzahl, (now, before, year) in self.figures.items():
            given = (changed.get(kennzahl, now), before, year)
            for by, value in zip((0, -1, -12), given, strict=True):
                if value:
                    values[kennzahl, f"{shifted(self.month, by):%Y-%m}"] = Decimal(value)
        figures = rows(values, self.region.partition(":")[2], self.region_name)
        text = published(f"texts/{self.name}").read_text(encoding="utf-8")
        return check(text, self.month, figures, self.region)


MKK = ("ags:06435", "Main-Kinzig-Kreis")
TEXTS = (
    Published(
        "02-agentur-hanau-2022-12.txt",
        date(2022, 12, 1),
        *MKK,
        {
            A2: ("7674", "7488", "6742"),
            A3: ("3135", "2868", "3208"),
            ALL: ("10809", "10356", "9950"),
            Q: ("4.7", "4.5", "4.3"),
        },
    ),
    Published(
        "03-agentur-hanau-2024-11.txt",
        date(2024, 11, 1),
        *MKK,
        {
            A2: ("9066", "9078", "8713"),
            A3: ("3912", "3852", "3448"),
            ALL: ("12978", "12930", "12161"),
            Q: ("5.5", "5.5", "5.2"),
        },
    ),
    Published(
        "08-kjc-marburg-2025-04.txt",
        date(2025, 4, 1),
        "ags:06534",
        "Landkreis Marburg-Biedenkopf",
        {A2: ("4055", "4093", "4102"), Q2: ("3.0", "3.0", "3.0")},
    ),
    Published(
        "12-steinfurt-2023-05.txt",
        date(2023, 5, 1),
        "ags:05566",
        "Kreis Steinfurt",
        {
            A2: ("6404", "6500", "6897"),
            Q2: ("2.5", "2.5", "2.7"),
            L: ("17746", "18028", "19648"),
        },
    ),
    Published(
        "14-schmalkalden-2014-10.txt",
        date(2014, 10, 1),
        "ags:16066",
        "Landkreis Schmalkalden-Meiningen",
        {
            A2: ("2159", "2194", "2430"),
            Q2: ("3.2", "3.2", "3.5"),
            L: ("6617", "6663", "7125"),
        },
        ("38", "mehr"),
    ),
    Published(
        "16-ortenau-2024-04.txt",
        date(2024, 4, 1),
        "ags:08317",
        "Ortenaukreis",
        {
            A2: ("5118", "5013", "4700"),
            L: ("19015", "19000", ""),
            "integrationen": ("261", "250", ""),
        },
    ),
    Published(
        "20-vorsprung-2018-12.txt",
        date(2018, 12, 1),
        *MKK,
        {ALL: ("8904", "8859", "9739"), Q: ("3.9", "3.9", "4.3")},
    ),
)


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: t.name)
def test_no_right_statement_is_called_wrong_and_slips_are_found(text: Published) -> None:
    assert tuple(c.text for c in text.claims() if c.verdict in REFUSED) == text.slips


def test_most_numbers_are_judged() -> None:
    counted = [judged(c for c in text.claims() if c.number) for text in TEXTS]
    done, testable = (sum(column) for column in zip(*counted, strict=True))
    assert done >= LEAST * testable, (done, testable)


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: t.name)
def test_another_figure_in_the_warehouse_proves_nothing_of_the_text(text: Published) -> None:
    """What was proven by a figure is no longer, once the warehouse has another one."""
    for kennzahl in {c.kennzahl for c in text.claims() if c.where}:
        now = Decimal(text.figures[kennzahl][0])
        other = str(now + (Decimal("0.7") if "quote" in kennzahl else 111))
        for claim in text.claims(**{kennzahl: other}):
            level = claim.kennzahl == kennzahl and claim.month == text.month and claim.base is None
            assert not (level and claim.verdict == "belegt"), claim
