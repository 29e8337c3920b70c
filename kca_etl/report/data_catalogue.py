"""The data catalogue.

Every kennzahl, source, sign and breakdown, from the declarations and the warehouse. In German.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from kca_etl.german.months import MONTHS
from kca_etl.german.notation import decimal, quantity
from kca_etl.german.signs import SIGNS
from kca_etl.report.sheet import Section, Sheet
from kca_etl.report.words import MARKS
from kca_etl.sources import registry
from kca_etl.warehouse.views.extent import Extent

KINDS = {
    "bestand": "Bestand",
    "bewegung": "Bewegung",
    "quote": "Quote",
    "jahressumme": "Jahressumme",
    "jahreswert": "Jahreswert",
}
WHOLE = "insgesamt"
Example = Mapping[str, Any]


def build(
    extents: Sequence[Extent],
    examples: Mapping[tuple[str, str], Example],
    documents: Sequence[dict[str, Any]],
) -> Sheet:
    """Describe all that is declared and what of it is at hand.

    `examples`: (source, kennzahl) → a row of `figures`.
    """
    at_hand = len({e.kennzahl for e in extents})
    headline = (
        f"{len({k for _, k, _ in _entries(extents)})} Kennzahlen aus "
        f"{len(_listed(extents))} Quellen; Werte liegen vor zu {at_hand}"
    )
    sections = (
        _kennzahlen(extents, examples),
        _sources(extents, documents),
        _signs(extents),
        _breakdowns(extents),
    )
    footer = (
        "Erzeugt aus den Erklärungen der Quellen und dem Bestand des Warehouses. kca-etl "
        f"{version('kca-etl')}"
    )
    return Sheet("Datenkatalog", "Datenkatalog", headline, sections, footer)


def _listed(extents: Sequence[Extent]) -> list[str]:
    """Return the sources that the office follows, and others that figures are at hand of."""
    there = {e.source for e in extents}
    return [s for s in registry.names() if registry.is_followed(s) or s in there]


def _entries(extents: Sequence[Extent]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (source, kennzahl, entry).

    Those with figures by source, then those that are declared only (source empty).
    """
    common = registry.kennzahlen()
    there = sorted({(e.source, e.kennzahl) for e in extents})
    found = [
        (source, k, registry.kennzahlen(registry.load(source))[k])
        for source, k in there
        if source in registry.names()
    ]
    rest = sorted(common.keys() - {k for _, k in there})
    return [*found, *(("", k, common[k]) for k in rest)]


def _kennzahlen(extents: Sequence[Extent], examples: Mapping[tuple[str, str], Example]) -> Section:
    spans = {
        (e.source, e.kennzahl): [
            o for o in extents if (o.source, o.kennzahl) == (e.source, e.kennzahl)
        ]
        for e in extents
    }
    rows = []
    for source, code, entry in _entries(extents):
        mine = spans.get((source, code), [])
        span = (
            f"{min(e.first for e in mine):%m/%Y} bis {max(e.last for e in mine):%m/%Y}"
            if mine
            else "noch kein Wert geladen"
        )
        words = (entry["definition"], entry["unit"], KINDS[entry["kind"]], entry["source"])
        rows.append(
            (
                f"{entry['label']} ({code})",
                *words,
                source or "–",
                span,
                _example(examples.get((source, code))),
            )
        )
    columns = (
        "Kennzahl",
        "Definition",
        "Einheit",
        "Art",
        "Fundstelle der Definition",
        "Quelle",
        "Zeitraum",
        "Beispiel mit Zelle",
    )
    note = (
        "Der Zeitraum nennt den ersten und den letzten Monat mit einem Wert; dazwischen "
        "können Monate fehlen."
    )
    return Section("Kennzahlen", note, columns, tuple(rows))


def _example(row: Example | None) -> str:
    if row is None:
        return "–"
    month = str(row["berichtsmonat"])
    value = (
        row["zeichen"]
        if isinstance(row["zeichen"], str)
        else quantity(decimal(row["value"]), row["unit"])
    )
    named = f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"
    return (
        f"{row['region_name']}, {named}: {value} · {row['file_name']}, Blatt "
        f"„{row['sheet']}“, Zelle {row['cell']}"
    )


def _sources(extents: Sequence[Extent], documents: Sequence[dict[str, Any]]) -> Section:
    rows = []
    for name in _listed(extents):
        declared, mine = registry.load(name), [e for e in extents if e.source == name]
        loaded = sum(d["source"] == name and d["state"] == "loaded" for d in documents)
        span = (
            f"{min(e.first for e in mine):%m/%Y} bis {max(e.last for e in mine):%m/%Y}"
            if mine
            else "–"
        )
        rows.append(
            (
                f"{declared.title} ({name})",
                declared.publisher,
                declared.licence or "nicht angegeben",
                span,
                str(loaded),
            )
        )
    columns = ("Quelle", "Herausgeber", "Lizenz und Quellenvermerk", "Zeitraum", "Dokumente")
    return Section("Quellen", "", columns, tuple(rows))


def _signs(extents: Sequence[Extent]) -> Section:
    used: dict[str, list[str]] = defaultdict(list)
    for name in _listed(extents):
        for sign in sorted(set(registry.load(name).zeichen.values())):
            used[sign].append(name)
    rows = [
        (sign, meaning, ", ".join(used.get(sign, [])) or "–") for sign, meaning in SIGNS.items()
    ]
    rows += [(mark, meaning, "auf den Seiten hochgestellt") for mark, meaning in MARKS.items()]
    note = (
        "Ein Zeichen steht anstelle einer Zahl; es ist nie null. Was es bedeutet, ist je "
        "Quelle festgelegt."
    )
    return Section("Zeichen", note, ("Zeichen", "Bedeutung", "Quellen"), tuple(rows))


def _breakdowns(extents: Sequence[Extent]) -> Section:
    values: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[str]] = defaultdict(set)
    for e in extents:
        for pair in e.gliederung.split(",") if e.gliederung != WHOLE else ():
            key, _, value = pair.partition("=")
            values[key].add(value)
            sources[key].add(e.source)
    rows = tuple(
        (key, ", ".join(sorted(values[key])), ", ".join(sorted(sources[key])))
        for key in sorted(values)
    )
    note = "Wonach Kennzahlen unterteilt sind. Ohne Gliederung steht „insgesamt“."
    return Section(
        "Gliederungen",
        note,
        ("Merkmal", "Ausprägungen", "Quellen"),
        rows,
        "Kein Wert ist unterteilt.",
    )
