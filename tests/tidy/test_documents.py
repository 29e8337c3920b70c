"""Region labels in documents: lost zeros, shared names, codes of other times.

The tables are made by us.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kca_etl import pipeline
from kca_etl.cli import sources as command
from kca_etl.landing.archive.files import document_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, Verdict
from kca_etl.sources import registry
from schemas import regions

HEAD = """
source: probe
title: probe
publisher: made up
recognise: [{text: Probe}]
berichtsmonat: {text: "Monat {monat}"}
datenstand: {rule: month_end}
zeichen: {"-": "-"}
"""
CODES = (
    HEAD
    + r"""
regions: {'\d{2}|\d{5}|\d{8}': ags}
tables:
  - id: t
    stub: {Schlüssel: region_code, Gebiet: region_name}
    columns: {Arbeitslose: arbeitslose}
"""
)
TRAEGER = CODES.replace(r"'\d{2}|\d{5}|\d{8}': ags", r"'\d{5}': traeger")
NAMES = (
    HEAD
    + """
regions:
  Kassel: "ags:06633"
  Main-Kinzig-Kreis: "ags:06435"
  "Kassel, documenta-Stadt": "ags:06611"
tables: [{id: t, stub: {Gebiet: region_name}, columns: {Arbeitslose: arbeitslose}}]
"""
)
ABOVE = (
    HEAD
    + """
regions: {Kassel: "ags:06633", Main-Kinzig-Kreis: "ags:06435"}
tables:
  - id: t
    region: "Kreis: {name}"
    stub: {Merkmal: label}
    columns: {Anzahl: ""}
    rows: {Arbeitslose: arbeitslose}
"""
)


def read(tmp_path: Path, declaration: str, *lines: str, month: str = "2020-05") -> pipeline.Reading:
    path = tmp_path / "probe.csv"
    path.write_text("\n".join(["Probe;;", f"Monat {month};;", *lines]) + "\n", encoding="utf-8")
    return pipeline.read(
        pipeline.open_document(document_of(path), path), registry.parse(declaration)
    )


def coded(
    tmp_path: Path, *rows: str, declaration: str = CODES, month: str = "2020-05"
) -> pipeline.Reading:
    return read(tmp_path, declaration, "Schlüssel;Gebiet;Arbeitslose", *rows, month=month)


def found(reading: pipeline.Reading) -> list[tuple[str, str]]:
    return [(f.code, f.cell) for f in reading.findings]


def codes(reading: pipeline.Reading) -> list[str]:
    assert reading.observations is not None, reading.findings
    return [f"{r.system}:{r.code}" for r in reading.observations.regions]


def test_a_lost_zero_is_restored_and_listed_once(tmp_path: Path) -> None:
    rows = [
        f"{code};{name};1"
        for code, name in (
            ("6435", "Main-Kinzig-Kreis"),
            ("06434", "Hochtaunuskreis"),
            ("1001", "Flensburg"),
        )
    ]
    reading = coded(tmp_path, *rows)
    assert codes(reading) == ["ags:06435", "ags:06434", "ags:01001"]
    assert reading.verdict is Verdict.WARN
    (finding,) = reading.findings
    assert (finding.code, finding.cell, finding.found) == (
        "LOST_ZERO",
        "A4",
        "6435 in 'csv' A4, 1001 in 'csv' A6",
    )
    assert finding.what.startswith("2 codes")
    assert finding.expected == "06435, 01001"


def test_many_lost_zeros_are_one_finding(tmp_path: Path) -> None:
    rows = [
        f"{ags[1:]};{t[0].name.replace(';', ' ')};1"
        for ags, t in regions.kreise().items()
        if ags[0] == "0" and t[-1].valid_to is None
    ]
    reading = coded(
        tmp_path,
        *(r for r in rows if "6415" not in r and not r.startswith("6435")),
        month="2022-05",
    )
    assert [f.code for f in reading.findings] == ["LOST_ZERO"]
    assert reading.findings[0].what.startswith(f"{len(codes(reading))} codes")


@pytest.mark.parametrize(
    "code", ["6999", "9999", "435", "643", "99", "0", "642", "3241001", "64350"]
)
def test_what_the_register_does_not_know_is_not_restored(tmp_path: Path, code: str) -> None:
    reading = coded(tmp_path, f"{code};Irgendwo;1")
    known = code == "64350"  # five digits: a code of its own, unknown to the register
    assert found(reading) == [("UNKNOWN_KREIS", "C4") if known else ("UNKNOWN_REGION", "A4")]
    assert reading.verdict is (Verdict.WARN if known else Verdict.QUARANTINE)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code=st.from_regex(r"[0-9]{1,8}", fullmatch=True))
def test_no_code_is_ever_read_as_another_one(tmp_path: Path, code: str) -> None:
    """Whatever digits stand there.

    The same digits, or with one zero before them a code of the register, or nothing.
    """
    o = coded(tmp_path, f"{code};Irgendwo;1").observations
    for region in o.regions if o is not None else []:
        assert region.code == code or (
            region.code == f"0{code}" and region.code in regions.kreise()
        )


def test_a_lost_zero_of_a_kreis_that_did_not_exist_stops_the_document(tmp_path: Path) -> None:
    reading = coded(tmp_path, "6415;Hanau;1")
    assert reading.verdict is Verdict.QUARANTINE
    assert ("UNKNOWN_REGION", "A4") in found(reading)
    assert coded(tmp_path, "6415;Hanau;1", month="2026-01").verdict is Verdict.WARN


def test_a_land_without_its_zero(tmp_path: Path) -> None:
    assert codes(coded(tmp_path, "6;Hessen;1")) == ["ags:06"]
    assert found(coded(tmp_path, "6;Bayern;1"))[0][0] == "UNKNOWN_REGION"
    assert (
        found(coded(tmp_path, "31;Irgendwo;1"))[0][0] == "UNKNOWN_REGION"
    )  # no Land; perhaps 031 without its zero


def test_a_traegernummer_without_its_zero(tmp_path: Path) -> None:
    reading = coded(
        tmp_path,
        "3202;JC Rostock, Hansestadt;1",
        "43102;JC Main-Kinzig-Kreis;1",
        declaration=TRAEGER,
    )
    assert codes(reading) == ["traeger:03202", "traeger:43102"]
    assert found(reading) == [("LOST_ZERO", "A4")]
    assert found(coded(tmp_path, "3203;JC Irgendwo;1", declaration=TRAEGER)) == [
        ("UNKNOWN_REGION", "A4")
    ]


@pytest.mark.parametrize(
    ("row", "month", "finding"),
    [
        ("16056;Eisenach, Stadt;1", "2022-01", "KREIS_NOT_THEN"),
        ("16056;Eisenach, Stadt;1", "2021-06", ""),
        ("16056;Eisenach, Stadt;-", "2022-01", ""),
        ("06415;Hanau, Stadt;1", "2025-12", "KREIS_NOT_THEN"),
        ("06415;Hanau, Stadt;1", "2026-01", ""),
        ("06435;Main-Kinzig-Kreis;1", "2025-12", ""),
        ("06435;Main-Kinzig-Kreis;1", "2026-01", ""),
        ("03159;Göttingen;1", "2016-10", "KREIS_NOT_THEN"),
        ("03152;Göttingen;1", "2016-11", "KREIS_NOT_THEN"),
        ("06499;Neukreis;1", "2024-01", "UNKNOWN_KREIS"),
        ("06435014;Hanau, Stadt;1", "2020-01", ""),
    ],
)
def test_kreise_of_other_times_warn(tmp_path: Path, row: str, month: str, finding: str) -> None:
    reading = coded(tmp_path, row, month=month)
    assert found(reading) == ([(finding, "C4")] if finding else [])
    assert reading.verdict is (Verdict.WARN if finding else Verdict.ACCEPT)
    assert len(codes(reading)) == 1


def test_a_shared_name_alone_is_refused_even_if_declared(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        NAMES,
        "Gebiet;Arbeitslose",
        "Main-Kinzig-Kreis;1",
        "Kassel;2",
        "Kassel, documenta-Stadt;3",
    )
    assert reading.verdict is Verdict.QUARANTINE
    ambiguous = [f for f in reading.findings if f.code == "AMBIGUOUS_REGION"]
    assert ambiguous == [
        Finding(
            Code.AMBIGUOUS_REGION,
            ambiguous[0].what,
            ambiguous[0].sheet,
            "A5",
            "'Kassel'",
            ambiguous[0].expected,
        )
    ]
    assert ambiguous[0].expected == "06611 Kassel, documenta-Stadt or 06633 Kassel"


def test_names_that_name_one_are_read(tmp_path: Path) -> None:
    reading = read(
        tmp_path, NAMES, "Gebiet;Arbeitslose", "Main-Kinzig-Kreis;1", "Kassel, documenta-Stadt;3"
    )
    assert codes(reading) == ["ags:06435", "ags:06611"]
    assert reading.findings == []


def test_a_shared_name_beside_its_code_is_read(tmp_path: Path) -> None:
    assert codes(coded(tmp_path, "06633;Kassel;1", "06611;Kassel;2")) == ["ags:06633", "ags:06611"]


def test_a_shared_name_above_a_table_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, ABOVE, "Kreis: Kassel;;", "Merkmal;Anzahl", "Arbeitslose;1")
    assert reading.verdict is Verdict.QUARANTINE
    assert ("AMBIGUOUS_REGION", "A3") in found(reading)
    assert (
        read(
            tmp_path, ABOVE, "Kreis: Main-Kinzig-Kreis;;", "Merkmal;Anzahl", "Arbeitslose;1"
        ).findings
        == []
    )


def test_a_code_above_a_table_without_its_zero_is_listed(tmp_path: Path) -> None:
    declaration = ABOVE.replace(
        'region: "Kreis: {name}"', 'region: ["Schlüssel: {code}", "Kreis: {name}"]'
    )
    declaration = declaration.replace("regions: {", r"regions: {'\d{5}': ags, ")
    for code in ("6633", "06633"):
        reading = read(
            tmp_path,
            declaration,
            f"Schlüssel: {code};;",
            "Kreis: Kassel;;",
            "Merkmal;Anzahl",
            "Arbeitslose;1",
        )
        assert codes(reading) == ["ags:06633"]
        assert found(reading) == ([("LOST_ZERO", "A3")] if code == "6633" else [])


def test_districts_may_be_called_as_they_like(tmp_path: Path) -> None:
    declaration = NAMES.replace('  Kassel: "ags:06633"', '  "": probe')
    assert codes(read(tmp_path, declaration, "Gebiet;Arbeitslose", "Neustadt;1")) == [
        "local:probe:Neustadt"
    ]


def test_a_declaration_that_names_a_shared_name_is_invalid(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = {"good": registry.parse(CODES), "bad": registry.parse(NAMES)}
    monkeypatch.setattr(registry, "names", lambda: list(declared))
    monkeypatch.setattr(registry, "load", declared.__getitem__)
    with pytest.raises(SystemExit, match="1"):
        command.check([], as_json=True)
    problems = {row["source"]: row["problem"] for row in json.loads(capsys.readouterr().out)}
    assert problems == {"good": "", "bad": "names that two Kreise share: Kassel"}
