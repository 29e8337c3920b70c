"""The pages that people begin with: start, months, kennzahlen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kca_etl.german.months import day, month_name
from kca_etl.german.notation import decimal
from kca_etl.model.month import MONTHS_PER_YEAR, Month
from kca_etl.offices import folder as offices
from kca_etl.report.facts import Figure
from kca_etl.report.html import inline
from kca_etl.report.overview import OverviewRow
from kca_etl.report.timeline import alternative
from kca_etl.site import addresses, chart, words
from kca_etl.site.context import Printed, Shell, Site, moved
from kca_etl.site.publish import Page
from kca_etl.site.revisions import Revision
from kca_etl.site.shown import Shown, Topic
from kca_etl.sources import registry
from kca_etl.warehouse.views.areas import compared

MAX_NEWEST_REVISIONS = 5
COMPUTED_HERE = (
    "Veränderungen: eigene Berechnung, kaufmännisch gerundet; bei Quoten in Prozentpunkten."
)


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A kennzahl on a month's page: three figures and two changes."""

    label: str
    href: str
    unit: str
    figures: tuple[Printed, Printed, Printed]
    changes: tuple[str, str]


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A month of a kennzahl's long series."""

    month: str
    href: str
    figure: Printed
    changes: tuple[str, str]
    datenstand: str
    status: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A region or a part in a list; `share` is the bar's length from 0 to 100."""

    name: str
    figure: Printed
    share: int
    own: bool


def month_title(month: str) -> str:
    """Return `November 2020` for `2020-11`."""
    return month_name(Month.parse(month).first_day)


def start(site: Site, shell: Shell, revisions: Sequence[Revision]) -> Page:
    """Return the start page: the latest month."""
    page, month = addresses.START, (site.months or [""])[0]
    return shell.page(
        page,
        "start.html.j2",
        f"Zahlen und Belege – {offices.current().name}",
        month=month,
        month_title=month_title(month) if month else "",
        month_page=addresses.month_page(month),
        lines=_lines(site, month, page) if month else [],
        months=[(m, month_title(m), addresses.month_page(m)) for m in site.months[1:13]],
        sources=[(s, registry.load(s).title, addresses.source_page(s)) for s in site.sources],
        revisions=[(r, month_title(r.month)) for r in revisions[:MAX_NEWEST_REVISIONS]],
        text=offices.current().open_data.title,
    )


def months(site: Site, shell: Shell) -> Iterator[Page]:
    """Return the list of months, and every month's page."""
    years: dict[str, list[tuple[str, str]]] = {}
    for month in site.months:
        years.setdefault(month[:4], []).append((month_title(month), addresses.month_page(month)))
    yield shell.page(addresses.MONTHS, "monate.html.j2", "Alle Monate", years=years)
    for number, month in enumerate(site.months):
        later = site.months[number - 1] if number else ""
        earlier = site.months[number + 1] if number + 1 < len(site.months) else ""
        yield _month(site, shell, month, earlier, later)


def _month(site: Site, shell: Shell, month: str, earlier: str, later: str) -> Page:
    page = addresses.month_page(month)
    others = [
        (registry.load(source).title, addresses.source_page(source), lines)
        for source in site.sources
        if source != registry.jobcenter_source() and (lines := _lines_of(site, source, month))
    ]
    now = Month.parse(month)
    files = [(name, f"berichte/{month}/{name}") for name in sorted(site.reports.get(month, {}))]
    return shell.page(
        page,
        "monat.html.j2",
        f"{month_title(month)} – {offices.current().name}",
        month_title=month_title(month),
        heads=[month_title(str(now - by)) for by in (0, 1, 12)],
        lines=_lines(site, month, page),
        others=others,
        files=files,
        earlier=(addresses.month_page(earlier), month_title(earlier)) if earlier else None,
        later=(addresses.month_page(later), month_title(later)) if later else None,
        computed=COMPUTED_HERE,
    )


def _lines(site: Site, month: str, page: str) -> list[MonthLine]:
    out = []
    now = Month.parse(month)
    for topic in site.overview:
        row, course = site.row(topic, month), site.courses[topic]
        one, before, year = (site.printed(course.get(str(now - by)), page) for by in (0, 1, 12))
        changes = moved(row, row.change_previous), moved(row, row.change_year)
        figures = (one, before, year)
        out.append(MonthLine(site.label(topic), topic.page, topic.unit, figures, changes))
    return out


def _lines_of(site: Site, source: str, month: str) -> list[tuple[str, str, str, Printed]]:
    """Return the kennzahlen of another source in a month."""
    page = addresses.month_page(month)
    return [
        (site.label(topic), topic.page, _subject(topic), site.printed(versions, page))
        for topic in site.stock.topics
        if topic.source == source and (versions := site.courses[topic].get(month))
    ]


def _subject(topic: Topic) -> str:
    if topic.gliederung == "insgesamt":
        return topic.region_name
    return f"{topic.region_name}, {words.gliederung(topic.gliederung)}"


def kennzahlen(site: Site, shell: Shell) -> Iterator[Page]:
    """Return the list of kennzahlen, and the page of each."""
    page = addresses.KENNZAHLEN
    groups = []
    for source in site.sources:
        mine = [t for t in site.stock.topics if t.source == source]
        lines = [(site.label(t), t.page, t.definition, *_latest(site, t, page)) for t in mine]
        groups.append((registry.load(source).title, sorted(lines, key=lambda line: line[0])))
    yield shell.page(page, "kennzahlen.html.j2", "Alle Kennzahlen", groups=groups)
    for topic in site.stock.topics:
        yield _kennzahl(site, shell, topic)


def _latest(site: Site, topic: Topic, page: str) -> tuple[str, Printed]:
    course = site.courses[topic]
    month = max(course)
    return month_title(month), site.printed(course[month], page)


def _kennzahl(site: Site, shell: Shell, topic: Topic) -> Page:
    page, course = topic.page, site.courses[topic]
    last = max(course)
    figures = series(site, topic)
    row = OverviewRow(
        topic.code, site.label(topic), topic.unit, figures[-1], figures[-1], figures[-1], figures
    )
    current = site.stock.proofs[topic.source, topic.code, last]
    parts = [vs for (r, g), vs in current.items() if r == topic.region and g != topic.gliederung]
    areas = [vs for (r, g), vs in current.items() if compared(r) and g == topic.gliederung]
    forms = [(f, addresses.data_file(topic.source, topic.code, f)) for f in ("csv", "json", "xlsx")]
    return shell.page(
        page,
        "kennzahl.html.j2",
        f"{site.label(topic)} – {offices.current().name}",
        topic=topic,
        label=site.label(topic),
        subject=_subject(topic),
        kind=words.KINDS_WORDS[topic.kind],
        source=(registry.load(topic.source).title, addresses.source_page(topic.source)),
        month_title=month_title(last),
        latest=site.printed(course[last], page),
        svg=inline(chart.svg(row)),
        alternative=alternative(row),
        parts=_bars(site, topic, parts, page, in_order=False),
        areas=_bars(site, topic, areas, page, in_order=True) if len(areas) > 1 else [],
        lines=_course(site, topic, page),
        forms=forms,
    )


def series(site: Site, topic: Topic) -> tuple[Figure, ...]:
    """Return a long series without gaps: empty figures for months that have none."""
    course = site.courses[topic]
    first, last = Month.parse(min(course)), Month.parse(max(course))
    yearly = all(month.endswith("-12") for month in course)
    step = MONTHS_PER_YEAR if yearly else 1
    names = [str(first + by) for by in range(0, last.since(first) + 1, step)]
    return tuple(site.at(topic, name, last.first_day) for name in names)


def _course(site: Site, topic: Topic, page: str) -> list[CourseLine]:
    out = []
    for month, versions in sorted(site.courses[topic].items(), reverse=True):
        row = site.row(topic, month)
        href = addresses.month_page(month) if month in site.months else ""
        figure = site.printed(versions, page)
        changes = moved(row, row.change_previous), moved(row, row.change_year)
        stand = day(versions[0].datenstand)
        out.append(CourseLine(month_title(month), href, figure, changes, stand, versions[0].status))
    return out


def _bars(
    site: Site, topic: Topic, found: Sequence[list[Shown]], page: str, *, in_order: bool
) -> list[Bar]:
    """Put regions in the order of their figures, parts in the order of their names."""
    largest = max((v[0].value or 0 for v in found), default=0) or 1
    bars = [
        (versions[0], Bar(
            versions[0].region_name if in_order else words.gliederung(versions[0].gliederung),
            site.printed(versions, page),
            max(0, round(100 * (versions[0].value or 0) / largest)),
            in_order and versions[0].region in (topic.region, *offices.current().own_regions),
        ))
        for versions in found
    ]  # fmt: skip
    if in_order:
        bars.sort(key=lambda b: (-_height(b[0]), b[1].name))
    else:
        bars.sort(key=lambda b: b[0].gliederung)
    return [bar for _, bar in bars]


def _height(shown: Shown) -> Decimal:
    return Decimal(-1) if shown.value is None else decimal(shown.value)


def first_day(month: str) -> date:
    """Return the first day of a month."""
    return Month.parse(month).first_day
