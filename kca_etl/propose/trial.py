"""A drafted table is tried on its own sheet, and mended where it does not read it."""

from __future__ import annotations

import ast
from collections.abc import Callable

from pydantic import ValidationError

from kca_etl.cells import empty
from kca_etl.extract.meta import statements
from kca_etl.extract.reader import Workbook
from kca_etl.extract.recognise import read_sheet
from kca_etl.german.text import literal, show, split_footnote
from kca_etl.model.catalogue import sentence, verdict_of
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, Verdict
from kca_etl.propose.assembly import Head
from kca_etl.propose.kinds import is_code
from kca_etl.propose.table_draft import TableDraft
from kca_etl.propose.wording import meaning
from kca_etl.sources import registry
from kca_etl.tidy.code_and_name import check_codes_and_names
from kca_etl.tidy.document import tidy
from schemas.codelists import ZEICHEN

MAX_TRIALS = 6  # what one change brings to light is changed as well
MAX_IGNORED_ROWS = 20  # more rows of unknown areas are no mere totals
MAX_SIGNS = 12  # more texts among the figures of a table are no signs


def mended(table: TableDraft, book: Workbook, head: Head) -> list[str]:
    """Try a table and change it until it reads its sheet; say what still stops it.

    Signs that it needs are added to those of the draft's head.
    """
    problems: list[str] = []
    for _ in range(MAX_TRIALS):
        before = (table.lines(), dict(head.zeichen), dict(table.systems))
        try:
            findings = _stopping(_read(table, book, head))
        except (ValidationError, ValueError) as error:
            return [str(error).splitlines()[0]]
        problems = [sentence(f) for f in findings]
        for finding in findings:
            if (change := _CHANGES.get(finding.code)) is not None:
                change(table, head, finding)
        if before == (table.lines(), head.zeichen, table.systems):
            break
    return problems


def _read(table: TableDraft, book: Workbook, head: Head) -> list[Finding]:
    source = registry.parse(head.declaration([table]))
    raw, findings = read_sheet(book[table.name], source)
    if raw is None or _stopping(findings):
        return findings
    months = statements(book, *source.berichtsmonat)
    stands = statements(book, *source.datenstand)
    tidied = tidy([raw], source, months, stands)
    return [*findings, *tidied.findings, *check_codes_and_names([raw], source)]


def _stopping(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if verdict_of([f]) not in (Verdict.ACCEPT, Verdict.WARN)]


def _found(finding: Finding) -> str:
    """Return the text that a finding quotes."""
    try:
        return str(ast.literal_eval(finding.found))
    except (SyntaxError, ValueError):
        return finding.found


def _column(table: TableDraft, _head: Head, finding: Finding) -> None:
    """A header that was not met as it was drafted: by place if it was by name, else not read."""
    if table.named_labels and table.can_be_named:
        table.named_labels = False
    elif finding.code != Code.MISSING_COLUMN:
        table.columns[literal(_found(finding))] = "-?"
    else:
        key = _found(Finding(finding.code, "", found=finding.expected))
        if key in table.columns and not table.columns[key].endswith("?"):
            table.columns[key] += "?"


def _sheet(table: TableDraft, _head: Head, _finding: Finding) -> None:
    table.named_labels = not table.named_labels


def _repeated(table: TableDraft, _head: Head, _finding: Finding) -> None:
    table.repeats = True


def _region(table: TableDraft, head: Head, finding: Finding) -> None:
    """Areas without a code stay the publisher's own; a few rows that have neither are not read."""
    if table.systems.setdefault("", head.source) and finding.found.strip("' ")[:1].isalpha():
        return
    _ignored(table, finding.found)


def _differing(table: TableDraft, _head: Head, finding: Finding) -> None:
    """Totals of several parts have one name and no code: they are not read."""
    row = table.shape.grid.rows[int(finding.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1]
    texts = [show(row[c]) for c in table.shape.stub if not empty(row[c])]
    if texts and not is_code(texts[0]):
        _ignored(table, texts[-1])


def _ignored(table: TableDraft, found: str) -> None:
    parts = [part for part in found.split("' '") if part.strip("' ")]
    name = literal(split_footnote(" ".join(parts[-1].strip("'").split()))[0]) if parts else ""
    if name and len(table.ignore_rows) < MAX_IGNORED_ROWS and name not in table.ignore_rows:
        table.ignore_rows.append(name)


def _unlabelled(table: TableDraft, _head: Head, _finding: Finding) -> None:
    if "" not in table.ignore_rows:
        table.ignore_rows.append("")


def _row(table: TableDraft, _head: Head, finding: Finding) -> None:
    text = literal(_found(finding))
    if "without values" in finding.what:
        table.ignore_rows += [] if text in table.ignore_rows else [text]
    else:
        table.rows.setdefault(text, "-?")


def _sign(_table: TableDraft, head: Head, finding: Finding) -> None:
    """A text among figures stands for a figure that is not there."""
    sign = _found(finding).strip()
    if len(head.zeichen) < MAX_SIGNS and not any(c.isdigit() for c in sign):
        known = meaning(sign)
        head.zeichen.setdefault(sign, known if known in ZEICHEN[1:] else ".")


def _endless(table: TableDraft, _head: Head, _finding: Finding) -> None:
    table.end = ""


def _period(table: TableDraft, _head: Head, _finding: Finding) -> None:
    """What was taken for the table's period is not: the document's own counts."""
    table.period = ""


def _gaps(table: TableDraft, _head: Head, _finding: Finding) -> None:
    table.gaps = True


_CHANGES: dict[Code, Callable[[TableDraft, Head, Finding], None]] = {
    Code.UNKNOWN_COLUMN: _column,
    Code.MISSING_COLUMN: _column,
    Code.DOUBLE_COLUMN: _column,
    Code.UNKNOWN_SHEET: _sheet,
    Code.DOUBLE_ROW: _repeated,
    Code.REPEAT_DIFFERS: _differing,
    Code.UNKNOWN_REGION: _region,
    Code.NO_LABEL: _unlabelled,
    Code.UNKNOWN_ROW: _row,
    Code.UNKNOWN_SIGN: _sign,
    Code.NOT_A_NUMBER: _sign,
    Code.AFTER_END: _endless,
    Code.CONTRADICTION: _period,
    Code.EMPTY_CELL: _gaps,
}
