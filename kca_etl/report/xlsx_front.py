"""The workbook's first sheets: the cover, the list of the sheets, the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kca_etl.report.page import Page
from kca_etl.report.xlsx_sheets import FIRST_ROW, Table, add_sheet, add_table, on_paper

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEETS = (
    ("Deckblatt", "Was diese Datei enthält, von wem und mit welchem Datenstand"),
    ("Inhalt", "Die Blätter dieser Datei"),
    ("Hinweise", "Was gezählt wird, Hinweise und Zeichenerklärung"),
    ("Überblick", "Die Zahlen des Monats mit Vormonat und Vorjahresmonat"),
    ("Verlauf", "Die Zahlen der letzten 25 Monate mit Diagrammen"),
    ("Fundstellen", "Dokument, Blatt und Zelle jeder Zahl"),
)
WIDTH = 110  # characters of a line of text
LINE_HEIGHT = 15


def add_cover(book: Workbook, formats: dict[str, Any], page: Page) -> None:
    """Add the cover: one column of text without an empty row."""
    sheet = book.add_worksheet("Deckblatt")
    on_paper(sheet, 1)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, WIDTH)
    sheet.write_string(0, 0, page.title, formats["title"])
    sheet.write_string(1, 0, page.headline, formats["finding"])
    parts = {
        "Der Monat in Worten": (page.paragraph,),
        "Herausgeber": (" · ".join(filter(None, (page.publisher, page.region))),),
        "Kontakt für Rückfragen": (page.press,),
        "Datenstand und Veröffentlichung": (page.source, page.releases),
        "Hinweis": page.given,
    }
    lines = [("bold", head, texts) for head, texts in parts.items() if any(texts)]
    at = 2
    for form, head, texts in lines:
        sheet.write_string(at, 0, head, formats[form])
        at = _texts(sheet, formats, at + 1, tuple(filter(None, texts)))


def _texts(
    sheet: Worksheet, formats: dict[str, Any], at: int, texts: tuple[str, ...], column: int = 0
) -> int:
    """Write texts one below the other, each row as high as its text; return the next row."""
    for text in texts:
        sheet.set_row(at, LINE_HEIGHT * (1 + len(text) // WIDTH))
        sheet.write_string(at, column, text, formats["text"])
        at += 1
    return at


def add_contents(book: Workbook, formats: dict[str, Any]) -> None:
    """Add the list of the sheets."""
    sheet = add_sheet(
        book, formats, "Inhalt", "Inhalt", "Die Blätter dieser Datei", "Eine Tabelle."
    )
    table = Table("Inhaltsverzeichnis", ("Blatt", "Inhalt"), ("first", "first"), (22, 80))
    add_table(sheet, formats, table, len(SHEETS))
    for at, (name, holds) in enumerate(SHEETS, FIRST_ROW):
        sheet.write_string(at, 0, name)
        sheet.write_string(at, 1, holds)


def add_notes(book: Workbook, formats: dict[str, Any], page: Page) -> None:
    """Add what is counted, the notes and the signs as one table."""
    said, about = "Gelten für alle Blätter dieser Datei", "Eine Tabelle."
    sheet = add_sheet(book, formats, "Hinweise", "Hinweise", said, about)
    rows = [("Was gezählt wird", line.label, line.definition) for line in page.lines]
    rows = [row for row in rows if row[2]]
    notes = (*page.given, *page.notes)
    rows += [("Hinweis", str(number), text) for number, text in enumerate(notes, 1)]
    rows += [("Zeichen", sign, meaning) for sign, meaning in page.signs]
    table = Table("Hinweise", ("Art", "Zu", "Erklärung"), ("first",) * 3, (20, 28, WIDTH))
    add_table(sheet, formats, table, len(rows))
    for at, (kind, of, text) in enumerate(rows, FIRST_ROW):
        sheet.write_string(at, 0, kind, formats["text"])
        sheet.write_string(at, 1, of, formats["text"])
        _texts(sheet, formats, at, (text,), 2)
