"""Addresses of the website's pages: made from identities alone, valid for ever (docs/site.md)."""

from __future__ import annotations

import re
from hashlib import sha256

START, MONTHS, KENNZAHLEN, SOURCES = "index.html", "monate.html", "kennzahlen.html", "quellen.html"
REVISIONS, DATA, GLOSSARY = "revisionen.html", "daten.html", "glossar.html"
SEARCH, IMPRINT, FEED = "suche.html", "impressum.html", "feed.xml"
STYLE, SCRIPT, INDEX = "site.css", "suche.js", "suche-index.js"


def month_page(month: str) -> str:
    """Return the page of a month (`2020-11`)."""
    return f"monat/{month}.html"


def kennzahl_page(source: str, code: str) -> str:
    """Return the page of a kennzahl as one source states it."""
    return f"kennzahl/{source}/{code}.html"


def proof_page(source: str, code: str, month: str) -> str:
    """Return the page that proves all figures of a source's kennzahl and month."""
    return f"beleg/{source}/{code}/{month}.html"


def source_page(source: str) -> str:
    """Return the page of a source."""
    return f"quelle/{source}.html"


def data_file(source: str, code: str, form: str) -> str:
    """Return a download of a kennzahl: csv, json or xlsx."""
    return f"daten/{source}/{code}.{form}"


def anchor(region: str, gliederung: str) -> str:
    """Return the id of a figure on its proof page: its region and gliederung.

    A name whose letters cannot all stand in an address ends with a piece of its hash.
    """
    name = f"{region}.{gliederung}".replace(":", "-").replace("=", "-").replace(",", ".")
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    if plain == name:
        return plain
    return f"{plain}-{sha256(name.encode()).hexdigest()[:6]}"


def relative(target: str, page: str) -> str:
    """Return the way from one page to another."""
    return "../" * page.count("/") + target
