"""A sheet's own column of changes, and its rows of sums, against its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.test_shapes import BODY, HEADER, Row, Rows, figures, read, sheet


def changed(header: Row, cells: list[Row]) -> tuple[str, Rows]:
    """Return the office's sheet with columns of changes."""
    rows = [[*row, *more] for row, more in zip(BODY, cells, strict=True)]
    return sheet([*HEADER, *header], rows)


ABSOLUTE: list[Row] = [[round(row[1] - row[2], 1)] for row in BODY]
PERCENT: list[Row] = [[round(100 * (row[1] / row[2] - 1), 1)] for row in BODY]
YEAR: list[Row] = [[round(row[1] - row[3], 1)] for row in BODY]


def german(cells: list[Row], end: str = "") -> list[Row]:
    return [[f"{cell:+}".replace(".", ",") + end for cell in row] for row in cells]


def spoilt(cells: list[Row], row: int = 1) -> list[Row]:
    return [[c * 2 + 5 for c in cell] if i == row else cell for i, cell in enumerate(cells)]


RIGHT = {
    "absolute": (["Veränderung zum Vormonat"], ABSOLUTE),
    "in percent": (["Veränderung zum Vormonat in %"], PERCENT),
    "as text": (["+/- Vormonat"], german(ABSOLUTE)),
    "with its sign": (["Veränd. ggü. Vormonat (%)"], german(PERCENT, " %")),
    "against the year": (["Abweichung zum Vorjahresmonat"], YEAR),
    "both": (
        ["Veränderung zum Vormonat absolut", "in %"],
        [a + p for a, p in zip(ABSOLUTE, PERCENT, strict=True)],
    ),
    "words and blanks": (["Veränderung zum Vormonat"], [["steigend"], *ABSOLUTE[1:5], [None]]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_changes_load(name: str, tmp_path: Path) -> None:
    reading = read(tmp_path, *changed(*RIGHT[name]))
    assert len(figures(reading)) == 18, reading.findings


@pytest.mark.parametrize("name", [n for n in RIGHT if n != "words and blanks"])
def test_a_change_that_does_not_come_out_stops(name: str, tmp_path: Path) -> None:
    header, cells = RIGHT[name]
    if name in ("as text", "with its sign"):
        cells = [["+999"] if i == 1 else cell for i, cell in enumerate(cells)]
    else:
        cells = spoilt(cells)
    found = read(tmp_path, *changed(header, cells)).findings
    assert {f.code for f in found} == {"CHANGE_MISMATCH"}
    assert {f.cell for f in found} <= {"E6", "F6"}


def test_a_wrong_figure_is_found_by_its_change(tmp_path: Path) -> None:
    rows = [[*row, *cell] for row, cell in zip(BODY, ABSOLUTE, strict=True)]
    rows[1][1] = 7723
    found = read(tmp_path, *sheet([*HEADER, "Veränderung zum Vormonat"], rows)).findings
    assert "CHANGE_MISMATCH" in {f.code for f in found}


def test_a_change_without_its_figure_before_says_nothing_of_the_document(tmp_path: Path) -> None:
    rows = [[row[0], row[1], *cell] for row, cell in zip(BODY, spoilt(ABSOLUTE), strict=True)]
    reading = read(tmp_path, *sheet(["Merkmal", "Monat", "Veränderung zum Vormonat"], rows))
    assert reading.verdict == "accept"
    assert len(reading.changes) == 6


SUMS = [sum(row[i] for row in BODY[1:]) for i in (1, 2, 3)]


@pytest.mark.parametrize(
    "sums", [SUMS, [sum(row[i] for row in BODY) for i in (1, 2, 3)], [932 + 553, None, None]]
)
def test_a_row_of_sums_is_checked_and_not_stored(sums: Row, tmp_path: Path) -> None:
    assert len(figures(read(tmp_path, *sheet(body=[*BODY, ["Summe", *sums]])))) == 18


def test_a_wrong_sum_stops(tmp_path: Path) -> None:
    found = read(tmp_path, *sheet(body=[*BODY, ["Summe", SUMS[0], SUMS[1] + 9, SUMS[2]]])).findings
    assert {(f.code, f.cell) for f in found} == {("SUM_MISMATCH", "C11")}


def test_a_last_row_without_numbers_is_no_note(tmp_path: Path) -> None:
    last: Row = [BODY[5][0], "k.A.", "k.A.", "k.A."]
    found = read(tmp_path, *sheet(body=[*BODY[:5], last])).findings
    assert ("NOT_A_NUMBER", "B10") in {(f.code, f.cell) for f in found}
