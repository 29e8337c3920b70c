"""The comparison as the page prints it: every text ready and in its place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.metadata import version

from kca_etl.german.months import day, month_name
from kca_etl.german.notation import MISSING, change, difference, number, places, quantity
from kca_etl.german.signs import SIGNS
from kca_etl.offices import folder as offices
from kca_etl.report.comparison.model import Area, Comparison
from kca_etl.report.comparison.panels import Panel, panels
from kca_etl.report.comparison.tiles import Map, draw
from kca_etl.report.facts import Origin
from kca_etl.report.printable import plain
from kca_etl.report.words import MARKS, marks, shown
from kca_etl.sources import registry
from schemas.codelists import LAENDER

LAYOUT = 1  # counts up when the page's look or wording changes
LINES_PER_COLUMN = 70  # lines of the list in one column
UNITS = {"Prozent": "in %"}
RANKED = (
    "Rang 1 ist der höchste Wert; gleiche Werte teilen sich einen Rang. "
    "Eine Wertung ist damit nicht verbunden."
)
COUNTED = (
    "Anzahlen hängen von der Größe der Region ab: "
    "Die Liste ordnet sie nach ihrer Höhe, sie vergleicht nicht."
)
COMPUTED_HERE = (
    "Median, Rang und Unterschiede: eigene Berechnung aus den veröffentlichten, "
    "ungerundeten Werten; geheim gehaltene zählen nicht mit."
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the list; `share` is the bar's length from 0 to 1."""

    place: str
    name: str
    value: str
    marks: str
    share: float
    own: bool


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure set apart, with what is said of it."""

    label: str
    value: str
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page, in German.

    `lines` are the list in columns, `mark` where the whole's value lies along the bars.
    """

    title: str
    publisher: str
    region: str
    heading: str
    subject: str
    headline: str
    tiles: tuple[Tile, ...]
    kind: str
    place: str
    unit: str
    list_title: str
    list_note: str
    lines: tuple[tuple[Bar, ...], ...]
    mark: float | None
    mark_name: str
    unpublished: tuple[tuple[str, str], ...]
    map: Map | None
    panels: tuple[Panel, ...]
    course: str
    definition: str
    notes: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    source: str
    version: str


@lru_cache(maxsize=2)
def page_of(comparison: Comparison) -> Page:
    """Return the page of a comparison; kept, so that several renderers draw it once."""
    c, kennzahl = comparison, comparison.kennzahl
    drawn, said = panels(c)
    bars, mark = _bars(c)
    areas = {a.key: a for a in (*c.ranked, *c.unpublished)}
    where = LAENDER[c.land] if c.land else "Deutschland"
    subject = _subject(c)
    return Page(
        title=f"{c.kind} im Vergleich: {subject} – {where}",
        publisher=offices.current().name,
        region=plain(c.own.name) if c.own else where,
        heading=f"{c.kind} in {where} im Vergleich",
        subject=subject,
        headline=_headline(c, where),
        tiles=_tiles(c),
        kind=c.kind,
        place="Stelle" if kennzahl.counted else "Rang",
        unit=UNITS.get(kennzahl.unit, kennzahl.unit),
        list_title=_list_title(c),
        list_note=COUNTED if kennzahl.counted else RANKED,
        lines=tuple(bars[n : n + LINES_PER_COLUMN] for n in range(0, len(bars), LINES_PER_COLUMN)),
        mark=mark,
        mark_name=plain(c.whole[0].name) if mark is not None else "",
        unpublished=tuple((plain(a.name), a.figure.zeichen or MISSING) for a in c.unpublished),
        map=draw(c, areas),
        panels=drawn,
        course=said,
        definition=kennzahl.definition,
        notes=_notes(c),
        signs=_signs(c),
        documents=tuple(plain(_document(d)) for d in c.documents),
        source=_source(c),
        version=(
            f"kca-etl {version('kca-etl')} · Seitenfassung {LAYOUT}"
            f" · Kennung der Werte {fingerprint(c)[:12]}"
        ),
    )


def _subject(c: Comparison) -> str:
    """Return the kennzahl with its gliederung and its month, or the year of annual values."""
    kennzahl = c.kennzahl
    split = "" if kennzahl.gliederung == "insgesamt" else f" ({kennzahl.gliederung})"
    when = month_name(c.month) if c.step == 1 else str(c.month.year)
    return plain(f"{kennzahl.label}{split}, {when}")


def _source(c: Comparison) -> str:
    declared = registry.load(c.source)
    return (
        f"Quelle: {declared.publisher}, {declared.title}. {declared.licence}. "
        f"Datenstand {day(c.datenstand)}."
    )


def fingerprint(comparison: Comparison) -> str:
    """Return a hash of every fact version the page uses: the same page, the same hash."""
    areas = (*comparison.ranked, *comparison.unpublished, *comparison.whole, *comparison.courses)
    return hashlib.sha256(
        "\n".join(f"{a.key}|{f!r}" for a in areas for f in a.series).encode()
    ).hexdigest()


def rank(comparison: Comparison, area: Area) -> str:
    """Say where an area stands: `Rang 12 von 26`; for counts its place in the order."""
    word = "Stelle" if comparison.kennzahl.counted else "Rang"
    return f"{word} {area.place} von {len(comparison.ranked)}"


def _headline(c: Comparison, where: str) -> str:
    unit, own = c.kennzahl.unit, c.own
    if own is None:
        lowest, highest = (shown(a.figure, unit) for a in (c.ranked[-1], c.ranked[0]))
        return f"Von {lowest} bis {highest} in {where}, Median {quantity(c.middle, unit)}"
    if own.place is None:
        return f"{plain(own.name)}: nicht veröffentlicht ({own.figure.zeichen or MISSING})"
    order = "der Größe nach an " if c.kennzahl.counted else ""
    return f"{plain(own.name)}: {shown(own.figure, unit)}, {order}{rank(c, own)} in {where}"


def _tiles(c: Comparison) -> tuple[Tile, ...]:
    unit = c.kennzahl.unit
    out = []
    if c.own:
        out.append(
            Tile(
                plain(c.own.name),
                shown(c.own.figure, unit),
                rank(c, c.own) if c.own.place else "nicht veröffentlicht",
                own=True,
            )
        )
    out.append(
        Tile(f"Median der {c.kind}", quantity(c.middle, unit), _apart(c, c.middle), own=False)
    )
    whole = [
        Tile(plain(a.name), shown(a.figure, unit), _apart(c, a.figure.value), own=False)
        for a in c.whole
    ]
    return (*out, *whole)


def _apart(c: Comparison, other: Decimal | None) -> str:
    """Say how far the highlighted area lies from another figure; nothing for counts."""
    own = c.own.figure.value if c.own else None
    if own is None or other is None or c.kennzahl.counted:
        return ""
    name = plain(c.own.name) if c.own else ""
    return f"{name} dagegen {change(difference(own, other), c.kennzahl.unit)}"


def _list_title(c: Comparison) -> str:
    order = "nach Anzahl" if c.kennzahl.counted else "nach Rang"
    apart = f", {len(c.unpublished)} nicht veröffentlicht" if c.unpublished else ""
    return f"{len(c.ranked)} {c.kind} {order}{apart}"


def _bars(c: Comparison) -> tuple[tuple[Bar, ...], float | None]:
    """Measure the bars from zero to the highest figure.

    The whole's mark stands among them where it means the same.
    """
    unit, mean = (
        c.kennzahl.unit,
        next((a.figure.value for a in c.whole if not c.kennzahl.counted), None),
    )
    top = max(v for v in (c.ranked[0].value, mean) if v is not None)

    def share(value: Decimal) -> float:
        return round(max(0.0, float(value / top)), 4) if top > 0 else 0.0

    bars = tuple(
        Bar(
            str(a.place),
            plain(a.name),
            number(a.value, places(unit)),
            marks(a.figure),
            share(a.value),
            a.own,
        )
        for a in c.ranked
    )
    return bars, None if mean is None else share(mean)


def _notes(c: Comparison) -> tuple[str, ...]:
    out = [COMPUTED_HERE]
    if c.unpublished:
        out.append(
            "Nicht veröffentlichte Werte sind nicht null; "
            "sie stehen gesondert und haben keinen Rang."
        )
    if any(a.figure.origin is None for a in c.whole):
        out.append(
            "Eine Summe steht hier nicht (–), wenn ein Teil von ihr geheim gehalten ist: "
            "aus den übrigen ließe er sich errechnen."
        )
    revised = [plain(a.name) for a in (*c.ranked, *c.unpublished, *c.whole) if a.figure.revised]
    if revised:
        out.append(f"Revidiert (r): {', '.join(revised)}.")
    return tuple(out)


def _signs(c: Comparison) -> tuple[tuple[str, str], ...]:
    used = {
        a.figure.zeichen or MISSING
        for a in (*c.unpublished, *(a for a in c.whole if a.figure.value is None))
    }
    letters = set("".join(marks(a.figure) for a in (*c.ranked, *c.whole)))
    return tuple((s, m) for s, m in (MARKS | SIGNS).items() if s in used | letters)


def _document(origin: Origin) -> str:
    return (
        f"{origin.file_name}, Blatt „{origin.sheet}“, Datenstand {day(origin.datenstand)}, "
        f"SHA-256 {origin.sha256[:16]}…"
    )
