"""The tables of the open data.

The published views without what is nobody's business, and the words that explain them.
"""

from __future__ import annotations

from dataclasses import dataclass

from kca_etl.open_data.files import WITHHELD
from kca_etl.warehouse.views.contract import COVERAGE, DOCUMENTS, FIGURES, Column

KENNZAHLEN = (
    Column("code", "text", "", "Schlüssel der Kennzahl", "elb"),
    Column("label", "text", "", "Bezeichnung", "Erwerbsfähige Leistungsberechtigte"),
    Column("unit", "text", "", "Einheit", "Personen"),
    Column("kind", "text", "", "Art: bestand, bewegung, quote, jahressumme, jahreswert", "bestand"),
    Column(
        "additive",
        "integer",
        "",
        "1, wenn sich die Werte über Gebiete addieren lassen, sonst 0",
        "1",
    ),
    Column("definition", "text", "", "Definition", "Erwerbsfähige Leistungsberechtigte im Bestand"),
    Column("source", "text", "", "woher die Definition stammt", "SGB II § 7"),
)
QUELLEN = (
    Column("source", "text", "", "Schlüssel der Quelle", "ba_sanktionen"),
    Column("title", "text", "", "Titel des Produkts", "Sanktionen (Monatszahlen), SGB II"),
    Column("publisher", "text", "", "Herausgeber", "Statistik der Bundesagentur für Arbeit"),
    Column(
        "licence",
        "text",
        "",
        "Nutzungsbedingungen, wie der Herausgeber sie nennt",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
    ),
    Column(
        "licence_uri",
        "text",
        "",
        "Lizenz nach DCAT-AP.de",
        "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
    ),
    Column(
        "attribution",
        "text",
        "",
        "Quellenangabe, die bei jeder Weitergabe steht",
        "Statistik der Bundesagentur für Arbeit: …",
    ),
    Column("first_month", "month", "", "erster Berichtsmonat in dieser Ausgabe", "2017-01-01"),
    Column("last_month", "month", "", "letzter Berichtsmonat in dieser Ausgabe", "2020-03-01"),
    Column("datenstand", "day", "", "neuester Datenstand in dieser Ausgabe", "2020-07-01"),
    Column("figures", "integer", "", "Zahl der Werte in figures", "1247455"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the open data.

    What it holds, its columns, those that name a row for good, and what its columns point to.
    """

    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: tuple[tuple[str, str, str], ...] = ()  # column, table, column there


FACT = ("source", "berichtsmonat", "kennzahl", "gliederung", "region_system", "region_code")
_WORDS = (
    ("source", "quellen", "source"),
    ("kennzahl", "kennzahlen", "code"),
    ("document_sha256", "documents", "sha256"),
)
TABLES = {
    "figures": Table("Aktuelle Werte", (*FIGURES, WITHHELD), FACT, _WORDS),
    "figures_history": Table(
        "Alle Fassungen aller Werte", (*FIGURES, WITHHELD), (*FACT, "known_from"), _WORDS
    ),
    "kennzahlen": Table("Kennzahlen mit Einheit und Definition", KENNZAHLEN, ("code",)),
    "quellen": Table("Quellen mit Lizenz und Quellenangabe", QUELLEN, ("source",)),
    "documents": Table(
        "Dokumente, aus denen die Werte stammen",
        tuple(c for c in DOCUMENTS if c.name != "run_id"),
        ("sha256",),
    ),
    "coverage": Table("Quelle × Monat mit Zustand", COVERAGE, ("source", "berichtsmonat")),
}
