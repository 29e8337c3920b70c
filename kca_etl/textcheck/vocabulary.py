"""The declared words (`vocabulary.yaml`), compiled, and where they stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kca_etl.offices import folder as offices
from kca_etl.textcheck.plain import HARD


@dataclass(frozen=True, slots=True)
class Mention:
    """A declared word in the text; `name` is what the vocabulary lists it under."""

    start: int
    end: int
    name: str
    kind: str


@cache
def vocabulary() -> dict[str, Any]:
    """Return the declared vocabulary with the words of the office."""
    import yaml

    declared: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "vocabulary.yaml").read_text(encoding="utf-8")
    )
    office = offices.current()
    declared["gebiet_eigen"] = {office.region_key: list(office.words.region)}
    declared["rechtskreis"]["traeger2"] += office.words.office
    declared["gebiet_fremd"]["teil"] += office.words.parts
    return declared


def pattern(source: str) -> re.Pattern[str]:
    """Compile a declared word: any case, from the start of a word on."""
    return re.compile(rf"(?<!\w)(?:{source})", re.IGNORECASE)


@cache
def _compiled(kind: str) -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """Return where any word of a kind may start, and the words with their names."""
    declared = vocabulary()[kind]
    lists = {kind: declared} if isinstance(declared, list) else declared
    words = [
        (name, word)
        for name, entry in lists.items()
        for word in (entry["words"] if isinstance(entry, dict) else entry)
    ]
    return pattern(f"(?={'|'.join(f'(?:{word})' for _, word in words)})"), tuple(
        (name, pattern(word)) for name, word in words
    )


def mentions(text: str, *kinds: str) -> list[Mention]:
    """Return the words of these kinds in the order of the text; of overlapping ones the longest."""
    text = text.replace(HARD, " ")
    found = []
    for kind in kinds:
        starts, words = _compiled(kind)
        # One pass finds the places; only there each word is tried.
        for place in starts.finditer(text):
            hits = ((name, word.match(text, place.start())) for name, word in words)
            found += [
                Mention(hit.start(), hit.end(), name, kind)
                for name, hit in hits
                if hit and hit.end() > hit.start()
            ]
    return longest(found)


def longest(found: list[Mention]) -> list[Mention]:
    """Keep of overlapping mentions the longest, and sort by place."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if (
            mention.start not in taken and mention.end - 1 not in taken
        ):  # longer ones came first: no other overlap is left
            kept.append(mention)
            taken.update(range(mention.start, mention.end))
    return sorted(kept, key=lambda m: m.start)
