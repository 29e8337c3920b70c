"""A source's declared relations, applied to the series that a document holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kca_etl.model.observations import Series
from kca_etl.sources.spec import Check, Coord

INSGESAMT = "insgesamt"


@dataclass(frozen=True, slots=True)
class SeriesRelation:
    """A check and the series it speaks of.

    `series`: the total and its parts · the equal ones · the ordered ones, least first · rate,
    part, whole · the mean and its parts · mean, weight · a year's sum, its months · shares, then
    their counts. `without`: the series in whose months nothing is checked.
    """

    check: Check
    series: tuple[Series, ...]
    without: tuple[Series, ...] = ()


def series_of(coord: Coord) -> Series:
    """Return the series a declared coordinate means."""
    return Series(coord.kennzahl, ",".join(f"{k}={v}" for k, v in coord.gliederung) or INSGESAMT)


def relations(checks: Iterable[Check], known: Sequence[Series]) -> list[SeriesRelation]:
    """Apply checks to the series that are there; those whose series are not all there drop out."""
    there = dict.fromkeys(known)
    return [
        relation
        for check in checks
        for relation in _applied(check, there)
        if relation.series and all(s in there for s in relation.series)
    ]


def coords(check: Check) -> tuple[Coord, ...]:
    """Return the coordinates a check speaks of; a part without a kennzahl has its total's."""
    if head := check.total or check.between:
        return (head, *_filled(check.parts, head))
    if check.share and check.of:
        return (*_filled(check.parts, check.share), *_filled(check.parts, check.of))
    several = check.equal or check.order or check.year
    if several:
        return tuple(several)
    single = (check.ratio, check.of, check.to, check.mean, check.weight)
    return tuple(c for c in single if c is not None)


def _filled(parts: Iterable[Coord], head: Coord | None) -> Iterator[Coord]:
    for part in parts:
        kennzahl = part.kennzahl or (head.kennzahl if head else "")
        yield Coord(kennzahl=kennzahl, gliederung=part.gliederung)


def _applied(check: Check, there: dict[Series, None]) -> Iterator[SeriesRelation]:
    """Yield the relation as it is written, and in every gliederung if it is declared so."""
    written = tuple(map(series_of, coords(check)))
    if check.share:
        written = _both_there(written, there)
    without = tuple(map(series_of, _filled(check.without, check.total)))
    yield SeriesRelation(check, written, without)
    if not check.every_gliederung:
        return
    for split in [s.gliederung for s in there if s.kennzahl == written[0].kennzahl]:
        if split != INSGESAMT and narrow(written[0], split) in there:
            yield SeriesRelation(check, _narrowed(written, split), _narrowed(without, split))


def _both_there(series: tuple[Series, ...], there: dict[Series, None]) -> tuple[Series, ...]:
    """Return the shares and counts of the parts that a document states."""
    half = len(series) // 2
    pairs = [p for p in zip(series[:half], series[half:], strict=True) if set(p) & there.keys()]
    return (*(share for share, _ in pairs), *(count for _, count in pairs))


def _narrowed(series: tuple[Series, ...], split: str) -> tuple[Series, ...]:
    return tuple(narrow(s, split) for s in series)


def narrow(series: Series, split: str) -> Series:
    """Return a series within a gliederung. What is split twice by one key stands nowhere."""
    if series.gliederung == INSGESAMT:
        return Series(series.kennzahl, split)
    pairs = sorted([*series.gliederung.split(","), *split.split(",")])
    return Series(series.kennzahl, ",".join(pairs))
