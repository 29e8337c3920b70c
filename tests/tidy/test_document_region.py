"""A sheet of another Kreis or Jobcenter never loads as ours, and ours is never refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kca_etl import pipeline
from kca_etl.model.codes import Code
from kca_etl.model.findings import Verdict
from kca_etl.samples import write_samples
from kca_etl.tidy import document_region
from schemas import regions
from tests.sources.office import Shape, write
from tests.sources.test_office_sheets import read

OTHERS = [
    "Jobcenter Wetterau – Monatszahlen",
    "Monatszahlen Wetteraukreis",
    "Jobcenter Kassel",
    "Monatszahlen des Landkreises Gießen",
    "Monatszahlen Offenbach",
    "Kommunales Center für Arbeit Wetterau – Monatszahlen",
    "Stadt Frankfurt Monatszahlen",
    "JC Fulda",
    "Jobcenter der Stadt Kassel: Monatszahlen",
    "JOBCENTER WETTERAU",
    "Träger-Nr. 42708",
    "AGS 06440",
    "AGS: 6440",
    "Jobcenter: Friedberg",
    "Monatszahlen Bergstraße",
    "Jobcenter Region Hannover",
    "Main-Taunus-Kreis",
    "Monatszahlen Bonn, krfr. Stadt",
]
OURS = [
    ("KCA Monatszahlen", "Vergleich: Wetteraukreis 3,5 %"),
    ("Monatszahlen", "Bearbeiterin: Frau Roth"),
    ("Monatszahlen", "Roth, 3.12.2020"),
    ("Monatszahlen Main-Kinzig", "63571 Gelnhausen, 60313 Frankfurt am Main"),
    ("Main-Kinzig-Kreis (ohne Stadt Hanau)", "Quelle: Agentur für Arbeit Hanau"),
    ("Monatszahlen", "Quelle: Agentur für Arbeit Kassel"),
    ("Monatszahlen", "Regierungsbezirk Darmstadt"),
    ("MKK Zahlen", "Nachbarn: Jobcenter Wetterau"),
    ("Jobcenter Main-Kinzig-Kreis", ""),
    ("Jobcenter Hanau", "in 2020 a town of the Kreis"),
    ("Kommunales Jobcenter", "Essen und Trinken"),
    ("Trägernummer 43102", "AGS 06435"),
    ("Jobcenter: KCA", "Hessen"),
]


def codes(reading: pipeline.Reading) -> set[Code]:
    return {f.code for f in reading.findings}


@pytest.mark.parametrize("title", OTHERS)
def test_another_region_in_the_title_stops_the_document(tmp_path: Path, title: str) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(title=title)))
    assert reading.verdict is Verdict.QUARANTINE
    assert ("OTHER_REGION", "Tabelle1", "A1") in {
        (f.code, f.sheet, f.cell) for f in reading.findings
    }


@pytest.mark.parametrize(("title", "note"), OURS)
def test_our_own_sheet_is_never_refused(tmp_path: Path, title: str, note: str) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(title=title, footnotes=(note,))))
    assert codes(reading) == set()


def test_a_document_without_our_name_must_name_no_other_anywhere(tmp_path: Path) -> None:
    other = Shape(title="Monatszahlen", footnotes=("Quelle: Wetteraukreis",))
    assert codes(read(write(tmp_path / "x.xlsx", other))) == {Code.OTHER_REGION}
    both = Shape(title="Monatszahlen", footnotes=("Wetteraukreis", "Main-Kinzig-Kreis"))
    assert codes(read(write(tmp_path / "y.xlsx", both))) == set()


def test_the_files_name_is_evidence(tmp_path: Path) -> None:
    path = write(tmp_path / "Monatszahlen_Wetteraukreis_2020-11.xlsx", Shape(title="Monatszahlen"))
    assert codes(read(path)) == {Code.OTHER_REGION}
    path = write(tmp_path / "Vergleich_Wetteraukreis.xlsx", Shape())  # its title is our own
    assert codes(read(path)) == set()


def test_a_kreis_beside_every_figure(tmp_path: Path) -> None:
    labels = dict.fromkeys(["Veränderung"], "Herkunft")
    cells = {("Neuanträge", "Veränderung"): "Wetteraukreis"}
    reading = read(write(tmp_path / "x.xlsx", Shape(rename=labels, cells=cells)))
    assert Code.OTHER_REGION in codes(reading)


NAMES = sorted({k.name for t in regions.kreise().values() for k in t if k.ags[:2] != "06"})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(NAMES), before=st.sampled_from(["Jobcenter ", "JC ", "Landkreis ", ""]))
def test_every_kreis_of_the_register_is_another(tmp_path: Path, name: str, before: str) -> None:
    reading = read(write(tmp_path / "x.xlsx", Shape(title=before + name)))
    assert Code.OTHER_REGION in codes(reading)


def test_without_the_rule_the_other_sheet_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_region, "check_document_region", lambda *_: [])
    reading = read(write(tmp_path / "x.xlsx", Shape(title="Jobcenter Wetterau")))
    assert reading.verdict is Verdict.ACCEPT


def test_the_samples_are_ours(tmp_path: Path) -> None:
    for path in write_samples(tmp_path):
        assert Code.OTHER_REGION not in codes(read(path))


@pytest.mark.parametrize(
    "file",
    [
        "kiel/kiel_arbeitslose.xlsx",
        "leipzig/arbeitslose_ortsteile_2000-2022.csv",
        "dresden/arbeitslose_2012-2017_4_quartal.csv",
        "it-nrw-koeln/13211-03ir_expected.csv",
        "it-nrw-koeln/13211-03ir_stand-2014-07.xls",
    ],
)
def test_the_towns_own_files(real: Path, tmp_path: Path, file: str) -> None:
    assert Code.OTHER_REGION not in codes(read(real / file))
    if file.endswith(".csv") and "koeln" not in file:
        named = tmp_path / f"Statistik_Bonn_krfr_Stadt{Path(file).suffix}"
        shutil.copy(real / file, named)
        found = codes(read(named))
        assert (Code.OTHER_REGION in found) == ("leipzig" not in file)  # it names Leipzig itself
