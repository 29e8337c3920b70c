"""Workbooks by the two usual writers, and what the guard noted about one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from kca_etl.landing.guard import inspect as guard
from kca_etl.landing.guard.notes import SheetNotes
from kca_etl.model.address import a1
from tests.landing.packs import SHEET, WORKBOOK, changed, replaced

Cells = list[tuple[str, Any, str]]  # address, content, number format


def by_openpyxl(path: Path, cells: Cells) -> None:
    book = openpyxl.Workbook()
    sheet_ = book.active
    assert sheet_ is not None
    for address, content, number_format in cells:
        sheet_[address] = content
        sheet_[address].number_format = number_format
    book.save(path)


def by_xlsxwriter(path: Path, cells: Cells) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet_ = book.add_worksheet("Sheet")
        for address, content, number_format in cells:
            sheet_.write(address, content, book.add_format({"num_format": number_format}))


WRITERS = [by_openpyxl, by_xlsxwriter]


def notes(path: Path) -> SheetNotes:
    (found,) = guard.inspect(path).notes.values()
    return found


def addresses(cells: set[tuple[int, int]]) -> list[str]:
    return sorted(a1(*cell) for cell in cells)


def saved_by_excel(part: bytes) -> bytes:
    """A workbook that does not ask to be calculated anew."""
    return changed({SHEET: part, WORKBOOK: replaced(b' fullCalcOnLoad="1"', b"")})
