"""Words for drafts: codes from labels, and texts in which a period gave way to its placeholder."""

from __future__ import annotations

import re
import unicodedata

from kca_etl.german.text import MONTHS, date_of, month_of
from kca_etl.propose.shape import is_year

YEARLY = re.compile(r"Jahres(?P<what>summe|durch-? ?schnitt)\b")


def slug(text: str) -> str:
    """A code from words: ASCII, lower case, underscores."""
    for umlaut, plain in (
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("Ä", "ae"),
        ("Ö", "oe"),
        ("Ü", "ue"),
        ("ß", "ss"),
        ("%", "prozent"),
    ):
        text = text.replace(umlaut, plain)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60].rstrip("_") or "wert"


def generic(text: str) -> str:
    """Replace a period in a text by its placeholder, so that the next issue fits as well."""
    if month_of(text) is not None:
        return "{monat}"
    if is_year(text):
        return "{jahr}"
    if date_of(text) is not None:
        return "{datum}"
    named = re.fullmatch(rf"({'|'.join(MONTHS)})\b(.*)", text, re.IGNORECASE | re.DOTALL)
    if named:
        return "{monatsname}" + (" *" if named[2].strip() else "")
    return re.sub(r"\b(?:19|20)\d{2}\b", "{jahr}", text) if YEARLY.match(text) else text


def yearly_suffix(text: str) -> str:
    """What lengthens a kennzahl in a year's column or row; '' for any other text."""
    found = YEARLY.match(text)
    return (
        ""
        if found is None
        else "+_jahressumme"
        if found["what"] == "summe"
        else "+_jahresdurchschnitt"
    )


def quoted(text: str) -> str:
    """A text as YAML takes it, whatever it holds."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def meaning(sign: str) -> str:
    """The sign of our own list that looks like a publisher's; a person has to confirm it."""
    return {"–": "-", "…": "...", "X": "x", "/": ".", "•": "."}.get(sign, sign)
