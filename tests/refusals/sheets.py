"""Codes that a document raises: one small sheet and declaration each, changed in one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.sources import registry, unfinished
from kca_etl.sources.spec import Source
from tests.refusals.entries import Entry, Situation

Rows = list[list[Any]]
Data = dict[str, Any]

TITLE, MONTH, STAND = ["Probe"], ["Monat:", "November 2020"], ["Stand:", "05.12.2020"]
HEADER, PERSONS, RATE = ["Merkmal", "Wert"], ["Arbeitslose", 7273], ["Quote", 3.2]
TOP: Rows = [TITLE, MONTH, STAND, []]
COUNTS = {
    "Arbeitslose": "arbeitslose_sgb2",
    "Quote": "arbeitslosenquote_sgb2",
    "Bezieher": "leistungsbezieher_sgb2",
    "Anträge": "neuantraege",
}
TABLE: Data = {
    "id": "t",
    "region": "ags:D Deutschland",
    "stub": {"Merkmal": "label"},
    "columns": {"Wert": ""},
    "rows": {"Arbeitslose": "arbeitslose_sgb2", "Quote": "arbeitslosenquote_sgb2"},
}
REGIONS: Data = {
    "stub": {"Kreis": "region"},
    "columns": {"Wert": "arbeitslose_sgb2"},
    "rows": {},
    "region": [],
}
CODED = {"regions": {r"\d{5}": "ags"}}
DECLARATION: Data = {
    "source": "probe",
    "title": "Probe",
    "publisher": "Amt",
    "recognise": [{"text": "Probe"}],
    "berichtsmonat": {"label": "Monat:"},
    "datenstand": {"label": "Stand:"},
}


def declared(table: Data | None = None, source: Data | None = None) -> Source:
    """Declare a source whose one table or whose whole is changed."""
    tables = [TABLE | (table or {})]
    return Source.model_validate(DECLARATION | {"tables": tables} | (source or {}))


def write(folder: Path, sheets: dict[str, Rows]) -> Path:
    """Write a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "probe.xlsx"
    book.save(path)
    return path


def reading(
    folder: Path, source: Source | None, sheets: dict[str, Rows], month: Month | None = None
) -> pipeline.Reading:
    """Read a workbook; nothing is stored."""
    path = write(folder, sheets)
    return pipeline.read(pipeline.open_document(document_of(path), path), source, month)


def document(
    rows: Rows,
    table: Data | None = None,
    source: Data | None = None,
    *,
    top: Rows = TOP,
    header: list[str] = HEADER,
    more: dict[str, Rows] | None = None,
    month: Month | None = None,
) -> Situation:
    """The situation that a document of such rows is read."""

    def situation(folder: Path) -> list[Finding]:
        sheets = {"Blatt": [*top, header, *rows]} | (more or {})
        return reading(folder, declared(table, source), sheets, month).findings

    return situation


def _unknown_document(folder: Path) -> list[Finding]:
    return reading(folder, None, {"Blatt": [*TOP, HEADER, PERSONS]}).findings


def _draft(folder: Path) -> list[Finding]:
    """Read by a declaration that is among the declared ones and says TODO."""
    path = folder / "probe.yaml"
    path.write_text('publisher: "TODO"\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "names", lambda: ["probe"])
        patch.setattr(registry, "path", lambda _: path)
        patch.setattr(registry, "load", lambda _: declared())
        unfinished.open_points.cache_clear()
        found = reading(folder, declared(), {"Blatt": [*TOP, HEADER, PERSONS, RATE]}).findings
    unfinished.open_points.cache_clear()
    return found


def counts(*labels: str) -> Data:
    """Declare the rows of such labels."""
    return {"rows": {label: COUNTS[label] for label in labels}}


def _correction(found: str) -> Data:
    return {
        "corrections": [{"cell": "B6", "found": found, "value": 7274, "reason": "wrong in print"}]
    }


TABLES, ROWS, ASSEMBLE = "kca_etl.extract.tables.", "kca_etl.tidy.rows.", "kca_etl.tidy.assemble."
RECOGNISE, INVARIANTS = "kca_etl.extract.recognise.", "kca_etl.validate.invariants."
COLUMNS, AREAS = "kca_etl.validate.columns.", "kca_etl.validate.areas."
TIDY, DOUBTS = "kca_etl.tidy.document.", "kca_etl.tidy.region_doubts.region_doubts"
CONTRACTS, KREISE = "kca_etl.validate.contracts.", "kca_etl.validate.regions.check"
EXPECTED_TWO: Data = {"columns": {"Wert": "", "Vormonat": "@-1"}}
TWICE: Data = {"columns": {"Wert": "", "Auch": ""}} | counts("Arbeitslose")
NAMED = "stands twice"
COMPARED = {"Wert": "", "Vormonat": "@-1", "Veränderung*": "-?"}
YEARS: Rows = [[2001 + i, n] for i, n in enumerate((7000, 7100, 7050, 70600, 7000, 7040, 6990))]
BY_YEAR: Data = {"stub": {"Jahr": "jahr"}, "columns": {"Wert": "arbeitslose_sgb2"}, "rows": {}}
PERIOD_TABLE: Data = TABLE | EXPECTED_TWO | {"period": "Monat: {monat}"}
RATE_CODE, MEN, WOMEN = "arbeitslosenquote_sgb2", "[geschlecht=maenner]", "[geschlecht=frauen]"

ENTRIES = [
    # the sheet
    Entry(
        Code.UNKNOWN_DOCUMENT,
        "kca_etl.reading.book._which",
        _unknown_document,
        what="no declared source",
    ),
    Entry(
        Code.NOT_OF_SOURCE,
        "kca_etl.reading.book.read_into",
        document([PERSONS, RATE], source={"recognise": [{"text": "Anderes"}]}),
        what="not of source probe",
    ),
    Entry(Code.DRAFT, "kca_etl.reading.book.refuse_draft", _draft, what="probe is a draft"),
    Entry(
        Code.UNKNOWN_SHEET,
        RECOGNISE + "read_sheet",
        document([PERSONS, RATE], more={"Fremd": [["Etwas", 1]]}),
        "Fremd",
        "A1",
    ),
    Entry(
        Code.UNKNOWN_TITLE,
        RECOGNISE + "read_sheet",
        document([PERSONS, RATE], {"title": "Tabelle 1"}, top=[TITLE, MONTH, STAND, ["Tabelle 2"]]),
        "Blatt",
        "A4",
    ),
    Entry(
        Code.AMBIGUOUS,
        RECOGNISE + "read_sheet",
        document([PERSONS, RATE], source={"tables": [TABLE, TABLE | {"id": "u"}]}),
        "Blatt",
        "A1",
    ),
    Entry(
        Code.MISSING_TABLE,
        RECOGNISE + "read_tables",
        document(
            [PERSONS, RATE], source={"tables": [TABLE, TABLE | {"id": "u", "sheet": "Zweites"}]}
        ),
    ),
    # columns and rows
    Entry(
        Code.UNKNOWN_COLUMN,
        TABLES + "drift",
        document([[*PERSONS, 1], [*RATE, 1]], header=[*HEADER, "Neu"]),
        "Blatt",
        "C5",
    ),
    Entry(
        Code.MISSING_COLUMN,
        TABLES + "drift",
        document([PERSONS, RATE], EXPECTED_TWO),
        "Blatt",
        "A5",
    ),
    Entry(
        Code.DOUBLE_COLUMN,
        TABLES + "drift",
        document([[*PERSONS, 1], [*RATE, 1]], header=[*HEADER, "Wert"]),
        "Blatt",
        "C5",
    ),
    Entry(
        Code.UNKNOWN_ROW,
        ROWS + "_labels",
        document([PERSONS, RATE, ["Sonst", 5]]),
        "Blatt",
        "A8",
    ),
    Entry(Code.MISSING_ROW, ROWS + "_labels", document([PERSONS]), "Blatt", "A5"),
    Entry(
        Code.ROW_COUNT,
        TABLES + "_count",
        document([PERSONS, RATE], {"expect": [3, 9]}),
        "Blatt",
        "A7",
    ),
    Entry(
        Code.DOUBLE_ROW,
        ROWS + "_first",
        document([PERSONS, PERSONS, RATE]),
        "Blatt",
        "A7",
    ),
    Entry(
        Code.NO_LABEL,
        TABLES + "_data_rows",
        document([PERSONS, ["", 5], RATE]),
        "Blatt",
        "B7",
    ),
    Entry(
        Code.AFTER_END,
        TABLES + "_after_end",
        document([PERSONS, RATE, ["Quelle: Amt"], ["", 5]], {"end": "Quelle*"}),
        "Blatt",
        "B9",
    ),
    Entry(
        Code.NO_FACTS,
        TIDY + "add_table",
        document([], {"rows": {"Arbeitslose": "arbeitslose_sgb2?"}}),
        "Blatt",
        "A5",
    ),
    # cells
    Entry(
        Code.UNKNOWN_SIGN,
        ASSEMBLE + "column_values",
        document([["Arbeitslose", "?"], RATE]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.NOT_A_NUMBER,
        ASSEMBLE + "column_values",
        document([["Arbeitslose", "7.2731"], RATE]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.EMPTY_CELL,
        ASSEMBLE + "_keep",
        document([["Arbeitslose", None], RATE]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.ERROR_CELL,
        TABLES + "_unreadable",
        document([["Arbeitslose", "#DIV/0!"], RATE]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.NO_RESULT,
        TABLES + "_unreadable",
        document([["Arbeitslose", "=1+1"], RATE]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.OTHER_SPELLING,
        "kca_etl.tidy.rows._labels",
        document([["ARBEITSLOSE:", 7273], RATE], {"plain_labels": True}),
        "Blatt",
        "A6",
    ),
    Entry(
        Code.TEXT_NUMBER,
        ASSEMBLE + "_leniency",
        document([["Arbeitslose", "7.273"], RATE]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.REPEAT_DIFFERS,
        ASSEMBLE + "_repeats",
        document([PERSONS, ["Arbeitslose", 7274], RATE], {"repeats": True}),
        "Blatt",
        "B7",
        NAMED,
    ),
    Entry(
        Code.REPEAT_SIGN,
        ASSEMBLE + "_repeats",
        document([PERSONS, ["Arbeitslose", "*"], RATE], {"repeats": True}, {"zeichen": {"*": "*"}}),
        "Blatt",
        "B7",
        NAMED,
    ),
    Entry(
        Code.CORRECTED,
        TIDY + "correct",
        document([PERSONS, RATE], source=_correction("7273")),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.CORRECTION_GONE,
        TIDY + "correct",
        document([PERSONS, RATE], source=_correction("7272")),
        "Blatt",
        "B6",
    ),
    # regions
    Entry(
        Code.UNKNOWN_REGION,
        ROWS + "_regions",
        document([PERSONS, RATE], {"region": []}),
        "Blatt",
        "A5",
        behind=(CONTRACTS + "_dictionary",),
    ),
    Entry(
        Code.AMBIGUOUS_REGION,
        DOUBTS,
        document([["Ansbach", 5]], REGIONS, header=["Kreis", "Wert"]),
        "Blatt",
        "A6",
    ),
    Entry(
        Code.LOST_ZERO,
        DOUBTS,
        document([["6435 Main-Kinzig-Kreis", 5]], REGIONS, CODED, header=["Kreis", "Wert"]),
        "Blatt",
        "A6",
    ),
    Entry(
        Code.UNKNOWN_KREIS,
        KREISE,
        document([["06999 Neukreis", 5]], REGIONS, CODED, header=["Kreis", "Wert"]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.CODE_AND_NAME,
        "kca_etl.tidy.code_and_name.check_codes_and_names",
        document([["06435 Wetteraukreis", 5]], REGIONS, CODED, header=["Kreis", "Wert"]),
        "Blatt",
        "A6",
    ),
    Entry(
        Code.UNKNOWN_TRAEGER,
        "kca_etl.tidy.code_and_name.check_codes_and_names",
        document(
            [["99999 JC Neuland", 5]],
            REGIONS,
            {"regions": {r"\d{5}": "traeger"}},
            header=["Kreis", "Wert"],
        ),
        "Blatt",
        "A6",
    ),
    Entry(
        Code.OTHER_REGION,
        "kca_etl.tidy.document_region.check_document_region",
        document(
            [PERSONS, RATE],
            {"region": "ags:06435 Main-Kinzig-Kreis"},
            top=[TITLE, MONTH, STAND, ["Jobcenter Wetterau"]],
        ),
        "Blatt",
        "A4",
        what="names Wetterau",
    ),
    Entry(
        Code.KREIS_NOT_THEN,
        KREISE,
        document([["03152 Göttingen", 5]], REGIONS, CODED, header=["Kreis", "Wert"]),
        "Blatt",
        "B6",
    ),
    # periods
    Entry(
        Code.NO_PERIOD,
        ASSEMBLE + "_months",
        document([PERSONS, RATE], source={"berichtsmonat": []}, top=[TITLE, [], STAND, []]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.NO_DATENSTAND,
        TIDY + "tidy",
        document([PERSONS, RATE], top=[TITLE, MONTH, [], []]),
        "*",
    ),
    Entry(
        Code.CONTRADICTION,
        TIDY + "_disagreements",
        document([PERSONS, RATE], top=[TITLE, MONTH, STAND, ["Monat:", "Oktober 2020"]]),
        "Blatt",
        "B4",
    ),
    Entry(
        Code.BAD_DATE,
        TIDY + "_unread_days",
        document([PERSONS, RATE], top=[TITLE, MONTH, ["Stand:", "31.02.2020"], []]),
        "Blatt",
        "B3",
    ),
    Entry(
        Code.UNLIKELY_DATE,
        "kca_etl.validate.dates.check_dates",
        document([PERSONS, RATE], top=[TITLE, MONTH, ["Stand:", "05.12.2099"], []]),
        "Blatt",
    ),
    Entry(
        Code.EMPTY_MONTH,
        "kca_etl.tidy.month_agreement.check_named_months",
        document(
            [["Arbeitslose", "...", 5], ["Quote", "...", 3.2]],
            EXPECTED_TWO,
            {"berichtsmonat": [], "zeichen": {"...": "..."}, "tables": [PERIOD_TABLE]},
            header=[*HEADER, "Vormonat"],
        ),
        "Blatt",
        "B2",
    ),
    Entry(
        Code.WRONG_MONTH,
        "kca_etl.pipeline.read",
        document([PERSONS, RATE], month=Month(2020 * 12 + 9)),
        what="2020-11",
    ),
    # contracts and invariants
    Entry(
        Code.UNKNOWN_KENNZAHL,
        CONTRACTS + "_dictionary",
        document([PERSONS], {"rows": {"Arbeitslose": "gibt_es_nicht"}}),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.OUT_OF_BOUNDS,
        CONTRACTS + "_rows",
        document([PERSONS, ["Quote", 0.032]]),
        "Blatt",
        "B7",
    ),
    Entry(
        Code.NOT_WHOLE,
        CONTRACTS + "_rows",
        document([["Arbeitslose", 7273.5], RATE]),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.DOUBLE_FACT,
        INVARIANTS + "_doubles",
        document([[*PERSONS, 7273]], TWICE, header=[*HEADER, "Auch"]),
        "Blatt",
        "B6",
        NAMED,
    ),
    Entry(
        Code.SUM_MISMATCH,
        COLUMNS + "_sum",
        document(
            [PERSONS, ["Bezieher", 7000], ["Anträge", 200]],
            counts("Arbeitslose", "Bezieher", "Anträge"),
            {
                "checks": [
                    {
                        "total": "arbeitslose_sgb2",
                        "parts": ["leistungsbezieher_sgb2", "neuantraege"],
                    }
                ]
            },
        ),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.CHANGE_MISMATCH,
        "kca_etl.validate.stated_changes.check",
        document(
            [["Arbeitslose", 7273, 7346, -37]],
            {"columns": COMPARED} | counts("Arbeitslose"),
            header=["Merkmal", "Wert", "Vormonat", "Veränderung zum Vormonat"],
        ),
        "Blatt",
        "D6",
    ),
    Entry(
        Code.ODD_FIGURE,
        "kca_etl.validate.outliers.check",
        document(YEARS, BY_YEAR, header=["Jahr", "Wert"]),
        "Blatt",
        "B9",
    ),
    Entry(
        Code.MISSING_FIGURES,
        "kca_etl.validate.gaps.check",
        document(
            [[year, 7000 + year % 7] for year in range(2001, 2010) if year != 2004],
            BY_YEAR,
            header=["Jahr", "Wert"],
        ),
        "Blatt",
        "B9",
    ),
    Entry(
        Code.ROW_ORDER,
        "kca_etl.validate.row_order.check",
        document(
            [[year, 7000 + year % 7] for year in (2001, 2002, 2003, 2006, 2005, 2004, 2007)],
            BY_YEAR,
            header=["Jahr", "Wert"],
        ),
        "Blatt",
        "B9",
    ),
    Entry(
        Code.EQUAL_DIFFERS,
        INVARIANTS + "broken",
        document(
            [PERSONS, ["Bezieher", 7274]],
            counts("Arbeitslose", "Bezieher"),
            {"checks": [{"equal": ["arbeitslose_sgb2", "leistungsbezieher_sgb2"]}]},
        ),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.RATE_MISMATCH,
        INVARIANTS + "broken",
        document(
            [PERSONS, RATE, ["Bezieher", 100000]],
            counts("Arbeitslose", "Quote", "Bezieher"),
            {
                "checks": [
                    {
                        "ratio": "arbeitslosenquote_sgb2",
                        "of": "arbeitslose_sgb2",
                        "to": "leistungsbezieher_sgb2",
                    }
                ]
            },
        ),
        "Blatt",
        "B7",
    ),
    Entry(
        Code.PART_ABOVE_WHOLE,
        COLUMNS + "_above",
        document(
            [PERSONS, ["Bezieher", 7000]],
            counts("Arbeitslose", "Bezieher"),
            {"checks": [{"order": ["arbeitslose_sgb2", "leistungsbezieher_sgb2"]}]},
        ),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.NOT_BETWEEN,
        INVARIANTS + "broken",
        document(
            [["Quote", 3.2], ["Männer", 3.3], ["Frauen", 3.6]],
            {"rows": {"Quote": RATE_CODE, "Männer": RATE_CODE + MEN, "Frauen": RATE_CODE + WOMEN}},
            {"checks": [{"between": RATE_CODE, "parts": [MEN, WOMEN]}]},
        ),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.MEAN_MISMATCH,
        AREAS + "means",
        document(
            [["Deutschland", 3.2], ["Westdeutschland", 3.3], ["Ostdeutschland", 3.6]],
            REGIONS | {"columns": {"Wert": RATE_CODE}},
            {"checks": [{"mean": RATE_CODE}]},
            header=["Kreis", "Wert"],
        ),
        "Blatt",
        "B6",
    ),
    Entry(
        Code.SAME_FIGURES,
        "kca_etl.validate.twins.check",
        document(
            [[f"{n:05d}", n, n] for n in (1001, 1002, 1003, 1004, *range(6431, 6441))]
            + [[f"0{n}", n, n] for n in (5111, 5112, 5113, 5114, 5116, 5117, 5119, 5120)],
            REGIONS
            | {
                "stub": {"Kreis": "region_code"},
                "columns": {"Wert": "arbeitslose_sgb2", "Auch": "neuantraege"},
            },
            CODED,
            header=["Kreis", "Wert", "Auch"],
        ),
        "Blatt",
        "C6",
    ),
]
