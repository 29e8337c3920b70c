"""Which Kreise and Jobcenter a text names, and what only looks like one.

Many names of Kreise are words, rivers, towns or family names as well (Essen, Lippe, Roth). Those
count only beside a word that says what they are (`Jobcenter`, `Landkreis`), or where a title
holds nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kca_etl.german.text import MONTHS
from schemas.regions import names

_WORD = re.compile(r"[^\W\d_]+|\d+")
REGION_WORDS = {"jobcenter", "jobcenters", "jc", "landkreis", "landkreises", "kreis", "kreises"}
REGION_WORDS |= {"lk", "stadt", "landeshauptstadt", "hansestadt", "städteregion", "kreisverwaltung"}
REGION_WORDS |= {"region", "regionalverband", "träger", "gebiet", "gebietseinheit", "kommune"}
REGION_WORDS |= {"arge", "center", "arbeit", "optionskommune", "dienststelle", "kreisgebiet"}
WORDS_BEHIND = {"landkreis", "kreis", "krfr", "kreisfreie", "stadtkreis", "jobcenter", "stadt"}
CODE_WORDS = {"ags", "schlüssel", "kreisschlüssel", "gemeindeschlüssel", "regionalschlüssel"}
CODE_WORDS |= {"regionsschlüssel", "trägernummer", "träger", "nummer", "nr", "kennziffer"}
LINKING_WORDS = {"der", "des", "die", "im", "in", "für", "von", "vom", "und", "den", "dem", "zum"}
# What stands before a name that means another kind of area, a person, or what is left out.
OTHER_WORDS = {"agentur", "agenturbezirk", "regierungsbezirk", "regierungspräsidium", "rp"}
OTHER_WORDS |= {"ohne", "außer", "herr", "herrn", "frau", "dr", "regionaldirektion"}
TITLE_WORDS = {"monatszahlen", "monat", "berichtsmonat", "zahlen", "statistik", "überblick"}
TITLE_WORDS |= {"jahresblatt", "jahresübersicht", "jahr", "kennzahlen", "sgb", "ii", "sgbii"}
TITLE_WORDS |= {"stand", "datenstand", "grundsicherung", "arbeitsmarkt", "arbeitslose", "bericht"}
TITLE_WORDS |= (
    {"monatsbericht", "blatt", "tabelle", *MONTHS}
    | LINKING_WORDS
    | names.CITY_WORDS
    | names.COUNTY_WORDS
)
OFFICE_LABELS = {"jobcenter", "kreis", "landkreis", "träger", "region", "gebiet", "dienststelle"}
NO_OFFICE = {"gesamt", "insgesamt", "alle"}
WORDS_LOOKED_BACK = 3
MAX_NAME_WORDS = 6
POSTCODE_DIGITS = 5
_OFFICE = re.compile(r"\s*([^\W\d_]+)\s*:\s*(\D+?)\s*$")


Part = Literal["title", "body", "label", "note", "file name"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A region named in a text: the keys it can mean (`ags:05315`), and as it is written."""

    keys: frozenset[str]
    written: str


@dataclass(frozen=True)
class Text:
    """A cell's text with the filled cell left of it, and which part of the document it is."""

    shown: str
    left: str = ""
    part: Part = "title"

    @cached_property
    def spelled(self) -> list[str]:
        """The words and numbers in order."""
        return _WORD.findall(self.shown)

    @cached_property
    def before(self) -> list[str]:
        """The words of the cell on the left, in lower case."""
        return [word.lower() for word in _WORD.findall(self.left)]

    def holds(self, name: str) -> bool:
        """Tell whether the text holds a name word by word."""
        wanted, said = _WORD.findall(name), self.spelled
        if not wanted:
            return False
        starts = range(len(said) - len(wanted) + 1)
        return any(said[i : i + len(wanted)] == wanted for i in starts)

    def stated_office(self) -> str:
        """Return the name that a label such as `Jobcenter:` states here; '' if none does."""
        found = _OFFICE.match(self.shown) or _OFFICE.match(
            f"{self.left.rstrip(': ')}: {self.shown}"
        )
        if (
            self.part != "title"
            or found is None
            or found[1].lower() not in OFFICE_LABELS
            or found[2].lower() in NO_OFFICE
        ):
            return ""
        return found[2] if found[2][:1].isupper() else ""


def mentions(text: Text) -> Iterator[Mention]:
    """Find the Kreise and Jobcenter that a text names, from left to right, longest names first."""
    said = text.spelled
    lower = [word.lower() for word in said]
    i = 0
    while i < len(said):
        length = _longest_name(lower, i) if said[i][0].isupper() else 0
        keys = _named(text, lower, i, length) if length else _coded(text, lower, i)
        if keys:
            yield Mention(keys, " ".join(said[i : i + (length or 1)]))
        i += length or 1


def _longest_name(lower: list[str], start: int) -> int:
    """Return how many words from here on are the name of a region, 0 for none."""
    known = names.forms()
    lengths = range(min(MAX_NAME_WORDS, len(lower) - start), 0, -1)
    return next((n for n in lengths if tuple(lower[start : start + n]) in known), 0)


def _named(text: Text, lower: list[str], start: int, length: int) -> frozenset[str]:
    form = names.forms()[tuple(lower[start : start + length])]
    counts = _counts(text, lower, start, start + length, plain=form.plain)
    return form.keys if counts else frozenset()


def _counts(text: Text, lower: list[str], start: int, end: int, *, plain: bool) -> bool:
    """Tell whether a name means a Kreis or Jobcenter where it stands."""
    near = (*text.before, *lower[:start])[-WORDS_LOOKED_BACK:]
    if _follows_postcode(lower, start) or OTHER_WORDS.intersection(near):
        return False
    linked = [word for word in near if word not in LINKING_WORDS]
    announced = bool(linked) and linked[-1] in REGION_WORDS
    explained = end < len(lower) and lower[end] in WORDS_BEHIND
    return plain or announced or explained or _stands_alone(text, lower[:start] + lower[end:])


def _follows_postcode(lower: list[str], start: int) -> bool:
    before = lower[start - 1] if start else ""
    return before.isdigit() and len(before) == POSTCODE_DIGITS


def _stands_alone(text: Text, rest: list[str]) -> bool:
    """Tell whether a text holds a name and nothing but the words of a title."""
    if text.part == "note" or (text.part == "title" and text.before):
        return False
    return all(word in TITLE_WORDS or word.isdigit() for word in rest)


def _coded(text: Text, lower: list[str], i: int) -> frozenset[str]:
    """Return the region of a code behind a word that announces one."""
    near = (*text.before, *lower[:i])[-WORDS_LOOKED_BACK:]
    code = lower[i].zfill(POSTCODE_DIGITS)
    if not lower[i].isdigit() or not CODE_WORDS.intersection(near):
        return frozenset()
    known = [key for key in (f"ags:{code}", f"traeger:{code}") if key in names.names()]
    return frozenset(known)


def initials(name: str) -> str:
    """Return the initials by which an office is known: `Amt für Arbeit Neustadt` → AAN."""
    letters = "".join(word[0] for word in _WORD.findall(name) if word[0].isupper())
    return letters if len(letters) > 2 else name  # noqa: PLR2004 - two letters are any word's


def written_names(publisher: str) -> list[str]:
    """Return the parts of a publisher's name, and their initials."""
    parts = [part.strip() for part in publisher.split(",")]
    return [*parts, *map(initials, parts)]
