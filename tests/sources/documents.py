"""Sample documents beside every declaration: building them from text, and reading them by address.

Nothing here uses kca_etl: where each figure stands is written down in `document.yaml`, so that what
the pipeline finds by content is held against something it had no part in. README.md describes the
folders.

`python -m tests.sources.documents FOLDER…` writes `expected.csv` anew after an address or a figure
was changed.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.utils import column_index_from_string

HERE = Path(__file__).parent
FIELDS = ("berichtsmonat", "kennzahl", "gliederung", "region", "value", "zeichen", "sheet", "cell")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
GERMAN = re.compile(r"[-+]?\d+(\.\d{3})*(,\d+)?")
Row = dict[str, str]


def folders() -> list[Path]:
    """Find every sample document: `<source>/<document>/`."""
    return sorted(path.parent for path in HERE.glob("*/*/document.yaml"))


def about(folder: Path) -> dict[str, Any]:
    """Read what is said of the document as a whole."""
    said: dict[str, Any] = yaml.safe_load((folder / "document.yaml").read_text(encoding="utf-8"))
    return said


def build(folder: Path, into: Path) -> Path:
    """Write the document as the publisher would.

    A text table's own bytes, or a workbook of its sheets.
    """
    if (folder / "document.csv").exists():
        path = into / f"{folder.name}.csv"
        path.write_bytes((folder / "document.csv").read_bytes())
        return path
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets(folder).items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, text in enumerate(row, 1):
                if text:
                    _set(sheet.cell(r, c), text)
    if (folder / "merged.txt").exists():
        for line in (folder / "merged.txt").read_text(encoding="utf-8").splitlines():
            name, _, ranges = line.rpartition(": ")
            for cells in ranges.split():
                book[name].merge_cells(cells)
    path = into / f"{folder.name}.xlsx"
    book.save(path)
    return path


def _set(cell: Any, text: str) -> None:
    if text.startswith("'"):
        cell.value, cell.data_type = text[1:], "s"
    elif text.startswith("d:"):
        cell.value = date.fromisoformat(text[2:])
    elif text.startswith("%") and NUMBER.fullmatch(text[1:]):
        cell.value, cell.number_format = float(text[1:]), "0.0%"
    else:
        cell.value = float(text) if NUMBER.fullmatch(text) else text


def sheets(folder: Path) -> dict[str, list[list[str]]]:
    """Read the sheets' cells as they are written down, by name and in order."""
    if not (folder / "document.csv").exists():
        return {
            path.stem.partition(" ")[2]: _rows(path) for path in sorted(folder.glob("[0-9]* *.csv"))
        }
    said = about(folder)
    return {
        "csv": _rows(
            folder / "document.csv", said.get("encoding", "utf-8-sig"), said.get("delimiter", ";")
        )
    }


def _rows(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def by_address(folder: Path) -> list[Row]:
    """Read every fact at the cell where `document.yaml` says it stands.

    What a later table repeats counts at its first place.
    """
    said, cells = about(folder), sheets(folder)
    facts: dict[tuple[str, ...], Row] = {}
    for sheet, where in said["sheets"].items():
        for address, fact in _facts(sheet, where):
            text = _at(cells[sheet], address).strip() or str(where.get("empty", ""))
            if text:
                figure = _figure(text, german="csv" in cells, signs=said.get("zeichen", {}))
                facts.setdefault(
                    (*list(fact.values())[:4], str(where.get("datenstand"))), fact | figure
                )
    return [{name: row[name] for name in FIELDS} for row in facts.values()]


def _facts(sheet: str, where: dict[str, Any]) -> Iterator[tuple[tuple[int, int], Row]]:
    for r, of_row in where["rows"].items():
        for letter, of_column in where["columns"].items():
            fact = _fact(where.get("set"), of_row, of_column)
            yield (
                (r - 1, column_index_from_string(letter) - 1),
                fact | {"sheet": sheet, "cell": f"{letter}{r}"},
            )


def _fact(*parts: Any) -> Row:
    """Join `2020-11 | ags:06435 | kennzahl[key=value]` from table, row and column.

    `2020-*` and `*-11` make one month together; `+_suffix` lengthens a kennzahl.
    """
    when = {"year": "", "month": ""}
    region = kennzahl = suffix = ""
    pairs: list[str] = []
    for piece in (piece for text in parts if text for piece in str(text).split(" | ")):
        if month := re.fullmatch(r"(?P<year>\d{4}|\*)-(?P<month>\d{2}|\*)", piece):
            when |= {name: text for name, text in month.groupdict().items() if text != "*"}
        elif ":" in piece:
            region = piece
        else:
            name, _, split = piece.partition("[")
            pairs += split.removesuffix("]").split(",") if split else []
            kennzahl, suffix = (
                (kennzahl, name[1:]) if name.startswith("+") else (name or kennzahl, suffix)
            )
    berichtsmonat, gliederung = "-".join(when.values()), ",".join(sorted(pairs)) or "insgesamt"
    return {
        "berichtsmonat": berichtsmonat,
        "kennzahl": kennzahl + suffix,
        "gliederung": gliederung,
        "region": region,
    }


def _at(rows: list[list[str]], address: tuple[int, int]) -> str:
    r, c = address
    return rows[r][c] if r < len(rows) and c < len(rows[r]) else ""


def _figure(text: str, *, german: bool, signs: dict[str, str]) -> Row:
    """Read one cell: German grammar where numbers are text; what is no number is a sign."""
    german = german or text.startswith("'")
    text = text.removeprefix("'")
    if text.startswith("%"):
        return {"value": str(Decimal(text[1:]) * 100), "zeichen": ""}
    if not (GERMAN if german else NUMBER).fullmatch(text):
        return {"value": "", "zeichen": signs.get(text, text)}
    return {"value": text.replace(".", "").replace(",", ".") if german else text, "zeichen": ""}


def expected(folder: Path) -> list[Row]:
    """Read the facts that the document holds."""
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Write expected.csv of the named folders."""
    for folder in map(Path, sys.argv[1:]):
        with (folder / "expected.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(by_address(folder))


if __name__ == "__main__":
    main()
