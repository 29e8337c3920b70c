"""The use case of the website: read the warehouse and the archive, publish what changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kca_etl import pipeline
from kca_etl.landing.archive import files
from kca_etl.model.catalogue import german_words
from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.model.states import DocumentState
from kca_etl.offices import folder as offices
from kca_etl.report.data_catalogue import WHOLE
from kca_etl.runs.record import reading
from kca_etl.samples import figures as sample_figures
from kca_etl.settings import Settings
from kca_etl.site import build, protection, shown
from kca_etl.site.context import Shell, Site
from kca_etl.site.excerpt import Sheet
from kca_etl.site.publish import Folder, Published, digest
from kca_etl.site.shown import Stock, Withheld
from kca_etl.sources import registry
from kca_etl.warehouse import decisions, reports
from kca_etl.warehouse.published import in_force
from kca_etl.warehouse.views import areas, queries
from kca_etl.warehouse.views.frames import Versions

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.extract.reader import Workbook

MAX_OPEN_DOCUMENTS = 4


@dataclass(frozen=True, slots=True)
class Made:
    """What a run published, and the documents that no excerpt could be cut from."""

    published: Published
    unproven: tuple[str, ...]
    pages: int


def make(
    settings: Settings,
    folder: Path,
    now: datetime | None = None,
    watch: Callable[[int, int], None] = lambda _done, _all: None,
) -> Made:
    """Publish the website into a folder. Raises KcaError FOREIGN_FOLDER, BUSY.

    `now`: the day that states of months are judged on · `watch`: told how many pages are done.
    """
    with Folder(folder) as place:
        engine = reading(settings)
        kept = Withheld(
            {
                source: {month: (stamp, versions) for month, (stamp, versions) in months.items()}
                for source, months in place.known.get("withheld", {}).items()
            }
        )
        site = _site(settings, engine, kept, now or datetime.now(UTC))
        shell = Shell(site)
        pages = list(build.everything(site, shell))
        known = {"withheld": kept.months}
        done = place.publish(pages, known, lambda address: build.gone(shell, address), watch)
    return Made(done, tuple(sorted(site.unproven)), len(pages))


def _site(settings: Settings, engine: Engine, kept: Withheld, now: datetime) -> Site:
    documents = {d["sha256"]: d for d in queries.documents(engine)}
    stock = Stock(invented=_invented(documents))
    loaded = {d["source"] for d in documents.values() if d["state"] == DocumentState.LOADED}
    around = protection.neighbourhood(engine)
    for source in registry.followed():
        if source in loaded:
            _take(engine, source, stock, kept, around)
    shown.settle(stock)
    for source in registry.followed():
        stock.topics += shown.topics(stock, source, _own())
    sources = {topic.source for topic in stock.topics}
    return Site(
        stock,
        documents,
        _findings(engine, stock),
        [_decision(d) for d in decisions.everything(engine) if d.source in sources],
        queries.coverage(engine),
        _reports(settings, engine),
        _Reader(settings.landing).sheet,
        now,
        german_words(),
    )


def _own() -> tuple[str, ...]:
    """Return the office's regions, that of its overview first."""
    office = offices.current()
    return tuple(dict.fromkeys((office.region_key, *office.own_regions)))


def _findings(engine: Engine, stock: Stock) -> list[dict[str, Any]]:
    """Return the findings of the documents shown."""
    there = {sha for sha, _ in stock.places}
    return [f for f in queries.findings(engine) if f["document_sha256"] in there]


def _take(
    engine: Engine, source: str, stock: Stock, kept: Withheld, around: tuple[str, ...]
) -> None:
    """Read what the pages show of a source: its own regions, and those to compare them with."""
    own, names = _own(), queries.regions(engine)
    beside = tuple(r for r in around if r not in own and areas.compared(r))
    mine = queries.found(engine, source=source, regions=own, statements=True)
    texts, codes = mine.column("gliederung")
    mine = mine.where(np.array(shown.few_keys(texts.tolist()), bool)[codes])
    others = queries.found(engine, source=source, regions=beside, gliederung=WHOLE, statements=True)
    if not len(mine):
        return
    protection.decide(engine, source, _stamps(mine, others), kept, around)
    withheld = kept.of(source)
    if withheld or _has_stars(mine) or _has_stars(others):
        stock.secretive.add(source)
    for every in (mine, others):
        shown.add(stock, source, every, withheld, names)


def _has_stars(every: Versions) -> bool:
    texts, signs = every.column("zeichen")
    return bool((texts[signs] == "*").any())


def _stamps(*parts: Versions) -> dict[str, str]:
    """Return for each month a hash of the documents that its figures stand in."""
    met: dict[int, set[str]] = {}
    for every in parts:
        texts, codes = every.column("document_sha256")
        pairs = np.unique(np.stack([every.ids["month"], codes]), axis=1)
        for month, code in pairs.T.tolist():
            met.setdefault(month, set()).add(str(texts[code]))
    return {str(Month(month)): digest(sorted(shas)) for month, shas in met.items()}


def _decision(one: Any) -> dict[str, Any]:  # noqa: ANN401 - a Decision
    """Return what the public may know of a decision: not who took it."""
    return {
        "id": one.id,
        "document_sha256": one.sha256,
        "question": one.question,
        "answer": one.answer,
        "reason": one.reason,
        "decided_at": one.decided_at,
        "revoked_at": one.revoked_at,
    }


def _reports(settings: Settings, engine: Engine) -> dict[str, dict[str, bytes]]:
    """Return the overviews on record, by month; a file that was changed since is left out."""
    out: dict[str, dict[str, bytes]] = {}
    for report in in_force(reports.registered(engine)):
        if report.region != offices.current().region_key:
            continue
        for name, digest_ in report.files.items():
            path = settings.reports / name
            content = path.read_bytes() if path.is_file() else b""
            if sha256(content).hexdigest() == digest_:
                out.setdefault(f"{report.month:%Y-%m}", {})[name] = content
    return out


def _invented(documents: Mapping[str, Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    """Return the samples' invented figures where the warehouse holds the sample documents."""
    import tempfile

    from kca_etl.samples import write_samples

    prefix = offices.current().samples.file_prefix
    if not any(str(d["file_name"]).startswith(f"{prefix}_") for d in documents.values()):
        return frozenset()
    with tempfile.TemporaryDirectory() as folder:
        written = write_samples(Path(folder))
        of_samples = any(files.document_of(path).sha256 in documents for path in written)
    return sample_figures.invented() if of_samples else frozenset()


class _Reader:
    """Sheets of archived documents, a few documents open at a time."""

    def __init__(self, landing: Path) -> None:
        self._landing = landing
        self._books: OrderedDict[str, Workbook | None] = OrderedDict()
        self._sheets: dict[tuple[str, str], Sheet] = {}

    def sheet(self, sha: str, name: str) -> Sheet | None:
        """Return a sheet of a document whose bytes are those of its hash, else None."""
        if sha not in self._books:
            self._books[sha] = self._open(sha)
            if len(self._books) > MAX_OPEN_DOCUMENTS:
                self._books.popitem(last=False)
                self._sheets.clear()
        book = self._books[sha]
        if book is None or name not in book.names:
            return None
        try:
            grid = book[name]
        except KcaError:
            return None
        made = Sheet(grid.name, grid.rows, grid.percent)
        return self._sheets.setdefault((sha, name), made)

    def _open(self, sha: str) -> Workbook | None:
        try:
            path = files.sound(sha, self._landing)
        except (FileNotFoundError, KcaError):
            return None
        return pipeline.open_document(files.document_of(path), path).book
