"""The published views column by column: what readers may rely on.

docs/sql-contract.md and `kca export` are made from it.

A column keeps its name, kind and meaning as long as the first number of VERSION stands; new columns
raise the second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kca_etl.model.codes import Code

VERSION = "1.2"
READER_TIMEOUT = 60  # seconds that a reader's statement may take on PostgreSQL
Kind = Literal["text", "month", "day", "time", "number", "integer", "boolean"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Its kind, whether it can be NULL, what it means (English for docs, German for the public),
    an example.
    """

    name: str
    kind: Kind
    meaning: str
    bedeutung: str
    example: str
    nullable: bool = False
    unit: str = ""


_SOURCE = Column(
    "source", "text", "the declared source", "Quelle, siehe quellen.csv", "ba_sanktionen"
)
_SHA = Column(
    "document_sha256",
    "text",
    "hash of the document",
    "Prüfsumme (SHA-256) des Dokuments",
    "a831a0b2…78076",
)
_FILE = Column(
    "file_name",
    "text",
    "the name it came under",
    "Dateiname des Dokuments",
    "sanktionen-d-0-201901-xlsx.xlsx",
)
_RUN = Column("run_id", "text", "the run that loaded it", "Kennung des Ladelaufs", "4f1c2a9be07d")
_MONTH = "its first day; of a rolling sum the last month, of an annual value December"
_MONAT = "als erster Tag; bei gleitenden Summen der letzte Monat, bei Jahreswerten der Dezember"

FIGURES = (
    _SOURCE,
    Column(
        "berichtsmonat",
        "month",
        f"the month the figure refers to: {_MONTH}",
        f"Berichtsmonat {_MONAT}",
        "2019-01-01",
    ),
    Column(
        "kennzahl",
        "text",
        "code of the kennzahl",
        "Schlüssel der Kennzahl, siehe kennzahlen.csv",
        "elb",
    ),
    Column(
        "gliederung",
        "text",
        "breakdown as key=value, several by comma in key order; `insgesamt` when none",
        "Gliederung als Merkmal=Ausprägung, mehrere durch Komma; „insgesamt“ ohne Gliederung",
        "geschlecht=maenner",
    ),
    Column(
        "region_system",
        "text",
        "code system: ags, traeger, agentur, schluessel, local",
        "Schlüsselsystem des Gebiets",
        "traeger",
    ),
    Column(
        "region_code",
        "text",
        "code with its zeros",
        "Gebietsschlüssel, mit führenden Nullen",
        "41110",
    ),
    Column(
        "region_name",
        "text",
        "the latest known name",
        "Name des Gebiets nach neuestem Stand",
        "JC Fulda",
    ),
    Column(
        "value",
        "number",
        "exactly the cell's number; NULL where a zeichen stands",
        "Wert genau wie in der Zelle; leer, wo ein Zeichen steht",
        "7823.0",
        nullable=True,
        unit="the column `unit`",
    ),
    Column(
        "zeichen",
        "text",
        (
            "sign in place of a number: `*` secret, `.` unknown, `-` nothing, `x` not meaningful,"
            " `...` to come; NULL where a number stands"
        ),
        (
            "Zeichen statt einer Zahl: * geheim, . unbekannt, - nichts vorhanden, x nicht"
            " sinnvoll, ... folgt später; leer, wo eine Zahl steht"
        ),
        "*",
        nullable=True,
    ),
    Column("unit", "text", "unit of the kennzahl", "Einheit des Werts", "Personen"),
    Column(
        "status",
        "text",
        "vorlaeufig, hochgerechnet, endgueltig or unbekannt",
        "vorlaeufig, hochgerechnet, endgueltig oder unbekannt",
        "endgueltig",
    ),
    Column(
        "datenstand", "day", "when the publisher stated it", "Datenstand der Quelle", "2019-06-03"
    ),
    Column(
        "known_from",
        "day",
        "from when this version counts",
        "gültig ab (Datenstand dieser Fassung)",
        "2019-06-03",
    ),
    Column(
        "known_to",
        "day",
        "until when, the next version's known_from; NULL = current",
        "gültig bis (Datenstand der nächsten Fassung); leer = aktuell",
        "2019-09-03",
        nullable=True,
    ),
    _SHA,
    _FILE,
    Column(
        "sheet",
        "text",
        "the sheet it stands on; empty for CSV",
        "Tabellenblatt; leer bei CSV",
        "3.2 ELB Männer",
    ),
    Column("cell", "text", "its cell in A1 notation", "Zelle in A1-Schreibweise", "E164"),
    _RUN,
)
_WHAT = Column(
    "berichtsmonat",
    "month",
    "the document's month; NULL if it states none",
    "Berichtsmonat",
    "2019-01-01",
    nullable=True,
)
_STAND = Column(
    "datenstand",
    "day",
    "the latest Datenstand; NULL if quarantined",
    "Datenstand",
    "2019-06-03",
    nullable=True,
)
DOCUMENTS = (
    Column("sha256", "text", "hash of the document", "Prüfsumme (SHA-256)", "a831a0b2…78076"),
    _FILE,
    Column(
        "source",
        "text",
        "the declared source; empty if none was recognised",
        "Quelle",
        "ba_sanktionen",
    ),
    _WHAT,
    _STAND,
    Column("verdict", "text", "accept, warn, quarantine or reject", "Prüfergebnis", "accept"),
    Column(
        "state",
        "text",
        "loaded, quarantined, rejected or replaced",
        "geladen, zurückgestellt, abgewiesen, ersetzt",
        "loaded",
    ),
    Column("size", "integer", "size of the file", "Größe der Datei", "736223", unit="bytes"),
    Column(
        "origin",
        "text",
        "address or path it came from",
        "Herkunft",
        "https://statistik.arbeitsagentur.de/…",
    ),
    Column(
        "received_at",
        "time",
        "when it was first received, UTC",
        "Eingang (UTC)",
        "2020-12-01T09:00:00+00:00",
    ),
    _RUN,
    Column(
        "findings", "integer", "how many findings it has", "Zahl der Befunde", "0", unit="findings"
    ),
)
RUNS = (
    _RUN,
    Column("command", "text", "what was run", "Befehl", "run"),
    Column(
        "source",
        "text",
        "for which source; NULL for several",
        "Quelle",
        "ba_sanktionen",
        nullable=True,
    ),
    Column("started_at", "time", "its begin, UTC", "Beginn (UTC)", "2020-12-01T09:00:00+00:00"),
    Column(
        "finished_at",
        "time",
        "its end, UTC; NULL while it runs, or if it was killed",
        "Ende (UTC)",
        "2020-12-01T09:00:02+00:00",
        nullable=True,
    ),
    Column("state", "text", "running, done, quarantined, failed or waiting", "Zustand", "done"),
    Column(
        "counts",
        "text",
        "documents, inserted, revised, unchanged, quarantined, missing; as JSON",
        "Zahlen als JSON",
        '{"documents": 1}',
    ),
)
FINDINGS = (
    _SHA,
    _FILE,
    Column(
        "source",
        "text",
        "the document's source; empty if none was recognised",
        "Quelle",
        "ba_sanktionen",
    ),
    _RUN,
    Column("code", "text", "code of the finding, see errors.md", "Kennung des Befunds", Code.JUMP),
    Column("verdict", "text", "what it means for the document", "Folge", "warn"),
    Column("what", "text", "what was found", "Was", "elb moved by 14 %"),
    Column(
        "sheet", "text", "where; empty if nowhere in particular", "Tabellenblatt", "3.2 ELB Männer"
    ),
    Column("cell", "text", "where, in A1 notation; may be empty", "Zelle", "E164"),
    Column("found", "text", "the text found; may be empty", "gefunden", "7823"),
    Column("expected", "text", "what was expected; may be empty", "erwartet", "6862"),
    Column("id", "integer", "order of the findings", "laufende Nummer", "1", unit="number"),
)
COVERAGE = (
    _SOURCE,
    Column("berichtsmonat", "month", "month of the documents", "Berichtsmonat", "2019-01-01"),
    Column(
        "state",
        "text",
        "loaded, revised or quarantined",
        "geladen, berichtigt oder zurückgestellt",
        "loaded",
    ),
    Column(
        "documents", "integer", "how many documents", "Zahl der Dokumente", "1", unit="documents"
    ),
    _STAND,
)
DECISIONS = (
    Column("id", "text", "the decision", "Kennung der Entscheidung", "5d0c7b1f9a2e"),
    _SOURCE,
    _SHA,
    Column(
        "holds",
        "text",
        "`document`, or the month from which on it counts",
        "Geltung: nur für das Dokument (document) oder ab einem Monat",
        "2020-06",
    ),
    Column("question", "text", "what was asked", "Frage", "sign:-"),
    Column("answer", "text", "what was answered", "Antwort", "sign:-"),
    Column("name", "text", "who decided", "Name", "M. Muster"),
    Column("reason", "text", "why", "Begründung", "BA-Hinweis vom Juni 2020"),
    Column("decided_at", "time", "when", "Zeitpunkt", "2020-07-01T08:15:00+00:00"),
    Column("revoked_at", "text", "when it was revoked; empty if not", "Widerruf, Zeitpunkt", ""),
    Column("revoked_by", "text", "who revoked it", "Widerruf, Name", ""),
    Column("revoked_reason", "text", "why it was revoked", "Widerruf, Begründung", ""),
)

_MEANINGS = {c.name: c for c in (*FIGURES, *DOCUMENTS)}
_COUNT = Column(
    "documents",
    "integer",
    "how many loaded documents",
    "Zahl der Dokumente",
    "33",
    unit="documents",
)
SOURCES = (
    _SOURCE,
    _COUNT,
    Column(
        "first_month",
        "month",
        "month of the earliest document; NULL if none states one",
        "erster Berichtsmonat der Dokumente",
        "2017-01-01",
        nullable=True,
    ),
    Column(
        "last_month",
        "month",
        "month of the latest document; NULL if none states one",
        "letzter Berichtsmonat der Dokumente",
        "2020-03-01",
        nullable=True,
    ),
    Column("datenstand", "day", "the latest Datenstand", "neuester Datenstand", "2020-07-01"),
)
KENNZAHLEN = (
    _MEANINGS["kennzahl"],
    Column("label", "text", "German label", "Bezeichnung", "Erwerbsfähige Leistungsberechtigte"),
    _MEANINGS["unit"],
    Column(
        "kind",
        "text",
        "bestand, bewegung, quote, jahressumme or jahreswert",
        "Art: bestand, bewegung, quote, jahressumme, jahreswert",
        "bestand",
    ),
    Column(
        "additive",
        "integer",
        "1 where values add up over regions, else 0",
        "1, wenn sich die Werte über Gebiete addieren lassen, sonst 0",
        "1",
        unit="1 or 0",
    ),
    Column("definition", "text", "what is counted", "Definition", "eLb im Bestand"),
    Column("definition_source", "text", "whose definition", "Quelle der Definition", "SGB II § 7"),
)
REGIONS = (
    _MEANINGS["region_system"],
    _MEANINGS["region_code"],
    _MEANINGS["region_name"],
    Column(
        "parent",
        "text",
        "the region above it in the publisher's table, as system:code; empty where none",
        "übergeordnetes Gebiet, als System:Schlüssel; leer ohne",
        "ags:06",
    ),
)
MONTHS = (
    _MEANINGS["berichtsmonat"],
    Column(
        "documents",
        "integer",
        "how many loaded documents are of that month; 0 where its figures stand in others",
        "Zahl der Dokumente",
        "1",
        unit="documents",
    ),
)

VIEWS: dict[str, tuple[str, tuple[Column, ...]]] = {
    "figures": ("The current version of every figure", FIGURES),
    "figures_history": ("All versions of every figure", FIGURES),
    "documents": ("Every document received", DOCUMENTS),
    "runs": ("Every run", RUNS),
    "findings": ("What was found about documents", FINDINGS),
    "coverage": ("Source × month with its state", COVERAGE),
    "decisions": ("What people decided about refused documents", DECISIONS),
    "sources": ("Every source with loaded documents", SOURCES),
    "kennzahlen": ("Every kennzahl that was ever loaded, with its definition", KENNZAHLEN),
    "regions": ("Every region that was ever loaded, under its latest name", REGIONS),
    "months": ("Every month that was ever loaded", MONTHS),
}
