"""A draft's parts: its lines, what is left to decide, and its own kennzahlen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kca_etl.propose.kinds import is_unit
from kca_etl.propose.wording import quoted

RATES = ("quote", "anteil", "prozent", "%")


@dataclass(slots=True)
class Measure:
    """A kennzahl as a draft declares it."""

    label: str
    unit: str
    kind: str
    whole: bool

    def lines(self, code: str) -> list[str]:
        """The lines of its entry."""
        return [
            f"  {code if code[0].isalpha() else quoted(code)}:",
            f"    label: {quoted(self.label)}",
            f"    unit: {quoted(self.unit)}",
            f"    kind: {self.kind}",
            "    additive: false",
            f"    whole: {str(self.whole).lower()}",
            '    definition: "TODO"',
            '    source: "TODO"',
        ]


@dataclass(slots=True)
class Draft:
    """A draft's parts: `lines` is the YAML, `todo` what a person has to decide."""

    lines: list[str] = field(default_factory=list)
    kennzahlen: dict[str, Measure] = field(default_factory=dict)
    todo: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole draft."""
        entries = [m.lines(code) for code, m in self.kennzahlen.items()]
        catalogue = ["kennzahlen:" if entries else "kennzahlen: {}"]
        catalogue += [line for lines in entries for line in lines]
        return "\n".join([*self.lines, *catalogue, *(f"# TODO: {t}" for t in self.todo)]) + "\n"


def without_units(words: list[str]) -> list[str]:
    """Return a header's words without a unit below them; alone it says what is counted."""
    return words[:-1] if len(words) > 1 and is_unit(words[-1]) else words


def measure(words: list[str], numbers: Iterable[float], kind: str) -> Measure:
    """Return a kennzahl from its header's own words; a word that is a unit is its unit."""
    label = " – ".join(without_units(words)) or "Wert"
    rate = any(word in " ".join(words).lower() for word in RATES)
    found = list(numbers)
    whole = bool(found) and all(float(n).is_integer() for n in found) and not rate
    return Measure(label, _unit(words, rate=rate), "quote" if rate else kind, whole)


def add(into: dict[str, Measure], code: str, one: Measure, numbers: Iterable[float]) -> None:
    """Add a kennzahl; the same of another table may hold fractions."""
    known = into.setdefault(code, one)
    if any(True for _ in numbers) and not one.whole:
        known.whole = False


def _unit(words: list[str], *, rate: bool) -> str:
    stated = next((word.strip("()") for word in reversed(words) if is_unit(word)), "")
    if rate:
        return "Prozent"
    if stated:
        return stated
    return "Euro" if "euro" in " ".join(words).lower() else "Anzahl"
