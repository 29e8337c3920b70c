"""What somebody may have meant: the known names nearest to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MAX_NAMES = 3
MIN_LIKENESS = 0.6  # of 1; a slip of the pen, two swapped letters, a missing word


def nearest(name: str, known: Iterable[str], most: int = MAX_NAMES) -> list[str]:
    """Return the names most like one, the nearest first; none where nothing is like it.

    Names that begin with it or hold it come before those that are only written alike.
    """
    by_small = {one.lower(): one for one in known}
    small = name.lower()
    if small in by_small:
        return [by_small[small]]
    inside = sorted((one for one in by_small if small and small in one), key=len)
    alike = get_close_matches(small, by_small, most, MIN_LIKENESS)
    return [by_small[one] for one in dict.fromkeys([*inside[:most], *alike])][:most]


def meant(name: str, known: Iterable[str]) -> str:
    """Return the nearest names as one text: `kiel or koeln`; all names where none is like it."""
    there = list(known)
    return " or ".join(nearest(name, there)) or ", ".join(there[:MAX_NAMES]) + " …"
