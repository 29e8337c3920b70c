"""Is a new header an old one in other words? Only where place and words both say so.

A column taken for its neighbour is the worst.
"""

from __future__ import annotations

import difflib
import re

from kca_etl.german.text import squeeze

ALIKE = 0.6
# Words that tell columns apart: a header with another one of the same group is another column.
CONTRASTS = (
    ("männ", "frau", "weib", "divers"),
    ("deutsch", "ausländ"),
    ("west", "ost"),
    ("unter", "über", "ab"),
    ("zugang", "zugäng", "abgang", "abgäng", "bestand", "neu"),
    ("sgb ii", "sgb iii", "sgb ix", "sgb xii"),
    ("absolut", "%", "prozent", "anteil", "quote"),
    ("vormonat", "vorjahr"),
    ("monat", "jahr", "quartal"),
    ("minimum", "maximum"),
    ("insgesamt", "dar"),
)


def pairs(
    unknown: list[tuple[int, str]], missing: list[tuple[int, str]], declared: set[str]
) -> dict[str, str]:
    """Pair new headers with vanished ones as new → old.

    Both come with their place among the headers that fit: the gap they stand in. `declared`:
    all texts that mean something already.
    """
    out: dict[str, str] = {}
    known = {squeeze(text) for text in declared}
    for gap in {place for place, _ in unknown}:
        new = [text for place, text in unknown if place == gap and squeeze(text) not in known]
        out |= _only_fits(new, [text for place, text in missing if place == gap])
    return out


def _only_fits(new: list[str], old: list[str]) -> dict[str, str]:
    """Return the pairs of which neither text fits another one as well."""
    fits = {(n, o) for n in new for o in old if is_rename(o, n)}
    news, olds = [n for n, _ in fits], [o for _, o in fits]
    return {n: o for n, o in fits if news.count(n) == olds.count(o) == 1}


def is_rename(old: str, new: str) -> bool:
    """Tell whether two texts say the same in other words.

    `old` may hold `*`, `|` and placeholders.
    """
    return any(_alike(form, new) for form in _forms(old))


def _forms(declared: str) -> list[str]:
    forms = [""]
    for level in declared.rsplit(" || ", maxsplit=1)[-1].split(" > "):
        forms = [
            f"{form} > {choice}".removeprefix(" > ")
            for form in forms
            for choice in level.split("|")
        ]
    return [re.sub(r"\{\w+\}|\*", " ", form) for form in forms]


def _alike(old: str, new: str) -> bool:
    a, b = old.lower(), new.lower()
    if re.findall(r"\d+", a) != re.findall(r"\d+", b) or any(
        _told(a, group) != _told(b, group) for group in CONTRASTS
    ):
        return False
    words, others = set(re.findall(r"\w+", a)), set(re.findall(r"\w+", b))
    return bool(words and others) and (
        words <= others or others <= words or difflib.SequenceMatcher(None, a, b).ratio() >= ALIKE
    )


def _told(text: str, group: tuple[str, ...]) -> set[str]:
    return {
        word
        for word in group
        if re.search(rf"(?<!\w){re.escape(word)}" if word[0].isalpha() else re.escape(word), text)
    }
