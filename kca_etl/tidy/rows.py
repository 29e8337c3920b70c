"""A table's rows: which region, which label, which period each one speaks of."""

from __future__ import annotations

import difflib
from collections.abc import Container
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kca_etl.cells import Cell, RawTable, Section, empty
from kca_etl.german.labels import plain_label
from kca_etl.german.numbers import is_value
from kca_etl.german.text import Pattern, pattern, show, split_footnote
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.observations import Region
from kca_etl.sources.spec import Coord, Source
from kca_etl.tidy.regions import region_of, split_code
from kca_etl.tidy.row_periods import row_periods
from schemas.codelists import LAENDER

NOWHERE = Region("local", "?", "?")
PART = {"dar.", "dar.:", "darunter", "darunter:", "dav.", "dav.:", "davon", "davon:"}


@dataclass(slots=True)
class RowKeys:
    """Row attributes as dictionaries plus ids of length n.

    `first`: -1, or the index of the row this one repeats · `notes`: warnings about labels.
    """

    coords: list[Coord]
    coord_id: NDArray[np.int32]
    regions: list[Region]
    region_id: NDArray[np.int32]
    periods: list[dict[str, str]]
    period_id: list[int]
    first: NDArray[np.int32]
    notes: list[Finding]


def read_rows(raw: RawTable, source: Source, fixed: Region | None) -> tuple[RowKeys, list[Finding]]:
    """Resolve every row's labels.

    Findings name unknown regions and labels, missing labels and doubled rows.
    """
    roles = tuple(role for role, _ in raw.stub)
    findings: list[Finding] = []
    notes: list[Finding] = []
    regions, region_id = _regions(raw, roles, source, fixed, findings)
    coords, coord_id, label_periods = _labels(
        raw, roles, frozenset(source.zeichen), findings, notes
    )
    periods, period_id = row_periods(raw, roles, label_periods, findings)
    first = _first(raw, region_id, coord_id, period_id, findings)
    return RowKeys(
        coords,
        np.array(coord_id, np.int32),
        regions,
        np.array(region_id, np.int32),
        periods,
        period_id,
        first,
        notes,
    ), findings


def _regions(
    raw: RawTable,
    roles: tuple[str, ...],
    source: Source,
    fixed: Region | None,
    findings: list[Finding],
) -> tuple[list[Region], list[int]]:
    if not any(role.startswith("region") for role in roles):
        if fixed is None:
            what, cell = "neither the table nor its declaration names a region", a1(raw.top, 0)
            findings.append(Finding(Code.UNKNOWN_REGION, what, raw.grid.name, cell))
        return [fixed or NOWHERE], [0] * len(raw.rows)
    regions, ids, lost = _resolve(roles, tuple(raw.stub_cells), tuple(source.regions.items()))
    if lost is not None:
        findings += [_unknown_region(raw, n) for n, number in enumerate(ids) if number == lost]
    return regions, ids


def _unknown_region(raw: RawTable, n: int) -> Finding:
    col = next(c for role, c in raw.stub if role.startswith("region"))
    found = " ".join(repr(cell) for cell in raw.stub_cells[n])
    return Finding(
        Code.UNKNOWN_REGION,
        "a row's region is not known",
        raw.grid.name,
        a1(raw.rows[n], col),
        found,
        "a declared code or an official name",
    )


@lru_cache(maxsize=64)  # the same few hundred label cells stand on every sheet of every issue
def _resolve(
    roles: tuple[str, ...],
    stub_cells: tuple[tuple[object, ...], ...],
    systems: tuple[tuple[str, str], ...],
) -> tuple[list[Region], list[int], int | None]:
    """Return distinct regions, each row's index among them, and the index of NOWHERE.

    A Träger belongs to the Land above it.
    """
    ids: dict[tuple[str, str], int] = {}
    regions: list[Region] = []
    out = []
    land = ""
    for cells in stub_cells:
        region = _region(roles, cells, systems) or NOWHERE
        if region.system == "ags" and region.code in LAENDER:
            land = f"ags:{region.code}"
        key = (region.system, region.code)
        if key not in ids:  # a publisher may write the name differently from year to year
            ids[key] = len(regions)
            regions.append(
                region
                if region.parent or region.code == "D"
                else replace(region, parent=_parent(region, land, ids))
            )
        out.append(ids[key])
    return regions or [NOWHERE], out, ids.get((NOWHERE.system, NOWHERE.code))


def _parent(region: Region, land: str, above: Container[tuple[str, str]]) -> str:
    """An AGS says itself what it lies in: the longest of its beginnings that stands above.

    Others lie in the Land above.

    Single Gemeinden (8 digits) stand beside their Kreis without being all of it.
    """
    if region.system != "ags":
        return land
    levels = {3: (2,), 5: (3, 2)}.get(len(region.code), ())
    return next((f"ags:{region.code[:n]}" for n in levels if ("ags", region.code[:n]) in above), "")


def _region(
    roles: tuple[str, ...], cells: tuple[object, ...], systems: tuple[tuple[str, str], ...]
) -> Region | None:
    return region_of(*code_and_name(roles, cells), dict(systems))


def code_and_name(roles: tuple[str, ...], cells: tuple[object, ...]) -> tuple[str, str]:
    """Return what a row's label cells say of its area; '' for what they leave out."""
    given = {
        role: "" if empty(v) else split_footnote(show(v))[0]
        for role, v in zip(roles, cells, strict=True)
    }
    if "region" in given:
        return split_code(given["region"])
    code, name = given.get("region_code", ""), given.get("region_name", "")
    # A total's name may stand where the codes stand.
    is_name = not name and code != "DG" and code.replace(" ", "").isalpha()
    return ("", code) if is_name else (code, name)


def _labels(
    raw: RawTable,
    roles: tuple[str, ...],
    zeichen: frozenset[str],
    findings: list[Finding],
    notes: list[Finding],
) -> tuple[list[Coord], list[int], list[dict[str, str]]]:
    """Match row labels; join each row's section.

    Rows declared and absent, or absent from the declaration, are findings.
    """
    labels = [i for i, role in enumerate(roles) if role == "label"]
    if not labels:
        return _sections_alone(raw)
    declared = [(pattern(text), coord) for text, coord in raw.spec.rows.items()]
    coords: dict[Coord, int] = {}
    ids, periods = [], []
    met = set()
    known: dict[str, tuple[Coord, dict[str, str] | None]] = {}  # the same few stand in every area
    for n, (r, cells) in enumerate(zip(raw.rows, raw.stub_cells, strict=True)):
        text = label_path([cells[i] for i in labels], zeichen)
        if text not in known:
            known[text] = _declared_row(text, declared)
        coord, groups = known[text]
        if groups is None and raw.spec.plain_labels and (same := _in_other_words(raw, text)):
            coord, groups = raw.spec.rows[same], {}
            notes.append(_reworded(raw, a1(r, raw.stub[labels[0]][1]), text, same))
        if groups is None:
            findings.append(_unknown_row(raw, a1(r, raw.stub[labels[0]][1]), text))
            groups = {}
        met.add((coord.kennzahl, coord.gliederung))
        section = raw.sections[n] if raw.sections else Section()
        joined = _filled(_joined(section.coord, coord), groups)
        ids.append(coords.setdefault(joined, len(coords)))
        periods.append(dict(section.groups) | groups)
    findings += _missing_rows(raw, met)
    return list(coords), ids, periods


def _sections_alone(raw: RawTable) -> tuple[list[Coord], list[int], list[dict[str, str]]]:
    """Return what the sections say, for a table whose rows have no labels of their own."""
    known: dict[Coord, int] = {}
    ids = [known.setdefault(s.coord, len(known)) for s in raw.sections] or [0] * len(raw.rows)
    return list(known) or [Coord()], ids, [dict(s.groups) for s in raw.sections]


def _declared_row(
    text: str, declared: list[tuple[Pattern, Coord]]
) -> tuple[Coord, dict[str, str] | None]:
    """Return what a label is declared as and its placeholders' texts; None for an unknown one."""
    for wanted, coord in declared:
        groups = wanted.match(text)
        if groups is not None:
            return coord, groups
    return Coord(), None


def _in_other_words(raw: RawTable, text: str) -> str | None:
    """Return the declared label that a label spells differently, where there is just one thing."""
    same = [
        key
        for key in raw.spec.rows
        if any(plain_label(one) == plain_label(text) for one in key.split("|"))
    ]
    meant = {(raw.spec.rows[key].kennzahl, raw.spec.rows[key].gliederung) for key in same}
    return same[0] if len(meant) == 1 else None


def _reworded(raw: RawTable, cell: str, text: str, known: str) -> Finding:
    what = "a label is spelled otherwise and was read so"
    return Finding(Code.OTHER_SPELLING, what, raw.grid.name, cell, repr(text), repr(known))


def _unknown_row(raw: RawTable, cell: str, text: str) -> Finding:
    near = difflib.get_close_matches(text, raw.spec.rows, n=1, cutoff=0.3)
    expected = f"perhaps {near[0]!r}" if near else "a declared label"
    what = "a row's label is not declared"
    return Finding(Code.UNKNOWN_ROW, what, raw.grid.name, cell, repr(text), expected)


def _missing_rows(
    raw: RawTable, met: set[tuple[str, tuple[tuple[str, str], ...]]]
) -> list[Finding]:
    wanted = {
        (c.kennzahl, c.gliederung): text
        for text, c in reversed(raw.spec.rows.items())
        if not c.optional and not c.ignore
    }
    what, cell = "a declared row is not there", a1(raw.top, 0)
    return [
        Finding(Code.MISSING_ROW, what, raw.grid.name, cell, "", repr(text))
        for key, text in wanted.items()
        if key not in met
    ]


def label_path(cells: list[Cell], zeichen: AbstractSet[str]) -> str:
    """Join a row's label cells.

    Of several, a share (`54,3 | Männer`) and a bare `dar.` beside the label are no part of it.
    """
    labels = (
        [c for c in cells if not empty(c) and not is_value(c, zeichen) and show(c) not in PART]
        if len(cells) > 1
        else cells
    )
    return split_footnote(" > ".join(map(show, labels)))[0]


def _filled(coord: Coord, groups: dict[str, str]) -> Coord:
    """Put what was read from the label into the gliederung: `[wz={wz}]`."""
    if not any("{" in value for _, value in coord.gliederung):
        return coord
    return coord.model_copy(
        update={"gliederung": tuple((k, v.format_map(groups)) for k, v in coord.gliederung)}
    )


def _joined(section: Coord, row: Coord) -> Coord:
    """A row's coordinates under its section's; the row's own kennzahl counts."""
    longer = (
        section.kennzahl + row.kennzahl[1:]
        if section.kennzahl and row.kennzahl.startswith("+")
        else row.kennzahl
    )
    return Coord(
        kennzahl=longer or section.kennzahl,
        gliederung=section.gliederung + row.gliederung,
        shift=section.shift + row.shift,
        ignore=row.ignore or section.ignore,
    )


def _first(
    raw: RawTable,
    region_id: list[int],
    coord_id: list[int],
    period_id: list[int],
    findings: list[Finding],
) -> NDArray[np.int32]:
    seen: dict[tuple[int, int, int], int] = {}
    first = np.full(len(raw.rows), -1, np.int32)
    for n, key in enumerate(zip(region_id, coord_id, period_id, strict=True)):
        before = seen.setdefault(key, n)
        if before == n:
            continue
        first[n] = before
        if not raw.spec.repeats and not findings:
            findings.append(
                Finding(
                    Code.DOUBLE_ROW,
                    "two rows speak of the same",
                    raw.grid.name,
                    a1(raw.rows[n], raw.stub[0][1]),
                    show(raw.stub_cells[n][0]),
                    f"once; also in {a1(raw.rows[before], raw.stub[0][1])}",
                )
            )
    return first
