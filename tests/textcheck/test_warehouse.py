"""The same text against other states of the warehouse."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from kca_etl.textcheck.check import check
from tests.textcheck.helper import NOVEMBER, RECENT, of, rows, verdicts

A, Q, L, SGB3 = (
    "arbeitslose_sgb2",
    "arbeitslosenquote_sgb2",
    "leistungsbezieher_sgb2",
    "arbeitslose_sgb3",
)


@pytest.mark.parametrize("kennzahl", [A, SGB3])
def test_a_slip_of_184_for_146_is_found(kennzahl: str) -> None:
    who = "Das Kommunale Center für Arbeit" if kennzahl == A else "Die Agentur für Arbeit (SGB III)"
    text = (
        f"{who} betreute im Dezember 2019 genau 3.198 Arbeitslose (gegenüber dem Vormonat "
        "184 mehr und gegenüber dem Vorjahr 514 mehr)."
    )
    figures = rows(
        {(kennzahl, "2019-12"): 3198, (kennzahl, "2019-11"): 3052, (kennzahl, "2018-12"): 2684}
    )
    claims = check(text, date(2019, 12, 1), figures)
    assert of(claims, "widerspricht") == ["184"]
    assert of(claims, "belegt") == ["3.198", "mehr", "514", "mehr"]
    (slip,) = [c for c in claims if c.verdict == "widerspricht"]
    assert (slip.expected, slip.kennzahl, slip.month, slip.base) == (
        "+146",
        kennzahl,
        date(2019, 12, 1),
        date(2019, 11, 1),
    )
    assert [c.cell for c in slip.where] == ["B5", "B6"]
    right = text.replace("184", "146")
    assert of(check(right, date(2019, 12, 1), figures), "widerspricht") == []


def test_without_figures_nothing_is_judged() -> None:
    text = (
        "Im November 2020 waren 7.273 Menschen arbeitslos, 73 weniger als im Vormonat. Die "
        "Quote ist unverändert."
    )
    for figures in (RECENT.iloc[:0], rows({(L, "2020-11"): 24736})):
        assert set(verdicts(text, figures=figures).values()) == {
            "nicht zuordenbar",
            "nicht prüfbar",
        }


def test_a_missing_month_is_never_replaced_by_another() -> None:
    figures = rows({(A, "2020-11"): 7273, (A, "2020-09"): 7410, (A, "2019-11"): 6013})
    found = verdicts(
        (
            "7.273 Menschen waren arbeitslos, 137 weniger als im Vormonat und 1.260 mehr "
            "als vor einem Jahr."
        ),
        figures=figures,
    )
    assert found == {
        "7.273": "belegt",
        "137": "nicht zuordenbar",
        "weniger": "nicht zuordenbar",
        "1.260": "belegt",
        "mehr": "belegt",
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Von den 24.736 Leistungsbeziehern waren 16.204 erwerbsfähig.", "16.204"),
        ("Im Kreis kamen auf 7.273 Arbeitslose 2.100 gemeldete Stellen.", "2.100"),
        ("318 Menschen wurden integriert: 250 in Arbeit und 68 in Ausbildung.", "250"),
        ("Mit den 318 Integrationen summieren sich die Vermittlungen auf 3.620.", "3.620"),
        ("Im November starteten 120 Leistungsberechtigte in eine Maßnahme.", "120"),
        ("In den ersten elf Monaten wurden 3.620 Menschen in Arbeit integriert.", "3.620"),
        ("Die Arbeitslosenquote stieg zwischen März und August von 2,7 auf 3,3 Prozent.", "2,7"),
        ("Das entspricht einer Quote von 4,4 Prozent der Arbeitslosen.", "4,4 Prozent"),
        ("Im August waren 7.563 Menschen arbeitslos, seitdem ging die Zahl zurück.", ""),
        ("553 Neuanträge – so viele wie fast noch nie.", ""),
    ],
)
def test_what_is_another_figure_is_not_contradicted(text: str, number: str) -> None:
    found = verdicts(text, figures=RECENT)
    assert "widerspricht" not in found.values()
    assert not number or found[number] in ("nicht zuordenbar", "schlüssig")


@pytest.mark.parametrize(
    "text",
    [
        "934 Leistungsberechtigte besuchten einen Kurs.",
        "120 Arbeitslose wechselten in eine Ausbildung.",
        "Im November begannen 41 Arbeitslose ein Praktikum.",
    ],
)
def test_people_who_did_something_are_not_all_people(text: str) -> None:
    assert set(verdicts(text, figures=RECENT).values()) == {"nicht zuordenbar"}


def test_a_multiple_without_what_it_is_compared_with_is_left_open() -> None:
    figures = rows({(A, "2020-11"): 7273, (A, "2020-10"): 7346})
    text = "Die Zahl der Arbeitslosen hat sich verdoppelt."
    assert verdicts(text, figures=figures) == {"verdoppelt": "nicht zuordenbar"}


def test_a_sign_is_neither_proof_nor_contradiction() -> None:
    (claim,) = check("Die Zahl der Arbeitslosen lag bei 2.", NOVEMBER, rows({(A, "2020-11"): "*"}))
    assert (claim.verdict, claim.reason) == ("nicht zuordenbar", "dort steht „*“")


def test_the_months_own_figure_under_another_months_name_is_wrong() -> None:
    (_, claim) = check(
        "Im Oktober 2020 lag die Zahl der Arbeitslosen bei 7.273.",
        NOVEMBER,
        rows({(A, "2020-11"): 7273}),
    )
    assert claim.verdict == "widerspricht"
    assert (
        claim.reason == "7.273 ist der Wert für November 2020; für Oktober 2020 liegt kein Wert vor"
    )


def test_no_comparison_across_a_change_of_territory() -> None:
    figures = rows({(A, "2026-01"): 5000, (A, "2025-12"): 9000, (A, "2025-01"): 9500})
    text = "Im Januar 2026 waren 5.000 Menschen arbeitslos, 4.000 weniger als im Vormonat."
    claims = check(text, date(2026, 1, 1), figures)
    assert of(claims, "belegt") == ["5.000"]
    assert [c.reason for c in claims if c.text == "4.000"] == [
        "nicht vergleichbar, anderer Gebietsstand"
    ]


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (
            3.26,
            3.24,
            "Die Quote stieg gegenüber dem Vormonat um 0,1 Prozentpunkte auf 3,3 Prozent.",
        ),
        (3.26, 3.24, "Die Quote ist gegenüber dem Vormonat nahezu unverändert."),
        (3.22, 3.19, "Die Quote liegt gegenüber dem Vormonat unverändert bei 3,2 Prozent."),
        (3.3, 3.25, "Die Quote stieg gegenüber dem Vormonat um 0,1 Prozentpunkte."),
        (3.0, 3.1, "Die Quote sank gegenüber dem Vormonat um 0,1 Prozentpunkte auf drei Prozent."),
    ],
)
def test_unrounded_rates(now: float, before: float, text: str) -> None:
    claims = check(text, NOVEMBER, rows({(Q, "2020-11"): now, (Q, "2020-10"): before}))
    assert {c.verdict for c in claims} == {"belegt"}


def test_another_jobcenter_with_its_own_figures() -> None:
    figures = rows(
        {(A, "2020-11"): 4123, (A, "2020-10"): 4100, (Q, "2020-11"): 3.0, (Q, "2020-10"): 3.0},
        "06631",
        "Landkreis Fulda",
    )
    text = (
        "Im Landkreis Fulda waren 4.123 Menschen im Rechtskreis SGB II arbeitslos, 23 mehr "
        "als im Vormonat. Die Quote liegt unverändert bei"
        " drei Prozent. Im Main-Kinzig-Kreis waren es 7.273, in Hessen 170.000."
    )
    assert verdicts(text, figures=figures, region="ags:06631") == {
        "4.123": "belegt",
        "23": "belegt",
        "mehr": "belegt",
        "unverändert": "belegt",
        "drei Prozent": "belegt",
        "7.273": "nicht zuordenbar",
        "170.000": "nicht zuordenbar",
    }
    mixed = pd.concat([figures, RECENT], ignore_index=True)
    assert set(
        verdicts(text.replace("4.123", "4.132"), figures=mixed, region="ags:06631").values()
    ) == {
        "belegt",
        "nicht zuordenbar",
        "widerspricht",
    }


def test_a_text_about_another_kreis_is_not_measured_by_our_figures() -> None:
    text = (
        "Kreis Bergstraße. Die Zahl der Arbeitslosen im SGB II ist um 41 auf 3.207 "
        "gestiegen.\n\nDie Quote stieg auf 3,4 Prozent.\n\n"
        "Die Zahl der Neuanträge lag bei 287."
    )
    assert set(verdicts(text).values()) == {"nicht zuordenbar"}


def test_the_jobcenters_own_source_counts_before_others() -> None:
    other = rows({(A, "2020-11"): 7000}, source="ba_eckwerte")
    text = "Im November waren 7.273 Menschen arbeitslos."
    assert verdicts(text, figures=pd.concat([other, RECENT], ignore_index=True)) == {
        "7.273": "belegt"
    }
    assert verdicts(text.replace("7.273", "7.000"), figures=other) == {"7.000": "belegt"}


def test_parts_of_a_breakdown_are_passed_over() -> None:
    young = rows({(A, "2020-11"): 612}, gliederung="alter=u25")
    assert verdicts("Die Zahl der Arbeitslosen lag bei 612.", figures=young) == {
        "612": "nicht zuordenbar"
    }
    assert verdicts(
        "Die Zahl der Arbeitslosen lag bei 612.", figures=pd.concat([young, RECENT])
    ) == {"612": "widerspricht"}
