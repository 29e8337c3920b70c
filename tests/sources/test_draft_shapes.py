"""Drafts for tables of every usual shape, made up by us: each is read as it is printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.runs import drafts
from schemas.codelists import ZEICHEN
from tests.drafts.measure import measure

HEAD = """GENESIS-Tabelle: 99999-01-01-4
Erfundene Statistik
regionale Tiefe: Kreise und krfr. Städte
"""
FOOT = """__________
"© niemand"
Stand: 10.10.2017 / 10:08:56
"""
AREAS = (
    "DG;Deutschland",
    "06;  Hessen",
    "06435;      Main-Kinzig-Kreis",
    "06414;      Wiesbaden, Landeshauptstadt",
)
Fact = tuple[str, str, str, str, float | str]


def facts(path: Path) -> dict[str, Fact]:
    """Draft, read by the draft as printed; by cell: month, kennzahl, gliederung, region, value."""
    drafted = drafts.draft_of(pipeline.open_document(document_of(path), path), path.stem)
    o = drafted.observations
    assert o is not None, drafted.problems
    assert not [p for p in drafted.problems if "QUARANTINE" in p]
    out: dict[str, Fact] = {}
    for n in range(len(o)):
        series, region = o.series_list[int(o.series[n])], o.regions[int(o.region[n])]
        value: float | str = ZEICHEN[o.zeichen[n]] if np.isnan(o.value[n]) else float(o.value[n])
        key = f"{region.system}:{region.code}"
        month = str(o.month_of(n))
        out[o.cell_of(n)] = (month, series.kennzahl, series.gliederung, key, value)
    return out


def genesis(*header: str, rows: list[str]) -> str:
    """A text table as the portal writes it."""
    return HEAD + "\n".join([*header, *rows]) + "\n" + FOOT


def per_area(lines: list[str], *, before: str = "") -> list[str]:
    """Each line for each area, with figures of the area and the line."""
    return [
        f"{before}{area};{line}{10 * i + j};{100 + i}"
        for j, line in enumerate(lines)
        for i, area in enumerate(AREAS)
    ]


TEXTS: dict[str, tuple[str, int, str, tuple[Any, ...]]] = {
    "a school year in the rows": (
        genesis(
            ";;;Schüler;Lehrer",
            ";;;Anzahl;Anzahl",
            rows=[f"{y};{row}" for y in ("2014/15", "2015/16") for row in per_area([""])],
        ),
        16,
        "D10",
        ("2015-12", "schueler", "insgesamt", "ags:D", 0.0),
    ),
    "an election day in the rows": (
        genesis(";;;Wahlberechtigte;Wähler", rows=per_area([""], before="22.09.2013;")),
        8,
        "E7",
        ("2013-09", "waehler", "insgesamt", "ags:06435", 102.0),
    ),
    "a Stichtag above": (
        genesis("Stichtag: 30.06.2019", ";;Fälle;Quote", ";;Anzahl;Prozent", rows=per_area([""])),
        8,
        "C8",
        ("2019-06", "faelle", "insgesamt", "ags:06", 10.0),
    ),
    "a bare year above": (
        genesis("2015", ";;Betriebe;Betten", rows=per_area([""])),
        8,
        "D9",
        ("2015-12", "betten", "insgesamt", "ags:06414", 103.0),
    ),
    "years over the columns": (
        genesis(
            ";;2014;2014;2015;2015",
            ";;männlich;weiblich;männlich;weiblich",
            rows=[f"{area};1;2;3;4" for area in AREAS],
        ),
        16,
        "E6",
        ("2015-12", "maennlich", "insgesamt", "ags:D", 3.0),
    ),
    "a year in a header's words": (
        genesis(";;Bevölkerung 2015;Bevölkerung 2016", rows=per_area([""])),
        8,
        "D5",
        ("2016-12", "bevoelkerung", "insgesamt", "ags:D", 100.0),
    ),
    "years that are no periods": (
        genesis(
            "Stichtag: 09.05.2011",
            ";;Baujahr vor 1919;Baujahr 1919 bis 1948",
            rows=per_area([""]),
        ),
        8,
        "D6",
        ("2011-05", "baujahr_1919_bis_1948", "insgesamt", "ags:D", 100.0),
    ),
    "two further keys": (
        genesis(
            ";;;;;Gestorbene;Geborene",
            rows=[
                f"2015;{row}"
                for row in per_area(
                    ["männlich;unter 1 Jahr;", "weiblich;unter 1 Jahr;", "Insgesamt;Insgesamt;"]
                )
            ],
        ),
        24,
        "F9",
        ("2015-12", "gestorbene", "alter=unter_1_jahr,geschlecht=weiblich", "ags:D", 1.0),
    ),
    "a column of units": (
        genesis(
            "Jahr: 2010",
            ";;;;Größenklassen;Größenklassen",
            ";;;;Insgesamt;unter 5 ha",
            rows=per_area(["Betriebe;Anzahl;", "Fläche;ha;"]),
        ),
        16,
        "F7",
        ("2010-12", "betriebe", "groessenklassen=unter_5_ha", "ags:D", 100.0),
    ),
    "months and a year in the rows": (
        genesis(
            ";;;;Ankünfte;Nächte", rows=[f"2015;{m};{r}" for m in ("Januar", "Mai")
                                         for r in per_area([""])]
        ),
        16,
        "E10",
        ("2015-05", "ankuenfte", "insgesamt", "ags:06", 10.0),
    ),
    "figures that all look like years": (
        genesis(";;;Insgesamt", rows=[f"2015;{area};{2000 + i}" for i, area in enumerate(AREAS)]),
        4,
        "D6",
        ("2015-12", "insgesamt", "insgesamt", "ags:06", 2001.0),
    ),
    "signs that nobody declared": (
        genesis("2015", ";;Fälle;Quote", rows=[f"{a};/;k.A." for a in AREAS[:1]]
                + [f"{a};7;3,2" for a in AREAS[1:]]),
        8,
        "C6",
        ("2015-12", "faelle", "insgesamt", "ags:D", "."),
    ),
    "keys of a Verband": (
        genesis("2015", ";;Betriebe;Betten",
                rows=["07140;      Rhein-Hunsrück-Kreis;5;6", "0714002089;        Maisborn;1;2"]),
        4,
        "C7",
        ("2015-12", "betriebe", "insgesamt", "schluessel:0714002089", 1.0),
    ),
    "names, no codes": (
        "Land;Geschlecht;2015;2016\nHessen;männlich;5;6\nHessen;weiblich;7;8\nBayern;männlich;1;2\n",
        6,
        "C3",
        ("2015-12", "weiblich", "insgesamt", "ags:06", 7.0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_table_is_read_as_it_is_drafted(tmp_path: Path, name: str) -> None:
    text, count, cell, said = TEXTS[name]
    path = tmp_path / "tabelle.csv"
    path.write_bytes(text.encode("cp1252"))
    found = facts(path)
    assert len(found) == count
    assert found[cell] == said


def _counties(sheet: Any) -> None:
    sheet.append(["Arbeitslose nach Kreisen"])
    sheet.append(["Juni 2019"])
    sheet.append([])
    sheet.append(["AGS", "Kreis", "Arbeitslose > 1 Jahr", None, "Quote", "Anmerkung"])
    sheet.merge_cells("C4:D4")
    sheet.append([None, None, "Männer", "Frauen", "in %", None])
    sheet.append(["06435", "Main-Kinzig-Kreis", 100, 90, 3.2, "vorläufig"])
    sheet.append(["06411", "Darmstadt, Wissenschaftsstadt", 101, 91, 3.3, "vorläufig"])
    sheet.append(["06414", "Wiesbaden", 102, 92, 3.4, "geschätzt"])


def _numbered(sheet: Any) -> None:
    sheet.title = "3.1"
    sheet.append(["Erwerbstätige"])
    sheet.append([])
    sheet.append(["Nr.", "Land", 2008, 2009])
    for n, land in enumerate(("Bayern", "Hessen", "Saarland"), 1):
        sheet.append([n, land, 1000 + n, 1010 + n])


@pytest.mark.parametrize(
    ("write", "count", "cell", "said"),
    [
        (
            _counties,
            9,
            "D7",
            ("2019-06", "arbeitslose_1_jahr_frauen", "insgesamt", "ags:06411", 91),
        ),
        (_numbered, 6, "D5", ("2009-12", "wert", "insgesamt", "ags:06", 1012)),
    ],
)
def test_a_workbook_is_read_as_it_is_drafted(
    tmp_path: Path, write: Callable[[Any], None], count: int, cell: str, said: Fact
) -> None:
    book = Workbook()
    write(book.active)
    path = tmp_path / "tabelle.xlsx"
    book.save(path)
    found = facts(path)
    assert len(found) == count
    assert found[cell] == said


def test_a_sheet_that_is_not_read_does_not_stop_the_others(tmp_path: Path) -> None:
    book = Workbook()
    _counties(book.active)
    other = book.create_sheet("doppelt")
    for line in (["AGS", "Kreis", "Wert"], ["06435", "A", 1], ["06435", "B", 2]):
        other.append(line)
    path = tmp_path / "tabelle.xlsx"
    book.save(path)
    drafted = drafts.draft_of(pipeline.open_document(document_of(path), path), path.stem)
    assert drafted.observations is not None
    assert any("'doppelt' is not read" in todo for todo in drafted.todo)


def test_the_length_of_a_draft_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def lines(areas: int) -> int:
        named = [
            f"0643{n:04d};      Ort {n};unter 5 Jahre;{n};1" for n in range(5000, 5000 + areas)
        ]
        path = tmp_path / f"{areas}.csv"
        path.write_bytes(genesis("2015", ";;;Betriebe;Betten", rows=named).encode("cp1252"))
        return drafts.draft_of(pipeline.open_document(document_of(path), path), "t").text.count(
            "\n"
        )

    assert lines(20) == lines(4000)


@pytest.mark.parametrize(
    "name",
    [
        "regionalstatistik/tables/41141-05-01-4_00.csv",
        "regionalstatistik/tables/14343-01-02-5_00.csv",
        "ba-arbeitsmarkt-kommunal/Arbeitsmarkt-kommunal_06440001_Altenstadt.xlsx",
        "destatis/kreise_original_2020.xlsx",
        "ba-bayern-br/zahlen-quoten-regio-monatl.csv",
    ],
)
def test_drafts_for_real_tables_read_every_value_cell(real: Path, name: str) -> None:
    found = measure(real / name)
    assert not found.wrong
    assert found.read == found.cells
