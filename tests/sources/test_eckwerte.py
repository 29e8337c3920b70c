"""BA Eckwerte exports, made by us in their documented shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from kca_etl.model.findings import Verdict
from tests.sources.test_office_sheets import read

HEAD = """Land:; {region}
Gebietsstand:; Februar 2026
Berichtsmonat:; Februar 2026
Datenstand:; Februar 2026
Rechtskreis:; SGB III, SGB II
Hinweis:; Vorläufige Daten.

Ausgewählte Merkmale;Februar 2026;Januar 2026;Februar 2025;\
Veränderung Februar 2026 zum Vorjahresmonat absolut;in %;
"""
BODY = """Arbeitslose insgesamt;180.010;181.200;175.500;4.510;2,6;
im Rechtskreis SGB III;60.000;61.000;58.500;1.500;2,6;
im Rechtskreis SGB II;120.000;120.200;117.000;3.000;2,6;
Arbeitslosenquote (bezogen auf alle zivilen Erwerbspersonen);5,2;5,3;5,1;0,1;-;
im Rechtskreis SGB III;1,7;1,8;1,7;0,0;-;
im Rechtskreis SGB II;3,5;3,5;3,4;0,1;-;
© Statistik der Bundesagentur für Arbeit
"""


def write(path: Path, body: str = BODY, region: str = "Hessen") -> Path:
    path.write_text(HEAD.format(region=region) + body, encoding="utf-8")
    return path


def test_equal_labels_under_different_parents_are_different_facts(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "x.csv"))
    o = reading.observations
    assert reading.verdict is Verdict.ACCEPT, reading.findings
    assert o is not None
    facts = {
        (o.series_list[s], m): v
        for s, m, v in zip(o.series.tolist(), o.month.tolist(), o.value.tolist(), strict=True)
    }
    found = {(s.kennzahl, s.gliederung): v for (s, m), v in facts.items() if m == 2026 * 12 + 1}
    assert found == {
        ("arbeitslose", "insgesamt"): 180010,
        ("arbeitslose", "rechtskreis=sgb3"): 60000,
        ("arbeitslose", "rechtskreis=sgb2"): 120000,
        ("arbeitslosenquote", "insgesamt"): 5.2,
        ("arbeitslosenquote", "rechtskreis=sgb3"): 1.7,
        ("arbeitslosenquote", "rechtskreis=sgb2"): 3.5,
    }
    assert {r.code for r in o.regions} == {"06"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("180.010", "190.010", "SUM_MISMATCH"),
        ("im Rechtskreis SGB II;120", "im Rechtskreis SGB IV;120", "UNKNOWN_ROW"),
        ("120.000", "120.00", "NOT_A_NUMBER"),
        ("5,2", "5.2", "NOT_A_NUMBER"),
    ],
)
def test_a_change_stops_the_document(tmp_path: Path, old: str, new: str, code: str) -> None:
    reading = read(write(tmp_path / "x.csv", BODY.replace(old, new, 1)))
    assert code in {f.code for f in reading.findings}


def test_a_region_that_is_not_known_is_no_guess(tmp_path: Path) -> None:
    reading = read(write(tmp_path / "x.csv", region="Offenbach"))
    assert "UNKNOWN_REGION" in {f.code for f in reading.findings}


def test_decimal_commas_that_became_separators_are_quarantined(tmp_path: Path) -> None:
    """Every row padded to the same number of fields, as a careless export leaves it."""
    lines = (HEAD.format(region="Hessen") + BODY).replace(",", ";").splitlines()
    width = max(line.count(";") for line in lines)
    path = tmp_path / "x.csv"
    path.write_text(
        "\n".join(line + ";" * (width - line.count(";")) for line in lines), encoding="utf-8"
    )
    assert read(path).verdict is Verdict.QUARANTINE
