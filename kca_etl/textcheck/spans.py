"""Things with a place in the text, in its order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Protocol, TypeVar


class Placed(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int:
        """Where it starts."""


class Spanned(Placed, Protocol):
    """Anything with a place and an end."""

    @property
    def end(self) -> int:
        """Where it ends."""


P = TypeVar("P", bound=Placed)
_START = attrgetter("start")
MAX_KNOWN_PATTERNS = 16


def between(items: Sequence[P], start: int, end: int) -> list[P]:
    """Return what starts in a piece of the text; `items` are in the order of the text."""
    first = bisect_left(items, start, key=_START)
    return list(items[first : bisect_left(items, end, lo=first, key=_START)]) if end > start else []


def first_hit(pattern: re.Pattern[str], text: str, start: int, end: int) -> int | None:
    """Return where a pattern first stands in a piece of the text; None where it does not.

    The text is searched once: a sentence of 100 kB holds thousands of figures, and each asks.
    """
    hits = _hits(pattern, text)
    at = bisect_left(hits, (start, 0))
    return hits[at][0] if at < len(hits) and hits[at][1] <= end else None


@lru_cache(MAX_KNOWN_PATTERNS)
def _hits(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [hit.span() for hit in pattern.finditer(text)]
