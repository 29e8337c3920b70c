"""Faults of text tables: an export of the Eckwerte, and what else is separated by semicolons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.corpus.kind import Kind
from tests.sources.test_eckwerte import BODY, HEAD

WHOLE = HEAD.format(region="Hessen") + BODY
GROUP = "CSV"


def text(
    name: str,
    data: bytes | Callable[[], bytes],
    state: str,
    code: str = "",
    *,
    cell: str = "",
    **more: Any,
) -> Kind:
    """A text table that is changed."""
    make = data if callable(data) else (lambda: data)
    return Kind(
        GROUP,
        name,
        make,
        state,
        code,
        cell,
        file=f"Eckwerte {name}.csv".replace("/", "-"),
        source="ba_eckwerte",
        **more,
    )


def but(old: str, new: str) -> bytes:
    """The export with another text in it."""
    assert old in WHOLE, old
    return WHOLE.replace(old, new, 1).encode()


STRANGE = {"in_inbox": "UNKNOWN_DOCUMENT"}
KINDS = [
    text("as it should be", WHOLE.encode(), "loaded"),
    text("with a byte order mark", b"\xef\xbb\xbf" + WHOLE.encode(), "loaded"),
    text("in Windows-1252", WHOLE.encode("cp1252"), "loaded"),
    text("lines as Windows ends them", WHOLE.replace("\n", "\r\n").encode(), "loaded"),
    text("without its last line break", WHOLE.rstrip("\n").encode(), "loaded"),
    text(
        "a title of commas alone",
        b",,,,\n" + WHOLE.encode(),
        "loaded",
        open="the delimiter by the table: 15.2",
    ),
    text(
        "lines as old Macs ended them",
        WHOLE.replace("\n", "\r").encode(),
        "rejected",
        "NOT_A_WORKBOOK",
    ),
    text("in UTF-16", WHOLE.encode("utf-16"), "rejected", "NOT_A_WORKBOOK"),
    text("in UTF-32", WHOLE.encode("utf-32"), "rejected", "NOT_A_WORKBOOK"),
    text("UTF-8 decoded wrongly before", WHOLE.encode().decode("cp1252").encode(), "quarantined"),
    text("a NUL", but("4.510", "4\x00510"), "rejected", "NOT_A_WORKBOOK"),
    text("the end mark of DOS", WHOLE.encode() + b"\x1a", "rejected", "NOT_A_WORKBOOK"),
    text(
        "bytes of no code page",
        WHOLE.encode("cp1252").replace(b"im", b"\x81\x8d", 1),
        "rejected",
        "NOT_A_WORKBOOK",
    ),
    text(
        "a quote that is not closed",
        but("Arbeitslose insgesamt", '"Arbeitslose insgesamt'),
        "quarantined",
    ),
    text(
        "a cell of 200,000 characters",
        but("Arbeitslose insgesamt", "x" * 200_000),
        "rejected",
        "UNREADABLE",
    ),
    text("English notation", but("180.010", "180,010"), "quarantined"),
    text("a point too few digits before", but("180.010", "18.0010"), "quarantined", "NOT_A_NUMBER"),
    text("a sum that does not add up", but("60.000", "60.001"), "quarantined", "CHANGE_MISMATCH"),
    text("a formula", but("180.010", "=1+1"), "quarantined", ""),
    text("a call of a program", but("180.010", "=cmd|'/c calc'!A0"), "quarantined", ""),
    text("an unknown sign", but("180.010", "?"), "quarantined", "UNKNOWN_SIGN"),
    text("an empty cell", but("180.010", ""), "quarantined", "EMPTY_CELL"),
    text("an optional row is missing", but(BODY.splitlines()[1] + "\n", ""), "loaded"),
    text(
        "a row twice",
        but(BODY.splitlines()[1] + "\n", 2 * (BODY.splitlines()[1] + "\n")),
        "quarantined",
        "",
    ),
    text("an unknown row", but("Arbeitslose insgesamt", "Arbeitslose unter 25"), "quarantined", ""),
    text("a cell too much in a row", but("180.010;", "180.010;1;"), "quarantined", ""),
    text("a cell too few in a row", but("180.010;", ""), "quarantined", ""),
    text(
        "a column in other words",
        but(
            "Merkmale;Februar 2026",
            "Merkmale;Fabruar 2026",
        ),
        "quarantined",
        "",
    ),
    text("separated by tabs", WHOLE.replace(";", "\t").encode(), "loaded"),
    text(
        "separated by bars",
        WHOLE.replace(";", "|").encode(),
        "quarantined",
        "NOT_OF_SOURCE",
        in_inbox="UNKNOWN_DOCUMENT",
    ),
    text(
        "two months",
        but("Berichtsmonat:; Februar 2026", "Berichtsmonat:; Januar 2026"),
        "quarantined",
        "",
    ),
    text("no month", but("Berichtsmonat:; Februar 2026\n", ""), "quarantined", ""),
    text("another publisher's head", but("Land:; Hessen", "Land:; Atlantis"), "quarantined", ""),
    text("head alone", HEAD.format(region="Hessen").encode(), "quarantined", ""),
    text("body alone", BODY.encode(), "quarantined", "NOT_OF_SOURCE", **STRANGE),
    text("cut in the middle", WHOLE[: len(WHOLE) // 2].encode(), "quarantined", ""),
    text("cut within a number", WHOLE[: WHOLE.find("180.010") + 3].encode(), "quarantined", ""),
    text("twice in one file", (WHOLE + WHOLE).encode(), "quarantined", "AFTER_END"),
    text(
        "a letter between its lines",
        but("im Rechtskreis SGB III", "im Rechtskreis\u2028SGB III"),
        "loaded",
    ),
    text(
        "a zero-width space in a label",
        but("Arbeitslose insgesamt", "Arbeits\u200blose insgesamt"),
        "loaded",
    ),
    text(
        "a Cyrillic letter in a label",
        but("Arbeitslose insgesamt", "Arbeitsl\u043ese insgesamt"),
        "quarantined",
        "",
    ),
    text(
        "a label read from right to left",
        but("Arbeitslose insgesamt", "\u202eArbeitslose insgesamt"),
        "quarantined",
        "",
    ),
    text(
        "a million columns", b"a" + b";" * 1_000_000 + b"\n" + b"b;c\n" * 20, "rejected", "HOSTILE"
    ),
    text("100,000 empty lines", WHOLE.encode() + b"\n" * 100_000, "loaded"),
    text("a million delimiters in quotes", b'"' + b";" * 1_000_000 + b'"\n1;2\n', "rejected", ""),
    text("an empty table", b";;;\n;;;\n", "quarantined", "NOT_OF_SOURCE", **STRANGE),
    text("one line", b"Merkmal;Wert\n", "quarantined", "NOT_OF_SOURCE", **STRANGE),
]
