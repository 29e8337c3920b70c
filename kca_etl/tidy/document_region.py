"""Whose document is it? A declaration of one Kreis must not read another's sheet as its own.

The document must name the declared region, or no other of its kind. In titles, tables, sheet
names and the file's name another Kreis or Jobcenter stops it in any case; in notes below a table
others may be mentioned as long as the document names its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kca_etl.cells import Grid, RawTable, empty
from kca_etl.german.text import show
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.sources.spec import Source
from kca_etl.tidy.region_mentions import Mention, Part, Text, initials, mentions, written_names
from kca_etl.tidy.regions import parse
from schemas import regions as register
from schemas.regions import names

TITLE_ROWS = 15  # of a sheet without a table: a cover
MAX_TITLE_CHARS = 200
MAX_COVER_CHARS = 80
FORMAT_ENDINGS = (".xlsx", ".xls", ".xlsb", ".ods", ".csv")


@dataclass(frozen=True, slots=True)
class Placed:
    """A text of the document, where it stands, and whether it says what the document is of."""

    text: Text
    sheet: str
    cell: str
    claims: bool


def check_document_region(
    grids: Iterable[Grid],
    tables: Sequence[RawTable],
    source: Source,
    month: Month | None,
    file_name: str,
) -> list[Finding]:
    """Return OTHER_REGION for each other Kreis or Jobcenter that the document is said to be of.

    `month` is the document's: a town that is part of the Kreis until a reform is no other before.
    """
    own = declared_area(source)
    if own is None:
        return []
    texts = [*_name_of_file(file_name), *_texts(grids, tables)]
    mine = names.own_keys(own) | _parts_then(own, month)
    met = [(placed, mention) for placed in texts for mention in mentions(placed.text)]
    if _names_own(met, mine) or any(_names_office(p.text, source, own) for p in texts):
        mine |= names.related(own)  # `ohne Stadt Hanau`, after a reform
        claims = [(placed, mention) for placed, mention in met if placed.claims]
        return _others(source, claims, mine)
    return _others(source, met, mine) or _unknown_office(texts, source)


def _names_own(met: Sequence[tuple[Placed, Mention]], mine: frozenset[str]) -> bool:
    return any(mine & mention.keys for _, mention in met)


def declared_area(source: Source) -> str | None:
    """Return the key (`ags:05315`) of the one Kreis that a source's documents must be of."""
    fixed = {t.region[0] for t in source.tables if len(t.region) == 1 and "{" not in t.region[0]}
    found = {source.area} if source.area else fixed
    regions = [parse(text) for text in found]
    keys = {f"{r.system}:{r.code}" for r in regions}
    return keys.pop() if len(keys) == 1 and keys <= names.names().keys() else None


def _parts_then(own: str, month: Month | None) -> frozenset[str]:
    """Return the Kreise made of this one that did not exist yet: then they were part of it."""
    then = {key for key in names.related(own) if month is not None}
    return frozenset(
        key
        for key in then
        if month is not None and not register.existed(key.partition(":")[2], month.first_day)
    )


def _names_office(text: Text, source: Source, own: str) -> bool:
    """Tell whether a text names the publishing office, in full or by its initials."""
    office = [part.strip() for part in source.publisher.split(",")]
    region = {n for key in names.own_keys(own) for n in names.names().get(key, ())}
    if not any(name.split(",")[0] in source.publisher for name in region):
        return False
    return any(text.holds(form) for name in (*office, *region) for form in (name, initials(name)))


def _texts(grids: Iterable[Grid], tables: Sequence[RawTable]) -> Iterator[Placed]:
    by_sheet = {raw.grid.name: raw for raw in tables}
    for grid in grids:
        yield Placed(Text(grid.name), grid.name, "A1", claims=True)
        raw = by_sheet.get(grid.name)
        seen: set[tuple[str, str, Part]] = set()
        for r, c, text, left in _cells(grid):
            part = _part(raw, r, c)
            if (text, left, part) not in seen:
                seen.add((text, left, part))
                claims = part != "note" and len(text) <= (
                    MAX_TITLE_CHARS if raw else MAX_COVER_CHARS
                )
                yield Placed(Text(text, left, part), grid.name, a1(r, c), claims)


def _part(raw: RawTable | None, row: int, col: int) -> Part:
    """Tell which part of a sheet a cell belongs to; a sheet without a table is a cover."""
    if raw is None:
        return "title" if row < TITLE_ROWS else "note"
    if row < raw.top:
        return "title"
    if row > max(raw.rows, default=raw.top):
        return "note"
    is_label = any(col == c and role.startswith("region") for role, c in raw.stub)
    return "label" if is_label else "body"


def _cells(grid: Grid) -> Iterator[tuple[int, int, str, str]]:
    """Return row, column and text of the filled cells, each with the text left of it."""
    for r, row in enumerate(grid.rows):
        left = ""
        for c, cell in enumerate(row):
            if not empty(cell):
                text = show(cell)
                yield r, c, text, left
                left = text


def _name_of_file(file_name: str) -> list[Placed]:
    stem = file_name
    for ending in FORMAT_ENDINGS:
        stem = stem.removesuffix(ending)
    return [Placed(Text(stem.replace("_", " "), part="file name"), "", "", claims=False)]


def _others(
    source: Source, met: Sequence[tuple[Placed, Mention]], mine: frozenset[str]
) -> list[Finding]:
    """Name each other region once, where it stands first."""
    others = [(p, m) for p, m in met if p.text.part != "label" and not m.keys & mine]
    counts = Counter(mention.written for _, mention in others)
    first = {mention.written: placed for placed, mention in reversed(others)}
    return [_other(source, first[written], written, counts[written]) for written in counts]


def _other(source: Source, placed: Placed, written: str, times: int) -> Finding:
    what = f"the document names {written}, another region than the declared one"
    found = repr(placed.text.shown) + (f" ({times} times)" if times > 1 else "")
    return Finding(Code.OTHER_REGION, what, placed.sheet, placed.cell, found, _expected(source))


def _unknown_office(texts: Sequence[Placed], source: Source) -> list[Finding]:
    """A label such as `Jobcenter:` beside a name that is not ours, in a document without ours."""
    for placed in texts:
        name = placed.text.stated_office() if placed.claims else ""
        if name and not any(name in written for written in written_names(source.publisher)):
            what = f"the document says that it is of {name}, which is not the declared region"
            shown = repr(placed.text.shown)
            where = (placed.sheet, placed.cell, shown, _expected(source))
            return [Finding(Code.OTHER_REGION, what, *where)]
    return []


def _expected(source: Source) -> str:
    area = source.area or next(t.region[0] for t in source.tables if t.region)
    return parse(area).name
