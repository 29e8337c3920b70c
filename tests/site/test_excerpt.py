"""What of a sheet is printed around a cell, and what is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from kca_etl.model.address import place
from kca_etl.site.excerpt import HIDDEN, Excerpt, Mode, Sheet, cut

PUBLIC: list[list[Any]] = [
    ["Eckwerte", "", "", ""],
    ["", "", "", ""],
    ["Gebiet", "Personen", "Quote", "Bemerkung"],
    ["Land", 90.0, 2.0, ""],
    ["Kreis A", 40.0, "*", ""],
    ["Kreis B", 50.0, 3.25, "geschätzt"],
    ["Kreis C", 60.0, 4.0, ""],
    ["Kreis D", 70.0, 5.0, ""],
    ["", "", "", ""],
    ["© Herausgeber", "", "", ""],
]
OWN: list[list[Any]] = [
    ["Monatszahlen", "", "", ""],
    ["Merkmal", "Zuständig", datetime(2020, 11, 1), "Zielwert"],
    ["Integrationen", "M. Muster", 318.0, 350.0],
    ["Abbrüche (intern)", "M. Muster", 4.0, 0.0],
    ["nur für den Dienstgebrauch", "", "", ""],
]


def made(
    rows: list[list[Any]], cell: str, mode: Mode, may: dict[str, bool] | None = None
) -> Excerpt:
    def declared(text: str) -> bool:
        return text in ("Merkmal", "Monatszahlen")

    return cut(Sheet("Blatt", rows), {cell: ["hier"]}, may or {cell: False}, mode, declared)


def texts(excerpt: Excerpt) -> dict[str, str]:
    """Return the printed cells by their address, wide texts by their row."""
    out = {}
    for line in excerpt.lines:
        if line.wide:
            out[str(line.number)] = line.wide
        for letter, cell in zip(excerpt.columns, line.cells, strict=False):
            out[f"{letter}{line.number}"] = cell.text
    return out


def test_a_public_sheet_is_printed_as_it_is() -> None:
    found = texts(made(PUBLIC, "B6", "open"))
    assert found["1"] == "Eckwerte"
    assert found["B3"] == "Personen"
    assert found["B6"] == "50"
    assert found["C6"] == "3,25"
    assert found["C5"] == "*"
    assert found["A8"] == "Kreis D"
    assert found["10"] == "© Herausgeber"


def test_the_cell_carries_its_figure_s_id() -> None:
    excerpt = made(PUBLIC, "B6", "open")
    (cell,) = [cell for line in excerpt.lines for cell in line.cells if cell.ids]
    assert (cell.text, cell.ids) == ("50", ("hier",))


def test_a_source_that_hides_shows_no_number_that_the_website_does_not() -> None:
    """Land - B - C - D would give A away; so would C5 by its neighbours."""
    may = {"B4": False, "B5": False, "B6": False, "C6": True}
    found = texts(made(PUBLIC, "B6", "secretive", may))
    assert found["B5"] == "40"
    assert found["C6"] == "*"  # withheld by us, printed by the publisher
    assert found["C4"] == HIDDEN
    assert not {"60", "70", "3,25", "4", "5", "2"} & set(found.values())
    assert found["D6"] == "geschätzt"


def test_a_withheld_figure_is_no_number_in_its_own_cell() -> None:
    excerpt = made(PUBLIC, "C6", "secretive", {"C6": True})
    assert [c.text for line in excerpt.lines for c in line.cells if c.ids] == ["*"]
    assert "3,25" not in str(excerpt)


def test_an_office_s_own_sheet_shows_the_figure_its_head_and_its_name_only() -> None:
    excerpt = made(OWN, "C3", "own")
    assert excerpt.hides
    found = texts(excerpt)
    assert found["C3"] == "318"
    assert found["C2"] == "01.11.2020"
    assert found["A3"] == "Integrationen"
    for secret in ("Muster", "350", "intern", "Dienstgebrauch", "Zielwert", "Zuständig"):
        assert secret not in str(excerpt), secret


def test_gaps_are_shown_and_a_missing_cell_is_refused() -> None:
    excerpt = made(PUBLIC, "B4", "open")
    assert [line.number for line in excerpt.lines if not line.number] == [0]
    with pytest.raises(IndexError):
        made(PUBLIC, "Z99", "open")
    assert place("B4") == (3, 1)
