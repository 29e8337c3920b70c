"""A drifted layout of a known source: refused, and the patch that is printed makes it load."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kca_etl import pipeline
from kca_etl.german.text import squeeze
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import Verdict
from kca_etl.propose.renames import is_rename, pairs
from kca_etl.sources import registry

SANKTIONEN, KURZARBEIT = (
    ("ba_sanktionen", "ba-sanktionen/*201901*", 37825),
    ("ba_kurzarbeit", "ba-kurzarbeit/*202004*", 7190),
)
Change = Callable[[Any], None]


def sheet(book: Any, start: str) -> Any:
    return book[next(n for n in book.sheetnames if n.startswith(start))]


def cell(book: Any, start: str, text: str) -> Any:
    rows = sheet(book, start).iter_rows(max_row=40)
    return next(
        c
        for row in rows
        for c in row
        if c.value is not None and squeeze(str(c.value)).startswith(squeeze(text))
    )


def reworded(start: str, old: str, new: str) -> Change:
    def change(book: Any) -> None:
        at = cell(book, start, old)
        at.value = (
            new if squeeze(str(at.value)) == squeeze(old) else str(at.value).replace(old, new)
        )

    return change


def new_column(start: str, beside: str) -> Change:
    def change(book: Any) -> None:
        at, ws = cell(book, start, beside), sheet(book, start)
        col = max(c.column for row in ws.iter_rows() for c in row if c.value is not None) + 1
        ws.cell(at.row, col).value = "Neue Angabe"
        for row in range(at.row + 1, ws.max_row + 1):
            if isinstance(ws.cell(row, 3).value, int | float):
                ws.cell(row, col).value = 77

    return change


def lost_column(start: str, header: str) -> Change:
    return lambda book: sheet(book, start).delete_cols(cell(book, start, header).column)


def new_row(start: str, label: str) -> Change:
    def change(book: Any) -> None:
        ws = sheet(book, start)
        last = max(
            r for r in range(1, ws.max_row + 1) if isinstance(ws.cell(r, 3).value, int | float)
        )
        ws.insert_rows(last + 1)
        ws.cell(last + 1, 2).value = label
        for c in range(3, 6):
            ws.cell(last + 1, c).value = 1

    return change


def new_sheet(book: Any) -> None:
    ws = book.create_sheet("9 Neue Tabelle")
    ws.append(["Regionen", "Trägernummer", "Wert"])
    ws.append(["Deutschland", None, 3])


def new_sign(sign: str) -> Change:
    def change(book: Any) -> None:
        at = next(
            c
            for row in sheet(book, "3.1").iter_rows(min_row=20)
            for c in row[3:]
            if isinstance(c.value, int | float)
        )
        at.value = sign

    return change


def lost_sheet(start: str) -> Change:
    return lambda book: book.remove(sheet(book, start))


def renamed_sheet(start: str, name: str) -> Change:
    def change(book: Any) -> None:
        sheet(book, start).title = name

    return change


CASES: list[tuple[tuple[str, str, int], str, Change, int]] = [
    (
        SANKTIONEN,
        "header",
        reworded("3.1", "Bestand ELB", "Bestand erwerbsfähige Leistungsberechtigte (ELB)"),
        0,
    ),
    (
        SANKTIONEN,
        "header in a slot",
        reworded("3.2", "Bestand männliche ELB", "Bestand der männliche ELB"),
        0,
    ),
    (
        SANKTIONEN,
        "header of two tables",
        reworded("2.2", "Meldeversäumnis beim Träger", "Meldeversäumnis beim Jobcenter"),
        0,
    ),
    (SANKTIONEN, "title", reworded("1 Kürzung", "1. Leistungskürzung", "1. Leistungsminderung"), 0),
    (SANKTIONEN, "label column", reworded("3.1", "Region", "Gebietseinheit"), 0),
    (SANKTIONEN, "second label column", reworded("3.1", "Trägernummer", "Nummer des Trägers"), 0),
    (SANKTIONEN, "new column", new_column("3.1", "Bestand ELB"), 0),
    (KURZARBEIT, "new column in a shared part", new_column("Tab-01", "Insgesamt"), 0),
    (SANKTIONEN, "lost column", lost_column("2.2", "Meldeversäumnis beim Träger"), -425),
    (SANKTIONEN, "new sheet", new_sheet, 0),
    (SANKTIONEN, "lost sheet", lost_sheet("3.2"), -3400),
    (KURZARBEIT, "sheet under another name", renamed_sheet("Tab-01", "Anzeigen Länder"), 0),
    (SANKTIONEN, "new sign", new_sign("/"), 0),
    (SANKTIONEN, "new sign of letters", new_sign("k. A."), 0),
    (
        SANKTIONEN,
        "what it is known by",
        reworded("Impressum", "Sanktionen (M", "Sanktionen und Leistungsminderungen (M"),
        0,
    ),
    (
        SANKTIONEN,
        "label of the month",
        reworded("Impressum", "Berichtsmonat:", "Berichtszeitraum:"),
        0,
    ),
    (
        SANKTIONEN,
        "label of the datenstand",
        reworded("Impressum", "Erstellungsdatum:", "Datenstand:"),
        0,
    ),
    (KURZARBEIT, "new row", new_row("Tab-03", "Gesamtsumme"), 0),
    (
        KURZARBEIT,
        "title of other words",
        reworded("Tab-02", "Tabelle 02", "Tab. 2 - Personen nach Ländern"),
        0,
    ),
]


@pytest.mark.parametrize(
    ("product", "what", "change", "difference"), CASES, ids=[case[1] for case in CASES]
)
def test_the_printed_patch_can_be_applied_and_makes_the_document_load(
    real: Path,
    tmp_path: Path,
    product: tuple[str, str, int],
    what: str,
    change: Change,
    difference: int,
) -> None:
    name, pattern, facts = product
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops the publisher's logo
        book = load_workbook(next(real.glob(pattern)))
    change(book)
    path = tmp_path / "drifted.xlsx"
    book.save(path)
    received = pipeline.open_document(document_of(path), path)
    assert pipeline.read(received, name).verdict is Verdict.QUARANTINE, what
    declaration = tmp_path / "kca_etl" / "sources" / f"{name}.yaml"
    declaration.parent.mkdir(parents=True)
    declaration.write_text(
        (registry.FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    printed = subprocess.run(
        [sys.executable, "-m", "kca_etl", "sources", "propose", path],
        capture_output=True,
        text=True,
        check=False,
    )
    if shutil.which("git") is None:
        pytest.skip("git is not installed: the patch cannot be applied")
    subprocess.run(["git", "apply", "-"], input=printed.stdout, text=True, cwd=tmp_path, check=True)  # noqa: S607 - as a person would
    again = pipeline.read(received, registry.parse(declaration.read_text(encoding="utf-8")))
    assert again.verdict in (Verdict.ACCEPT, Verdict.WARN), again.findings[:3]
    assert again.observations is not None
    assert len(again.observations) == facts + difference
    # What loaded before loads as before: a patch only widens.
    first = next(real.glob(pattern))
    before = pipeline.read(
        pipeline.open_document(document_of(first), first),
        registry.parse(declaration.read_text(encoding="utf-8")),
    )
    assert before.observations is not None
    assert len(before.observations) == facts


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bestand männliche ELB", "Bestand weibliche ELB"),
        ("15 bis unter 25 Jahre", "15 bis unter 20 Jahre"),
        ("Zugang an Arbeitslosen", "Abgang an Arbeitslosen"),
        ("im Rechtskreis SGB II", "im Rechtskreis SGB III"),
        ("Veränderung zum Vormonat", "Veränderung zum Vorjahresmonat"),
        ("Westdeutschland", "Ostdeutschland"),
        ("Anteil in %", "absolut"),
    ],
)
def test_another_column_is_never_taken_for_a_renamed_one(old: str, new: str) -> None:
    assert not is_rename(old, new)


def test_a_renamed_column_stands_where_the_old_one_stood_and_means_nothing_else() -> None:
    assert pairs([(3, "Bestand der ELB")], [(3, "Bestand ELB")], set()) == {
        "Bestand der ELB": "Bestand ELB"
    }
    assert pairs([(5, "Bestand der ELB")], [(3, "Bestand ELB")], set()) == {}
    assert pairs([(3, "Bestand der ELB")], [(3, "Bestand ELB")], {"Bestand der ELB"}) == {}
    assert pairs([(3, "Bestand der ELB"), (3, "Bestand an ELB")], [(3, "Bestand ELB")], set()) == {}
