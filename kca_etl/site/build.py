"""All pages of the website, the proofs first."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from kca_etl.german.signs import SIGNS
from kca_etl.offices import folder as offices
from kca_etl.report.words import MARKS
from kca_etl.site import addresses, downloads, feed, pages, proof, revisions, sources, words
from kca_etl.site.context import Shell, Site, assets
from kca_etl.site.publish import Page


def everything(site: Site, shell: Shell) -> Iterator[Page]:
    """Yield every page and file of the website."""
    revised = revisions.revisions(site)
    for address, content in assets().items():
        yield _file(address, content)
    for month, files in site.reports.items():
        for name, content in files.items():
            yield _file(f"berichte/{month}/{name}", content)
    yield from proof.pages(site, shell)
    yield from downloads.pages(site, shell)
    yield from pages.kennzahlen(site, shell)
    yield from pages.months(site, shell)
    yield from sources.pages(site, shell, revised)
    yield sources.revision_page(site, shell, revised)
    yield _glossary(site, shell)
    yield _imprint(shell)
    yield _search(site, shell)
    yield feed.index(site)
    yield feed.page(site, revised)
    yield pages.start(site, shell, revised)


def gone(shell: Shell, address: str) -> bytes:
    """Return what stands at an address whose figures count no more."""
    return shell.fill(address, "entfallen.html.j2", "Nicht mehr geführt", {})


def _file(address: str, content: bytes) -> Page:
    return Page(address, sha256(content).hexdigest(), lambda: content)


def _glossary(site: Site, shell: Shell) -> Page:
    terms = sorted(
        {site.label(t): (t.page, f"{t.definition} ({t.definition_source})") for t in
         site.stock.topics}.items()
    )  # fmt: skip
    return shell.page(
        addresses.GLOSSARY,
        "glossar.html.j2",
        "Glossar",
        terms=words.GLOSSARY,
        kennzahlen=terms,
        signs=SIGNS,
        marks=MARKS,
    )


def _imprint(shell: Shell) -> Page:
    office = offices.current()
    return shell.page(
        addresses.IMPRINT,
        "impressum.html.j2",
        "Impressum",
        office=office.publisher,
        website=office.website,
        data_title=office.open_data.title,
    )


def _search(site: Site, shell: Shell) -> Page:
    """List what can be found: without a script the list is the way."""
    topics = sorted((site.label(t), t.page) for t in site.stock.topics)
    return shell.page(addresses.SEARCH, "suche.html.j2", "Suche", topics=topics)
