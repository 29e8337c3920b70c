"""Things with a place in the text, in its order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
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


def between(items: Sequence[P], start: int, end: int) -> list[P]:
    """Return what starts in a piece of the text; `items` are in the order of the text."""
    first = bisect_left(items, start, key=_START)
    return list(items[first : bisect_left(items, end, lo=first, key=_START)]) if end > start else []
