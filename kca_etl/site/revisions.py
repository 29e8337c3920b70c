"""What a later datenstand replaced."""

from __future__ import annotations

from dataclasses import dataclass

from kca_etl.german.months import day
from kca_etl.site.context import Site
from kca_etl.site.proof import name_of
from kca_etl.site.shown import Shown


@dataclass(frozen=True, slots=True)
class Revision:
    """A figure that a later datenstand replaced; `page` and `anchor` lead to its proof."""

    source: str
    label: str
    kennzahl_page: str
    name: str
    month: str
    before: str
    after: str
    since: str  # ISO
    day: str
    address: str


def revisions(site: Site) -> list[Revision]:
    """Return what was revised of the office's region, the latest first."""
    topics = {(t.source, t.code): t for t in site.stock.topics}
    out = []
    for (source, code, _), figures in site.stock.proofs.items():
        topic = topics.get((source, code))
        for (region, _), versions in figures.items():
            if topic is not None and region == topic.region:
                pairs = zip(versions[1:], versions, strict=False)
                label = site.label(topic)
                out += [_revision(old, new, label, topic.page) for old, new in pairs]
    return sorted(out, key=lambda r: (r.since, r.month, r.label, r.name), reverse=True)


def _revision(old: Shown, new: Shown, label: str, page: str) -> Revision:
    return Revision(
        old.source,
        label,
        page,
        name_of(new),
        new.month,
        old.text,
        new.text,
        new.datenstand,
        day(new.datenstand),
        new.address,
    )
