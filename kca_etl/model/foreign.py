"""Foreign text where people or programs read it: shown, never obeyed."""

from __future__ import annotations

import re
from typing import IO, Any

# A cell that begins like this is a formula to a spreadsheet (OWASP: CSV injection); a `-` alone is
# a sign of the publisher's.
FORMULA = r"^(?:[=+@\t\r\n]|-.)"
_FORMULA = re.compile(FORMULA)
# Controls move a terminal's cursor or break its lines; the others turn the direction of reading.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Write what a terminal would obey as an escape: an ESC becomes `\x1b`, a line break `\n`."""
    return _OBEYED.sub(lambda found: ascii(found[0])[1:-1], text) if text else text


class Shown:
    """A terminal that foreign text cannot command, whoever prints it."""

    def __init__(self, terminal: IO[str]) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Write text with what the terminal would obey written out; lines and tabs stay."""
        return self._terminal.write("".join(map(_line, text.splitlines(keepends=True))))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a terminal has
        return getattr(self._terminal, name)


def _line(text: str) -> str:
    ending = "\n" if text.endswith("\n") else ""
    return "\t".join(visible(part) for part in text.removesuffix(ending).split("\t")) + ending


def not_a_formula(text: str) -> str:
    """Put `'` before a text that a spreadsheet would take for a formula, as OWASP advises."""
    return f"'{text}" if _FORMULA.match(text) else text
