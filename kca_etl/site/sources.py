"""The pages of the sources, and what was corrected when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kca_etl.german.months import day
from kca_etl.german.notation import decimal, number
from kca_etl.model.month import Month
from kca_etl.site import addresses, words
from kca_etl.site.context import Printed, Shell, Site
from kca_etl.site.pages import month_title
from kca_etl.site.publish import Page
from kca_etl.site.revisions import Revision
from kca_etl.sources import calendar, registry
from kca_etl.sources.calendar import BERLIN, Facts

MAX_LISTED_REVISIONS = 300


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a source, and how punctual it was."""

    file_name: str
    month: str
    datenstand: str
    received: str
    due: str
    punctual: str
    sha256: str


def revision_page(site: Site, shell: Shell, found: Sequence[Revision]) -> Page:
    """Return the page of all revisions, the newest listed."""
    return shell.page(
        addresses.REVISIONS,
        "revisionen.html.j2",
        "Revisionen",
        count=number(decimal(len(found))),
        lines=_lines(site, found[:MAX_LISTED_REVISIONS]),
        more=max(0, len(found) - MAX_LISTED_REVISIONS),
    )


def _lines(site: Site, found: Sequence[Revision]) -> list[dict[str, Any]]:
    titles = {source: registry.load(source).title for source in site.sources}
    return [
        {"revision": r, "month": month_title(r.month), "source": titles[r.source]} for r in found
    ]


def pages(site: Site, shell: Shell, found: Sequence[Revision]) -> Iterator[Page]:
    """Return the list of sources, and the page of each."""
    lines = []
    for source in site.sources:
        declared = registry.load(source)
        documents = _documents(site, source)
        lines.append(
            (declared.title, addresses.source_page(source), declared.publisher, len(documents))
        )
        mine = [r for r in found if r.source == source]
        yield _page(site, shell, source, documents, mine)
    yield shell.page(addresses.SOURCES, "quellen.html.j2", "Alle Quellen", lines=lines)


def _page(
    site: Site,
    shell: Shell,
    source: str,
    documents: Sequence[Document],
    found: Sequence[Revision],
) -> Page:
    declared, page = registry.load(source), addresses.source_page(source)
    topics = [(site.label(t), t.page) for t in site.stock.topics if t.source == source]
    years = _matrix(site, source)
    used = {cell.marks for cells in years.values() for cell in cells}
    return shell.page(
        page,
        "quelle.html.j2",
        f"Quelle: {declared.title}",
        source=declared,
        topics=sorted(topics),
        years=years,
        legend=[w for state, w in words.STATES.items() if state in used and w[0]],
        documents=documents,
        punctuality=_punctuality(documents),
        lines=_lines(site, found[:MAX_LISTED_REVISIONS]),
        count=number(decimal(len(found))),
    )


def _matrix(site: Site, source: str) -> dict[str, list[Printed]]:
    """Return the states of a source's months by year; each leads to its month's page."""
    page, now = addresses.source_page(source), site.now.astimezone(BERLIN)
    inside = {m for s, _, m in site.stock.proofs if s == source}
    covered = {
        str(row["berichtsmonat"])[:7]: str(row["state"])
        for row in site.coverage
        if row["source"] == source and row["berichtsmonat"]
    }
    there = sorted(inside | covered.keys())
    out = {}
    for year in range(int(there[0][:4]), max(int(there[-1][:4]), now.year) + 1):
        names = [f"{year}-{month:02}" for month in range(1, 13)]
        out[str(year)] = [_cell(site, source, name, covered, inside, page) for name in names]
    return dict(reversed(out.items()))


def _cell(
    site: Site, source: str, month: str, covered: Mapping[str, str], inside: set[str], page: str
) -> Printed:
    known = covered.get(month, "loaded" if month in inside else "")
    facts = Facts(versions={"": 0, "revised": 2}.get(known, 1), quarantined=known == "quarantined")
    state = calendar.state(source, int(Month.parse(month)), site.now, facts)
    sign, _ = words.STATES[state]
    href = addresses.relative(addresses.month_page(month), page) if month in site.months else ""
    return Printed(sign, href if month in inside and sign else "", state)


def _documents(site: Site, source: str) -> list[Document]:
    found = [d for d in site.documents.values() if d["source"] == source and d["state"] == "loaded"]
    found.sort(key=lambda d: (str(d["berichtsmonat"]), str(d["received_at"]), d["sha256"]))
    return [_document(d) for d in reversed(found)]


def _document(row: Mapping[str, Any]) -> Document:
    at = datetime.fromisoformat(str(row["received_at"])).astimezone(BERLIN).date()
    month = str(row["berichtsmonat"] or "")[:7]
    due, said = "", ""
    if month and calendar.expected(str(row["source"]), int(Month.parse(month))):
        expected = calendar.due(str(row["source"]), int(Month.parse(month))).date()
        late = (at - expected).days
        due, said = f"{expected:%d.%m.%Y}", f"{number(decimal(late))} Tage nach Termin"
        said = {1: "1 Tag nach Termin"}.get(late, said) if late > 0 else "pünktlich"
    return Document(
        str(row["file_name"]),
        month_title(month) if month else "mehrere",
        day(str(row["datenstand"])) if row["datenstand"] else "",
        f"{at:%d.%m.%Y}",
        due,
        said,
        str(row["sha256"]),
    )


def _punctuality(documents: Sequence[Document]) -> str:
    judged = [d for d in documents if d.punctual]
    on_time = sum(d.punctual == "pünktlich" for d in judged)
    if not judged:
        return "Für diese Quelle ist kein Termin hinterlegt."
    return f"{on_time} von {len(judged)} Dokumenten lagen am Termin vor."
