"""Drafts for workbooks whose declaration nobody wrote.

They read the same figures from the same cells.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.propose.draft import propose
from kca_etl.propose.wording import slug
from kca_etl.sources import registry

FILES = [
    "ba-interaktiv/arbeitslose_nach_altersgruppe_2015.csv",
    "ba-sanktionen/sanktionen-d-0-201701-xlsx.xlsx",
    "ba-sanktionen/sanktionen-d-0-201901-xlsx.xlsx",
    "ba-sanktionen/sanktionen-d-0-202003-xlsx.xlsx",
    "destatis/04-kreise.xlsx",
    "dresden/arbeitslose_2012-2017_4_quartal.csv",
    "inkar/arbeitslosenquote.xls",
    "it-nrw-koeln/13211-03ir_expected.csv",
    "it-nrw-koeln/13211-03ir_stand-2014-07.xls",
    "kiel/kiel_arbeitslose.xlsx",
    "leipzig/arbeitslose_ortsteile_2000-2022.csv",
    "regionalstatistik/13211-02-05-4_2015-2020.csv",
    "regionalstatistik/13211-02-05-4_2025.csv",
]
Cells = set[tuple[str, int, int, int, str]]


def cells(reading: pipeline.Reading) -> Cells:
    """Sheet, row, column, month and value of every fact."""
    o = reading.observations
    assert o is not None, reading.findings[:5]
    values = ["" if np.isnan(v) else repr(v) for v in o.value.tolist()]
    sheets = [o.blocks[b].sheet for b in o.block.tolist()]
    return set(zip(sheets, o.row.tolist(), o.col.tolist(), o.month.tolist(), values, strict=True))


@pytest.mark.parametrize("name", FILES)
def test_a_draft_reads_the_same_cells_without_an_edit(real: Path, name: str) -> None:
    path = real / name
    received = pipeline.open_document(document_of(path), path)
    assert received.book is not None
    draft = propose(received.book, path.stem)
    reading = pipeline.read(received, registry.parse(draft.text))
    assert reading.verdict in (Verdict.ACCEPT, Verdict.WARN), reading.findings[:5]
    assert cells(reading) == cells(pipeline.read(received))
    assert "TODO" in draft.text


OTHER_PRODUCT = (
    "ignore_sheets: [",
    'ignore_sheets: ["Tabelle 10", "Tabelle 11-*", "Tab-1[2-9]*", "Tab-20*", ',
)
ZERO = ("{empty: skip}", "{empty: zero}")


@pytest.mark.parametrize(
    ("name", "edits"),
    [
        ("kurzarbeit-d-0-202004-xlsx.xlsx", []),
        ("kurzarbeit-d-0-201304-xls.xls", [ZERO]),
        ("kurzarbeit-d-0-200912-xls.xls", [ZERO, OTHER_PRODUCT]),
    ],
)
def test_a_draft_of_many_tables_needs_a_line_for_each_decision(
    real: Path, name: str, edits: list[tuple[str, str]]
) -> None:
    path = real / "ba-kurzarbeit" / name
    received = pipeline.open_document(document_of(path), path)
    assert received.book is not None
    draft = propose(received.book, path.stem)
    text = draft.text
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    reading = pipeline.read(received, registry.parse(text))
    assert reading.verdict is Verdict.ACCEPT, reading.findings[:5]
    declared = pipeline.read(received)
    assert cells(declared) <= cells(reading)
    assert reading.month == declared.month
    # What the draft reads beside that is the same figure again: it cannot know that two tables
    # state one fact.
    figures = {(month, value) for _, _, _, month, value in cells(declared)}
    assert {(month, value) for _, _, _, month, value in cells(reading)} <= figures


HEAD = """GENESIS-Tabelle: 12411-99-99-4
Erfundene Bevölkerung nach Geschlecht - Stichtag 31.12. -;;;;
regionale Tiefe: Kreise und krfr. Städte;;;;
"""
AREAS = (
    "DG;Deutschland;40;19;21|06;  Hessen;20;9;11|06435;      Main-Kinzig-Kreis;7;3;4"
    "|06414;      Wiesbaden, Landeshauptstadt;-;-;-"
)
FOOT = """__________
"© niemand"
Stand: 04.12.2023 / 10:11:12
"""


@pytest.mark.parametrize("as_headings", [True, False])
def test_days_are_periods_as_headings_and_as_a_column(tmp_path: Path, *, as_headings: bool) -> None:
    """A table of another statistic in the shape of GENESIS, made by us.

    Reference days part the rows, or stand in each.
    """
    lines = [";;Insgesamt;männlich;weiblich" if as_headings else ";;;Insgesamt;männlich;weiblich"]
    for day in ("31.12.2021", "31.12.2022"):
        lines += [day] if as_headings else []
        lines += AREAS.split("|") if as_headings else [f"{day};{area}" for area in AREAS.split("|")]
    path = tmp_path / "12411.csv"
    path.write_bytes((HEAD + "\n".join(lines) + "\n" + FOOT).encode("cp1252"))
    received = pipeline.open_document(document_of(path), path)
    assert received.book is not None
    reading = pipeline.read(received, registry.parse(propose(received.book, path.stem).text))
    assert reading.verdict is Verdict.ACCEPT, reading.findings
    o = reading.observations
    assert o is not None
    assert len(o) == 2 * 4 * 3
    hessen = [
        n
        for n in range(len(o))
        if o.regions[o.region[n]].code == "06" and o.series_list[o.series[n]].kennzahl == "weiblich"
    ]
    assert [(int(o.month[n]), float(o.value[n])) for n in hessen] == [
        (2021 * 12 + 11, 11.0),
        (2022 * 12 + 11, 11.0),
    ]


@pytest.mark.parametrize(
    ("name", "systems"),
    [
        ("ba-sanktionen/sanktionen-d-0-201901-xlsx.xlsx", {r"\d{2}": "ags", r"\d{5}": "traeger"}),
        (
            "ba-kurzarbeit/kurzarbeit-d-0-201304-xls.xls",
            {r"\d{2}": "ags", r"\d{3}": "agentur", r"\d{5}": "ags"},
        ),
        ("destatis/04-kreise.xlsx", {r"\d{5}": "ags"}),
    ],
)
def test_the_code_system_is_told_by_the_register(
    real: Path, name: str, systems: dict[str, str]
) -> None:
    path = real / name
    received = pipeline.open_document(document_of(path), path)
    assert received.book is not None
    draft = propose(received.book, path.stem)
    assert registry.parse(draft.text).regions == systems
    assert not any("five digits" in todo for todo in draft.todo)


def test_codes_are_plain() -> None:
    assert slug("Arbeitslose (Männer) in %") == "arbeitslose_maenner_in_prozent"
    assert slug("§§") == "wert"
