"""Shapes of an office's own sheet: what a person reads without thinking loads, a slip stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from kca_etl import pipeline
from kca_etl.german.labels import plain_label
from kca_etl.german.numbers import german, german_percent
from kca_etl.landing.archive.files import document_of
from schemas.codelists import ZEICHEN

Row = list[Any]
Rows = list[Row]
TITLE = ["Kommunales Center für Arbeit – Monatszahlen"]
MONTH = ["Berichtsmonat: November 2020"]
HEADER: Row = ["Merkmal", "Monat", "Vormonat", "Vorjahresmonat"]
BODY: Rows = [
    ["Arbeitslosenquote SGB II", 3.2, 3.1, 2.6],
    ["Arbeitslose SGB II", 7273, 7346, 6013],
    ["Leistungsbezieher SGB II", 24736, 24803, 23730],
    ["Integrationen", 318, 345, 392],
    ["Neuanträge", 553, 555, 417],
    ["Maßnahmeteilnehmer", 932, 921, 1008],
]
CODES = (
    "arbeitslosenquote_sgb2",
    "arbeitslose_sgb2",
    "leistungsbezieher_sgb2",
    "integrationen",
    "neuantraege",
    "massnahmeteilnehmer",
)
MONTHS = ("2020-11", "2020-10", "2019-11")
LABELS = [row[0] for row in BODY]


def sheet(
    header: Row = HEADER, body: Rows = BODY, top: Rows | None = None, name: str = "Tabelle1"
) -> tuple[str, Rows]:
    """Return a sheet: its name and its rows."""
    return name, [*([TITLE, MONTH, []] if top is None else top), header, *body]


def body(change: Callable[[Any], Any]) -> Rows:
    """Return the rows with other figures."""
    return [[row[0], *map(change, row[1:])] for row in BODY]


def labelled(change: Callable[[str], str]) -> Rows:
    """Return the rows with other labels."""
    return [[change(row[0]), *row[1:]] for row in BODY]


def replaced(**changes: str) -> Rows:
    """Return the rows with some labels replaced, by kennzahl."""
    return [[changes.get(code, row[0]), *row[1:]] for code, row in zip(CODES, BODY, strict=True)]


def spaced(blank: str) -> Callable[[Any], Any]:
    def text(value: Any) -> Any:
        return f"{value:,}".replace(",", blank) if value > 999 else value

    return text


def with_column(header: str, value: Any = 1) -> tuple[str, Rows]:
    return sheet([*HEADER, header], [[*row, value] for row in BODY])


def with_changes(header: str, against: int = 2) -> tuple[str, Rows]:
    """Return the sheet with a column of changes; `against`: the column compared with."""
    rows = [[*row, round(row[1] - row[against], 1)] for row in BODY]
    return sheet([*HEADER, header], rows)


def before(header: str) -> tuple[str, Rows]:
    return sheet([header, *HEADER], [["x", *row] for row in BODY])


READ: dict[str, tuple[str, Rows]] = {
    "plain": sheet(),
    "a line break in a header": sheet(["Merkmal", "Monat", "Vormonat", "Vorjahres-\nmonat"]),
    "days as headers": sheet(
        ["Merkmal", "30.11.2020", "31.10.2020", "30.11.2019"],
        top=[["Monatszahlen November 2020"], []],
    ),
    "dates as headers": sheet(
        ["Merkmal", date(2020, 11, 30), date(2020, 10, 31), date(2019, 11, 30)]
    ),
    "months as headers": sheet(["Merkmal", "November 2020", "Oktober 2020", "November 2019"]),
    "thin spaces": sheet(body=body(spaced("\u2009"))),
    "narrow spaces": sheet(body=body(spaced("\u202f"))),
    "common spaces": sheet(body=body(spaced(" "))),
    "a percentage as text": sheet(body=[[LABELS[0], "3,2 %", "3,1 %", "2,6%"], *BODY[1:]]),
    "preliminary by header": sheet(["Merkmal", "Monat (vorläufig)", *HEADER[2:]]),
    "preliminary by month": sheet(top=[TITLE, ["Berichtsmonat: November 2020 (vorläufig)"], []]),
    "aktuell": sheet(["Merkmal", "aktuell", "Vormonat", "Vorjahr"]),
    "words for the columns": sheet(
        ["Kennzahl", "Aktueller Wert", "Vormonatswert", "Vorjahreswert"]
    ),
    "the month in the sheet's name": sheet(top=[TITLE, []], name="November 2020"),
    "the month in the sheet's name as ISO": sheet(top=[TITLE, []], name="2020-11"),
    "transposed": (
        "Verlauf",
        [
            TITLE,
            [],
            ["Monat", *LABELS],
            *(
                [month, *(row[n] for row in BODY)]
                for n, month in enumerate(("November 2020", "Oktober 2020", "November 2019"), 1)
            ),
        ],
    ),
    "a group column": before("Bereich"),
    "numbers of rows": before("Nr."),
    "a quarter": with_column("III. Quartal"),
    "a target": with_column("Zielwert"),
    "a plan": with_column("Ziel 2020"),
    "cumulated": with_column("Jan–Nov 2020 kumuliert"),
    "plus and minus": with_changes("+/- zum Vormonat"),
    "in percent": with_column("in %"),
    "notes between rows": sheet(body=[*BODY[:2], ["Hinweis: Stichtag"], *BODY[2:]]),
    "blank rows": sheet(body=[BODY[0], [], *BODY[1:]]),
    "gender-neutral": sheet(
        body=replaced(
            leistungsbezieher_sgb2="Leistungsbeziehende SGB II",
            massnahmeteilnehmer="Teilnehmende an Maßnahmen",
        )
    ),
    "with an asterisk": sheet(body=replaced(leistungsbezieher_sgb2="Leistungsbezieher*innen")),
    "with a colon": sheet(
        body=replaced(
            leistungsbezieher_sgb2="Leistungsbezieher:innen SGB II",
            massnahmeteilnehmer="Maßnahmeteilnehmer/-innen",
        )
    ),
    "without the law": sheet(
        body=replaced(arbeitslose_sgb2="Arbeitslose", leistungsbezieher_sgb2="Leistungsbezieher")
    ),
    "with the law": sheet(
        body=replaced(
            arbeitslose_sgb2="Arbeitslose im Rechtskreis SGB II",
            integrationen="Integrationen in den Arbeitsmarkt",
            neuantraege="Neuanträge SGB II",
        )
    ),
    "capitals": sheet([str(h).upper() for h in HEADER], labelled(str.upper)),
    "colons": sheet(body=labelled(lambda text: text + ":")),
    "numbered labels": sheet(body=[[f"{n}. {r[0]}", *r[1:]] for n, r in enumerate(BODY, 1)]),
}
STOPPED: dict[str, tuple[str, Rows]] = {
    "SGB III": sheet(body=replaced(arbeitslose_sgb2="Arbeitslose SGB III")),
    "a decimal point": sheet(body=[[LABELS[0], "0.032", "0.031", "0.026"], *BODY[1:]]),
    "a rate a hundredfold": sheet(body=[[LABELS[0], 320, 310, 260], *BODY[1:]]),
    "a lost row": sheet(body=BODY[:-1]),
    "a row twice": sheet(body=[*BODY, BODY[0]]),
    "a row twice in other spelling": sheet(body=[*BODY, ["INTEGRATIONEN", 319, 345, 392]]),
    "an error": sheet(body=[*BODY[:3], ["Integrationen", "#DIV/0!", 345, 392], *BODY[4:]]),
    "a fraction of a person": sheet(
        body=[*BODY[:3], ["Integrationen", 318.5, 345, 392], *BODY[4:]]
    ),
    "less than none": sheet(body=[*BODY[:3], ["Integrationen", -318, 345, 392], *BODY[4:]]),
    "about": sheet(body=[*BODY[:3], ["Integrationen", "ca. 318", 345, 392], *BODY[4:]]),
    "a percentage of persons": sheet(
        body=[*BODY[:3], ["Integrationen", "318 %", 345, 392], *BODY[4:]]
    ),
    "another month in a header": sheet(["Merkmal", "Dezember 2020", *HEADER[2:]]),
    "empty now": sheet(body=[[r[0], None, *r[2:]] for r in BODY]),
    "more unemployed than recipients": sheet(
        body=[BODY[0], ["Arbeitslose SGB II", 72730, 7346, 6013], *BODY[2:]]
    ),
}


def read(folder: Path, name: str, rows: Rows) -> pipeline.Reading:
    """Draw a sheet and read it."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = name
    for row in rows:
        page.append(row)
    path = folder / "Monatsbericht.xlsx"
    book.save(path)
    return pipeline.read(pipeline.open_document(document_of(path), path))


def figures(reading: pipeline.Reading) -> dict[tuple[str, str], float | str]:
    """Return what would be loaded; nothing if the document is refused."""
    o = reading.observations
    if o is None or reading.verdict not in ("accept", "warn"):
        return {}
    return {
        (o.series_list[o.series[n]].kennzahl, str(o.month_of(n))): ZEICHEN[o.zeichen[n]]
        or float(o.value[n])
        for n in range(len(o))
    }


@pytest.mark.parametrize("shape", READ)
def test_what_a_person_reads_loads_right(shape: str, tmp_path: Path) -> None:
    reading = read(tmp_path, *READ[shape])
    expected = {
        (code, month): value
        for code, row in zip(CODES, BODY, strict=True)
        for month, value in zip(MONTHS, row[1:], strict=True)
    }
    assert figures(reading) == expected, [(f.code, f.what, f.found) for f in reading.findings]


@pytest.mark.parametrize("shape", STOPPED)
def test_a_slip_stops(shape: str, tmp_path: Path) -> None:
    assert figures(read(tmp_path, *STOPPED[shape])) == {}


def test_a_preliminary_sheet_is_marked_so(tmp_path: Path) -> None:
    o = read(tmp_path, *READ["preliminary by header"]).observations
    assert o is not None
    assert {block.status for block in o.blocks} == {"vorlaeufig"}


def test_another_spelling_is_listed(tmp_path: Path) -> None:
    found = read(tmp_path, *READ["capitals"]).findings
    assert {f.code for f in found} == {"OTHER_SPELLING"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Arbeitslose SGB II", "Arbeitslose SGB III"),
        ("Arbeitslose SGB II", "Arbeitslose Frauen"),
        ("Integrationen", "Integrationsquote"),
        ("Neuanträge", "Anträge"),
    ],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert plain_label(one) != plain_label(other)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7 273", 7273),
        ("1\u2009234\u2009567", 1234567),
        ("7 27", None),
        ("72 7300", None),
        ("0.032", None),
        ("0 032", None),
        ("7273", 7273),
        ("0,5", 0.5),
    ],
)
def test_groups_are_of_three_digits_and_begin_with_none(text: str, value: float | None) -> None:
    assert german(text) == value


@pytest.mark.parametrize(("text", "value"), [("3,2 %", 3.2), ("3,2%", 3.2), ("%", None)])
def test_a_rate_may_carry_its_sign(text: str, value: float | None) -> None:
    assert german_percent(text) == value
