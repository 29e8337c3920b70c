"""What the texts above a table say about all of it: its period, its region, its breakdown."""

from __future__ import annotations

import re

from kca_etl.extract.layout import texts_above
from kca_etl.german.month_texts import without_asides
from kca_etl.german.text import MONTHS, literal, pattern
from kca_etl.propose.kinds import is_year
from kca_etl.propose.shape import Shape
from kca_etl.propose.wording import slug
from kca_etl.tidy.periods import resolve
from kca_etl.tidy.regions import region_of
from schemas.regions import names as registered

# From the most to the least telling.
PERIODS = (
    "Berichtsmonat: {monat}",
    "Berichtsmonat {monat}",
    "Berichtsjahr: {jahr}",
    "Berichtsjahr {jahr}",
    "Stichtag: {datum}",
    "Stichtag {datum}",
    "Jahr: {jahr}",
    "Jahr {jahr}",
    "Schuljahr: {schuljahr}",
    "{schuljahr}",
    "{datum}",
    "{jahr}",
    "*Stichtag*{datum}*",
    "* am {datum}*",
    "*zum {datum}*",
    "*Schuljahr {schuljahr}*",
    "*{monat}",
    "*- {datum} -*",
    "*{datum}",
    "*({jahr})",
    "* {jahr} *",
    "* {jahr}",
)
NOT_PERIOD = re.compile(
    r"Stand:?\b|Datenstand|Erstell|Gebietsstand|Gebietsreform|Herausgeg|©", re.IGNORECASE
)
AREA = re.compile(r"(\d{5}|\d{8})\s+(.+?)\s*(\(Gebietsstand.*)?", re.DOTALL)
# What a label column breaks down by, told by its texts; the first that half of them fit counts.
KEYS = tuple(
    (key, re.compile(rf".*(?:{texts}).*", re.IGNORECASE))
    for key, texts in (
        ("geschlecht", r"männlich|weiblich|divers|\bMänner\b|\bFrauen\b"),
        ("nationalitaet", r"\bDeutsche|Ausländer|Nichtdeutsche|staatsangehörig"),
        ("groessenklasse", r"\bha\b|Beschäftigten?$|Personen$|m²|m2|qm\b"),
        ("alter", r"Jahre?n?\b|jährig|Alter|^u\d\d|^\d+ bis (?:unter )?\d+"),
        ("wirtschaftszweig", r"\(\s*[A-U](?:\s*[-,]\s*[A-U])*\s*\)|^\d\d |Gewerbe"),
    )
)


def stated_period(shape: Shape, *, document: bool) -> str:
    """Return the pattern of the text above a table that names its one period; '' if none does.

    `document`: the document states a month of its own; then a table's period is another one only
    where it says so in words (`Jahressumme 2019`).
    """
    if document:
        return _worded_year(shape)
    above = [without_asides(text) for _, _, text in texts_above(shape.grid, shape.top)]
    texts = [text for text in above if re.search(r"\d", text)]
    for wanted in PERIODS:
        stated = filter(None, (_read(wanted, text) for text in texts))
        months = {resolve(groups, None) for groups in stated}
        if len(months) == 1 and None not in months:
            return wanted
    return ""


def _worded_year(shape: Shape) -> str:
    for _, _, text in reversed(texts_above(shape.grid, shape.top)):
        found = re.fullmatch(r"(\D*?)((?:19|20)\d{2})", text)
        words = found[1] if found else ""
        if words.strip() and not re.search(rf"stand|{'|'.join(MONTHS)}", words, re.IGNORECASE):
            return literal(words) + "{jahr}"
    return ""


def _read(wanted: str, text: str) -> dict[str, str] | None:
    if NOT_PERIOD.match(text) or (wanted == "{datum}" and is_year(text)):
        return None
    return pattern(wanted).match(text)


def stated_region(shape: Shape) -> tuple[str, str]:
    """Return the region that the texts above a table name, and its code system.

    A code with a name is a pattern, so that the issue of another area fits as well; a name alone
    is fixed. Both are '' where no text names an area.
    """
    texts = [text for _, _, text in texts_above(shape.grid, shape.top)]
    coded = (AREA.fullmatch(text) for text in texts)
    for found in coded:
        if found and found[2][:1].isalpha():
            return "{code} {name}" + (" (Gebietsstand*" if found[3] else ""), found[1]
    return _named_region(texts), ""


def _named_region(texts: list[str]) -> str:
    """Return Deutschland, the Land or the one Kreis that a text or a part of it names."""
    parts = [part.strip() for text in texts for part in (text, *re.split(r"[,;:–]", text))]
    official = (region_of("", part, {}) for part in parts)
    if (region := next(filter(None, official), None)) is not None:
        return f"{region.system}:{region.code} {region.name}"
    keys = registered.by_whole_name()
    named = {(key, text) for text in texts for key in keys.get(registered.whole(text), ())}
    kreise = [f"{key} {text}" for key, text in named if key.startswith("ags:")]
    return kreise[0] if len(kreise) == 1 else ""


def gliederung_key(header: str, texts: list[str]) -> str:
    """Name what a column breaks down by: its header's own words, else told by its texts."""
    if header:
        plain = re.sub(r"[^a-z_]+", "", slug(header)).strip("_")
        return plain or "merkmal"
    for key, wanted in KEYS:
        fitting = sum(wanted.fullmatch(text) is not None for text in texts)
        if fitting * 2 >= len(texts):
            return key
    return "merkmal"
