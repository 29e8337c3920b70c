"""The note beside a document that was put aside.

What is wrong and what to do, in plain German for who dropped it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from kca_etl.model.catalogue import german_words
from kca_etl.model.findings import Finding

MOST = 20  # more would not be read
_ELSE = ("Die Datei konnte nicht übernommen werden.", "Bitte die Betreuung von kca-etl fragen.")


def note(name: str, findings: Sequence[Finding], at: datetime) -> str:
    """Write the note on a document called `name`.

    `at` must know its time zone; the note shows German time.
    """
    blocks = [_entry(number, finding) for number, finding in enumerate(findings[:MOST], 1)]
    if len(findings) > MOST:
        blocks.append(f"… und {len(findings) - MOST} weitere.")
    head = [
        f"Die Datei „{_plain(name)}“ wurde nicht übernommen.",
        "Aus ihr wurde nichts geladen; die bisherigen Zahlen gelten unverändert. Die Datei liegt unverändert neben diesem Hinweis.",
    ]
    foot = [
        "Eine berichtigte Datei bitte einfach wieder in den Eingangsordner legen.",
        f"Geprüft am {at.astimezone(ZoneInfo('Europe/Berlin')):%d.%m.%Y um %H:%M} Uhr.",
    ]
    return "\n\n".join([*head, *(["Gefunden:"] if blocks else []), *blocks, *foot]) + "\n"


def _entry(number: int, finding: Finding) -> str:
    what, do = german_words().get(finding.code, _ELSE)
    place = ", ".join(
        part
        for part in (
            finding.sheet and f"Blatt „{finding.sheet}“",
            finding.cell and f"Zelle {finding.cell}",
        )
        if part
    )
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
