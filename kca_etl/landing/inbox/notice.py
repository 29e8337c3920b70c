"""The note beside a quarantined document.

It says in plain German what is wrong and what to do, for the person who dropped the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from kca_etl.model.catalogue import german_words
from kca_etl.model.findings import Finding

MAX_LISTED_FINDINGS = 20  # nobody reads more
_UNKNOWN_CODE = (
    "Die Datei konnte nicht übernommen werden.",
    "Bitte die Betreuung von kca-etl fragen.",
)

_NOTHING_LOADED = (
    "Aus ihr wurde nichts geladen; die bisherigen Zahlen gelten unverändert."
    " Die Datei liegt unverändert neben diesem Hinweis."
)


def note(name: str, findings: Sequence[Finding], at: datetime) -> str:
    """Write the note on a document called `name`.

    `at` must know its time zone; the note shows German time.
    """
    blocks = [
        _entry(number, finding) for number, finding in enumerate(findings[:MAX_LISTED_FINDINGS], 1)
    ]
    if len(findings) > MAX_LISTED_FINDINGS:
        blocks.append(f"… und {len(findings) - MAX_LISTED_FINDINGS} weitere.")
    head = [f"Die Datei „{_plain(name)}“ wurde nicht übernommen.", _NOTHING_LOADED]
    foot = [
        "Eine berichtigte Datei bitte einfach wieder in den Eingangsordner legen.",
        f"Geprüft am {at.astimezone(ZoneInfo('Europe/Berlin')):%d.%m.%Y um %H:%M} Uhr.",
    ]
    return "\n\n".join([*head, *(["Gefunden:"] if blocks else []), *blocks, *foot]) + "\n"


def _entry(number: int, finding: Finding) -> str:
    what, do = german_words().get(finding.code, _UNKNOWN_CODE)
    sheet = finding.sheet and f"Blatt „{finding.sheet}“"
    cell = finding.cell and f"Zelle {finding.cell}"
    place = ", ".join(filter(None, (sheet, cell)))
    lines = [
        f"{number}. {what}",
        place and f"Wo: {place}",
        finding.found and f"Dort steht: {finding.found}",
        finding.expected and f"Erwartet: {finding.expected}",
        f"Was tun: {do}",
        f"(Kennung {finding.code}: {finding.what})",
    ]
    return "\n   ".join(_plain(line) for line in lines if line)


def _plain(text: str) -> str:
    """Fold whatever would break the note's lines: foreign texts are shown, not obeyed."""
    return "".join(c if c.isprintable() else " " for c in text)[:500]
