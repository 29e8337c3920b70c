"""Words for drafts: codes from labels, and texts in which a period gave way to its placeholder."""

from __future__ import annotations

import re
import unicodedata

from kca_etl.german.text import MONTHS, date_of, literal, month_of
from kca_etl.propose.kinds import is_school_year, is_year

YEAR = re.compile(r"(?<![\d.,/-])(?:19|20)\d{2}(?![\d.,/-])")
# Years that are classes of buildings or births, or bounds of a span, are no periods.
SPAN = re.compile(
    r"\b(?:vor|bis|nach|ab|seit|von|zwischen|später|älter)\b|baujahr|geb|erricht|[-–]",
    re.IGNORECASE,
)
WHOLE = {"insgesamt", "gesamt", "zusammen"}  # labels of a breakdown's total
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
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "wert"


def generic(text: str) -> str:
    """Replace a period in a text by its placeholder, so that the next issue fits as well.

    Any other text is returned as it is.
    """
    if month_of(text) is not None:
        return "{monat}"
    if is_year(text):
        return "{jahr}"
    if date_of(text) is not None:
        return "{datum}"
    if is_school_year(text):
        return "{schuljahr}"
    named = re.fullmatch(rf"({'|'.join(MONTHS)})\b(.*)", text, re.IGNORECASE | re.DOTALL)
    if named and not SPAN.search(named[2]):
        return "{monatsname}" + (" *" if named[2].strip() else "")
    return YEAR.sub("{jahr}", text) if YEARLY.match(text) else text


def with_year(text: str) -> str:
    """Replace the only year in a header's words.

    `Bevölkerung 2015` names one, `1949 bis 1978` none.
    """
    whole = generic(text)
    if whole != text or len(YEAR.findall(text)) != 1 or SPAN.search(text):
        return whole
    before, after = YEAR.split(text)
    return f"{literal(before)}{{jahr}}{literal(after)}"


def declared(text: str, form: str) -> str:
    """Return a header's text as a declaration matches it: `form`, or the text and nothing else."""
    plain = literal(text) if form == text else form
    return plain.replace(" > ", "*>*")


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
