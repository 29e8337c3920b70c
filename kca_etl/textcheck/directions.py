"""Words of direction.

`gestiegen`, `weniger als`, `unverändert`, `nahezu unverändert`, `nicht gestiegen`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kca_etl.textcheck.amounts import Amount
from kca_etl.textcheck.multiples import Multiple, multiple
from kca_etl.textcheck.spans import between
from kca_etl.textcheck.times import Time
from kca_etl.textcheck.vocabulary import Mention, mentions, vocabulary

SENSES = {
    "auf": 1,
    "vergleich_auf": 1,
    "ab": -1,
    "vergleich_ab": -1,
    "gleich": 0,
    "niveau": 0,
    "stabil": 0,
    "anders": None,
    "vielfach": None,
}
# No direction although the word is there: an infinitive (what is wanted), `nicht mehr`, `immer
# mehr`, `mehr und mehr`.
_NO_CLAIM = re.compile(
    r"(?<!\w)(?:zu|nicht|immer|umso|nie|keine?|kein|viel|desto|nichts|noch) \Z", re.IGNORECASE
)
_PAST = re.compile(r"(?<!\w)nach (?:einem|dem|mehreren)(?: \w+)? \Z", re.IGNORECASE)
_INFINITIVE = re.compile(r"(?<!\w)(?:weiter )?zu \Z", re.IGNORECASE)
_NEAR = 30


@dataclass(frozen=True, slots=True)
class Direction:
    """A claim of direction: `sense` +1, -1, 0, None for any change; `denied` says it is not so.

    `room` is left for small changes: 0 none, 1 of counts, 2 of rates too.
    """

    start: int
    end: int
    sense: int | None
    compares: bool = False
    room: int = 0
    denied: bool = False
    multiple: Multiple | None = None


@cache
def _said_before(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){vocabulary()[kind]}", re.IGNORECASE)


def directions(text: str, figures: Sequence[Amount], times: Sequence[Time]) -> list[Direction]:
    """Return the words of direction in the order of the text."""
    return [
        _direction(text, word)
        for word in mentions(text, "richtung")
        if _claims(text, word, figures, times)
    ]


def _direction(text: str, word: Mention) -> Direction:
    before = text[max(0, word.start - 40) : word.start]
    if word.name == "vielfach":
        said = multiple(text[word.start : word.end])
        return Direction(word.start, word.end, -1 if said.down else 1, multiple=said)
    return Direction(
        word.start,
        word.end,
        SENSES[word.name],
        compares=word.name.startswith("vergleich"),
        room=2
        if word.name == "stabil" or _said_before("etwa").search(before)
        else int(word.name == "niveau"),
        denied=_said_before("nicht").search(before) is not None,
    )


def _claims(text: str, word: Mention, figures: Sequence[Amount], times: Sequence[Time]) -> bool:
    before, own = text[max(0, word.start - 20) : word.start], text[word.start : word.end].lower()
    inside = any(
        a.start <= word.start < a.stop for a in between(figures, word.start - _NEAR, word.start + 1)
    )
    if inside or _INFINITIVE.search(before) or _PAST.search(before):
        return False
    if own in ("über", "unter", "oberhalb", "unterhalb"):
        return any(t.base for t in between(times, word.end, word.end + _NEAR))
    if not word.name.startswith("vergleich"):
        return True
    hedged = any(
        re.fullmatch(r" als(?: \w+)? ?", text[word.end : a.start])
        for a in between(figures, word.end, word.end + _NEAR)
    )
    return not hedged and not _NO_CLAIM.search(before)
