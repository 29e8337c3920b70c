"""Labels as people write them: spellings that no reader would take for two things."""

from __future__ import annotations

import re
from functools import lru_cache

from kca_etl.german.text import squeeze

# Teilnehmer*innen, Teilnehmer:innen, Teilnehmer_innen, Teilnehmer/-innen, Teilnehmer(innen)
_ENDING = re.compile(r"(?<=\w)(?:[*:_/]-?innen|\(innen\))(?!\w)")
_INNER_CAPITAL = re.compile(r"(?<=[a-zäöü])Innen(?!\w)")  # TeilnehmerInnen
_BOTH = re.compile(r"(\w+)innen (?:und|u\.) \1(?:n|en)?(?!\w)")  # Bezieherinnen und Bezieher
_BOTH_SHORT = re.compile(r"(\w+?)(\w{4,})innen (?:und|u\.) -\2(?:n|en)?(?!\w)")
_COUNT = re.compile(r"^\s*(?:(?:Anzahl|Zahl)(?: der)?|Bestand(?: an)?)\s+", re.IGNORECASE)
_LAW_BEFORE = re.compile(r"^\s*SGB[\s-]*(?:II|2)(?:-|\s+)(?=[A-ZÄÖÜ])(?!Quote\b)", re.IGNORECASE)
_LAW = re.compile(
    r"\s*\(?(?:(?:nach dem|nach|im Rechtskreis|im Bereich|Rechtskreis|RK|gemäß|gem\.|im|des)\s+)?"
    r"SGB[\s\u00a0-]*(?:II|2)(?![\wI-])\)?",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s*[(,]?\s*in (?:%|Prozent|v\. ?H\.)\)?|\s*\(%\)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*\(?(?:\d{1,2}|[a-z])[.)]+\s+")
_PRELIMINARY = re.compile(r"\s*[(,-]?\s*(?:vorläufig|vorl\.|hochgerechnet)\s*\)?", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_AROUND = " \t\n\u00a0:.–-"


@lru_cache(maxsize=4096)
def plain_label(text: str) -> str:
    """Return what two spellings of one label have in common.

    Numbering before it, gender endings, the name of the law (SGB II, never SGB III), the unit of
    a rate, `Anzahl der` before it, remarks such as `(vorläufig)`, a colon behind it, umlauts
    written `ae`, and capitals do not count.
    """
    out = _NUMBER.sub("", text)
    out = _BOTH_SHORT.sub(r"\1\2", _BOTH.sub(r"\1", out))
    out = _INNER_CAPITAL.sub("", _ENDING.sub("", out))
    for aside in (_PRELIMINARY, _UNIT, _COUNT, _LAW_BEFORE, _LAW):
        out = aside.sub("", out)
    return squeeze(out.strip(_AROUND)).casefold().translate(_UMLAUTS)
