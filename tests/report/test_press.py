from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from kca_etl.report.overview import Overview, build
from kca_etl.report.press import RULES, benefit, paragraph
from kca_etl.samples import figures as sample
from kca_etl.samples.figures import KENNZAHLEN
from tests.report.helper import MISSING, frame

NOVEMBER = date(2020, 11, 1)
QUOTE, ARBEITSLOSE = "arbeitslosenquote_sgb2", "arbeitslose_sgb2"
CAUSES = (
    "wegen",
    "aufgrund",
    "durch",
    "infolge",
    "weil",
    "dank",
    "trotz",
    "deshalb",
    "daher",
    "führt",
    "Grund",
    "bedingt",
)


def overview(changes: dict[tuple[str, str], dict[str, Any]] | None = None, **more: Any) -> Overview:
    return build(frame(changes), NOVEMBER, **more)


def said(now: float, before: float, kennzahl: str) -> str:
    return paragraph(
        overview({(kennzahl, "2020-11"): {"value": now}, (kennzahl, "2020-10"): {"value": before}})
    )


def test_paragraph_in_the_order_of_the_jobcenter() -> None:
    assert paragraph(overview()) == (
        "Die Arbeitslosenquote im SGB II lag im November 2020 im Main-Kinzig-Kreis gegenüber "
        "dem Vormonat unverändert bei 3,2 Prozent;"
        " im November 2019 waren es 2,6 Prozent."
        " Im Rechtskreis SGB II waren 7.273 Menschen arbeitslos, 73 weniger als im Vormonat "
        "und 1.260 mehr als im Vorjahresmonat."
        " Leistungen nach dem SGB II (Arbeitslosengeld II und Sozialgeld) bezogen 24.736 "
        "Personen, 67 weniger als im Vormonat und 1.006 mehr als im Vorjahresmonat."
        " Gezählt wurden 318 Integrationen in den Arbeitsmarkt, 27 weniger als im Vormonat"
        " und 74 weniger als im Vorjahresmonat."
        " Neu gestellt wurden 553 Anträge auf Arbeitslosengeld II, 2 weniger als im Vormonat"
        " und 136 mehr als im Vorjahresmonat."
        " An Maßnahmen der Arbeitsförderung nahmen 932 Personen teil, 11 mehr als im Vormonat"
        " und 76 weniger als im Vorjahresmonat."
    )


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (
            3.3,
            3.2,
            (
                "stieg im November 2020 im Main-Kinzig-Kreis gegenüber dem Vormonat um 0,1 "
                "Prozentpunkte auf 3,3 Prozent"
            ),
        ),
        (
            3.1,
            4.1,
            (
                "sank im November 2020 im Main-Kinzig-Kreis gegenüber dem Vormonat um 1,0 "
                "Prozentpunkte auf 3,1 Prozent"
            ),
        ),
        (3.22, 3.19, "gegenüber dem Vormonat unverändert bei 3,2 Prozent"),
        (3.26, 3.24, "gegenüber dem Vormonat nahezu unverändert bei 3,3 Prozent"),
    ],
)
def test_rate(now: float, before: float, words: str) -> None:
    assert words in said(now, before, QUOTE)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (
            7000,
            7000,
            (
                "7.000 Menschen arbeitslos, ebenso viele wie im Vormonat und 987 mehr als "
                "im Vorjahresmonat."
            ),
        ),
        (7001, 7000, "7.001 Menschen arbeitslos, 1 mehr als im Vormonat"),
        (1, 2, "war 1 Mensch arbeitslos, 1 weniger als im Vormonat"),
        (0, 0, "waren 0 Menschen arbeitslos, ebenso viele wie im Vormonat"),
    ],
)
def test_counts(now: float, before: float, words: str) -> None:
    assert words in said(now, before, ARBEITSLOSE)


def test_what_is_not_there_is_not_compared() -> None:
    gone: dict[tuple[str, str], dict[str, Any]] = {
        (k, m): MISSING for k in KENNZAHLEN for m in ("2020-10", "2019-11")
    }
    text = paragraph(overview(gone))
    assert "lag im November 2020 im Main-Kinzig-Kreis bei 3,2 Prozent. Im Rechtskreis" in text
    assert "7.273 Menschen arbeitslos. Leistungen" in text
    for word in ("Vormonat", "Vorjahr", "mehr", "weniger", "unverändert", "2019"):
        assert word not in text


def test_signs_are_said_and_nothing_is_computed() -> None:
    hidden = {"value": float("nan"), "zeichen": "*"}
    text = paragraph(
        overview(
            {
                (QUOTE, "2020-11"): hidden,
                ("integrationen", "2020-11"): hidden,
                ("neuantraege", "2020-11"): MISSING,
            }
        )
    )
    assert text.startswith(
        "Arbeitslosenquote SGB II: keine Angabe (* = geheim gehalten). Im Rechtskreis"
    )
    assert "Integrationen: keine Angabe (* = geheim gehalten)." in text
    assert "Neuanträge: keine Angabe (– = kein Wert)." in text


def test_marks_travel_with_the_words() -> None:
    changes = {("neuantraege", "2020-11"): {"status": "vorlaeufig"}}
    text = paragraph(overview(changes, invented=sample.invented()))
    assert (
        "Neu gestellt wurden 553 (v) Anträge auf Arbeitslosengeld II, 2 weniger als im "
        "Vormonat (e) und 136 mehr als im Vorjahresmonat"
    ) in text
    assert text.endswith("(v) vorläufig. (e) erfundener Beispielwert oder daraus berechnet.")


@pytest.mark.parametrize(
    ("month", "name"),
    [
        (date(2005, 1, 1), "Arbeitslosengeld II"),
        (date(2022, 12, 1), "Arbeitslosengeld II"),
        (date(2023, 1, 1), "Bürgergeld"),
    ],
)
def test_the_benefit_is_named_by_date(month: date, name: str) -> None:
    assert benefit(month)[1] == name


@pytest.mark.parametrize("month", [f"{y}-{m:02}" for y in (2019, 2020) for m in range(1, 12)])
def test_no_causes(month: str) -> None:
    text = paragraph(
        build(frame(first="2018-01"), date.fromisoformat(f"{month}-01"), invented=sample.invented())
    )
    assert [word for word in CAUSES if re.search(rf"\b{word}\b", text)] == []
    assert text.count("Prozentpunkte") <= 1
    assert "%" not in text


def test_rules_are_declared() -> None:
    assert all(
        any(word in rule for rule in RULES)
        for word in ("unverändert", "gestiegen", "Prozentpunkten", "Gebietsstand")
    )
