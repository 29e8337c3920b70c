"""The outcome of a text check in German, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kca_etl.german.months import month_name
from kca_etl.textcheck.results import (
    JUDGED,
    REFUSED,
    UNSOUND,
    UNTESTABLE,
    VERDICTS,
    WRONG,
    CheckedClaim,
)

AROUND = 28
_LOUD = {WRONG: "WIDERSPRICHT", UNSOUND: "UNSCHLÜSSIG"}
_SEVERAL = {WRONG: "widersprechen"}


def render(claims: Sequence[CheckedClaim], text: str) -> str:
    """Return the share that was judged, one line per claim with its place, the counts last.

    Ends with a newline.
    """
    return "\n".join([share(claims), *_lines(claims, text), summary(claims)]) + "\n"


def share(claims: Sequence[CheckedClaim]) -> str:
    """Return `Geprüft: 9 von 14 Zahlen (64 %) und 3 von 5 Aussagen.`; dates are no figures."""
    numbers, words = (
        judged(c for c in claims if c.number),
        judged(c for c in claims if not c.number),
    )
    percent = f" ({100 * numbers[0] // numbers[1]} %)" if numbers[1] else ""
    return (
        f"Geprüft: {numbers[0]} von {numbers[1]} Zahlen{percent} "
        f"und {words[0]} von {words[1]} Aussagen."
    )


def judged(claims: Iterable[CheckedClaim]) -> tuple[int, int]:
    """Return how many claims are judged, and how many could be."""
    testable = [c for c in claims if c.verdict != UNTESTABLE]
    return sum(c.verdict in JUDGED for c in testable), len(testable)


def summary(claims: Sequence[CheckedClaim]) -> str:
    """Return `6 belegt · 0 widersprechen · …`, every verdict with its number."""
    counts = [(verdict, sum(c.verdict == verdict for c in claims)) for verdict in VERDICTS]
    return " · ".join(
        f"{n} {verdict if n == 1 else _SEVERAL.get(verdict, verdict)}" for verdict, n in counts
    )


def exit_code(claims: Sequence[CheckedClaim], coverage: float = 0) -> int:
    """Return 1 if a claim contradicts the warehouse or the text itself, else 0.

    1 also if less than `coverage` per cent of the text's figures are judged.
    """
    done, all_numbers = judged(c for c in claims if c.number)
    short = bool(all_numbers) and 100 * done < coverage * all_numbers
    return int(short or any(c.verdict in REFUSED for c in claims))


def _lines(claims: Sequence[CheckedClaim], text: str) -> list[str]:
    """Return the claims' lines; line numbers are counted once through the text."""
    out, row, counted = [], 1, 0
    for claim in claims:
        row += text.count("\n", counted, claim.start)
        counted = claim.start
        out.append(_line(claim, text, row))
    return out


def _line(claim: CheckedClaim, text: str, row: int) -> str:
    label = _LOUD.get(claim.verdict, claim.verdict)
    parts = [f"Zeile {row}: {_quote(claim, text)}", f"{label}{_of(claim)}"]
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
