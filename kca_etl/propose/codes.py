"""Which code systems a table's codes belong to: the register tells them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kca_etl.tidy.regions import region_of
from schemas import regions as register

MIN_KNOWN_SHARE = 0.8  # of the codes: so many must be in the register to tell their system
LAND_DIGITS, AGENTUR_DIGITS, KREIS_DIGITS, GEMEINDE_DIGITS = 2, 3, 5, 8
AGS_DIGITS = (LAND_DIGITS, AGENTUR_DIGITS, KREIS_DIGITS, GEMEINDE_DIGITS)


@dataclass(slots=True)
class Systems:
    """The code systems of a draft by the shape of their codes, and what is left to decide."""

    systems: dict[str, str]
    todo: list[str]

    def add(self, texts: list[str], pairs: list[tuple[str, str]]) -> None:
        """Declare a code system for each length of code that leads the texts.

        `pairs`: codes with their names, where both have a column.
        """
        codes = {m[0] for text in texts if (m := re.match(r"\d+", text.strip()))}
        agentur = any(re.match(r"\d{3} (AA|Agentur)\b", text) for text in texts)
        for digits in sorted(set(map(len, codes))):
            same = {code for code in codes if len(code) == digits}
            if _lost_zero(same, digits):
                self.systems.setdefault(rf"\d{{{KREIS_DIGITS}}}", "ags")
            else:
                is_agentur = agentur and digits == AGENTUR_DIGITS
                system = "agentur" if is_agentur else self._system(same, digits, pairs)
                self.systems.setdefault(rf"\d{{{digits}}}", system)

    def _system(self, codes: set[str], digits: int, pairs: list[tuple[str, str]]) -> str:
        """The code system of codes of one length.

        Two digits that are no Land, and keys of other lengths, are of a directory of their own.
        """
        if digits == LAND_DIGITS:
            named = [(c, n) for c, n in pairs if c in codes and c.strip("0")]
            known = all(region_of(c, n, {r"\d{2}": "ags"}) is not None for c, n in named)
            return "ags" if known else "schluessel"
        if digits == KREIS_DIGITS:
            return self._of_five_digits(codes)
        return "ags" if digits in AGS_DIGITS else "schluessel"

    def _of_five_digits(self, codes: set[str]) -> str:
        """AGS and Trägernummern have five digits: the register says which most codes are."""
        kreise = len(codes & register.kreise().keys())
        traeger = len(codes & register.jobcenter().keys())
        if max(kreise, traeger) < MIN_KNOWN_SHARE * len(codes) or kreise == traeger:
            self.todo.append(
                f"of {len(codes)} codes of five digits {kreise} are AGS of Kreise (ags),"
                f" {traeger} Trägernummern (traeger); which are they?"
            )
        return "traeger" if traeger > kreise else "ags"


def _lost_zero(codes: set[str], digits: int) -> bool:
    """Tell whether most codes are those of Kreise without their leading zero (`6435`)."""
    known = sum(f"0{code}" in register.kreise() for code in codes)
    return digits == KREIS_DIGITS - 1 and known >= MIN_KNOWN_SHARE * len(codes)
