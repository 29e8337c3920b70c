"""Records and runs of months, proved by the warehouse's months."""

from __future__ import annotations

from datetime import date

import pytest

from kca_etl.textcheck.check import check
from tests.textcheck.helper import FRAME, NOVEMBER, of, rows

RIGHT = (
    "Mit 932 liegt die Zahl der Maßnahmeteilnehmer auf dem höchsten Stand seit Februar.",
    "Die Zahl der Maßnahmeteilnehmer stieg auf 932, den höchsten Wert seit Februar 2020.",
    "Die Zahl der Maßnahmeteilnehmer ist zum fünften Mal in Folge gestiegen.",
    "Die Zahl der Maßnahmeteilnehmer stieg den fünften Monat in Folge.",
    "Die Zahl der Arbeitslosen ist zum dritten Mal in Folge gesunken.",
    "Die Zahl der Arbeitslosen sank im dritten Monat hintereinander.",
    "Die Zahl der Leistungsbezieher sank auf den niedrigsten Stand seit Juni.",
    "Die Zahl der Leistungsbezieher ist zum zweiten Mal in Folge gesunken.",
    "Mit 318 war die Zahl der Integrationen die niedrigste Zahl seit August.",
    "Bei den Neuanträgen gab es im November den niedrigsten Wert seit September.",
    "553 Neuanträge, das ist der niedrigste Stand seit September.",
)
WRONG = (
    "Die Zahl der Arbeitslosen lag damit auf dem höchsten Stand des Jahres.",
    "Die Zahl der Arbeitslosen sank auf den niedrigsten Wert in diesem Jahr.",
    "Mit 7.273 ist die Zahl der Arbeitslosen auf den niedrigsten Wert seit April gesunken.",
    "Die Zahl der Arbeitslosen ist zum vierten Mal in Folge gesunken.",
    "Die Zahl der Arbeitslosen ist zum dritten Mal in Folge gestiegen.",
    "Die Zahl der Neuanträge ist im dritten Monat hintereinander gesunken.",
    "Die Zahl der Maßnahmeteilnehmer stieg auf 932, den höchsten Wert seit Januar.",
    "Die Zahl der Maßnahmeteilnehmer erreichte mit 932 den höchsten Stand des Jahres.",
    "Die Zahl der Leistungsbezieher ist zum fünften Mal in Folge gesunken.",
    "Die Zahl der Integrationen liegt auf dem Höchststand des Jahres.",
    "Mit 553 erreichte die Zahl der Neuanträge den höchsten Wert seit April.",
    "Die Zahl der Leistungsbezieher liegt auf dem Tiefststand des Jahres.",
)
OPEN = (
    "Die Zahl der Maßnahmeteilnehmer stieg auf den höchsten Wert seit März.",
    "Die Zahl der Arbeitslosen ist zum zweiten Mal in Folge gesunken.",
    "Die Zahl der Arbeitslosen ist gegenüber dem Vorjahr zum vierten Mal in Folge gesunken.",
    "Die Zahl der Bedarfsgemeinschaften liegt auf dem höchsten Stand des Jahres.",
    "In Hessen liegt die Zahl der Arbeitslosen auf dem höchsten Stand des Jahres.",
    "Die Zahl der Arbeitslosen lag nicht auf dem höchsten Stand des Jahres.",
    "Die Zahl der Arbeitslosen hat einen der höchsten Werte des Jahres.",
    "Die Zahl der Arbeitslosen hat den höchsten November-Wert seit 2018.",
    "Die Quote liegt auf dem niedrigsten Stand seit Juli.",
    "Die Zahl der Arbeitslosen könnte auf den höchsten Stand des Jahres steigen.",
    "Die Zahl der Arbeitslosen ist auf dem niedrigsten Wert seit 1990.",
)


def claims_of_series(text: str) -> list[str]:
    claims = check(text, NOVEMBER, FRAME)
    named = ("höchst", "niedrigst", "tiefst", "folge", "hintereinander")
    return [c.verdict for c in claims if any(word in c.text.lower() for word in named)]


@pytest.mark.parametrize("text", RIGHT)
def test_right(text: str) -> None:
    assert of(check(text, NOVEMBER, FRAME), "widerspricht") == []
    assert claims_of_series(text) == ["belegt"]


@pytest.mark.parametrize("text", WRONG)
def test_wrong(text: str) -> None:
    assert claims_of_series(text) == ["widerspricht"]


@pytest.mark.parametrize("text", OPEN)
def test_open(text: str) -> None:
    assert set(claims_of_series(text)) <= {"nicht zuordenbar", "nicht prüfbar"}


def test_a_missing_month_leaves_a_record_open_unless_it_is_wrong_anyway() -> None:
    kennzahl = "arbeitslose_sgb2"
    text = "Die Zahl der Arbeitslosen liegt auf dem höchsten Stand des Jahres."
    known = {(kennzahl, "2020-11"): 7273, (kennzahl, "2020-10"): 7100}
    assert [c.verdict for c in check(text, NOVEMBER, rows(known))] == ["nicht zuordenbar"]
    known[kennzahl, "2020-10"] = 7300
    (claim,) = check(text, NOVEMBER, rows(known))
    assert (claim.verdict, claim.expected) == ("widerspricht", "7.300 im Oktober 2020")


def test_a_record_across_a_change_of_territory_is_left_open() -> None:
    kennzahl = "arbeitslose_sgb2"
    known = {(kennzahl, f"2025-{m:02d}"): 9000 for m in range(6, 13)} | {
        (kennzahl, "2026-01"): 5000
    }
    text = "Die Zahl der Arbeitslosen liegt auf dem niedrigsten Stand seit Mai 2025."
    (claim, *_) = check(text, date(2026, 1, 1), rows(known))
    assert claim.verdict == "nicht zuordenbar"
