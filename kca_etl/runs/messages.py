"""What the office is told by mail or in Teams: in German, with reason, next step and link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kca_etl.german.months import month_name
from kca_etl.model.catalogue import german_words
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.pipeline import Outcome
from kca_etl.sources import registry

UNKNOWN_CODE = ("Das Programm kommt damit nicht zurecht.", "Die Betreuung von kca-etl fragen.")
REVISED = "Kein Handlungsbedarf; gedruckte Berichte nennt „kca report --changed“."


def document_message(outcome: Outcome, link: str, decision: str = "") -> str:
    """Say what became of a document. `decision`: the page that asks what it means."""
    reading = outcome.reading
    source = reading.source.source if reading.source else ""
    about = f"„{reading.document.file_name}“ ({_place(source, reading.month)})"
    if outcome.result is not None:
        first = f"{about} ist geladen: {outcome.result.inserted} neue Werte, "
        return _letter(f"{first}{outcome.result.revised} revidierte.", "", REVISED, link)
    first = (
        f"{about} wurde zurückgestellt. Geladen wurde daraus nichts, die bisherigen Werte gelten."
    )
    why, do = _first(reading.findings)
    more = len(reading.findings) - 1
    rest = f" Dazu {more} weitere Befunde." if more > 1 else " Dazu ein weiterer Befund."
    if decision:
        do = f"{do} Oder hier entscheiden, was gemeint ist: {decision}"
    return _letter(first, why + (rest if more > 0 else ""), do, link)


def overdue_message(source: str, month: Month, due: datetime, overdue: datetime, link: str) -> str:
    """Say that a month has not come."""
    first = f"{_place(source, month)} fehlt."
    why = f"Erwartet zum {due:%d.%m.%Y}, überfällig seit {overdue:%d.%m.%Y}."
    return _letter(first, why, german_words()["OVERDUE"][1], link)


def unreachable_message(source: str, findings: Sequence[Finding], months: int, link: str) -> str:
    """Say that a publisher could not be asked for some months of a source."""
    count = "1 Monat" if months == 1 else f"{months} Monate"
    why, do = _first(findings)
    return _letter(f"{_title(source)}: {count} nicht abgerufen.", why, do, link)


def _first(findings: Sequence[Finding]) -> tuple[str, str]:
    """Return reason and next step of the first finding, with its place and what was found."""
    if not findings:
        return UNKNOWN_CODE
    finding = findings[0]
    why, do = german_words().get(finding.code, UNKNOWN_CODE)
    parts = (
        f"Blatt „{finding.sheet}“" if finding.sheet else "",
        f"Zelle {finding.cell}" if finding.cell else "",
        f"gefunden: {finding.found}" if finding.found else "",
    )
    place = ", ".join(filter(None, parts))
    return (f"{why} ({place})" if place else why), do


def _letter(first: str, why: str, do: str, link: str) -> str:
    lines = [
        first,
        f"Grund: {why}" if why else "",
        f"Nächster Schritt: {do}" if do else "",
        f"Einzelheiten: {link}" if link else "",
    ]
    return "\n".join(filter(None, lines))


def _place(source: str, month: Month | None) -> str:
    when = "Monat nicht erkannt" if month is None else month_name(month.first_day)
    return f"{_title(source)}, {when}"


def _title(source: str) -> str:
    return registry.load(source).title if source in registry.names() else "Quelle nicht erkannt"
