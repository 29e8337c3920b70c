"""Codes and names are held against the register, and against the other sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kca_etl.model.codes import Code
from kca_etl.model.findings import Verdict
from schemas import regions
from tests.refusals.sheets import CODED, REGIONS, TOP, declared, reading
from tests.sources.test_office_sheets import read

TRAEGER = {"regions": {r"\d{5}": "traeger"}}
AGENTUR = {"regions": {r"\d{3}": "agentur"}}
HEADER = ["Kreis", "Wert"]
MKK = "43102 JC Main-Kinzig-Kreis"


def found(folder: Path, labels: list[list[str]], systems: dict[str, Any]) -> set[tuple[str, str]]:
    """Read a document of such sheets; return codes and cells."""
    sheets = {
        f"Blatt{n}": [*TOP, HEADER, *([label, 5] for label in listed)]
        for n, listed in enumerate(labels)
    }
    tables = {"id": "t", "sheet": "*", **REGIONS}
    done = reading(folder, declared(tables, systems), sheets)
    return {(f.code, f.cell) for f in done.findings if f.code in TRIED}


TRIED = (Code.CODE_AND_NAME, Code.UNKNOWN_TRAEGER)
BAD = [Code.CODE_AND_NAME]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (MKK, []),
        ("43102 Jobcenter Main-Kinzig-Kreis", []),
        ("43102 JC Main-Kinzig", []),
        ("43102 JC Kassel", BAD),
        ("43502 JC Kassel", BAD),  # 43504 is called so; 43502 is the town
        ("43102 JC Main-Taunus-Kreis", BAD),
        ("43120 JC Main-Kinzig-Kreis", BAD),
        ("43104 JC Main-Kinzig-Kreis", BAD),
        ("55102 JC Main-Kinzig-Kreis", [Code.UNKNOWN_TRAEGER]),  # numbered anew
        ("43120 JC Neuland", [Code.UNKNOWN_TRAEGER]),
        ("03208 JC Güstrow", []),  # its name until 2018
        ("03208 JC Landkreis Rostock", []),
        ("43102 JC Neuland", []),  # renamed, whatever it may be called
    ],
)
def test_traeger(tmp_path: Path, label: str, expected: list[Code]) -> None:
    assert [code for code, _ in found(tmp_path, [[label]], TRAEGER)] == expected


@pytest.mark.parametrize(
    ("label", "is_bad"),
    [
        ("06435 Main-Kinzig-Kreis", False),
        ("06435 Wetteraukreis", True),
        ("06435 Main-Taunus-Kreis, Landkreis", True),
        ("06611 Kassel, documenta-Stadt", False),
        ("06611 Kassel, kreisfreie Stadt", False),
        ("06611 Kassel", False),
        ("06611 Kassel, Landkreis", True),
        ("06633 Landkreis Kassel", False),
        ("06633 Kassel, krfr. Stadt", True),
        ("05334 Städteregion Aachen (einschl. Stadt Aachen)", False),
        ("09373 Neumarkt in der Oberpfalz", False),
        ("10041 Saarbrücken, Regionalverband", False),
        ("06413 Offenbach a.M., Stadt", False),
    ],
)
def test_kreise(tmp_path: Path, label: str, is_bad: bool) -> None:
    assert bool(found(tmp_path, [[label]], CODED)) == is_bad


def test_one_name_with_two_numbers_in_two_sheets(tmp_path: Path) -> None:
    cell = (Code.CODE_AND_NAME, "A6")
    assert found(tmp_path, [[MKK], ["55102 JC Main-Kinzig-Kreis"]], TRAEGER) == {cell}
    assert found(tmp_path, [["99997 JC Neu"], ["99998 JC Neu"]], TRAEGER) == {cell}
    assert found(tmp_path, [["044 AA Halle"], ["045 AA Halle"]], AGENTUR) == {cell}


def test_one_number_with_two_names_in_two_sheets(tmp_path: Path) -> None:
    assert found(tmp_path, [["044 AA Halle"], ["044 AA Köln"]], AGENTUR)
    assert not found(tmp_path, [["044 AA Halle"], ["044 Agentur Halle"]], AGENTUR)


JOBCENTER = sorted(regions.jobcenter().values(), key=lambda j: j.traegernummer)
ONE = st.sampled_from(JOBCENTER)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=ONE, other=ONE)
def test_any_two_names_exchanged(
    tmp_path: Path, one: regions.Jobcenter, other: regions.Jobcenter
) -> None:
    labels = [f"{one.traegernummer} JC {other.name}"]
    assert bool(found(tmp_path, [labels], TRAEGER)) == (one != other)


def test_no_real_issue_is_refused(real: Path) -> None:
    """The oldest, a middle and the newest issue of what names its regions by code and name."""
    files = sorted((real / "ba-sanktionen").glob("*.xlsx"))
    files = [files[0], files[20], files[-1], *sorted((real / "ba-kurzarbeit").glob("*.xls*"))]
    for path in (*files, *sorted((real / "regionalstatistik").glob("13211*.csv"))):
        done = read(path)
        assert done.verdict in (Verdict.ACCEPT, Verdict.WARN)
        assert not {f.code for f in done.findings}.intersection(TRIED)
