"""What stands beside the tables.

`datapackage.json` (Frictionless Data Package v1) and a README in German.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kca_etl.german.signs import SIGNS
from kca_etl.offices import folder as offices
from kca_etl.open_data import sdmx
from kca_etl.open_data.columns import TABLES, Table
from kca_etl.warehouse.views.contract import VERSION, Column
from schemas.codelists import ZEICHEN

TYPES = {
    "text": "string",
    "month": "date",
    "day": "date",
    "time": "datetime",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}
MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def identifier() -> str:
    """Return what the open data of this office are known by for ever."""
    return str(uuid5(NAMESPACE_URL, offices.current().open_data.identifier))


def datapackage(folder: Path, quellen: list[dict[str, Any]], state: str) -> dict[str, Any]:
    """Describe the tables that lie in a folder. `state`: the day that the data stand for, ISO."""
    office = offices.current()
    return {
        "profile": "data-package",
        "name": f"{office.open_data.name}-open-data",
        "id": identifier(),
        "title": office.open_data.title,
        "description": (
            "Alle Werte mit Quelle, Datenstand, Dokument, Blatt und Zelle. Geheime Werte "
            "sind auch nicht zu errechnen."
        ),
        "version": f"{VERSION}+{state}",
        "contributors": [{"title": office.publisher, "role": "publisher"}],
        "sources": [{"title": f"{q['publisher']}: {q['title']}"} for q in quellen],
        "licenses": list(
            {
                q["licence_uri"]: {"path": q["licence_uri"], "title": q["licence"]} for q in quellen
            }.values()
        ),
        "resources": [
            *(
                _resource(folder, name, table, form)
                for name, table in TABLES.items()
                for form in MEDIA
            ),
            _file(folder, sdmx.DATA, "csv", "Dieselben Zeilen wie figures.csv als SDMX-CSV 2.0"),
            _file(folder, sdmx.STRUCTURE, "xml", "Datenstruktur dazu als SDMX-ML 3.0"),
        ],
    }


def _resource(folder: Path, name: str, table: Table, form: str) -> dict[str, Any]:
    if form != "csv":
        # Readers that know Parquet read it; validators shall take it as a file.
        about = _file(folder, f"{name}.{form}", form, f"Dieselben Zeilen wie {name}.csv")
        return about | {"name": f"{name}-{form}", "title": table.title}
    about = _of_file(folder / f"{name}.{form}", form) | {"name": name, "title": table.title}
    return about | {
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": _schema(table),
    }


def _file(folder: Path, name: str, form: str, description: str) -> dict[str, Any]:
    """Describe a file that validators shall take as it is."""
    about = _of_file(folder / name, form) | {"profile": "data-resource", "type": "file"}
    return about | {"name": name.replace(".", "-"), "title": name, "description": description}


def _of_file(path: Path, form: str) -> dict[str, Any]:
    with path.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    return {
        "path": path.name,
        "format": form,
        "mediatype": MEDIA.get(form, "application/xml"),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }


def _schema(table: Table) -> dict[str, Any]:
    keys = [
        {"fields": [own], "reference": {"resource": there, "fields": [field]}}
        for own, there, field in table.refers
    ]
    return {
        "fields": [_field(c, required=c.name in table.key) for c in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    } | ({"foreignKeys": keys} if keys else {})


def _field(column: Column, *, required: bool) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[column.kind],
        "description": column.bedeutung,
        "example": column.example,
    }
    if column.kind == "time":
        about |= {"format": "any"}
    constraints: dict[str, Any] = {"required": True} if required else {}
    if column.name == "zeichen":
        constraints["enum"] = [sign for sign in ZEICHEN if sign]
    return about | ({"constraints": constraints} if constraints else {})


def readme(quellen: list[dict[str, Any]], counts: dict[str, int], withheld: int, state: str) -> str:
    """Write the folder's README, in German."""
    office = offices.current()
    lines = [
        f"# {office.open_data.title}",
        "",
        f"Herausgeber: {office.publisher} · Stand: {_day(state)} · Fassung der Spalten: {VERSION}",
        "",
        *_files_section(counts),
        *_columns_section(),
        *("## Zeichen", "", *(f"- `{sign}` {SIGNS[sign]}" for sign in ZEICHEN if sign), ""),
        *_secrecy_section(withheld),
        *_sources_section(quellen),
    ]
    return "\n".join(lines)


def _files_section(counts: dict[str, int]) -> list[str]:
    files = [
        f"| `{name}` | {table.title} | {_count(counts[name])} |" for name, table in TABLES.items()
    ]
    note = (
        "CSV: UTF-8, Komma, Punkt als Dezimalzeichen, Tage als JJJJ-MM-TT. "
        "Gebietsschlüssel sind Text: führende Nullen gehören dazu."
    )
    head = ["| Datei (.csv und .parquet) | Inhalt | Zeilen |", "|---|---|--:|"]
    more = (
        f"`{sdmx.DATA}` sind die Zeilen von `figures` als SDMX-CSV 2.0, "
        f"`{sdmx.STRUCTURE}` ist ihre Struktur."
    )
    return ["## Dateien", "", *head, *files, "", note, more, ""]


def _columns_section() -> list[str]:
    table = TABLES["figures"]
    rows = [f"| `{c.name}` | {c.bedeutung} |" for c in table.columns]
    note = f"Ein Wert ist für immer benannt durch {', '.join(f'`{k}`' for k in table.key)}."
    head = ["| Spalte | Bedeutung |", "|---|---|"]
    return ["## Spalten von `figures`", "", *head, *rows, "", note, ""]


def _secrecy_section(withheld: int) -> list[str]:
    return [
        "## Geheimhaltung",
        "",
        (
            "Geheime Werte (`*`) sind weder 0 noch zu errechnen: Wo sich ein geheimer Wert aus "
            "einer Summe, einem"
        ),
        (
            "Zwilling oder einer Quote ergäbe, ist ein weiterer Wert zurückgehalten "
            "(`withheld` = true, Zeichen `*`); ebenso frühere"
        ),
        (
            "Fassungen eines Werts, der später geheim wurde. In dieser Ausgabe betrifft das "
            f"{_count(withheld)} Werte."
        ),
        "",
    ]


def _sources_section(quellen: list[dict[str, Any]]) -> list[str]:
    sources = [f"- `{q['source']}`: {q['attribution']} Lizenz: {q['licence']}" for q in quellen]
    note = (
        "Die Quellenangabe gehört zu jeder Weitergabe; "
        "eigene Berechnungen sind als solche zu kennzeichnen."
    )
    return ["## Quellen und Lizenzen", "", *sources, "", note, ""]


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}.{month}.{year}"


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")
