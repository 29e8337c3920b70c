"""More shapes of an office's own sheet: words, headers, notes and columns that people use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.sources.test_shapes import (
    BODY,
    CODES,
    HEADER,
    LABELS,
    MONTH,
    MONTHS,
    TITLE,
    Row,
    Rows,
    before,
    body,
    figures,
    read,
    replaced,
    sheet,
    spaced,
    with_changes,
    with_column,
)

Shape = tuple[str, Rows]
VALUES = [[row[n] for row in BODY] for n in (1, 2, 3)]  # by month


def series(months: Row, head: str = "Monat", labels: Row = LABELS) -> Shape:
    """Return months in rows and figures in columns."""
    rows = [[month, *values] for month, values in zip(months, VALUES, strict=True)]
    return "Verlauf", [TITLE, [], [head, *labels], *rows]


def years(columns: list[str], rows: Rows) -> Shape:
    """Return months in rows, the year in a column of its own."""
    cells = [[*row, *values] for row, values in zip(rows, VALUES, strict=True)]
    return "Verlauf", [TITLE, [], [*columns, *LABELS], *cells]


def titled(*rows: Row) -> Shape:
    return sheet(top=[*rows, []])


def noted(text: str) -> Shape:
    return sheet(body=[*BODY[:2], [text], *BODY[2:]])


HEADERS: list[Row] = [
    ["Merkmal", "Nov 20", "Okt 20", "Nov 19"],
    ["Merkmal", "Nov. 2020", "Okt. 2020", "Nov. 2019"],
    ["Merkmal", "11/2020", "10/2020", "11/2019"],
    ["Merkmal", "2020-11", "2020-10", "2019-11"],
    ["Merkmal", "Stand November 2020", "Stand Oktober 2020", "Stand November 2019"],
    ["Merkmal", "per 30.11.2020", "per 31.10.2020", "per 30.11.2019"],
    [
        "Merkmal",
        "Monat (November 2020)",
        "Vormonat (Oktober 2020)",
        "Vorjahresmonat (November 2019)",
    ],
    ["Kennzahl", "Ist", "VM", "VJM"],
    ["Indikator", "laufender Monat", "letzter Monat", "Vorjahresmonat"],
    ["Kenngröße", "Aktueller Monat", "Vorheriger Monat", "Gleicher Monat des Vorjahres"],
    ["Merkmal", "Anzahl", "Vormonat", "Vorjahr"],
    ["Merkmal", "dieser Monat", "Vormonat", "Vorjahr"],
    ["Merkmal", "Monat", "Vor-\nmonat", "Vorjahres-\nmonat"],
]
TITLES: list[list[Row]] = [
    [TITLE, ["Berichtsmonat:", "November 2020"]],
    [TITLE, ["Berichtsmonat", date(2020, 11, 1)]],
    [TITLE, ["Berichtsmonat: 11/2020"]],
    [TITLE, ["Monat: Nov. 2020"]],
    [TITLE, ["Stichtag: 30.11.2020"]],
    [TITLE, MONTH, ["Erstellt am 07.12.2020"]],
    [["Das KCA im Überblick: November 2020"]],
    [TITLE, ["Main-Kinzig-Kreis"], MONTH],
]
ASIDE = (
    "Q4 2020",
    "IV/2020",
    "Jahresziel",
    "Kumuliert",
    "Jan-Nov 2020",
    "Januar bis November 2020",
    "Jahresmittel",
    "Ø 2020",
    "Erreichungsgrad in %",
    "Anteil in %",
    "Prognose",
    "Hochrechnung Dezember",
    "Tendenz",
    "Kommentar",
    "Status",
)
CHANGES = {
    "Änderung zum Vormonat": 2,
    "Δ Vormonat": 2,
    "ggü. Vormonat": 2,
    "Diff. VM": 2,
    "Entwicklung zum Vorjahr": 3,
}
NOTES = (
    "(Stichtag 15.11.)",
    "* vorläufig",
    "Arbeitsmarkt",
    "SGB II",
    "Eigene Zahlen",
    "Stand: 07.12.2020",
)
WORDS = {
    "arbeitslosenquote_sgb2": ("SGB-II-Arbeitslosenquote", "Arbeitslosenquote, in Prozent"),
    "arbeitslose_sgb2": (
        "Anzahl der Arbeitslosen",
        "Bestand an Arbeitslosen",
        "Arbeitslose RK SGB II",
        "SGB II-Arbeitslose",
        "arbeitslose Frauen und Männer",
    ),
    "leistungsbezieher_sgb2": (
        "Leistungsbezieherinnen und Leistungsbezieher",
        "Leistungsempfänger*innen SGB II",
        "Zahl der Leistungsbezieher",
        "LeistungsbezieherInnen",
    ),
    "integrationen": ("Anzahl Integrationen", "Integrationen in Arbeit und Ausbildung"),
    "neuantraege": ("Neuantraege", "Neue Anträge", "Neuanträge ALG II"),
    "massnahmeteilnehmer": (
        "Massnahmeteilnehmer",
        "Maßnahmeteilnehmerinnen und -teilnehmer",
        "Personen in Maßnahmen",
    ),
}
READ: dict[str, Shape] = {
    "two lines": (
        "Tabelle1",
        [
            TITLE,
            [],
            ["Merkmal", "Berichtsmonat", "Vormonat", "Vorjahresmonat"],
            [None, "November 2020", "Oktober 2020", "November 2019"],
            *BODY,
        ],
    ),
    "another order": sheet(
        ["Merkmal", "Vorjahresmonat", "Vormonat", "Monat"], [[r[0], r[3], r[2], r[1]] for r in BODY]
    ),
    "no-break spaces": sheet(body=body(spaced("\u00a0"))),
    "all as text": sheet(body=body(lambda v: str(v).replace(".", ","))),
    "a rate in words": sheet(body=[[LABELS[0], "3,2 Prozent", "3,1 v.H.", "2,6 %"], *BODY[1:]]),
    "dates in rows": series([date(2020, 11, 30), date(2020, 10, 31), date(2019, 11, 30)]),
    "days in rows": series(["30.11.2020", "31.10.2020", "30.11.2019"], "Stichtag"),
    "short months in rows": series(["Nov 20", "Okt 20", "Nov 19"]),
    "numbers of months beside years": years(
        ["Jahr", "Monat"], [[2020, 11], [2020, 10], [2019, 11]]
    ),
    "years beside names": years(
        ["Monat", "Jahr"], [["November", 2020], ["Oktober", 2020], ["November", 2019]]
    ),
    "one figure a row": (
        "Daten",
        [
            TITLE,
            [],
            ["Monat", "Merkmal", "Wert"],
            *[
                [month, row[0], row[n]]
                for n, month in enumerate(("November 2020", "Oktober 2020", "November 2019"), 1)
                for row in BODY
            ],
        ],
    ),
    "an end": sheet(body=[*BODY, [], ["Alle Angaben ohne Gewähr"]]),
}
READ |= {f"header {' '.join(map(str, header))}": sheet(header) for header in HEADERS}
READ |= {f"title {rows[-1]}": titled(*rows) for rows in TITLES}
READ |= {f"aside {name}": with_column(name) for name in ASIDE}
READ |= {f"change {name}": with_changes(name, against) for name, against in CHANGES.items()}
READ |= {f"note {text}": noted(text) for text in NOTES}
READ |= {f"before {name}": before(name) for name in ("Abteilung", "Thema", "Pos.", "#")}
READ |= {
    f"word {word}": sheet(body=replaced(**{code: word}))
    for code, words in WORDS.items()
    for word in words
}
READ |= {
    f"sheet {name}": sheet(top=[TITLE, []], name=name)
    for name in ("Nov 2020", "11.2020", "Nov. 20")
}

OTHER_PEOPLE = {
    "arbeitslose_sgb2": (
        "Arbeitslose SGB II, Männer",
        "Arbeitslose Frauen",
        "Arbeitslose SGB II und SGB III",
        "Langzeitarbeitslose",
        "Arbeitslose ohne Berufsausbildung",
        "Arbeitslose insgesamt",
    ),
    "arbeitslosenquote_sgb2": ("Arbeitslosenquote SGB III", "Arbeitslosenquote insgesamt"),
    "leistungsbezieher_sgb2": ("Regelleistungsberechtigte",),
    "integrationen": (
        "Integrationsquote",
        "Integrationen in sozialversicherungspflichtige Beschäftigung",
    ),
    "neuantraege": ("Anträge", "Weiterbewilligungsanträge"),
    "massnahmeteilnehmer": ("Maßnahmeteilnahmen",),
}


def arbeitslose(*cells: object) -> Shape:
    """Return the sheet with other cells in the row of the unemployed."""
    return sheet(body=[BODY[0], [LABELS[1], *cells], *BODY[2:]])


STOPPED: dict[str, Shape] = {
    "two columns of one header": sheet(["Merkmal", "Monat", "Monat", "Vorjahresmonat"]),
    "another Kreis": titled(["Jobcenter Wetterau – Monatszahlen"], MONTH),
    "two months": titled(TITLE, ["Berichtsmonat: Oktober und November 2020"]),
    "several months": titled(TITLE, ["Berichtsmonat: Januar bis November 2020"]),
    "no month": titled(TITLE),
    "a month that is none": titled(TITLE, ["Berichtsmonat: 13/2020"]),
    "a month to come": titled(TITLE, ["Berichtsmonat: November 2099"]),
    "headers of another month": sheet(
        ["Merkmal", "Oktober 2020", "September 2020", "Oktober 2019"]
    ),
    "an English comma": arbeitslose("7,273", "7,346", "6,013"),
    "a letter for a digit": arbeitslose("7O73", 7346, 6013),
    "a blank in a number": arbeitslose("7 27", 7346, 6013),
    "in thousands": arbeitslose(7.273, 7.346, 6.013),
    "rows exchanged": sheet(
        body=[BODY[0], [LABELS[1], *BODY[2][1:]], [LABELS[2], *BODY[1][1:]], *BODY[3:]]
    ),
    "a rate without its comma": sheet(body=[[LABELS[0], 32, 31, 26], *BODY[1:]]),
    "a rate as a share": sheet(body=[[LABELS[0], 0.032, 0.031, 0.026], *BODY[1:]]),
    "an empty cell": arbeitslose(None, 7346, 6013),
    "a question": arbeitslose("7273?", 7346, 6013),
    "from to": arbeitslose("7200-7300", 7346, 6013),
    "a date": arbeitslose(date(2020, 3, 18), 7346, 6013),
    "a wrong sum": sheet(body=[*BODY, ["Summe", 1, 2, 3]]),
    "a wrong change": sheet([*HEADER, "ggü. Vormonat"], [[*row, 5] for row in BODY]),
    "a column without a header": sheet([*HEADER, None], [[*row, 5] for row in BODY]),
    "an unknown row": sheet(body=[*BODY, ["Beratungsgespräche", 5, 5, 5]]),
    "a heading of another law": noted("SGB III"),
    "a heading of other people": noted("davon Frauen:"),
    "a heading with figures": sheet(body=[*BODY[:2], ["Bestand", 1, 2, 3], *BODY[2:]]),
    "percentages under a month": sheet(["Merkmal", "Vormonat in %"], [row[:2] for row in BODY]),
}
STOPPED |= {
    f"word {word}": sheet(body=replaced(**{code: word}))
    for code, words in OTHER_PEOPLE.items()
    for word in words
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
