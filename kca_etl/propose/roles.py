"""What each label column of a table says: periods, regions, or a breakdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from kca_etl.cells import Cell, empty
from kca_etl.german.text import show
from kca_etl.propose.kinds import (
    is_code,
    is_day,
    is_month_name,
    is_quarter,
    is_school_year,
    is_year,
)
from kca_etl.propose.label_columns import CODE_HEADER, is_running
from kca_etl.propose.shape import Shape
from kca_etl.propose.wording import generic
from kca_etl.tidy.regions import region_of, split_code
from schemas.codelists import LAENDER
from schemas.regions import names as registered

PERIODS = {"jahr", "schuljahr", "quartal", "monat", "monatsname"}
MIN_CODES_SHARE = 0.7  # of a column's texts: beside so many codes a few names are totals
MIN_NAMES_SHARE = 0.5  # of a column's texts: so many must be names of areas
MIN_LISTED_AREAS = 150  # labels that stand once each: more are a list of areas, not of breakdowns
LAND_DIGITS = 2
AREA_HEADER = re.compile(
    r"Region|Kreis|Gemeinde|\bLand\b|Bundesl|Bezirk|Stadt|\bOrt|Gebiet|Agentur|Jobcenter|\bName\b",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    ("jahr", is_year),
    ("schuljahr", is_school_year),
    ("monat", is_day),
    ("quartal", is_quarter),
    ("monatsname", is_month_name),
)


def stub_name(shape: Shape, col: int) -> str:
    """The header of a label column; '' if it has none."""
    # The label may stand a row above the other headers.
    rows = (*range(shape.top, shape.first), max(shape.top - 1, 0))
    texts = [show(shape.grid.rows[r][col]) for r in rows if not empty(shape.grid.rows[r][col])]
    return texts[0] if texts and not texts[0].replace(".", "").isdigit() else ""


def roles_of(shape: Shape) -> list[str]:
    """Return the role of each label column.

    Each role but `label` and `ignore` stands once: of two columns of days the shorter header
    counts.
    """
    headers = [stub_name(shape, c) for c in shape.stub]
    texts = [list(dict.fromkeys(map(show, shape.column(c)))) for c in shape.stub]
    kinds = [_kind(t, header) for t, header in zip(texts, headers, strict=True)]
    labels = [i for i, kind in enumerate(kinds) if kind == "label"]
    if "region_code" in kinds:
        _beside_codes(shape, kinds, labels)
    elif (
        "region" not in kinds and (area := _area(shape, kinds, labels, texts, headers)) is not None
    ):
        kinds[area] = "region_name"
    return _once(kinds, headers)


def _kind(texts: list[str], header: str) -> str:
    if is_running(texts):
        return "ignore"
    for kind, fits in _KINDS:
        if texts and all(map(fits, texts)):
            return kind
    if _are_codes(texts, header):
        return "region_code"
    return "region" if _lead_with_codes(texts) else "label"


def _are_codes(texts: list[str], header: str) -> bool:
    if not texts or sum(map(is_code, texts)) < MIN_CODES_SHARE * len(texts):
        return False
    return CODE_HEADER.search(header) is not None or max(map(len, texts)) >= LAND_DIGITS


def _lead_with_codes(texts: list[str]) -> bool:
    """Tell whether most cells hold a code and a name, and one of the codes is no mere number."""
    pairs = [split_code(text) for text in texts]
    coded = [(code, name) for code, name in pairs if code]
    return len(coded) * 2 > len(pairs) and any(
        len(code) > LAND_DIGITS or LAENDER.get(code) == name for code, name in coded
    )


def _beside_codes(shape: Shape, kinds: list[str], labels: list[int]) -> None:
    """Tell the name of the areas, what else describes them, and further breakdowns apart.

    What a code always stands beside describes its area; the text with the most words is its name.
    """
    code = shape.stub[kinds.index("region_code")]
    describing = [i for i in labels if _follows(shape, code, shape.stub[i])]
    for i in describing:
        kinds[i] = "ignore"
    if describing:
        kinds[max(describing, key=lambda i: _wordiness(shape, shape.stub[i]))] = "region_name"


def _follows(shape: Shape, code: int, col: int) -> bool:
    """Tell whether each code has one text of a column."""
    known: dict[str, str] = {}
    for row in shape.body():
        if empty(row[code]) or empty(row[col]):
            continue
        if known.setdefault(show(row[code]), show(row[col])) != show(row[col]):
            return False
    return True


def _wordiness(shape: Shape, col: int) -> int:
    """Count the different texts with lower letters: codes such as `DEF01` have none."""
    texts = {show(v) for v in shape.column(col)}
    return sum(any(c.islower() for c in text) for text in texts)


def _area(
    shape: Shape, kinds: list[str], labels: list[int], texts: list[list[str]], headers: list[str]
) -> int | None:
    """Return the column whose texts name areas, None if no column does."""
    telling: tuple[Callable[[int], bool], ...] = (
        lambda i: _are_areas(texts[i]),
        lambda i: AREA_HEADER.search(headers[i]) is not None,
        lambda i: len(texts[i]) > MIN_LISTED_AREAS and not _repeats(shape, i),
    )
    for tells in telling:
        if found := list(filter(tells, labels)):
            return max(found, key=lambda i: len(texts[i]))
    is_alone = len(labels) == 1 and not PERIODS.isdisjoint(kinds)
    return labels[0] if is_alone and _has_words(shape) else None


def _has_words(shape: Shape) -> bool:
    """Tell whether a header is more than a period."""
    return any(generic(p) == p for h in shape.heads for p in h.path)


def _are_areas(texts: list[str]) -> bool:
    """Tell whether most texts are names of Länder, Kreise or Jobcenter."""
    if not texts:
        return False
    by_name = registered.by_whole_name()
    known = sum(
        region_of("", text, {}) is not None or registered.whole(text) in by_name for text in texts
    )
    return known >= MIN_NAMES_SHARE * len(texts)


def _repeats(shape: Shape, i: int) -> bool:
    cells = shape.column(shape.stub[i])
    return len(set(map(show, cells))) < len(cells)


def _once(kinds: list[str], headers: list[str]) -> list[str]:
    out = list(kinds)
    for role in {*kinds} - {"label", "ignore"}:
        same = [i for i, kind in enumerate(kinds) if kind == role]
        kept = min(same, key=lambda i: (not headers[i], len(headers[i])))
        for i in same:
            out[i] = role if i == kept else "ignore"
    if "monat" in out:  # a day or a month says its year itself
        out = ["ignore" if role in PERIODS - {"monat"} else role for role in out]
    return out
