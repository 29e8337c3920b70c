"""The outcome of a text check in German, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from kca_etl.german.months import month_name
from kca_etl.textcheck.results import PROVEN, UNKNOWN, WRONG, CheckedClaim

AROUND = 28
_LABELS = {PROVEN: "belegt", WRONG: "WIDERSPRICHT", UNKNOWN: "nicht zuordenbar"}


def render(claims: Sequence[CheckedClaim], text: str) -> str:
    """Return one line per claim with its place in the text, the summary last.

    Ends with a newline.
    """
    lines = [_line(claim, text) for claim in claims]
    return "\n".join([*lines, summary(claims)]) + "\n"


def summary(claims: Sequence[CheckedClaim]) -> str:
    """Return `6 belegt · 0 widersprechen · 5 nicht zuordenbar`."""
    count = {verdict: sum(c.verdict == verdict for c in claims) for verdict in _LABELS}
    wrong = "widerspricht" if count[WRONG] == 1 else "widersprechen"
    return f"{count[PROVEN]} belegt · {count[WRONG]} {wrong} · {count[UNKNOWN]} nicht zuordenbar"


def exit_code(claims: Sequence[CheckedClaim]) -> int:
    """Return 1 if a claim contradicts the warehouse, else 0.

    What cannot be checked stops nobody.
    """
    return int(any(c.verdict == WRONG for c in claims))


def _line(claim: CheckedClaim, text: str) -> str:
    row = text.count("\n", 0, claim.start) + 1
    parts = [f"Zeile {row}: {_quote(claim, text)}", f"{_LABELS[claim.verdict]}{_of(claim)}"]
    if claim.verdict == WRONG:
        parts.append(f"richtig: {claim.expected}")
    parts += [claim.reason] if claim.reason else []
    parts += ["; ".join(str(cell) for cell in claim.where)] if claim.where else []
    return " · ".join(parts)


def _quote(claim: CheckedClaim, text: str) -> str:
    before = " ".join(text[max(0, claim.start - AROUND) : claim.start].split(" ")[1:]).replace(
        "\n", " "
    )
    after = " ".join(text[claim.end : claim.end + AROUND].split(" ")[:-1]).replace("\n", " ")
    return f"„…{before}»{claim.text}«{after}…“"


def _of(claim: CheckedClaim) -> str:
    if not claim.kennzahl or claim.month is None:
        return ""
    base = f" gegen {month_name(claim.base)}" if claim.base else ""
    return f" ({claim.kennzahl}, {month_name(claim.month)}{base})"
