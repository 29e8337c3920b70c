"""Faults of the XML inside a workbook: what no spreadsheet program writes."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.faults.corpus.kind import (
    RELATIONS,
    SHEET,
    STRINGS,
    STYLES,
    WORKBOOK,
    Change,
    Kind,
    in_sheet,
    instead,
    repacked,
)

GROUP = "XML"
READER = "strict sheet XML: 15.2"
LIMITED = "the reader in a limited child process: 15.1"
VALUE = b"<v>7273</v>"
HEAD = b"<worksheet"
BOMB = b'<!DOCTYPE x [<!ENTITY a "ha">%s]>' % b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 20)
)


def value(name: str, new: bytes, code: str = "HOSTILE", *, open_: str = READER) -> Kind:
    """Another element where the unemployed stand."""
    return Kind(GROUP, f"a cell: {name}", in_sheet(VALUE, new), "rejected", code, open=open_)


def sheet(name: str, old: bytes, new: bytes, state: str, code: str = "", open_: str = "") -> Kind:
    """Other bytes in the sheet's XML."""
    return Kind(GROUP, f"a sheet: {name}", in_sheet(old, new), state, code, open=open_)


def part(
    name: str, where: str, change: Change | bytes, state: str, code: str = "", open_: str = ""
) -> Kind:
    """Another part of the workbook changed or added."""
    return Kind(GROUP, name, repacked({where: change}), state, code, open=open_)


def _after_prolog(more: bytes) -> Change:
    return lambda data: _inserted(data, more)


def _inserted(data: bytes, more: bytes) -> bytes:
    at = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    return data[:at] + more + data[at:]


def _prolog(encoding: bytes) -> Change:
    def change(data: bytes) -> bytes:
        body = data[data.find(b"?>") + 2 :] if data.startswith(b"<?xml") else data
        return b'<?xml version="1.0" encoding="%s"?>' % encoding + body

    return change


def _four_billion(data: bytes) -> bytes:
    counted = re.sub(rb' (?:uniqueC|c)ount="\d+"', b"", data)
    return counted.replace(b"<sst ", b'<sst count="4000000000" uniqueCount="4000000000" ', 1)


def far_sheets(count: int) -> Callable[[], bytes]:
    """Make the workbook with many small sheets, each with one cell far away."""
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="9000"><c r="ALL9000"><v>1</v></c></row></sheetData></worksheet>'
    listed = b"".join(
        b'<sheet name="F%d" sheetId="%d" r:id="far%d"/>' % (n, n + 9, n) for n in range(count)
    )
    related = b"".join(
        b'<Relationship Id="far%d" Target="worksheets/far%d.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        % (n, n)
        for n in range(count)
    )
    name = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

    def book(data: bytes) -> bytes:
        data = data.replace(b"</sheets>", listed + b"</sheets>", 1)
        return (
            data
            if b"xmlns:r=" in data
            else data.replace(b"<workbook ", b"<workbook " + name + b" ", 1)
        )

    changes: dict[str, Change | bytes] = {f"xl/worksheets/far{n}.xml": far for n in range(count)}
    changes |= {
        WORKBOOK: book,
        RELATIONS: instead(b"</Relationships>", related + b"</Relationships>"),
    }
    return repacked(changes)


KINDS = [
    value("a comment in its number", b"<v>72<!-- -->73</v>"),
    value("a comment beside its number", b"<!-- x --><v>7273</v>"),
    value("a processing instruction", b"<v>72<?x y?>73</v>"),
    value("CDATA", b"<v><![CDATA[7273]]></v>"),
    value("a character reference", b"<v>72&#55;3</v>"),
    value("an entity", b"<v>&a;</v>", "TRUNCATED", open_=READER),
    value("a second number", b"<v>7273</v><v>999</v>"),
    value("a number in a number", b"<v>7<v>27</v>3</v>"),
    value("an unknown element", b"<v>7273</v><w>1</w>"),
    value("a number of another name space", b'<v xmlns="x">7273</v>'),
    sheet(
        "the same address twice",
        b"</row></sheetData>",
        b'</row><row r="99"><c r="B6"><v>9</v></c></row></sheetData>',
        "rejected",
        "HOSTILE",
        READER,
    ),
    sheet(
        "the last cell of all",
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        "rejected",
        "HOSTILE",
    ),
    sheet(
        "a row beyond all",
        b"</sheetData>",
        b'<row r="9999999"><c r="A9999999"><v>1</v></c></row></sheetData>',
        "rejected",
        "HOSTILE",
    ),
    sheet(
        "row 0",
        b"</sheetData>",
        b'<row r="0"><c r="A0"><v>1</v></c></row></sheetData>',
        "rejected",
        "",
    ),
    sheet(
        "a negative row",
        b"</sheetData>",
        b'<row r="-1"><c><v>1</v></c></row></sheetData>',
        "rejected",
        "HOSTILE",
    ),
    sheet("an address turned round", b'r="B6"', b'r="6B"', "rejected", ""),
    sheet("an address of four letters", b'r="B6"', b'r="AAAA6"', "rejected", "HOSTILE"),
    sheet("an empty address", b'r="B6"', b'r=""', "rejected", ""),
    sheet("an address in small letters", b'r="B6"', b'r="b6"', "loaded", open_=READER),
    sheet(
        "a text that is not there",
        b'<c r="A1" t="s"><v>0</v>',
        b'<c r="A1" t="s"><v>99999</v>',
        "rejected",
        "",
        READER,
    ),
    sheet(
        "a text before the first",
        b'<c r="A1" t="s"><v>0</v>',
        b'<c r="A1" t="s"><v>-1</v>',
        "rejected",
        "",
        READER,
    ),
    sheet(
        "a style that is not there", b'<c r="B6"', b'<c r="B6" s="99999"', "loaded", open_=READER
    ),
    sheet(
        "a sheet's data twice",
        b"</sheetData>",
        b'</sheetData><sheetData><row r="6"><c r="B6"><v>1</v></c></row></sheetData>',
        "rejected",
        "HOSTILE",
        READER,
    ),
    sheet("a document type", HEAD, b"<!DOCTYPE worksheet>" + HEAD, "rejected", "HOSTILE"),
    sheet(
        "an external entity",
        HEAD,
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + HEAD,
        "rejected",
        "HOSTILE",
    ),
    sheet("a billion laughs", HEAD, BOMB + HEAD, "rejected", "HOSTILE"),
    sheet("cut", b"</sheetData>", b"", "rejected", "TRUNCATED"),
    sheet("a tag that is not closed", VALUE, b"<v>7273", "rejected", ""),
    sheet("a NUL", VALUE, b"<v>72\x0073</v>", "rejected", ""),
    sheet(
        "bytes that are no UTF-8",
        b"</sheetData>",
        b'<row r="50"><c r="A50" t="inlineStr"><is><t>\xff\xfe</t></is></c></row></sheetData>',
        "rejected",
        "",
        READER,
    ),
    sheet(
        "an attribute of a megabyte",
        VALUE,
        b'<v x="' + b"y" * 1_000_000 + b'">7273</v>',
        "rejected",
        "",
        READER,
    ),
    sheet(
        "nested 100,000 deep",
        b"</sheetData>",
        b"<a>" * 100_000 + b"</a>" * 100_000 + b"</sheetData>",
        "rejected",
        "",
        READER,
    ),
    sheet(
        "an error that no text says",
        b'<c r="B6" t="n"><v>7273</v>',
        b'<c r="B6" t="e"><v>#REF!</v>',
        "quarantined",
        "ERROR_CELL",
    ),
    sheet(
        "a truth value",
        b'<c r="B6" t="n"><v>7273</v>',
        b'<c r="B6" t="b"><v>1</v>',
        "quarantined",
        "NOT_A_NUMBER",
    ),
    sheet(
        "a number as an inline text",
        b'<c r="B6" t="n"><v>7273</v>',
        b'<c r="B6" t="inlineStr"><is><t>7.273</t></is>',
        "loaded",
        "TEXT_NUMBER",
    ),
    sheet(
        "a merged range over everything",
        b"</worksheet>",
        b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>',
        "rejected",
        "HOSTILE",
        LIMITED,
    ),
    part("an unknown encoding", SHEET, _prolog(b"klingon"), "rejected", "HOSTILE", LIMITED),
    part("Shift_JIS", SHEET, _prolog(b"Shift_JIS"), "rejected", "HOSTILE", LIMITED),
    part("UTF-16", SHEET, lambda data: data.decode().encode("utf-16"), "rejected", "HOSTILE"),
    part("UTF-7", SHEET, _prolog(b"UTF-7"), "rejected", "HOSTILE", LIMITED),
    part("a byte order mark", SHEET, lambda data: b"\xef\xbb\xbf" + data, "loaded"),
    part("a bomb in the workbook's list", WORKBOOK, _after_prolog(BOMB), "rejected", "HOSTILE"),
    part("a bomb in the styles", STYLES, _after_prolog(BOMB), "rejected", "HOSTILE"),
    part("a bomb in the texts", STRINGS, _after_prolog(BOMB), "rejected", "HOSTILE"),
    part(
        "the texts claim to be four billion",
        STRINGS,
        _four_billion,
        "rejected",
        "HOSTILE",
        LIMITED,
    ),
    part("a text without end", STRINGS, instead(b"</sst>", b""), "rejected", "", LIMITED),
    part("no texts", STRINGS, b"", "rejected", "", LIMITED),
    part("the list of sheets is cut", WORKBOOK, lambda data: data[:-30], "rejected", "TRUNCATED"),
    part(
        "no sheet is listed",
        WORKBOOK,
        lambda data: data[: data.find(b"<sheets>") + 8] + data[data.find(b"</sheets>") :],
        "rejected",
        "",
        READER,
    ),
    part(
        "a sheet points outside the workbook",
        RELATIONS,
        lambda data: data.replace(b"worksheets/sheet1.xml", b"../../../etc/passwd"),
        "rejected",
        "TRUNCATED",
    ),
    part(
        "a sheet points to the web",
        RELATIONS,
        lambda data: data.replace(
            b'Target="/xl/worksheets/sheet1.xml"',
            b'TargetMode="External" Target="http://x.example/s.xml"',
        ),
        "rejected",
        "TRUNCATED",
    ),
    part(
        "a sheet's part is missing",
        RELATIONS,
        lambda data: data.replace(b"sheet1.xml", b"sheet9.xml"),
        "rejected",
        "TRUNCATED",
    ),
    part(
        "a link to another workbook",
        "xl/externalLinks/externalLink1.xml",
        b'<externalLink xmlns="x"/>',
        "loaded",
    ),
    part(
        "a query of the web",
        "xl/connections.xml",
        b'<connections xmlns="x"><connection id="1"><webPr url="http://x.example"/></connection></connections>',
        "loaded",
    ),
    Kind(
        GROUP,
        "forty small sheets with one far cell each",
        far_sheets(40),
        "rejected",
        "HOSTILE",
        open=LIMITED,
    ),
]
