"""The figures of the pages as files: per kennzahl CSV, JSON and XLSX, described by a data package.

The same rows in each form but the workbook, which holds the office's region only. Secret and
withheld numbers are `*` in all of them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from kca_etl.offices import folder as offices
from kca_etl.open_data.describe import TYPES, identifier
from kca_etl.open_data.files import WITHHELD
from kca_etl.site import addresses
from kca_etl.site.context import Shell, Site
from kca_etl.site.publish import Page, digest
from kca_etl.site.shown import Shown, Topic
from kca_etl.sources import registry
from kca_etl.warehouse.views.contract import FIGURES, Column

PACKAGE = "daten/datapackage.json"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
           "strings_to_numbers": False}  # fmt: skip
COLUMNS: tuple[Column, ...] = (*(c for c in FIGURES if c.name != "run_id"), WITHHELD)


def pages(site: Site, shell: Shell) -> Iterator[Page]:
    """Return all files, and the page that leads to them."""
    resources, groups = [], []
    for source in site.sources:
        lines = []
        for topic in (t for t in site.stock.topics if t.source == source):
            rows = _rows(site, topic)
            content = _csv(rows)
            resources.append(_resource(site, topic, content))
            yield from _files(shell, topic, rows, content)
            files = [(f.upper(), addresses.data_file(source, topic.code, f)) for f in FORMS]
            lines.append((site.label(topic), topic.page, len(rows), files))
        groups.append((registry.load(source).title, registry.load(source).licence, lines))
    package = _package(site, resources)
    yield Page(PACKAGE, digest(package), lambda: package)
    yield shell.page(
        addresses.DATA,
        "daten.html.j2",
        "Daten zum Herunterladen",
        groups=groups,
        package=PACKAGE,
        columns=[(c.name, c.bedeutung) for c in COLUMNS],
    )


FORMS = ("csv", "json", "xlsx")


def _files(
    shell: Shell, topic: Topic, rows: Sequence[dict[str, Any]], content: bytes
) -> Iterator[Page]:
    inputs = digest(content, shell.program)
    for form in FORMS:
        address = addresses.data_file(topic.source, topic.code, form)
        if form == "csv":
            yield Page(address, inputs, lambda: content)
        elif form == "json":
            yield Page(address, inputs, lambda: _json(rows))
        else:
            yield Page(address, inputs, lambda: _xlsx(topic, rows))


def _rows(site: Site, topic: Topic) -> list[dict[str, Any]]:
    """Return all versions of a kennzahl's figures as columns of the view."""
    out = []
    for (source, code, _), figures in site.stock.proofs.items():
        if (source, code) == (topic.source, topic.code):
            for versions in figures.values():
                out += [_row(v) for v in versions]
    out.sort(
        key=lambda r: (
            r["berichtsmonat"], r["region_system"], r["region_code"], r["gliederung"],
            r["known_from"],
        )
    )  # fmt: skip
    return out


def _row(shown: Shown) -> dict[str, Any]:
    system, _, code = shown.region.partition(":")
    return {
        "source": shown.source,
        "berichtsmonat": f"{shown.month}-01",
        "kennzahl": shown.kennzahl,
        "gliederung": shown.gliederung,
        "region_system": system,
        "region_code": code,
        "region_name": shown.region_name,
        "value": shown.value,
        "zeichen": shown.zeichen or None,
        "unit": shown.unit,
        "status": shown.status,
        "datenstand": shown.datenstand,
        "known_from": shown.datenstand,
        "known_to": shown.known_to or None,
        "document_sha256": shown.sha256,
        "file_name": shown.file_name,
        "sheet": shown.sheet,
        "cell": shown.cell,
        "withheld": shown.withheld,
    }


def _csv(rows: Sequence[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in COLUMNS])
    for row in rows:
        writer.writerow([_field(row[c.name]) for c in COLUMNS])
    return out.getvalue().encode()


def _field(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def _json(rows: Sequence[dict[str, Any]]) -> bytes:
    return (json.dumps(list(rows), ensure_ascii=False, indent=0) + "\n").encode()


def _xlsx(topic: Topic, rows: Sequence[dict[str, Any]]) -> bytes:
    """Write one sheet with real numbers under a header that stays in sight."""
    from xlsxwriter import Workbook

    mine = [row for row in rows if f"{row['region_system']}:{row['region_code']}" == topic.region]
    out = io.BytesIO()
    book = Workbook(out, OPTIONS)
    stand = max(row["datenstand"] for row in mine)
    book.set_properties({"title": topic.label, "created": datetime.fromisoformat(stand)})
    sheet = book.add_worksheet("Zahlen")
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, about in enumerate(COLUMNS):
        sheet.write_string(0, column, about.name, bold)
        sheet.set_column(column, column, 18)
    for at, row in enumerate(mine, 1):
        for column, about in enumerate(COLUMNS):
            value = row[about.name]
            if isinstance(value, float):
                sheet.write_number(at, column, value)
            elif value is not None:
                sheet.write_string(at, column, _field(value))
    book.close()
    return out.getvalue()


def _resource(site: Site, topic: Topic, content: bytes) -> dict[str, Any]:
    return {
        "name": f"{topic.source}-{topic.code}".replace("_", "-"),
        "title": f"{site.label(topic)} ({registry.load(topic.source).title})",
        "path": addresses.data_file(topic.source, topic.code, "csv").removeprefix("daten/"),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": {
            "fields": [
                {"name": c.name, "type": TYPES[c.kind], "description": c.bedeutung} for c in COLUMNS
            ],
            "missingValues": [""],
        },
    }


def _package(site: Site, resources: list[dict[str, Any]]) -> bytes:
    office = offices.current()
    declared = [registry.load(source) for source in site.sources]
    package = {
        "profile": "data-package",
        "name": f"{office.open_data.name}-website",
        "id": f"{identifier()}-website",
        "title": office.open_data.title,
        "description": "Die Zahlen der Website, jede mit Dokument, Blatt und Zelle.",
        "contributors": [{"title": office.publisher, "role": "publisher"}],
        "sources": [{"title": f"{d.publisher}: {d.title}"} for d in declared],
        "resources": resources,
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()
