"""What the website shows: versions of figures, protected as the open data are, by proof page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from kca_etl.german.notation import MISSING, decimal, quantity
from kca_etl.model.month import Month
from kca_etl.report.data_catalogue import WHOLE
from kca_etl.report.facts import Figure
from kca_etl.report.words import marks
from kca_etl.site import addresses
from kca_etl.sources import registry
from kca_etl.warehouse.views import frames, queries
from kca_etl.warehouse.views.frames import Versions
from kca_etl.warehouse.views.gebietsstand import breaks_between

Fact = tuple[str, str, str, str]  # kennzahl, gliederung, region, month
Key = tuple[str, str, str]  # source, kennzahl, month: a proof page
Place = tuple[str, str, str]  # document's sha256, sheet, cell


class Shown(NamedTuple):
    """A version of a figure as pages may print it; a withheld one has the sign `*`.

    `region` is `system:code`, `month` `2020-11`, `known_to` empty for the current version.
    """

    source: str
    kennzahl: str
    gliederung: str
    region: str
    region_name: str
    month: str
    value: float | None
    zeichen: str
    withheld: bool
    unit: str
    status: str
    datenstand: str
    known_to: str
    sha256: str
    file_name: str
    sheet: str
    cell: str

    @property
    def text(self) -> str:
        """The figure as it is printed."""
        if self.value is None:
            return self.zeichen or MISSING
        return quantity(decimal(self.value), self.unit)

    @property
    def page(self) -> str:
        """Its proof page."""
        return addresses.proof_page(self.source, self.kennzahl, self.month)

    @property
    def anchor(self) -> str:
        """Its id on the proof page."""
        return addresses.anchor(self.region, self.gliederung)

    @property
    def address(self) -> str:
        """The place of its proof."""
        return f"{self.page}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class Topic:
    """A kennzahl as one source states it for the office's region.

    `region`, `gliederung`: those of its long series.
    """

    source: str
    code: str
    label: str
    unit: str
    kind: str
    definition: str
    definition_source: str
    region: str
    region_name: str
    gliederung: str

    @property
    def page(self) -> str:
        """Its page."""
        return addresses.kennzahl_page(self.source, self.code)


@dataclass(slots=True)
class Stock:
    """Everything that the pages show.

    `proofs`: proof page → region and gliederung → versions, the latest first · `places`: cells
    that an excerpt may print, True where their number is withheld · `secretive`: sources that
    hide something · `invented`: (kennzahl, month) of sample values.
    """

    topics: list[Topic] = field(default_factory=list)
    proofs: dict[Key, dict[tuple[str, str], list[Shown]]] = field(default_factory=dict)
    places: dict[tuple[str, str], dict[str, bool]] = field(default_factory=dict)
    secretive: set[str] = field(default_factory=set)
    invented: frozenset[tuple[str, str]] = frozenset()

    def series(self, topic: Topic) -> dict[str, list[Shown]]:
        """Return the months of a kennzahl's long series with their versions."""
        wanted = topic.region, topic.gliederung
        return {
            month: figures[wanted]
            for (source, code, month), figures in self.proofs.items()
            if (source, code) == (topic.source, topic.code) and wanted in figures
        }

    def figures(self, topic: Topic, month: str) -> list[Shown]:
        """Return the current figures of a kennzahl's month, all regions and gliederungen."""
        found = self.proofs.get((topic.source, topic.code, month), {})
        return [versions[0] for versions in found.values()]

    def is_invented(self, shown: Shown) -> bool:
        """Tell whether a figure is a sample's invented value."""
        own = shown.source == registry.jobcenter_source()
        return own and (shown.kennzahl, shown.month) in self.invented

    def figure(self, versions: Sequence[Shown], last: date | None = None) -> Figure:
        """Return the current one of a figure's versions as the reports know it.

        `last`: the month with whose territory it is compared.
        """
        now, month = versions[0], Month.parse(versions[0].month).first_day
        before = versions[1].value if len(versions) > 1 else None
        return Figure(
            month=month,
            value=None if now.value is None else decimal(now.value),
            zeichen=now.zeichen or None,
            status=now.status,
            cell=now.cell,
            revised=len(versions) > 1,
            before=None if before is None else decimal(before),
            invented=self.is_invented(now),
            comparable=last is None or not breaks_between(now.region, month, last),
        )

    def marks(self, versions: Sequence[Shown]) -> str:
        """Return the marks of a figure."""
        return marks(self.figure(versions))


@dataclass(slots=True)
class Withheld:
    """Which versions are withheld, month by month; kept from one run to the next.

    `months`: source → month → the documents it was decided from, and the versions withheld.
    """

    months: dict[str, dict[str, tuple[str, list[list[str]]]]] = field(default_factory=dict)

    def of(self, source: str) -> set[tuple[str, ...]]:
        """Return a source's withheld versions: fact and day from which each counts."""
        found = self.months.get(source, {}).values()
        return {tuple(one) for _, versions in found for one in versions}


def add(
    stock: Stock,
    source: str,
    every: Versions,
    withheld: set[tuple[str, ...]],
    words: Mapping[str, str],
) -> None:
    """Take in statements of a source. `withheld`: fact and first day; `words`: names of regions."""
    confirms = np.asarray(every.ids["next"]) < 0
    hidden = {version[:4] for version in withheld}
    for row in frames.records(every.where(~confirms), queries.COLUMNS):
        shown = _shown(row, withheld, words)
        key = source, shown.kennzahl, shown.month
        figures = stock.proofs.setdefault(key, {})
        figures.setdefault((shown.region, shown.gliederung), []).append(shown)
        place = stock.places.setdefault((shown.sha256, shown.sheet), {})
        place[shown.cell] = place.get(shown.cell, False) or shown.withheld
    columns = ("kennzahl", "gliederung", "region_system", "region_code", "berichtsmonat")
    for row in frames.records(
        every.where(confirms), [*columns, "document_sha256", "sheet", "cell"]
    ):
        fact = _fact(row)
        place = stock.places.setdefault((row["document_sha256"], row["sheet"]), {})
        place[row["cell"]] = place.get(row["cell"], False) or fact in hidden


def settle(stock: Stock) -> None:
    """Put everything in order: proof pages by month, versions latest first."""
    stock.proofs = dict(sorted(stock.proofs.items()))
    for figures in stock.proofs.values():
        for versions in figures.values():
            versions.sort(key=lambda v: (v.datenstand, v.sha256), reverse=True)


def _fact(row: Mapping[str, Any]) -> Fact:
    region = f"{row['region_system']}:{row['region_code']}"
    return row["kennzahl"], row["gliederung"], region, str(row["berichtsmonat"])[:7]


def _shown(
    row: Mapping[str, Any], withheld: set[tuple[str, ...]], words: Mapping[str, str]
) -> Shown:
    kennzahl, gliederung, region, month = fact = _fact(row)
    secret = (*fact, str(row["known_from"])) in withheld
    return Shown(
        row["source"],
        kennzahl,
        gliederung,
        region,
        words.get(region, row["region_name"]),
        month,
        None if secret else row["value"],
        "*" if secret else row["zeichen"] or "",
        secret,
        row["unit"],
        row["status"],
        row["datenstand"],
        row["known_to"] or "",
        row["document_sha256"],
        row["file_name"],
        row["sheet"],
        row["cell"],
    )


def topics(stock: Stock, source: str, own: Sequence[str]) -> list[Topic]:
    """Return the kennzahlen that a source states for one of the office's regions."""
    declared = registry.kennzahlen(registry.load(source))
    met: dict[str, dict[tuple[str, str], str]] = {}
    for (name, code, _), figures in stock.proofs.items():
        if name == source and code in declared:
            for (region, gliederung), versions in figures.items():
                if region in own:
                    met.setdefault(code, {})[region, gliederung] = versions[0].region_name
    return [_topic(source, code, declared[code], met[code], own) for code in sorted(met)]


def _topic(
    source: str,
    code: str,
    entry: Mapping[str, Any],
    met: Mapping[tuple[str, str], str],
    own: Sequence[str],
) -> Topic:
    """Let the series without a gliederung be the long one, of the first region that has it."""
    region, gliederung = min(met, key=lambda m: (own.index(m[0]), m[1] != WHOLE, m[1]))
    return Topic(
        source,
        code,
        entry["label"],
        entry["unit"],
        entry["kind"],
        entry["definition"],
        entry["source"],
        region,
        met[region, gliederung],
        gliederung,
    )


def few_keys(gliederungen: Iterable[str | None]) -> list[bool]:
    """Tell which gliederungen have at most one key: crossed ones stand in the open data only."""
    return ["," not in (gliederung or "") for gliederung in gliederungen]
