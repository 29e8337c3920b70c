"""`kca sources propose` does no harm: it prints no patch that breaks an issue or loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.findings import KcaError
from kca_etl.propose import drift
from kca_etl.runs import drafts
from kca_etl.sources import registry
from tests.sources.documents import build, folders


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return build(next(f for f in folders() if f.parent.name == "kiel"), tmp_path)


def drifted(
    monkeypatch: pytest.MonkeyPatch, sample: Path, tmp_path: Path, old: str, new: str
) -> drafts.Drifted:
    """A document with an unknown sign, and a patch that changes one text of its declaration."""
    from openpyxl import load_workbook

    book = load_workbook(sample)
    cells = (row[1] for row in book.worksheets[0].iter_rows())
    [cell for cell in cells if isinstance(cell.value, int | float)][-2].value = "k. A."
    path = tmp_path / "drifted.xlsx"
    book.save(path)
    monkeypatch.setattr(drift, "amended", lambda text, *_: text.replace(old, new))
    received = pipeline.open_document(document_of(path), path)
    return drafts.drift_of(received, registry.load("kiel"), [sample])


def test_no_patch_by_which_an_archived_document_reads_otherwise(
    monkeypatch: pytest.MonkeyPatch, sample: Path, tmp_path: Path
) -> None:
    text = registry.path("kiel").read_text(encoding="utf-8")
    region = next(line for line in text.splitlines() if "region:" in line)
    signs = "" if "zeichen:" in text else 'zeichen: {"k. A.": "."}\n'
    found = drifted(
        monkeypatch,
        sample,
        tmp_path,
        "tables:",
        signs + "tables:",
    )
    assert not found.refused
    assert found.patch
    other = drifted(
        monkeypatch, sample, tmp_path, region + "\n", region.replace("01002", "01003") + "\n"
    )
    assert other.patch == ""
    assert other.refused


def test_a_draft_goes_into_an_office_with_its_sample_and_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "neue tabelle.csv"
    path.write_text(
        "AGS;Name;Jahr;Betten\n06435;Main-Kinzig-Kreis;2019;7\n06414;Wiesbaden;2019;8\n"
    )
    drafted = drafts.draft_of(pipeline.open_document(document_of(path), path), path.stem)
    office = tmp_path / "office"
    written = drafts.write_into(office, drafted, path)
    assert [f.relative_to(office).as_posix() for f in written] == [
        "sources/neue_tabelle.yaml",
        "samples/neue_tabelle/neue tabelle.csv",
        "samples/neue_tabelle/expected.csv",
    ]
    assert "2019-12,betten,insgesamt,ags:06435,7.0,,csv,D2" in written[2].read_text(
        encoding="utf-8"
    )
    with pytest.raises(KcaError):
        drafts.write_into(office, drafted, path)
