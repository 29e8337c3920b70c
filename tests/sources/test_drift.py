"""A drifted layout of a known source: refused, and the patch that is printed makes it load."""

from __future__ import annotations

import subprocess
import warnings
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kca_etl import pipeline
from kca_etl.landing.archive import document_of
from kca_etl.model import Verdict
from kca_etl.propose import drift
from kca_etl.sources import registry
from kca_etl.text import squeeze

# sheet, old text, new text
CHANGES = [
    ("3.1 ELB insg", "Bestand ELB", "Bestand erwerbsfähige Leistungsberechtigte (ELB)"),
    ("3.2 ELB Männer", "Bestand männliche ELB", "Bestand der männliche ELB"),
    ("2.2 Zugänge BM", "Meldeversäumnis beim Träger", "Meldeversäumnis beim Jobcenter"),
    ("1 Kürzung", "1. Leistungskürzung", "1. Leistungsminderung"),
]


@pytest.mark.parametrize(("sheet", "old", "new"), CHANGES)
def test_the_printed_patch_can_be_applied_and_makes_the_document_load(real: Path, tmp_path: Path, sheet: str, old: str, new: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops the publisher's logo
        book = load_workbook(next((real / "ba-sanktionen").glob("*201901*")))
    name = next(n for n in book.sheetnames if n.startswith(sheet))
    cell = next(c for row in book[name].iter_rows(max_row=12) for c in row if squeeze(str(c.value)).startswith(squeeze(old)))
    cell.value = new if squeeze(str(cell.value)) == squeeze(old) else str(cell.value).replace(old, new)
    path = tmp_path / "x.xlsx"
    book.save(path)
    received = pipeline.open_document(document_of(path), path)
    reading = pipeline.read(received, "ba_sanktionen")
    assert reading.verdict is Verdict.QUARANTINE
    declaration = tmp_path / "kca_etl" / "sources" / "ba_sanktionen.yaml"
    declaration.parent.mkdir(parents=True)
    declaration.write_text((registry.FOLDER / "ba_sanktionen.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    patch = drift.patch("ba_sanktionen", declaration.read_text(encoding="utf-8"), reading.findings)
    assert patch, drift.report(reading.findings)
    subprocess.run(["git", "apply", "-"], input=patch, text=True, cwd=tmp_path, check=True)  # noqa: S607 - as a person would
    again = pipeline.read(received, registry.parse(declaration.read_text(encoding="utf-8")))
    assert again.verdict in (Verdict.ACCEPT, Verdict.WARN), again.findings[:3]
    assert again.observations is not None
    assert len(again.observations) == 37825
