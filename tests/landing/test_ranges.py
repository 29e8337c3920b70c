"""One legal cell at XFD1048576 makes the reader abort the process.

The guard finds it in whatever spelling.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kca_etl.landing.guard import inspect as guard
from kca_etl.landing.guard import sheets
from kca_etl.landing.guard.walk import MAX_CELLS, Styles, Walk
from kca_etl.model.address import a1
from kca_etl.model.findings import KcaError
from tests.landing.packs import NAMESPACE, sheet, with_sheet, write

NEAR = '<row r="1"><c r="A1"><v>1</v></c></row>'
XML = '<?xml version="1.0"?>'

# Each holds a cell far away from A1 that the reader would find.
FAR = {
    "plain": sheet(NEAR + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "row far enough": sheet(NEAR + '<row r="99999"><c r="ZZ99999"><v>1</v></c></row>'),
    "column and row in two cells": sheet(
        '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="999"><c r="A999"/></row>'
    ),
    "cell outside its row": sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'),
    "single quotes": sheet(NEAR + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"),
    "single quotes on the cell alone": sheet(
        NEAR + "<row r=\"1048576\"><c r='XFD1048576'><v>1</v></c></row>"
    ),
    "lower case": sheet(NEAR + '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>'),
    "blanks around =": sheet(NEAR + '<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>'),
    "line break in the tag": sheet(
        NEAR + '<row\nr="1048576"><c\nr="XFD1048576"><v>1</v></c></row>'
    ),
    "tab in the tag": sheet(NEAR + '<row r="1048576"><c\tr="XFD1048576"><v>1</v></c></row>'),
    "another attribute first": sheet(
        NEAR + '<row ht="9" r="1048576"><c s="0" t="n" r="XFD1048576"><v>1</v></c></row>'
    ),
    "leading zeros": sheet(
        NEAR + '<row r="1048576"><c r="A0001048576"><v>1</v></c><c r="XFD0001"><v>1</v></c></row>'
    ),
    "character reference": sheet(
        NEAR + '<row r="1048576"><c r="XF&#68;1048576"><v>1</v></c></row>'
    ),
    "hidden in a balance of counts": sheet(
        '<!-- r="--><row r="1"><c\tr="XFD1048576"><v>1</v></c></row>'
    ),
    "after a formula": sheet(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "behind a sham formula": sheet(
        '<row r="1"><c r="A1"><f'
        ' x=">">1&lt;/f></f><v>2</v></c><c\nr="XFD1048576"><v>1</v></c></row>'
    ),
    "behind an inline text": sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&lt;/sheetData></t></is></c><c'
        " r='XFD1048576'><v>1</v></c></row>"
    ),
    "in CDATA's shadow": sheet(
        '<row r="1"><c r="A1" t="str"><v><![CDATA[<sheetData>]]></v></c><c'
        ' r="XFD1048576"><v>1</v></c></row>'
    ),
    "prefix": sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>')
    .replace(b"<", b"<x:")
    .replace(b"<x:/", b"</x:")
    .replace(b"<x:?", b"<?"),
    "prefix t": sheet(
        '<row r="1"><t:c xmlns:t="' + NAMESPACE + '" r="XFD1048576"><v>1</v></t:c></row>'
    ),
    "prefix v": sheet(
        '<row r="1"><v:c xmlns:v="' + NAMESPACE + '" r="XFD1048576"><v>1</v></v:c></row>'
    ),
    "prefix of the sheet data alone": sheet("")
    .replace(b"<sheetData>", b'<q:sheetData xmlns:q="x"><row r="1"><c r="XFD1048576"/></row>')
    .replace(b"</s", b"</q:s"),
    "second sheet data": sheet(NEAR).replace(
        b"</sheetData>", b"</sheetData><sheetData><row r='1'><c r='XFD1048576'/></row></sheetData>"
    ),
    "cells without address in a far row": sheet(
        NEAR + '<row r="1048576">' + "<c><v>1</v></c>" * 100 + "</row>"
    ),
    "rows and cells without address": sheet(
        "<row>" + "<c><v>1</v></c>" * 5000 + "</row>" + "<row/>" * 3000 + "<row><c/></row>"
    ),
    "columns beyond the format": sheet('<row r="1"><c r="ZZZ1"/></row>'),
    "rows beyond the format": sheet('<row r="1"><c r="A9999999"/></row>'),
    "a row's number beyond": sheet('<row r="4294967295"><c/></row>'),
    "no address at all": sheet('<row r="1"><c r="1048576XFD"/></row>'),
    "row zero": sheet('<row r="0"><c/></row>'),
}


@pytest.mark.parametrize("case", FAR)
def test_far_cells_are_found(tmp_path: Path, case: str) -> None:
    with pytest.raises(KcaError) as caught:
        guard.inspect(write(tmp_path, with_sheet(FAR[case])))
    found = [(f.code, f.sheet) for f in caught.value.findings]
    assert found in ([("HOSTILE", "Sheet")], [("TWO_MEANINGS", "Sheet")])


ANCHOR = b'<x:row xmlns:x="x">1048576</x:row><x:c xmlns:x="x" r="XFD1048576"/></worksheet>'
FINE = {
    "wide": sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    "long": sheet(NEAR + '<row r="1048576"><c r="D1048576"><v>1</v></c></row>'),
    "empty": sheet(""),
    "no sheet data": f'{XML}<worksheet xmlns="{NAMESPACE}"><sheetData/></worksheet>'.encode(),
    "a comment": sheet(NEAR).replace(b"<sheetData>", b'<!-- <c r="XFD1048576"/> --><sheetData>'),
    "text that looks like a cell": sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&lt;c r="XFD1048576"/></t></is></c></row>'
    ),
    "a cell of another list": sheet(NEAR).replace(
        b"</worksheet>", b'<cellWatches><cellWatch r="XFD1048576"/></cellWatches></worksheet>'
    ),
    "a chart's anchor": sheet(NEAR).replace(b"</worksheet>", ANCHOR),
    "a chart's anchor after a comment": sheet(NEAR).replace(b"</worksheet>", b"<!-- -->" + ANCHOR),
    "a far row whose cells are near": sheet('<row r="1048576"><c r="A1"><v>1</v></c></row>'),
    "lower case": sheet('<row r="1"><c r="a1"><v>1</v></c></row>'),
}


@pytest.mark.parametrize("case", FINE)
def test_nothing_else_is_refused(tmp_path: Path, case: str) -> None:
    path = write(tmp_path, with_sheet(FINE[case]))
    assert list(guard.inspect(path).notes) == ["Sheet"]
    assert CalamineWorkbook.from_path(str(path)).sheet_names == ["Sheet"]


def test_the_limit_itself() -> None:
    rows = MAX_CELLS // 100
    at = f'<row r="{rows}"><c r="{a1(rows - 1, 99)}"/></row>'
    beyond = f'<row r="{rows}"><c r="{a1(rows - 1, 100)}"/></row>'
    for walk in ("", "<row r='1'/>"):
        sheets.scan("a", sheet(walk + at), Styles())
        with pytest.raises(KcaError, match="HOSTILE"):
            sheets.scan("a", sheet(walk + beyond), Styles())


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, set[tuple[int, int]]]:
    """Cells in any spelling XML allows; return the text and where they stand."""
    out: list[str] = []
    places: set[tuple[int, int]] = set()
    row = -1
    for _ in range(draw(st.integers(0, 4))):
        row += draw(st.integers(1, 3))
        quote, blank = draw(st.sampled_from("\"'")), draw(st.sampled_from([" ", "\n", "\t", "  "]))
        equals = draw(st.sampled_from(["=", " = ", "= "]))
        numbered = draw(st.booleans()) or row != len(out)
        out.append(f"<row{blank}r{equals}{quote}{row + 1}{quote}>" if numbered else "<row>")
        col = 0
        for _ in range(draw(st.integers(0, 4))):
            skip = draw(st.sampled_from([0, 0, 0, 1, 30]))
            col += skip
            addressed = draw(st.booleans()) or skip > 0
            extra = f"{blank}t{equals}{quote}n{quote}" if draw(st.booleans()) else ""
            address = f"{blank}r{equals}{quote}{a1(row, col)}{quote}" if addressed else ""
            both = [extra, address] if draw(st.booleans()) else [address, extra]
            out[-1] += f"<c{''.join(both)}><v>1</v></c>"
            places.add((row, col))
            col += 1
        out[-1] += "</row>" + draw(st.sampled_from(["", "\n", " \t"]))
    return "".join(out), places


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spelled())
@example(('<row r="2"><c r="B2" t="n"><v>1</v></c><c><v>1</v></c></row>', {(1, 1), (1, 2)}))
def test_the_guard_measures_what_the_reader_allocates(
    tmp_path: Path, case: tuple[str, set[tuple[int, int]]]
) -> None:
    text, places = case
    rows = 1 + max((r for r, _ in places), default=-1)
    columns = 1 + max((c for _, c in places), default=-1)
    path = write(tmp_path, with_sheet(text))
    grid = (
        CalamineWorkbook.from_path(str(path))
        .get_sheet_by_name("Sheet")
        .to_python(skip_empty_area=False)
    )
    assert (len(grid), len(grid[0]) if grid else 0) == (rows, columns)
    walk = Walk("a", Styles())
    walk.run(sheet(text))
    assert walk.most[1] == columns
    assert walk.most[0] == rows
    body = sheets._plain(sheet(text))
    found = sheets._places(body) if body is not None else None
    if found is not None and len(found[0]):
        assert (int(found[0].max()), int(found[1].max())) == (rows, columns)
