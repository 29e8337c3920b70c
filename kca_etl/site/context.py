"""What all pages have in common: the office, the stock, documents and decisions, and the shell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.german.notation import MISSING, change
from kca_etl.model.month import Month
from kca_etl.offices import folder as offices
from kca_etl.report.facts import Figure
from kca_etl.report.html import SHIPPED_ACCENT
from kca_etl.report.overview import OverviewRow
from kca_etl.report.printable import plain
from kca_etl.report.words import MARKS
from kca_etl.site import addresses
from kca_etl.site.excerpt import Sheet
from kca_etl.site.excerpt_rows import excerpt_rows
from kca_etl.site.publish import Page, digest
from kca_etl.site.shown import Shown, Stock, Topic
from kca_etl.sources import registry

if TYPE_CHECKING:
    from jinja2 import Template

HERE = Path(__file__).parent
NAVIGATION = (
    (addresses.START, "Start"),
    (addresses.MONTHS, "Monate"),
    (addresses.KENNZAHLEN, "Kennzahlen"),
    (addresses.SOURCES, "Quellen"),
    (addresses.REVISIONS, "Revisionen"),
    (addresses.DATA, "Daten"),
    (addresses.GLOSSARY, "Glossar"),
    (addresses.SEARCH, "Suche"),
    (addresses.IMPRINT, "Impressum"),
)
# `sheet` of a document by its hash; None where the archive no longer has the bytes.
ReadSheet = Callable[[str, str], Sheet | None]


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure on a page: its text, the way to its proof, its marks."""

    text: str
    href: str = ""
    marks: str = ""


NOTHING = Printed(MISSING)


@dataclass
class Site:
    """All that the pages are made of.

    `documents`: hash → row of the view · `findings`, `decisions`, `coverage`: rows of the views ·
    `reports`: month → rendered files · `now`: the day that states are judged on.
    """

    stock: Stock
    documents: Mapping[str, Mapping[str, Any]]
    findings: Sequence[Mapping[str, Any]]
    decisions: Sequence[Mapping[str, Any]]
    coverage: Sequence[Mapping[str, Any]]
    reports: Mapping[str, Mapping[str, bytes]]
    read: ReadSheet
    now: datetime
    german: Mapping[str, tuple[str, str]]
    unproven: set[str] = field(default_factory=set)  # documents that no excerpt could be cut from

    @cached_property
    def sources(self) -> list[str]:
        """The sources shown, the office's own first."""
        own = registry.jobcenter_source()
        return sorted({t.source for t in self.stock.topics}, key=lambda s: (s != own, s))

    @cached_property
    def overview(self) -> list[Topic]:
        """The kennzahlen of the office's overview, in its order."""
        own = {t.code: t for t in self.stock.topics if t.source == registry.jobcenter_source()}
        return [own[f.kennzahl] for f in offices.current().figures if f.kennzahl in own]

    @cached_property
    def months(self) -> list[str]:
        """The months with own figures, or with any where there are none, the latest first."""
        chosen = self.overview or self.stock.topics
        return sorted({month for topic in chosen for month in self.courses[topic]}, reverse=True)

    @cached_property
    def courses(self) -> dict[Topic, dict[str, list[Shown]]]:
        """Each kennzahl's long series: month → versions."""
        found: dict[tuple[str, str], Topic] = {(t.source, t.code): t for t in self.stock.topics}
        out: dict[Topic, dict[str, list[Shown]]] = {t: {} for t in self.stock.topics}
        for (source, code, month), figures in self.stock.proofs.items():
            topic = found.get((source, code))
            if topic and (versions := figures.get((topic.region, topic.gliederung))):
                out[topic][month] = versions
        return out

    @cached_property
    def labels(self) -> dict[str, str]:
        """Labels of the kennzahlen as the office says them, else as declared."""
        office = offices.current()
        out = {}
        for topic in self.stock.topics:
            said = office.figure(topic.code)
            own = said is not None and topic.source == registry.jobcenter_source()
            out[topic.page] = said.label if said and own else topic.label
        return out

    def label(self, topic: Topic) -> str:
        """Return how a kennzahl is called on the pages."""
        return self.labels[topic.page]

    def printed(self, versions: Sequence[Shown] | None, page: str) -> Printed:
        """Return a figure for a page, leading to its proof."""
        if not versions:
            return NOTHING
        href = addresses.relative(versions[0].address, page)
        return Printed(versions[0].text, href, self.stock.marks(versions))

    def row(self, topic: Topic, month: str) -> OverviewRow:
        """Return a kennzahl's month with its neighbours in time, as the reports know it."""
        now = Month.parse(month)
        last = now.first_day
        one, before, year = (self.at(topic, str(now - by), last) for by in (0, 1, 12))
        return OverviewRow(topic.code, self.label(topic), topic.unit, one, before, year)

    def at(self, topic: Topic, month: str, last: date) -> Figure:
        """Return a kennzahl's figure of a month; an empty one where there is none."""
        versions = self.courses[topic].get(month)
        if versions is None:
            return Figure(Month.parse(month).first_day)
        return self.stock.figure(versions, last)

    @property
    def is_sample(self) -> bool:
        """Whether any figure is invented."""
        return bool(self.stock.invented)


def moved(row: OverviewRow, exact: Any) -> str:  # noqa: ANN401 - a Decimal or None
    """Print a change in its unit; the dash where there is no comparison."""
    return MISSING if exact is None else change(exact, row.unit)


class Shell:
    """Fills templates: the frame with navigation, title and banner around a page's own part."""

    def __init__(self, site: Site) -> None:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters |= {"plain": plain, "rows": excerpt_rows}
        self._templates: dict[str, Template] = {}
        office = offices.current()
        self._common = {
            "publisher": office.name,
            "navigation": NAVIGATION,
            "sample": site.is_sample,
            "logo": bool(offices.logo()),
            "marks_words": MARKS,
        }
        self.program = digest(_program(), office.model_dump(), offices.logo(), site.is_sample)

    def page(self, address: str, template: str, title: str, **values: Any) -> Page:  # noqa: ANN401 - what the template prints
        """Return a page that is filled when its values are not those of the last run."""
        inputs = digest(self.program, template, title, values)
        return Page(address, inputs, lambda: self.fill(address, template, title, values))

    def fill(self, address: str, template: str, title: str, values: Mapping[str, Any]) -> bytes:
        """Fill a template; ways to other pages begin with `root`."""
        found = self._templates.get(template) or self._environment.get_template(template)
        self._templates[template] = found
        root = addresses.relative("", address)
        frame = {"root": root, "here": address, "title": title}
        text = found.render({**self._common, **frame, **values})
        return text.encode()


def assets() -> dict[str, bytes]:
    """Return style sheet, script and logo by address."""
    css = (HERE / "assets" / addresses.STYLE).read_text(encoding="utf-8")
    accent = offices.current().look.accent
    css = css.replace(SHIPPED_ACCENT, f"--accent: {accent}")
    out = {
        addresses.STYLE: css.encode(),
        addresses.SCRIPT: (HERE / "assets" / addresses.SCRIPT).read_bytes(),
    }
    return out | ({"logo.svg": offices.logo().encode()} if offices.logo() else {})


def _program() -> str:
    """Return a hash of the code and templates that pages are made by."""
    files = sorted(p for p in HERE.rglob("*") if p.suffix in (".py", ".j2", ".css", ".js"))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
