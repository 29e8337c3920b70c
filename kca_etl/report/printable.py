"""Foreign text made fit to print: what a reader cannot see or a font cannot show becomes a box."""

from __future__ import annotations

import unicodedata
from typing import Any

BOX = "□"
# Up to here, and Greek and Cyrillic, the fonts that ship with the typesetter have every letter
_LATIN = 0x250
_GREEK, _CYRILLIC = range(0x370, 0x400), range(0x400, 0x460)
_MORE = frozenset("‐‑‒–—―‘’‚‛“”„‟†‡•…‰′″‹›€™−≈≠≤≥" + BOX)


def plain(text: str) -> str:
    """Put a box for every character that controls instead of showing.

    Line ends, escapes, changes of direction.
    """
    if text.isprintable():
        return text
    return "".join(
        BOX if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else c
        for c in text
    )


def settable(text: str) -> str:
    """Put a box for every character the embedded fonts lack.

    A tagged PDF must not hold a letter it cannot show.
    """
    return "".join(c if c in _MORE or _simple(c) else BOX for c in plain(text))


def settable_all(data: Any) -> Any:  # noqa: ANN401 - the nested data of a page
    """Apply `settable` to every text within; drawn pictures pass unchanged."""
    if isinstance(data, dict):
        return {key: value if key == "svg" else settable_all(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [settable_all(value) for value in data]
    return settable(data) if isinstance(data, str) else data


def _simple(char: str) -> bool:
    code = ord(char)
    return code < _LATIN or code in _GREEK or code in _CYRILLIC
