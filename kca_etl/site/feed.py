"""The Atom feed of releases and revisions, and the index that the search reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from kca_etl.offices import folder as offices
from kca_etl.open_data.describe import identifier
from kca_etl.site import addresses, words
from kca_etl.site.context import Site
from kca_etl.site.pages import month_title
from kca_etl.site.publish import Page, digest
from kca_etl.site.revisions import Revision
from kca_etl.sources import registry

MAX_RELEASES, MAX_REVISION_DAYS, MAX_NAMED = 24, 24, 5


def page(site: Site, revisions: Sequence[Revision]) -> Page:
    """Return the feed; it names days only, so the same figures give the same bytes."""
    office = offices.current()
    entries = sorted([*_releases(site), *_revised(revisions)], reverse=True)
    newest = entries[0][0] if entries else "1970-01-01"
    base = f" xml:base={quoteattr(office.website.url)}" if office.website.url else ""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"{base}>',
        f"<id>{_id('feed')}</id>",
        f"<title>{escape(office.open_data.title)}</title>",
        f"<updated>{newest}T00:00:00Z</updated>",
        f"<author><name>{escape(office.publisher)}</name></author>",
        f'<link rel="self" href="{addresses.FEED}"/>',
        f'<link rel="alternate" type="text/html" href="{addresses.START}"/>',
        *(_entry(*entry) for entry in entries),
        "</feed>\n",
    ]
    content = "\n".join(parts).encode()
    return Page(addresses.FEED, digest(content), lambda: content)


def _releases(site: Site) -> Iterator[tuple[str, str, str, str, str]]:
    for month in site.months[:MAX_RELEASES]:
        first = [site.courses[t][month][-1] for t in site.overview if month in site.courses[t]]
        if first:
            said = [(t, site.courses[t].get(month)) for t in site.overview]
            text = "; ".join(f"{site.label(t)}: {v[0].text}" for t, v in said if v)
            day = min(v.datenstand for v in first)
            address = addresses.month_page(month)
            yield day, f"month/{month}", f"Zahlen für {month_title(month)}", address, text


def _revised(revisions: Sequence[Revision]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield an entry for each source's day on which it revised figures."""
    days: dict[tuple[str, str], list[Revision]] = {}
    for one in revisions:
        days.setdefault((one.since, one.source), []).append(one)
    for (since, source), found in sorted(days.items(), reverse=True)[:MAX_REVISION_DAYS]:
        parts = [
            f"{r.label}, {r.name}, {month_title(r.month)}: {r.before} → {r.after}"
            for r in found[:MAX_NAMED]
        ]
        more = len(found) - MAX_NAMED
        text = "; ".join([*parts, f"und {more} weitere"] if more > 0 else parts)
        title = f"Revision: {registry.load(source).title}"
        yield since, f"revision/{source}/{since}", title, addresses.REVISIONS, text


def _entry(day: str, name: str, title: str, address: str, text: str) -> str:
    return (
        f"<entry><id>{_id(name)}</id><title>{escape(title)}</title>"
        f'<updated>{day}T00:00:00Z</updated><link href="{address}"/>'
        f"<summary>{escape(text)}</summary></entry>"
    )


def _id(name: str) -> str:
    return f"urn:uuid:{uuid5(UUID(identifier()), f'website/{name}')}"


def index(site: Site) -> Page:
    """Return what the search looks through: [title, address, kind, further words]."""
    rows = [[site.label(t), t.page, "Kennzahl", f"{t.code} {t.definition}"]
            for t in site.stock.topics]  # fmt: skip
    rows += [[month_title(m), addresses.month_page(m), "Monat", m] for m in site.months]
    rows += [
        [registry.load(s).title, addresses.source_page(s), "Quelle", registry.load(s).publisher]
        for s in site.sources
    ]
    rows += [[word, addresses.GLOSSARY, "Glossar", text] for word, text in words.GLOSSARY]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    content = f"window.SUCHINDEX = {text};\n".encode()
    return Page(addresses.INDEX, digest(content), lambda: content)
