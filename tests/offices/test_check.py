"""`kca office check`: every fault is named with its file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kca_etl.runs.new_office import write
from tests.offices.helper import kca

OWN = "sources/monatszahlen_43502.yaml"
LINES_OF_AN_ENTRY = 7
# File, what stands there, what somebody wrote instead, what they are told.
MODEL = [
    ("office.yaml", 'land: "06"', 'land: "66"', "'66' is no Land"),
    ("office.yaml", 'kreise: ["06611"]', 'kreise: ["6611"]', "no AGS of five digits"),
    ("office.yaml", '"12-31"]', '"31-12"]', "'31-12' is no day"),
    ("office.yaml", "  title: Jobcenter", "  titel: Jobcenter", "Extra inputs"),
    ("office.yaml", r"'kassel\w*'", "'kassel('", "is no regular expression"),
    (
        "office.yaml",
        "Gezählt wurde {n} Integration",
        "Gezählt wurde Integration",
        "`one` needs {n}",
    ),
    ("office.yaml", '"#0b5563"', '"petrol"', "should match pattern"),
]
NAMES = [
    ("office.yaml", 'traeger: "43502"', 'traeger: "43503"', "no traeger '43503'; nearest: 43"),
    ("office.yaml", 'kreise: ["06611"]', 'kreise: ["06612", "05111"]', "no Kreis '06612'"),
    ("office.yaml", 'region: "ags:06611', 'region: "ags:06435', "none of the office's own"),
    ("office.yaml", "source: monatszahlen_43502 #", "source: monatszahlen #", "no source 'monatsz"),
    ("office.yaml", "ba_sanktionen", "ba_sanktion", "no source 'ba_sanktion'; nearest: ba_sankt"),
    ("office.yaml", "Stadt Kassel, Hessen # publ", "Köln # publ", "only ASCII"),
    ("office.yaml", "look: {", "look: {logo: bild.svg, ", "there is no file 'bild.svg'"),
    ("office.yaml", "kennzahl: neuantraege", "kennzahl: antraege", "no kennzahl 'antraege'"),
    ("office.yaml", "source: ba_eckwerte\n      kennzahl: arbeitslose\n",
     "source: eckwerte\n      kennzahl: arbeitslose\n", "no source 'eckwerte'"),
    (OWN, "source: monatszahlen_43502", "source: monatszahlen", "the source 'monatszahlen'"),
    (OWN, "calendar: eigene", "calendar: eigenes", "no rule 'eigenes'; nearest: eigene"),
    (OWN, "Neuanträge: neuantraege", "Neuanträge: antraege", "not in the catalogue: antraege"),
    ("tiles.yaml", '"06631": [Fulda, 3, 3]', '"06631": [Fulda, 3]', "a tile is"),
    ("kennzahlen.yaml", "# Kennzahlen", "hausbesuche: {label: Hausbesuche}\n# Kennzahlen", "Field"),
    ("sources/ba_eckwerte.yaml", "Kassel, documenta-Stadt", "Kassel", "two Kreise share"),
]  # fmt: skip


def faulty(folder: Path, changes: list[tuple[str, str, str, str]]) -> list[dict[str, object]]:
    """Write an office, change it, and return what the check finds."""
    office = folder / "office"
    write(office, "43502", ())
    for name, old, new, _ in changes:
        text = (office / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (office / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    printed = kca(folder, office, "office", "check", "--json", code=1)
    found: list[dict[str, object]] = json.loads(printed)
    return found


@pytest.mark.parametrize("changes", [MODEL, NAMES], ids=["model", "names"])
def test_every_fault_is_found_with_file_and_line(
    tmp_path: Path, changes: list[tuple[str, str, str, str]]
) -> None:
    found = faulty(tmp_path, changes)
    for name, _, new, what in changes:
        text = (tmp_path / "office" / name).read_text(encoding="utf-8")
        written = text[: text.index(new)].count("\n") + 1
        lines = [
            int(str(f["line"]))
            for f in found
            if str(f["file"]).endswith(name) and what in str(f["what"])
        ]
        # The fault of an entry stands where the entry begins.
        assert any(0 <= written - line < LINES_OF_AN_ENTRY for line in lines), (what, found)


def test_a_unit_that_is_not_the_kennzahls_is_found(tmp_path: Path) -> None:
    found = faulty(tmp_path, [("office.yaml", "    unit: Anzahl", "    unit: Personen", "")])
    assert [f["what"] for f in found] == ["neuantraege is counted in Anzahl"]


def test_what_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    found = faulty(tmp_path, [("office.yaml", "look: {", "look: [", "")])
    text = (tmp_path / "office/office.yaml").read_text(encoding="utf-8").splitlines()
    (line,) = [n for n, said in enumerate(text, 1) if said.startswith("look:")]
    assert [(f["line"]) for f in found] == [line]


def test_a_folder_without_an_office_stops_every_command(tmp_path: Path) -> None:
    printed = kca(tmp_path, tmp_path / "nothing", "status", code=2)
    assert "BAD_OFFICE" in printed
    assert "no such file" in kca(tmp_path, tmp_path / "nothing", "office", "check", code=1)
