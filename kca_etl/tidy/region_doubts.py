"""What a document's region labels leave in doubt.

Codes without their leading zero, names that two Kreise share.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kca_etl.cells import RawTable
from kca_etl.german.text import pattern
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from kca_etl.sources.spec import Source
from kca_etl.tidy.regions import region_of, restored, sharing
from kca_etl.tidy.rows import code_and_name
from schemas import regions as register

LISTED = 5  # cells named one by one
ROLES = ("region", "region_code", "region_name")
Label = tuple[int, str, str]  # row among the table's rows, code, name
Doubt = tuple[str, str, str, str]  # sheet, cell, code that lost its zero (or ""), shared name


def region_doubts(
    tables: list[RawTable], source: Source, observations: Observations | None
) -> list[Finding]:
    """Return what is doubtful about a document's regions.

    One LOST_ZERO for all codes that were made whole; UNKNOWN_REGION for one that did not exist
    then; AMBIGUOUS_REGION for a name that Kreise share.
    """
    met = [doubt for raw in tables for doubt in (*_rows(raw, source), *_above(raw, source.regions))]
    lost = [(sheet, cell, code) for sheet, cell, code, _ in met if code]
    findings = [_ambiguous(sheet, cell, name) for sheet, cell, code, name in met if not code]
    if lost:
        findings.append(_restored(lost))
    if observations is not None:
        first = {code: (sheet, cell) for sheet, cell, code in reversed(lost)}
        findings += [
            f for code, place in first.items() for f in _not_then(code, *place, observations)
        ]
    return findings


def _rows(raw: RawTable, source: Source) -> list[Doubt]:
    labels = _doubtful(
        tuple(role for role, _ in raw.stub), tuple(raw.stub_cells), tuple(source.regions.items())
    )
    col = next((col for role, col in raw.stub if role in ROLES), 0)
    return [(raw.grid.name, a1(raw.rows[n], col), code, name) for n, code, name in labels]


@lru_cache(maxsize=64)  # the same few hundred label cells stand on every sheet of every issue
def _doubtful(
    roles: tuple[str, ...],
    stub_cells: tuple[tuple[object, ...], ...],
    systems: tuple[tuple[str, str], ...],
) -> tuple[Label, ...]:
    if not set(ROLES).intersection(roles):
        return ()
    declared = dict(systems)
    labels = [(n, *code_and_name(roles, cells)) for n, cells in enumerate(stub_cells)]
    return tuple((n, code, name) for n, code, name in labels if _in_doubt(code, name, declared))


def _above(raw: RawTable, declared: dict[str, str]) -> list[Doubt]:
    """Look at the texts over a table that name its one region: a code, or a name alone."""
    found = _region_texts(raw)
    coded = [(cell, groups["code"], "") for cell, groups in found if "code" in groups]
    named = [(cell, "", groups["name"]) for cell, groups in found if "name" in groups]
    sheet = raw.grid.name
    return [(sheet, *doubt) for doubt in coded or named if _in_doubt(*doubt[1:], declared)]


def _region_texts(raw: RawTable) -> list[tuple[str, dict[str, str]]]:
    """The cells over a table that name a region, and what they say of it."""
    out = []
    for wanted in (pattern(text) for text in raw.spec.region if "{" in text):
        met = ((a1(row, col), wanted.match(text)) for row, col, text in raw.above)
        out += [(cell, groups) for cell, groups in met if groups]
    return out


def _in_doubt(code: str, name: str, declared: dict[str, str]) -> bool:
    """Tell whether a code lost its zero, or a name without one is refused since Kreise share it.

    Districts may be called as they like.
    """
    if code:
        return restored(code, declared) is not None
    return bool(sharing(name)) and region_of("", name, declared) is None


def _ambiguous(sheet: str, cell: str, name: str) -> Finding:
    what = "a name alone does not say which Kreis is meant: more than one is called so"
    meant = " or ".join(f"{ags} {register.kreise()[ags][-1].name}" for ags in sharing(name))
    return Finding(Code.AMBIGUOUS_REGION, what, sheet, cell, repr(name), meant)


def _restored(lost: list[tuple[str, str, str]]) -> Finding:
    found = ", ".join(f"{code} in {sheet!r} {cell}" for sheet, cell, code in lost[:LISTED])
    expected = ", ".join(f"0{code}" for *_, code in lost[:LISTED])
    more = ", …" if len(lost) > LISTED else ""
    what = (
        f"{len(lost)} codes had lost their leading zero; with it they are in the register and"
        " were read so"
    )
    return Finding(Code.LOST_ZERO, what, *lost[0][:2], found + more, expected + more)


def _not_then(code: str, sheet: str, cell: str, o: Observations) -> list[Finding]:
    """A code is no Kreis of the register in a month in which that Kreis did not exist."""
    ids = [
        i
        for i, r in enumerate(o.regions)
        if r.system == "ags" and r.code == f"0{code}" and r.code in register.kreise()
    ]
    months = [
        Month(int(m)) for m in np.unique(o.month[np.isin(o.region, ids) & np.isfinite(o.value)])
    ]
    never = [str(m) for m in months if not register.existed(f"0{code}", m.first_day)]
    what = (
        "a code without its leading zero would be a Kreis that did not exist in"
        f" {never[0] if never else ''}"
    )
    return (
        [Finding(Code.UNKNOWN_REGION, what, sheet, cell, code, "a code of that month")]
        if never
        else []
    )
