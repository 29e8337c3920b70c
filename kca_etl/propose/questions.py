"""What a quarantined document asks: one question for each thing that a person can answer.

A question lists its choices, the likeliest first; an answer is written `verb` or `verb:text`.
What contradicts itself (a sum, an error cell, a rate against its base) poses no question: the
sender has to mend it.
"""

from __future__ import annotations

import ast
import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from kca_etl.cells import Grid, Head
from kca_etl.extract.layout import Fit, fit
from kca_etl.extract.reader import Workbook
from kca_etl.german.text import names_sheet, show
from kca_etl.model.address import a1, place
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.propose.renames import is_rename
from kca_etl.propose.wording import meaning, slug
from kca_etl.sources.spec import Source, Table
from kca_etl.tidy.rows import code_and_name
from schemas import regions as register
from schemas.codelists import ZEICHEN

MAX_NEAREST = 4
REGION_ROLES = ("region", "region_code", "region_name")
SIGN_MEANINGS = {
    "*": "secret",
    ".": "unknown or not reported",
    "-": "nothing, exactly zero",
    "x": "not meaningful",
    "...": "still to come",
}
# Doubts that only a person can settle: the document may be right all the same.
DOUBTS = {
    "SUSPICIOUS",
    "AMBIGUOUS_REGION",
    "SAME_CONTENT",
    "WRONG_UNIT",
    "SWAPPED",
    "FOREIGN_FIGURES",
    "ROWS_MOVED",
    "LARGE_REVISION",
    "CHANGE_MISMATCH",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer as it is typed, and what it means."""

    answer: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, where the document raises it, and what can be answered.

    `kind` names the thing that is unknown · `table`: the id of the table that it belongs to ·
    `text`: the unknown or the declared text · `count`: in how many cells it occurs · `likely`:
    the answer that the document itself speaks for, empty where a person has to choose.
    """

    kind: str
    code: str
    what: str
    text: str
    sheet: str = ""
    cell: str = ""
    table: str = ""
    count: int = 1
    choices: tuple[Choice, ...] = field(default=())
    likely: str = ""

    def chosen(self, answer: str) -> str:
        """Return an answer in full: a letter stands for the choice in its place."""
        place = ord(answer) - ord("a") if len(answer) == 1 else -1
        return self.choices[place].answer if 0 <= place < len(self.choices) else answer

    @property
    def key(self) -> str:
        """The question's name: the same for the same question about the same document."""
        return ":".join(filter(None, (self.kind, self.table, self.text)))


REFUSE = Choice("refuse", "The document does not count; nothing of it is loaded.")


def questions(
    book: Workbook,
    source: Source | None,
    findings: Sequence[Finding],
    sources: Sequence[Source] = (),
    rivals: Sequence[tuple[str, str]] = (),
) -> list[Question]:
    """Return the questions that a document's findings pose, each once.

    `source`: its declaration as decisions widened it, None where no source knows it; then
    `sources` are tried. `rivals`: hash and name of loaded documents of the same datenstand.
    """
    if source is None:
        return _which_source(book, sources)
    fits = {name: best for name in book.names if (best := _best(book[name], source))}
    found = [q for f in findings for q in _asked(f, book, source, fits.get(f.sheet), findings)]
    sheets = {f.sheet for f in findings if f.code in _BY_COLUMN}
    for sheet in sorted(sheets & fits.keys()):
        found += _columns(book[sheet], fits[sheet])
    found += _conflicts(findings, rivals)
    return _once(found)


def _asked(
    f: Finding, book: Workbook, source: Source, best: Fit | None, findings: Sequence[Finding]
) -> list[Question]:
    """Return what one finding asks; columns are asked sheet by sheet."""
    if f.code == Code.UNKNOWN_ROW and best is not None:
        on_sheet = [g for g in findings if g.code == Code.MISSING_ROW and g.sheet == f.sheet]
        return _unknown_row(f, best, [_quoted(g.expected) for g in on_sheet])
    asks = _ASKS.get(f.code)
    return [] if asks is None else asks(f, book, source, best)


def answerable(findings: Iterable[Finding]) -> bool:
    """Tell whether findings pose a question at all, without reading the document again."""
    asking = _BY_COLUMN | _ASKS.keys() | {Code.UNKNOWN_ROW, Code.CONFLICT, Code.UNKNOWN_DOCUMENT}
    return any(f.code in asking for f in findings)


def _once(found: Iterable[Question]) -> list[Question]:
    counts = Counter(q.key for q in found)
    first = {q.key: q for q in reversed(list(found))}
    keys = list(dict.fromkeys(q.key for q in found))
    return [
        replace(first[k], count=max(counts[k], first[k].count), choices=_ended(first[k].choices))
        for k in keys
    ]


def _ended(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return (*choices, REFUSE)


def _best(grid: Grid, source: Source) -> Fit | None:
    """Return the layout that fits a sheet best, with its title or without."""
    layouts = [t for t in source.tables if names_sheet(t.sheet, grid.name)]
    for titled in (True, False):
        tried = [f for t in layouts if (f := fit(grid, t, {}, titled=titled)) is not None]
        if tried:
            return min(tried, key=lambda f: f.problems)
    return None


def _same(candidates: Sequence[str], text: str) -> list[Choice]:
    """Offer the nearest declared texts, renamed ones first."""
    near = difflib.get_close_matches(text, candidates, n=MAX_NEAREST, cutoff=0.0)
    renamed = [c for c in candidates if is_rename(c, text)]
    offered = list(dict.fromkeys([*renamed, *near]))[:MAX_NEAREST]
    return [Choice(f"same:{c}", f"It is {c!r} in other words.") for c in offered]


def _likely(same: Sequence[Choice], text: str, *, nothing_gone: bool) -> str:
    """Return the answer that an unknown label's words speak for.

    It is an old one renamed, or, where no declared one is gone, a new one. Else a person chooses:
    a label taken for its neighbour is the worst.
    """
    if same and is_rename(same[0].answer.removeprefix("same:"), text):
        return same[0].answer
    return "ignore" if nothing_gone else ""


def _columns(grid: Grid, best: Fit) -> list[Question]:
    """Ask for unknown headers, and for declared columns that are not there."""
    table, top = best.table.id, a1(best.anchor.row, 0)
    absent = (Choice("absent", "It may be absent from now on."),)
    asked = [_column(grid, best, head) for head in best.unknown if head.path]
    for key in best.missing:
        what = f"The column {key!r} is not there."
        missing = ("missing_column", "MISSING_COLUMN", what, key, grid.name, top, table)
        asked.append(Question(*missing, 1, absent, "absent"))
    return asked


def _column(grid: Grid, best: Fit, head: Head) -> Question:
    text = " > ".join(head.path)
    labels = [Choice(f"label:{m}", f"It heads the labels {m!r}.") for m in best.anchor.missing]
    same = _same(best.missing or _not_met(best), text)
    choices = (
        *labels,
        *same,
        Choice("ignore", "It is new; its figures are not read."),
        Choice(f"new:{slug(text)}|{text}|Personen", "It is a new kennzahl."),
    )
    what, cell = f"What is the column {text!r}?", a1(head.row, head.col)
    likely = _likely(same, text, nothing_gone=not best.missing and not labels)
    table = best.table.id
    return Question(
        "column", "UNKNOWN_COLUMN", what, text, grid.name, cell, table, 1, choices, likely
    )


def _not_met(best: Fit) -> list[str]:
    """Return the declared columns that a sheet has not, those that may be absent too."""
    met = {id(column.coord) for column in best.columns}
    columns = best.table.columns.items()
    return [key for key, coord in columns if not coord.ignore and id(coord) not in met]


def _missing_row(f: Finding, _book: Workbook, _source: Source, best: Fit | None) -> list[Question]:
    if best is None:
        return []
    text, id_ = _quoted(f.expected), best.table.id
    what = f"The row {text!r} is not there."
    absent = (Choice("absent", "It may be absent from now on."),)
    return [Question("missing_row", f.code, what, text, f.sheet, f.cell, id_, 1, absent, "absent")]


def _unknown_row(f: Finding, best: Fit, missing: Sequence[str]) -> list[Question]:
    """Ask what an unknown row is; the rows that are not there are the likeliest."""
    text, id_ = _quoted(f.found), best.table.id
    ignore = Choice("ignore", "It is new; its figures are not read.")
    if "without values" in f.what:
        what = f"What is the row {text!r}, which has no figures?"
        bare = ("bare_row", f.code, what, text, f.sheet, f.cell, id_)
        return [Question(*bare, 1, (ignore,), "ignore")]
    new = Choice(f"new:{slug(text)}|{text}|Personen", "It is a new kennzahl.")
    same = _same(_candidates(best.table, missing), text)
    likely = _likely(same, text, nothing_gone=not missing)
    what = f"What is the row {text!r}?"
    choices = (*same, ignore, new)
    return [Question("row", f.code, what, text, f.sheet, f.cell, id_, 1, choices, likely)]


def _candidates(table: Table, missing: Sequence[str]) -> list[str]:
    """Return the labels of the rows that are not there; all labels if none is missing."""
    gone = [table.rows[label] for label in missing if label in table.rows]
    return [
        label
        for label, coord in table.rows.items()
        if not coord.ignore and (not gone or coord in gone)
    ]


def _sheet(f: Finding, _book: Workbook, source: Source, _best: Fit | None) -> list[Question]:
    ids = list(dict.fromkeys(t.id for t in source.tables))
    choices = (
        Choice("ignore", "It holds nothing for us."),
        *(Choice(f"same:{i}", f"It holds the table {i!r}.") for i in ids[:MAX_NEAREST]),
    )
    what = f"What is the sheet {f.sheet!r}?"
    return [Question("sheet", f.code, what, f.sheet, f.sheet, f.cell, "", 1, choices)]


def _title(f: Finding, _book: Workbook, source: Source, best: Fit | None) -> list[Question]:
    text = _quoted(f.found)
    if best is None or not text:
        return _sheet(f, _book, source, best)
    choices = (
        Choice(f"same:{best.table.title}", f"It is {best.table.title!r} in other words."),
        Choice("ignore", "The sheet holds nothing for us."),
    )
    what = f"What is the table {text!r}?"
    return [Question("title", f.code, what, text, f.sheet, f.cell, best.table.id, 1, choices)]


def _table(f: Finding, _book: Workbook, _source: Source, _best: Fit | None) -> list[Question]:
    text = _quoted(f.expected)
    choices = (Choice("absent", "It may be absent from now on."),)
    what = f"The table {text!r} is not in the document."
    return [Question("missing_table", f.code, what, text, table=text, choices=choices)]


def _row_count(f: Finding, _book: Workbook, _source: Source, best: Fit | None) -> list[Question]:
    if best is None:
        return []
    choices = (Choice("accept", f"{f.found} rows are right, from now on."),)
    what = f"The table has {f.found} rows; {f.expected} were expected."
    table = best.table.id
    return [Question("row_count", f.code, what, f.found, f.sheet, f.cell, table, 1, choices)]


def _sign(f: Finding, _book: Workbook, _source: Source, _best: Fit | None) -> list[Question]:
    """Ask what a sign means; a longer text may be a slip of this document alone."""
    text = _quoted(f.found)
    if not text:
        return []
    likely = meaning(text)
    signs = sorted(ZEICHEN[1:], key=lambda z: z != likely)
    offered = [Choice(f"sign:{z}", f"It means {z!r}: {SIGN_MEANINGS[z]}.") for z in signs]
    value = [Choice("value:NUMBER", "In this cell alone, this number is meant.")]
    if f.code == Code.UNKNOWN_SIGN:
        what = f"What does the sign {text!r} mean?"
        fits = f"sign:{likely}" if likely in signs else ""
        about = ("sign", f.code, what, text, f.sheet, f.cell)
        return [Question(*about, choices=tuple(offered), likely=fits)]
    what = f"What does {text!r} in {f.cell} mean?"
    choices = tuple(value if any(c.isdigit() for c in text) else value + offered)
    table = f"{f.sheet}!{f.cell}"
    return [Question("number", f.code, what, text, f.sheet, f.cell, table, 1, choices)]


def _region(f: Finding, book: Workbook, source: Source, best: Fit | None) -> list[Question]:
    """Ask which region a row speaks of: by name, or by a code that no register has yet."""
    roles = [(r, c) for r, c in best.anchor.stub if r in REGION_ROLES] if best else []
    if not roles:
        return []
    row, _ = place(f.cell)
    cells = tuple(book[f.sheet].rows[row][c] for _, c in roles)
    code, name = code_and_name(tuple(r for r, _ in roles), cells)
    choices = tuple(_systems(code, source) if code else _near_regions(name))
    what = f"Which region is {' '.join(map(show, cells))!r}?"
    return [Question("region", f.code, what, code or name, f.sheet, f.cell, choices=choices)]


def _systems(code: str, source: Source) -> list[Choice]:
    systems = sorted({s for s in source.regions.values() if s and ":" not in s})
    return [Choice(f"system:{s}", f"{code} is a code of {s}.") for s in systems]


def _near_regions(name: str) -> list[Choice]:
    known = {versions[-1].name: f"ags:{ags}" for ags, versions in register.kreise().items()}
    near = difflib.get_close_matches(name, list(known), n=MAX_NEAREST, cutoff=0.5)
    offered = [Choice(f"region:{known[n]}", f"It is {n}.") for n in near]
    return [*offered, Choice("region:SYSTEM:CODE", "It is this region.")]


def _datenstand(f: Finding, _b: Workbook, _s: Source, _f: Fit | None) -> list[Question]:
    choices = (Choice("day:YYYY-MM-DD", "The figures were stated on this day."),)
    what = "From which day are the figures? The document does not say."
    return [Question("datenstand", f.code, what, "datenstand", f.sheet, f.cell, choices=choices)]


def _doubt(f: Finding, _b: Workbook, _s: Source, _f: Fit | None) -> list[Question]:
    choices = (Choice("accept", "It is right; load it with a warning."),)
    found = f" ({f.found})" if f.found else ""
    what = f"Is this right? {f.what}{found}"
    return [Question("doubt", f.code, what, str(f.code), f.sheet, f.cell, choices=choices)]


def _conflicts(findings: Sequence[Finding], rivals: Sequence[tuple[str, str]]) -> list[Question]:
    """Ask which of two documents counts that state different figures on the same day."""
    found = [f for f in findings if f.code == Code.CONFLICT]
    if not found:
        return []
    choices = (
        Choice("day:YYYY-MM-DD", "It is a correction, stated on this later day."),
        *(Choice(f"instead:{sha}", f"It counts in the place of {name}.") for sha, name in rivals),
    )
    f = found[0]
    what = f"Which document counts? {f.what}: {f.found} here, {f.expected}"
    return [
        Question("conflict", f.code, what, "conflict", f.sheet, f.cell, "", len(found), choices)
    ]


def _which_source(book: Workbook, sources: Sequence[Source]) -> list[Question]:
    """Ask what a document is that no declaration knows, where its tables are those of one."""
    near = [s for s in sources if _holds_a_table(book, s)]
    choices = tuple(Choice(f"source:{s.source}", f"It is {s.title!r}.") for s in near)
    what = "What is this document? No declaration knows it by what it states."
    if not choices:
        return []
    return _once([Question("document", "UNKNOWN_DOCUMENT", what, "document", choices=choices)])


def _holds_a_table(book: Workbook, source: Source) -> bool:
    """Tell whether a sheet has most of the columns and labels of a declared table."""
    fits = [best for name in book.names if (best := _best(book[name], source)) is not None]
    return any(len(f.columns) > f.problems for f in fits)


def _quoted(text: str) -> str:
    """Return the text between quotes; '' where there is none."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return ""
    return value.strip() if isinstance(value, str) else ""


_BY_COLUMN = {Code.UNKNOWN_COLUMN, Code.MISSING_COLUMN}
_ASKS = {
    Code.MISSING_ROW: _missing_row,
    Code.UNKNOWN_SHEET: _sheet,
    Code.UNKNOWN_TITLE: _title,
    Code.MISSING_TABLE: _table,
    Code.ROW_COUNT: _row_count,
    Code.UNKNOWN_SIGN: _sign,
    Code.NOT_A_NUMBER: _sign,
    Code.UNKNOWN_REGION: _region,
    Code.NO_DATENSTAND: _datenstand,
} | dict.fromkeys(DOUBTS, _doubt)
