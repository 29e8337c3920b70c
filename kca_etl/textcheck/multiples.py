"""How many times as many: `verdoppelt`, `mehr als verdreifacht`, `nahezu halbiert`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_TIMES = {
    "verdoppel": 2, "doppelt": 2, "verdreifach": 3, "dreifach": 3, "dreimal": 3,
    "vervierfach": 4, "vierfach": 4, "viermal": 4, "verfünffach": 5, "fünffach": 5, "fünfmal": 5,
    "verzehnfach": 10, "halb": 2,
}  # fmt: skip
_HEDGES = {
    "ueber": r"(?:weit |deutlich |gut )?mehr als|über|gut|reichlich",
    "knapp": r"fast|nahezu|knapp|beinahe|annähernd|nicht ganz|praktisch",
    "rund": r"rund|etwa|ungefähr|in etwa|circa|ca\.|quasi",
}
# How far from the plain multiple a change may be to be one, and from where on it is none.
_CLOSE, _FAR = Decimal("0.05"), Decimal("0.15")
_CLOSE_ROUND, _FAR_ROUND = Decimal("0.1"), Decimal("0.25")
_MUCH_MORE = Decimal("0.35")


@dataclass(frozen=True, slots=True)
class Multiple:
    """A claimed multiple: 2 for `verdoppelt` as for `halbiert`; `down` tells the two apart."""

    times: int
    down: bool
    hedge: str = ""


def multiple(words: str) -> Multiple:
    """Read the words of a multiple."""
    low = words.lower()
    times = next(n for stem, n in _TIMES.items() if stem in low)
    hedges = (name for name, hedge in _HEDGES.items() if re.match(rf"(?:{hedge})\b", low))
    return Multiple(times, "halb" in low, next(hedges, ""))


def holds(said: Multiple, now: Decimal, then: Decimal) -> bool | None:
    """Tell whether a figure is that multiple of the earlier one.

    None if it may be called so or not: 1.88 times is hardly `verdoppelt`, but no error.
    """
    above, below = (then, now) if said.down else (now, then)
    if now <= 0 or then <= 0:
        return None
    share = above / below / said.times - 1  # 0: exactly that multiple
    if said.hedge == "ueber":
        return _more(share)
    if said.hedge == "knapp":
        return _nearly(share)
    close, far = (_CLOSE_ROUND, _FAR_ROUND) if said.hedge else (_CLOSE, _FAR)
    if abs(share) <= close:
        return True
    return None if -far <= share <= max(far, _MUCH_MORE) else False


def _more(share: Decimal) -> bool | None:
    if share <= 0:
        return False
    return True if share < 1 else None


def _nearly(share: Decimal) -> bool | None:
    if -_FAR <= share < 0:
        return True
    return None if -_FAR_ROUND <= share <= Decimal("0.01") else False
