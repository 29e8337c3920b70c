"""What comes out of a check: one claim per number and per word of direction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kca_etl.textcheck.book import Cell, Truth

Verdict = Literal[
    "belegt", "widerspricht", "schlüssig", "unschlüssig", "nicht zuordenbar", "nicht prüfbar"
]
# By the warehouse, by the text's own numbers, not at all.
PROVEN: Verdict = "belegt"
WRONG: Verdict = "widerspricht"
SOUND: Verdict = "schlüssig"
UNSOUND: Verdict = "unschlüssig"
UNKNOWN: Verdict = "nicht zuordenbar"
UNTESTABLE: Verdict = "nicht prüfbar"  # a date, a name, an intention: no figure of a month
VERDICTS = (PROVEN, WRONG, SOUND, UNSOUND, UNKNOWN, UNTESTABLE)
JUDGED = frozenset({PROVEN, WRONG, SOUND, UNSOUND})
REFUSED = frozenset({WRONG, UNSOUND})


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A number or a word of direction and what the warehouse says to it.

    `start` and `end` are places in the text as given. `expected` is the right figure in German
    notation; `where` holds the cells that it comes from. Kennzahl and month are those that the
    text was understood to speak of. `number` tells a number from a word of direction.
    """

    start: int
    end: int
    text: str
    verdict: Verdict
    reason: str
    kennzahl: str = ""
    month: date | None = None
    base: date | None = None
    expected: str = ""
    where: tuple[Cell, ...] = ()
    number: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict before it is tied to its place."""

    verdict: Verdict
    reason: str
    truth: Truth | None = None
    expected: str = ""
